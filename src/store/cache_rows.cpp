#include "store/cache_rows.h"

#include <array>

namespace tarn::store {

using soci::into;
using soci::use;

namespace {

constexpr std::array<const char*, 2> kModes = {"INCREMENTAL", "FULL_REFRESH"};
constexpr std::array<const char*, 5> kStatuses = {"QUEUED", "RUNNING", "COMPLETED", "FAILED", "CANCELLED"};

template <class Enum, std::size_t N>
std::string NameOf(Enum value, const std::array<const char*, N>& names) {
  return names[static_cast<std::size_t>(value)];
}

template <class Enum, std::size_t N>
Enum ValueOf(const std::string& name, const std::array<const char*, N>& names) {
  for (std::size_t index = 0; index < N; ++index) {
    if (name == names[index]) return static_cast<Enum>(index);
  }
  Refuse(base::Internal(fmt::format("The control store has a word that this build does not know: \"{}\"", name)));
}

constexpr const char* kNoCache = "The cache does not exist";

constexpr const char* kExecutionColumns =
    "e.id, e.cache_id, e.mode, e.status, e.scheduled, e.error_code, e.error_message, e.rows_cached, e.rows_inserted, "
    "e.rows_updated, e.rows_deleted, e.last_offset, e.generation, e.attempt, e.created_at, e.updated_at, "
    "e.finished_at";

// Where a statement puts the columns of kExecutionColumns.
struct ExecutionRow {
  Execution execution;
  std::string mode;
  std::string status;
  int scheduled = 0;

  // Binds each column in turn.
  template <class Prepared>
  auto& BindTo(Prepared& prepared) {
    Execution& e = execution;
    return prepared, into(e.id), into(e.cache_id), into(mode), into(status), into(scheduled), into(e.error_code),
           into(e.error_message), into(e.counts.cached), into(e.counts.inserted), into(e.counts.updated),
           into(e.counts.deleted), into(e.last_offset), into(e.generation), into(e.attempt), into(e.created_at),
           into(e.updated_at), into(e.finished_at);
  }

