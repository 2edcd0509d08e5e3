// The statements of all projects: those that run, and the last ones that ended.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"

namespace tarn::query {

enum class StatementState { kQueued, kRunning, kFinished, kFailed };
[[nodiscard]] std::string_view NameOf(StatementState state);  // "QUEUED"

// One statement, as it is shown to its project.
struct StatementRecord {
  std::string id;
  std::string project_id;
  std::string user;
  std::string source;
  std::string text;
  StatementState state = StatementState::kQueued;
  base::SystemTime created{};
  std::optional<base::SystemTime> started = {};
  std::optional<base::SystemTime> ended = {};
  std::int64_t rows = 0;
  std::optional<base::Error> error = {};
};

// A statement under way. Thread-safe.
class LiveStatement final {
 public:
  explicit LiveStatement(StatementRecord record) : record_(std::move(record)) {}

  [[nodiscard]] StatementRecord record() const;
  [[nodiscard]] std::stop_source& stop() { return stop_; }
  // Stops it on somebody's behalf; the error it ends with says so.
  void Kill(const std::string& message);
  // The error as its client gets it: of a killed statement that it was killed.
  [[nodiscard]] base::Error Shown(base::Error error) const;

  void Started();
  void AddRows(std::int64_t rows);

 private:
  friend class History;
  mutable std::mutex mutex_;
  StatementRecord record_;
  std::optional<std::string> killed_;
  std::stop_source stop_;
};

// Thread-safe. Ended statements are kept up to a number in all, and for a time.
class History final {
 public:
  static constexpr std::size_t kMostEnded = 2000;
  static constexpr std::size_t kLongestText = 64 * 1024;  // longer texts are kept up to here
  static constexpr std::chrono::minutes kKept{60};

  // `record.id` may be empty: it gets one.
  [[nodiscard]] std::shared_ptr<LiveStatement> Begin(StatementRecord record);
  // Ends it, once; later calls do nothing.
  void End(const std::shared_ptr<LiveStatement>& statement, const std::optional<base::Error>& error);

  // Those of a project, the oldest first.
  [[nodiscard]] std::vector<StatementRecord> List(const std::string& project_id) const;
  // Stops a running statement of the project. Errors: NotFound; InvalidArgument when it has ended.
  [[nodiscard]] base::Result<void> Kill(const std::string& project_id, const std::string& id,
                                        const std::string& message);
  // Forgets what a deleted project did.
  void Forget(const std::string& project_id);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<LiveStatement>> live_;
  std::deque<StatementRecord> ended_;
  std::uint64_t count_ = 0;
};

}  // namespace tarn::query
