// The statements of all projects: those that run, and those that ended, for as long as the settings say.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/limits.h"
#include "store/statements.h"

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
  std::int64_t bytes = 0;
  std::optional<base::Error> error = {};

  // How long it waited for its turn.
  [[nodiscard]] std::chrono::microseconds queued() const;
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
  // Gives the sum.
  std::int64_t AddBytes(std::int64_t bytes);

 private:
  friend class History;
  mutable std::mutex mutex_;
  StatementRecord record_;
  std::optional<std::string> killed_;
  std::stop_source stop_;
  bool stored_ = false;  // as running, of the history's writer
};

struct HistorySettings {
  std::chrono::seconds kept{std::chrono::hours(24 * 7)};
  std::int64_t most_per_project = 10'000;
};

// Thread-safe. Statements are written by one thread, many at a time, so that none waits for the disk; what has ended
// is written at the latest when the history goes. Without a store, the last ones are kept in memory alone.
class History final {
 public:
  static constexpr std::size_t kMostInMemory = 2000;  // without a store
  static constexpr std::size_t kMostUnwritten =
      100'000;  // beyond, the oldest are lost while the store refuses to write
  static constexpr std::size_t kLongestText = std::size_t{64} * 1024;  // longer texts are kept up to here

  // Statements that the store has as running were cut off by the end of the server before: they become failed ones.
  History(HistorySettings settings, store::StatementRepository* store);
  ~History();
  History(const History&) = delete;
  History& operator=(const History&) = delete;

  // `record.id` may be empty: it gets one.
  [[nodiscard]] std::shared_ptr<LiveStatement> Begin(StatementRecord record);
  // Ends it, once; later calls do nothing.
  void End(const std::shared_ptr<LiveStatement>& statement, const std::optional<base::Error>& error);

  // Those of a project, the youngest first.
  [[nodiscard]] base::Result<std::vector<StatementRecord>> List(const std::string& project_id,
                                                                std::size_t limit = SIZE_MAX) const;
  // Errors: NotFound, also for those of other projects.
  [[nodiscard]] base::Result<StatementRecord> Find(const std::string& project_id, const std::string& id) const;
  // Stops a running statement of the project. Errors: NotFound; InvalidArgument when it has ended.
  [[nodiscard]] base::Result<void> Kill(const std::string& project_id, const std::string& id,
                                        const std::string& message);
  // Forgets what a deleted project did.
  void Forget(const std::string& project_id);

 private:
  void Run(const std::stop_token& stop);
  // Writes what has to be written. False when the store refused.
  bool Write();
  void Trim();
  [[nodiscard]] std::vector<store::Statement> TakeUnwritten();

  const HistorySettings settings_;
  store::StatementRepository* const store_;
  const std::string process_id_;
  mutable std::mutex mutex_;
  std::condition_variable_any stopping_;
  std::map<std::string, std::shared_ptr<LiveStatement>> live_;
  std::deque<StatementRecord> ended_;  // not yet in the store; without one, the last ones
  std::size_t writing_ = 0;            // so many of the first of `ended_` are being written
  std::uint64_t count_ = 0;
  std::uint64_t lost_ = 0;
  std::jthread writer_;
};

}  // namespace tarn::query