  [[nodiscard]] Execution Read() const {
    Execution read = execution;
    read.mode = ValueOf<RefreshMode>(mode, kModes);
    read.status = ValueOf<ExecutionStatus>(status, kStatuses);
    read.scheduled = scheduled != 0;
    return read;
  }
};

// Fetches all rows of a statement that was bound to `row`.
std::vector<Execution> FetchAll(soci::statement& statement, const ExecutionRow& row) {
  std::vector<Execution> executions;
  statement.execute();
  while (statement.fetch()) executions.push_back(row.Read());
  return executions;
}

}  // namespace

bool HasEnded(ExecutionStatus status) {
  return status != ExecutionStatus::kQueued && status != ExecutionStatus::kRunning;
}

std::vector<Cache> ReadCaches(soci::session& session) {
  std::vector<Cache> caches;
  Cache row;
  soci::statement rows = (session.prepare << "SELECT id, project_id, catalog_id, schema_name, table_name, "
                                             "incremental_schedule, full_schedule, options, next_incremental, "
                                             "next_full, created_at FROM caches",
                          into(row.id), into(row.project_id), into(row.catalog_id), into(row.schema_name),
                          into(row.table_name), into(row.incremental_schedule), into(row.full_schedule),
                          into(row.options), into(row.next_incremental), into(row.next_full), into(row.created_at));
  rows.execute();
  while (rows.fetch()) caches.push_back(row);
  return caches;
}

std::vector<Manifest> ReadManifests(soci::session& session) {
  std::vector<Manifest> manifests;
  Manifest row;
  soci::statement rows =
      (session.prepare << "SELECT cache_id, generation, file, file_bytes, checksum, row_count, "
                          "deleted_rows, table_info, source_position, loaded_at FROM manifests",
       into(row.cache_id), into(row.generation), into(row.file), into(row.file_bytes), into(row.checksum),
       into(row.row_count), into(row.deleted_rows), into(row.table), into(row.position), into(row.loaded_at));
  rows.execute();
  while (rows.fetch()) manifests.push_back(row);
  return manifests;
}

std::vector<Execution> ReadLastExecutions(soci::session& session, RefreshMode mode) {
  // One look at the end of an index per cache, however long the history is.
  ExecutionRow row;
  const std::string wanted = NameOf(mode, kModes);
  auto prepared = session.prepare << "SELECT " << kExecutionColumns
                                  << " FROM caches c JOIN executions e ON e.number = (SELECT MAX(x.number) FROM "
                                     "executions x WHERE x.cache_id = c.id AND x.mode = :mode)";
  soci::statement statement = (row.BindTo(prepared), use(wanted));
  return FetchAll(statement, row);
}

std::vector<Execution> ReadUnfinishedExecutions(soci::session& session) {
  ExecutionRow row;
  auto prepared = session.prepare << "SELECT " << kExecutionColumns
                                  << " FROM executions e WHERE e.status IN ('QUEUED', 'RUNNING') ORDER BY e.number";
  soci::statement statement = row.BindTo(prepared);
  return FetchAll(statement, row);
}

std::vector<Execution> ReadHistory(soci::session& session, const std::string& cache_id, int limit, int offset) {
  ExecutionRow row;
  auto prepared = session.prepare << "SELECT " << kExecutionColumns
                                  << " FROM executions e WHERE e.cache_id = :cache ORDER BY e.number DESC "
                                     "LIMIT :limit OFFSET :offset";
  soci::statement statement = (row.BindTo(prepared), use(cache_id), use(limit), use(offset));
  return FetchAll(statement, row);
}

std::vector<ActionLog> ReadLogs(soci::session& session, const std::string& cache_id, int limit) {
  std::vector<ActionLog> logs;
  ActionLog row;
  std::string mode;
  int scheduled = 0;
  soci::statement rows =
      (session.prepare << "SELECT cache_id, happened_at, action, message, mode, scheduled FROM action_logs "
                          "WHERE cache_id = :cache ORDER BY number DESC LIMIT :limit",
       into(row.cache_id), into(row.timestamp), into(row.action), into(row.message), into(mode), into(scheduled),
       use(cache_id), use(limit));
  rows.execute();
  while (rows.fetch()) {
    row.mode = ValueOf<RefreshMode>(mode, kModes);
    row.scheduled = scheduled != 0;
    logs.push_back(row);
  }
  return logs;
}

void InsertCache(soci::session& session, const Cache& cache) {
  session << "INSERT INTO caches (id, project_id, catalog_id, schema_name, table_name, incremental_schedule, "
             "full_schedule, options, next_incremental, next_full, created_at) "
             "VALUES (:id, :project, :catalog, :schema_name, :table_name, :incremental, :full_schedule, :options, "
             ":next_i, :next_f, :created)",
      use(cache.id), use(cache.project_id), use(cache.catalog_id), use(cache.schema_name), use(cache.table_name),
      use(cache.incremental_schedule), use(cache.full_schedule), use(cache.options), use(cache.next_incremental),
      use(cache.next_full), use(cache.created_at);
}

void UpdateSettings(soci::session& session, const Cache& cache) {
  ChangeOne(
      (session.prepare << "UPDATE caches SET incremental_schedule = :incremental, full_schedule = :full_schedule, "
                          "options = :options, next_incremental = :next_i, next_full = :next_f WHERE id = :id",
       use(cache.incremental_schedule), use(cache.full_schedule), use(cache.options), use(cache.next_incremental),
       use(cache.next_full), use(cache.id)),
      kNoCache);
}

void DeleteCache(soci::session& session, const std::string& cache_id) {
  ChangeOne((session.prepare << "DELETE FROM caches WHERE id = :id", use(cache_id)), kNoCache);
}

void RequireCache(soci::session& session, const std::string& cache_id) {
  int count = 0;
  session << "SELECT COUNT(*) FROM caches WHERE id = :id", use(cache_id), into(count);
  if (count == 0) Refuse(base::NotFound(kNoCache));
}

void SaveManifest(soci::session& session, const Manifest& manifest) {
  session << "INSERT INTO manifests (cache_id, generation, file, file_bytes, checksum, row_count, deleted_rows, "
             "table_info, source_position, loaded_at) "
             "VALUES (:cache, :generation, :file, :bytes, :checksum, :row_count, :deleted, :info, :position, :loaded) "
             "ON CONFLICT (cache_id) DO UPDATE SET generation = excluded.generation, file = excluded.file, "
             "file_bytes = excluded.file_bytes, checksum = excluded.checksum, row_count = excluded.row_count, "
             "deleted_rows = excluded.deleted_rows, table_info = excluded.table_info, "
             "source_position = excluded.source_position, loaded_at = excluded.loaded_at",
      use(manifest.cache_id), use(manifest.generation), use(manifest.file), use(manifest.file_bytes),
      use(manifest.checksum), use(manifest.row_count), use(manifest.deleted_rows), use(manifest.table),
      use(manifest.position), use(manifest.loaded_at);
}

Stored FindStored(soci::session& session, const std::string& execution_id) {
  std::string status;
  session << "SELECT status FROM executions WHERE id = :id", use(execution_id), into(status);
  if (!session.got_data()) return Stored::kNothing;
  return HasEnded(ValueOf<ExecutionStatus>(status, kStatuses)) ? Stored::kEnded : Stored::kUnfinished;
}

void SaveExecution(soci::session& session, const Execution& e) {
  const std::string mode = NameOf(e.mode, kModes);
  const std::string status = NameOf(e.status, kStatuses);
  const int scheduled = e.scheduled ? 1 : 0;
  session << "INSERT INTO executions (number, id, cache_id, mode, status, scheduled, error_code, error_message, "
             "rows_cached, rows_inserted, rows_updated, rows_deleted, last_offset, generation, attempt, created_at, "
             "updated_at, finished_at) "
             "VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM executions), :id, :cache, :mode, :status, :scheduled, "
             ":code, :message, :cached, :inserted, :updated_rows, :deleted, :last_offset, :generation, :attempt, "
             ":created, :updated, :finished) "
             "ON CONFLICT (id) DO UPDATE SET status = excluded.status, scheduled = excluded.scheduled, "
             "created_at = excluded.created_at, error_code = excluded.error_code, "
             "error_message = excluded.error_message, rows_cached = excluded.rows_cached, "
             "rows_inserted = excluded.rows_inserted, rows_updated = excluded.rows_updated, "
             "rows_deleted = excluded.rows_deleted, last_offset = excluded.last_offset, "
             "generation = excluded.generation, attempt = excluded.attempt, updated_at = excluded.updated_at, "
             "finished_at = excluded.finished_at",
      use(e.id), use(e.cache_id), use(mode), use(status), use(scheduled), use(e.error_code), use(e.error_message),
      use(e.counts.cached), use(e.counts.inserted), use(e.counts.updated), use(e.counts.deleted), use(e.last_offset),
      use(e.generation), use(e.attempt), use(e.created_at), use(e.updated_at), use(e.finished_at);
}

void InsertLog(soci::session& session, const ActionLog& log) {
  const std::string mode = NameOf(log.mode, kModes);
  const int scheduled = log.scheduled ? 1 : 0;
  session << "INSERT INTO action_logs (number, cache_id, happened_at, action, message, mode, scheduled) "
             "VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM action_logs), :cache, :happened, :action, :message, "
             ":mode, :scheduled)",
      use(log.cache_id), use(log.timestamp), use(log.action), use(log.message), use(mode), use(scheduled);
}

void DeleteBefore(soci::session& session, base::SystemTime time) {
  session << "DELETE FROM executions WHERE finished_at < :time AND number NOT IN "
             "(SELECT MAX(number) FROM executions GROUP BY cache_id, mode)",
      use(time);
  session << "DELETE FROM action_logs WHERE happened_at < :time", use(time);
}

}  // namespace tarn::store
