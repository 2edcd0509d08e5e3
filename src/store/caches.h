// Caches, their manifests, refresh executions and action logs in the control store.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"

namespace tarn::store {

class Database;

enum class RefreshMode { kIncremental, kFull };
enum class ExecutionStatus { kQueued, kRunning, kCompleted, kFailed, kCancelled };

struct Cache {
  std::string id;  // UUID
  std::string project_id;
  std::string catalog_id;
  std::string schema_name;
  std::string table_name;
  std::string incremental_schedule;                  // ISO-8601 duration, or empty
  std::string full_schedule;                         // ISO-8601 duration, or empty
  std::string options = {};                          // cache::RefreshOptions as JSON, or empty
  std::optional<base::SystemTime> next_incremental;  // when the schedule is due
  std::optional<base::SystemTime> next_full;
  base::SystemTime created_at{};
};

// Which file is current, and all that belongs to it. Written with the execution that made it, in one transaction.
struct Manifest {
  std::string cache_id;
  std::string generation;  // UUID
  std::string file;        // relative to the cache folder
  std::int64_t file_bytes = 0;
  std::string checksum;  // of the file, for `tarn check`
  std::int64_t row_count = 0;
  std::int64_t deleted_rows = 0;  // rows deleted in the file since it was last rewritten
  std::string table;              // connector::TableInfo as JSON: the schema version that the file has
  std::string position;           // connector::SourcePosition as JSON
  base::SystemTime loaded_at{};   // when the source was in this state
};

// Exact counts of what a refresh did to the copy.
struct RefreshCounts {
  std::int64_t cached = 0;  // rows in the copy afterwards; while running: rows read so far
  std::int64_t inserted = 0;
  std::int64_t updated = 0;
  std::int64_t deleted = 0;
  // While running, and not stored:
  std::int64_t bytes = 0;      // written so far
  std::int64_t expected = -1;  // rows that are going to be read; negative: not known
};

struct Execution {
  std::string id;  // UUID
  std::string cache_id;
  RefreshMode mode = RefreshMode::kFull;
  ExecutionStatus status = ExecutionStatus::kQueued;
  bool scheduled = false;
  bool audits = false;  // asked for by hand; not stored, as what is cut off does not go on
  std::string error_code;
  std::string error_message;
  RefreshCounts counts;
  std::string last_offset;  // the source position it reached
  std::string generation;   // what it published, or empty
  int attempt = 1;
  base::SystemTime created_at{};
  base::SystemTime updated_at{};
  std::optional<base::SystemTime> finished_at;
};

struct ActionLog {
  std::string cache_id;
  base::SystemTime timestamp{};
  std::string action;  // STARTED, COMPLETED, FAILED, CANCELLED, SCHEDULE_CHANGED, OPTIONS_CHANGED, COMPACTED,
                       // AUDITED, AUDIT_REPAIRED
  std::string message;
  RefreshMode mode = RefreshMode::kFull;
  bool scheduled = false;
};

// An execution as it is after one step of its life, its beginning or its end, and what the log says of it.
struct ExecutionStep {
  Execution execution;
  ActionLog log;
};

// Everything known of one cache, as of one moment.
struct CacheState {
  Cache cache;
  std::optional<Manifest> manifest;
  std::optional<Execution> last_incremental;
  std::optional<Execution> last_full;
};

// Thread-safe. States are kept in memory and read from there; every write goes to the store first.
class CacheRepository final {
 public:
  explicit CacheRepository(Database& database);
  ~CacheRepository();

  // Errors: AlreadyExists when the table has a cache; FailedPrecondition when the project does not exist.
  [[nodiscard]] base::Result<void> Insert(const Cache& cache);
  // Errors: NotFound.
  [[nodiscard]] base::Result<void> UpdateSettings(const Cache& cache);
  // Removes the cache with its manifest, executions and logs. Errors: NotFound.
  [[nodiscard]] base::Result<void> Delete(const std::string& cache_id);

  [[nodiscard]] std::optional<CacheState> Find(const std::string& cache_id) const;
  [[nodiscard]] std::optional<CacheState> FindByTable(const std::string& catalog_id, const std::string& schema,
                                                      const std::string& table) const;
  [[nodiscard]] std::vector<CacheState> List(const std::string& project_id) const;
  [[nodiscard]] std::vector<CacheState> ListByCatalog(const std::string& catalog_id) const;
  [[nodiscard]] std::vector<CacheState> All() const;

  [[nodiscard]] base::Result<void> Begin(const Execution& execution, const ActionLog& log);
  // Progress of a running execution: in memory only, so that it costs no write.
  void Progress(const std::string& execution_id, const RefreshCounts& counts);
  // The end of an execution without a new generation: failed, cancelled, or complete without a change.
  [[nodiscard]] base::Result<void> Finish(const Execution& execution, const ActionLog& log);
  // Beginnings and ends (without a new generation) of many executions in one transaction: all are stored, or none.
  // Errors: NotFound when one of the caches was deleted meanwhile; FailedPrecondition when one has ended already.
  [[nodiscard]] base::Result<void> Record(const std::vector<ExecutionStep>& steps);
  // The end of an execution with a new generation: manifest, execution and log in one transaction.
  // Errors: NotFound when the cache was deleted meanwhile.
  [[nodiscard]] base::Result<void> Publish(const Manifest& manifest, const Execution& execution, const ActionLog& log);
  // Executions that a crash left queued or running; for recovery at start.
  [[nodiscard]] std::vector<Execution> Unfinished() const;

  // Newest first.
  [[nodiscard]] base::Result<std::vector<Execution>> History(const std::string& cache_id, int limit, int offset) const;
  [[nodiscard]] base::Result<std::vector<ActionLog>> Logs(const std::string& cache_id, int limit) const;
  [[nodiscard]] base::Result<void> AppendLog(const ActionLog& log);
  // Removes executions and logs that ended before `time`, but never a cache's last of each kind.
  [[nodiscard]] base::Result<void> ForgetBefore(base::SystemTime time);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tarn::store
