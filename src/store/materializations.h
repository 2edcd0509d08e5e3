// Stored results of queries in the control store: what is published of each, and how its latest run went.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"

namespace tarn::store {

class Database;

enum class RunStatus { kNone, kRunning, kCompleted, kFailed, kCancelled };

// The file that is current, and all that belongs to it.
struct StoredResult {
  std::string generation;  // UUID
  std::string file;        // relative to the folder of stored results
  std::int64_t file_bytes = 0;
  std::string checksum;
  std::int64_t row_count = 0;
  std::string table;                // connector::TableInfo as JSON
  std::string inputs;               // what was read, how old and how complete it was, as JSON
  base::SystemTime loaded_at{};     // when the run that made it began
  base::SystemTime published_at{};  // when that ended
};

struct QueryRun {
  std::string id;  // UUID; empty: there was none
  RunStatus status = RunStatus::kNone;
  bool scheduled = false;
  std::string error_code = {};
  std::string error_message = {};
  std::optional<base::SystemTime> started_at = {};
  std::optional<base::SystemTime> ended_at = {};
};

struct Materialization {
  std::string id;  // of its query
  std::string project_id;
  base::SystemTime created_at{};
  std::optional<base::SystemTime> next_run = {};  // when its schedule is due
  bool pending = false;                           // a run was asked for and has not begun
  QueryRun run = {};                              // the latest that began
  std::optional<StoredResult> result = {};
};

// Thread-safe. Reads come from memory; writes go to the store first. A query's row goes with the query.
class MaterializationRepository final {
 public:
  explicit MaterializationRepository(Database& database);
  ~MaterializationRepository();

  // Errors: AlreadyExists when the query has one; FailedPrecondition when there is no such query.
  [[nodiscard]] base::Result<void> Insert(const Materialization& materialization);
  // Of all below: Errors: NotFound when the query is gone.
  [[nodiscard]] base::Result<void> SetNextRun(const std::string& id, std::optional<base::SystemTime> next_run);
  [[nodiscard]] base::Result<void> SetPending(const std::string& id, bool pending);
  // The beginning of a run, with which nothing is pending any more, or its end without a new result.
  [[nodiscard]] base::Result<void> SaveRun(const std::string& id, const QueryRun& run);
  // The end of a run with a new result: both in one transaction.
  [[nodiscard]] base::Result<void> Publish(const std::string& id, const StoredResult& result, const QueryRun& run);
  [[nodiscard]] base::Result<void> Delete(const std::string& id);
  // Of a query whose row went with it.
  void Forget(const std::string& id);

  [[nodiscard]] std::optional<Materialization> Find(const std::string& id) const;
  [[nodiscard]] std::vector<Materialization> List(const std::string& project_id) const;
  [[nodiscard]] std::vector<Materialization> All() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tarn::store
