#include "tables/import_log.h"

#include <array>

namespace tarn::tables {

namespace {

constexpr std::int64_t kKeptEntries = 1000;

constexpr const char* kSchema =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
    "CREATE TABLE IF NOT EXISTS jobs (id TEXT PRIMARY KEY, kind TEXT NOT NULL, table_name TEXT NOT NULL, status TEXT "
    "NOT "
    "NULL, started INTEGER NOT NULL, ended INTEGER, processed INTEGER NOT NULL, inserted INTEGER NOT NULL, updated "
    "INTEGER NOT NULL, error TEXT)";

constexpr std::array kStatuses = {ImportStatus::kRunning, ImportStatus::kCompleted, ImportStatus::kFailed,
                                  ImportStatus::kCancelled};

ImportStatus StatusOf(std::string_view text) {
  for (const auto status : kStatuses) {
    if (ToString(status) == text) return status;
  }
  return ImportStatus::kFailed;
}

std::int64_t Micros(base::SystemTime time) { return time.time_since_epoch().count(); }
base::SystemTime Time(std::int64_t micros) { return base::SystemTime(std::chrono::microseconds(micros)); }

// What ran when the server stopped: with a receipt it is complete, without one nothing of it was written.
base::Result<void> EndCutOff(Connection& log, Connection& project) {
  TARN_ASSIGN_OR_RETURN(auto running, log.Prepare("SELECT id FROM jobs WHERE status = 'RUNNING'"));
  std::vector<std::string> ids;
  for (;;) {
    TARN_ASSIGN_OR_RETURN(const bool more, running.Step());
    if (!more) break;
    ids.emplace_back(running.Text(0));
  }
  running.Reset();
  TARN_ASSIGN_OR_RETURN(auto receipt, project.Prepare("SELECT processed, inserted, updated FROM imports WHERE id = ?"));
  TARN_ASSIGN_OR_RETURN(auto complete, log.Prepare("UPDATE jobs SET status = 'COMPLETED', ended = started, processed = "
                                                   "?, inserted = ?, updated = ? WHERE id = ?"));
  TARN_ASSIGN_OR_RETURN(auto fail,
                        log.Prepare("UPDATE jobs SET status = 'FAILED', ended = started, error = 'The server "
                                    "stopped while the import ran; nothing was imported' WHERE id = ?"));
  for (const auto& id : ids) {
    receipt.Bind(1, std::string_view(id));
    TARN_ASSIGN_OR_RETURN(const bool found, receipt.Step());
    if (found) {
      for (int i = 0; i < 3; ++i) complete.Bind(i + 1, receipt.Integer(i));
      complete.Bind(4, std::string_view(id));
      TARN_RETURN_IF_ERROR(complete.Run());
    } else {
      fail.Bind(1, std::string_view(id));
      TARN_RETURN_IF_ERROR(fail.Run());
    }
    receipt.Reset();
  }
  return log.Execute("DELETE FROM jobs WHERE id NOT IN (SELECT id FROM jobs ORDER BY started DESC LIMIT " +
                     std::to_string(kKeptEntries) + ")");
}

}  // namespace

std::string_view ToString(ImportStatus status) {
  switch (status) {
    case ImportStatus::kRunning: return "RUNNING";
    case ImportStatus::kCompleted: return "COMPLETED";
    case ImportStatus::kFailed: return "FAILED";
    case ImportStatus::kCancelled: return "CANCELLED";
  }
  return "FAILED";
}

base::Result<std::unique_ptr<ImportLog>> ImportLog::Open(const std::filesystem::path& file, Connection& project) {
  TARN_ASSIGN_OR_RETURN(auto connection, Connection::Open(file, Connection::Mode::kWrite));
  TARN_RETURN_IF_ERROR(connection->Execute(kSchema));
  TARN_RETURN_IF_ERROR(EndCutOff(*connection, project));
  return std::unique_ptr<ImportLog>(new ImportLog(std::move(connection)));
}

base::Result<void> ImportLog::Put(const ImportJob& job) {
  const std::lock_guard lock(mutex_);
  TARN_ASSIGN_OR_RETURN(auto put, connection_->Prepare("INSERT OR REPLACE INTO jobs (id, kind, table_name, status, "
                                                       "started, ended, processed, inserted, updated, error) VALUES "
                                                       "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  put.Bind(1, std::string_view(job.id));
  put.Bind(2, SchemaOf(job.kind));
  put.Bind(3, std::string_view(job.table));
  put.Bind(4, ToString(job.status));
  put.Bind(5, Micros(job.started));
  if (job.ended) put.Bind(6, Micros(*job.ended));
  put.Bind(7, job.outcome.processed);
  put.Bind(8, job.outcome.inserted);
  put.Bind(9, job.outcome.updated);
  if (job.error) put.Bind(10, std::string_view(job.error->message));
  return put.Run();
}

base::Result<std::optional<ImportJob>> ImportLog::Find(const std::string& id) {
  const std::lock_guard lock(mutex_);
  TARN_ASSIGN_OR_RETURN(auto find, connection_->Prepare("SELECT kind, table_name, status, started, ended, processed, "
                                                        "inserted, updated, error FROM jobs WHERE id = ?"));
  find.Bind(1, std::string_view(id));
  TARN_ASSIGN_OR_RETURN(const bool found, find.Step());
  if (!found) return std::nullopt;
  ImportJob job{.id = id,
                .project_id = {},
                .kind = KindOf(find.Text(0)).value_or(Kind::kRows),
                .table = std::string(find.Text(1)),
                .status = StatusOf(find.Text(2)),
                .started = Time(find.Integer(3)),
                .ended = {},
                .progress = 0,
                .outcome = {.processed = find.Integer(5), .inserted = find.Integer(6), .updated = find.Integer(7)},
                .error = {}};
  if (find.Type(4) != SQLITE_NULL) job.ended = Time(find.Integer(4));
  if (job.status == ImportStatus::kCompleted) job.progress = 100;
  if (const auto message = find.OptionalText(8)) job.error = base::InvalidArgument(*message).error();
  return job;
}

base::Result<void> WriteReceipt(Connection& project, const std::string& id, const ImportOutcome& outcome) {
  TARN_ASSIGN_OR_RETURN(auto insert, project.Prepare("INSERT INTO imports VALUES (?, ?, ?, ?)"));
  insert.Bind(1, std::string_view(id));
  insert.Bind(2, outcome.processed);
  insert.Bind(3, outcome.inserted);
  insert.Bind(4, outcome.updated);
  return insert.Run();
}

}  // namespace tarn::tables
