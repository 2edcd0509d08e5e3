#include "store/exports.h"

#include <algorithm>

#include "store/session.h"

namespace tarn::store {

using soci::into;
using soci::use;

namespace {

constexpr const char* kColumns =
    "id, project_id, user_id, api_key_prefix, client_source, format, compression, query_id, catalog_id, schema_name, "
    "table_name, source, file_name, status, row_count, byte_count, error, created_at, started_at, ended_at, expires_at";

// Where a query puts the columns of kColumns.
template <class Prepared>
auto& BindTo(Prepared& prepared, Export& row) {
  return prepared, into(row.id), into(row.project_id), into(row.user_id), into(row.api_key_prefix),
         into(row.client_source), into(row.format), into(row.compression), into(row.query_id), into(row.catalog_id),
         into(row.schema_name), into(row.table_name), into(row.source), into(row.file_name), into(row.status),
         into(row.rows), into(row.bytes), into(row.error), into(row.created_at), into(row.started_at),
         into(row.ended_at), into(row.expires_at);
}

std::string Select(const char* rest) { return std::string("SELECT ") + kColumns + " FROM exports " + rest; }

bool IsWanted(const Export& row, const std::vector<std::string>& statuses) {
  return statuses.empty() || std::ranges::find(statuses, row.status) != statuses.end();
}

}  // namespace

base::Result<void> ExportRepository::Insert(const Export& row) {
  return database_.Write([&](soci::session& session) {
    session << "INSERT INTO exports (" << kColumns
            << ") VALUES (:id, :project, :user, :prefix, :client, :format, :compression, :query, :catalog, :schema, "
               ":table, :source, :file, :status, :rows, :bytes, :error, :created, :started, :ended, :expires)",
        use(row.id), use(row.project_id), use(row.user_id), use(row.api_key_prefix), use(row.client_source),
        use(row.format), use(row.compression), use(row.query_id), use(row.catalog_id), use(row.schema_name),
        use(row.table_name), use(row.source), use(row.file_name), use(row.status), use(row.rows), use(row.bytes),
        use(row.error), use(row.created_at), use(row.started_at), use(row.ended_at), use(row.expires_at);
  });
}

base::Result<bool> ExportRepository::Begin(const std::string& id, base::SystemTime at) {
  bool begun = false;
  TARN_RETURN_IF_ERROR(database_.Write([&](soci::session& session) {
    soci::statement begin =
        (session.prepare << "UPDATE exports SET status = 'RUNNING', started_at = :at WHERE id = :id AND status = "
                            "'PENDING'",
         use(at), use(id));
    begin.execute(true);
    begun = begin.get_affected_rows() > 0;
  }));
  return begun;
}

base::Result<bool> ExportRepository::End(const Export& row) {
  bool ended = false;
  TARN_RETURN_IF_ERROR(database_.Write([&](soci::session& session) {
    soci::statement end =
        (session.prepare << "UPDATE exports SET status = :status, row_count = :rows, byte_count = :bytes, error = "
                            ":error, ended_at = :ended, expires_at = :expires WHERE id = :id AND status IN ('PENDING', "
                            "'RUNNING')",
         use(row.status), use(row.rows), use(row.bytes), use(row.error), use(row.ended_at), use(row.expires_at),
         use(row.id));
    end.execute(true);
    ended = end.get_affected_rows() > 0;
  }));
  return ended;
}

base::Result<std::int64_t> ExportRepository::FailUnfinished(const std::string& error, base::SystemTime at) {
  std::int64_t count = 0;
  TARN_RETURN_IF_ERROR(database_.Write([&](soci::session& session) {
    soci::statement fail =
        (session.prepare << "UPDATE exports SET status = 'FAILED', error = :error, ended_at = :at WHERE status IN "
                            "('PENDING', 'RUNNING')",
         use(error), use(at));
    fail.execute(true);
    count = fail.get_affected_rows();
  }));
  return count;
}

base::Result<std::vector<Export>> ExportRepository::List(const std::string& project_id,
                                                         const ExportFilter& filter) const {
  std::vector<Export> list;
  const auto before = filter.created_before.value_or(base::SystemTime::max());
  TARN_RETURN_IF_ERROR(database_.Read([&](soci::session& session) {
    Export row;
    auto prepared = session.prepare << Select(
                        "WHERE project_id = :project AND created_at < :before ORDER BY created_at DESC, id DESC");
    soci::statement rows = (BindTo(prepared, row), use(project_id), use(before));
    rows.execute();
    while (static_cast<std::int64_t>(list.size()) < filter.limit && rows.fetch()) {
      if (IsWanted(row, filter.statuses)) list.push_back(row);
    }
  }));
  return list;
}

base::Result<std::optional<Export>> ExportRepository::Find(const std::string& project_id, const std::string& id) const {
  TARN_ASSIGN_OR_RETURN(auto found, Find(id));
  if (found && found->project_id != project_id) found.reset();
  return found;
}

base::Result<std::optional<Export>> ExportRepository::Find(const std::string& id) const {
  std::optional<Export> found;
  TARN_RETURN_IF_ERROR(database_.Read([&](soci::session& session) {
    Export row;
    auto prepared = session.prepare << Select("WHERE id = :id");
    soci::statement rows = (BindTo(prepared, row), use(id));
    rows.execute();
    if (rows.fetch()) found = row;
  }));
  return found;
}

base::Result<std::vector<Export>> ExportRepository::WithFiles() const {
  std::vector<Export> list;
  TARN_RETURN_IF_ERROR(database_.Read([&](soci::session& session) {
    Export row;
    auto prepared = session.prepare << Select("WHERE status = 'SUCCEEDED'");
    soci::statement rows = BindTo(prepared, row);
    rows.execute();
    while (rows.fetch()) list.push_back(row);
  }));
  return list;
}

base::Result<void> ExportRepository::Expire(base::SystemTime now) {
  return database_.Write([&](soci::session& session) {
    session << "UPDATE exports SET status = 'EXPIRED' WHERE status = 'SUCCEEDED' AND expires_at <= :now", use(now);
  });
}

base::Result<void> ExportRepository::Trim(base::SystemTime before) {
  return database_.Write([&](soci::session& session) {
    session << "DELETE FROM exports WHERE ended_at < :before AND status <> 'SUCCEEDED'", use(before);
  });
}

}  // namespace tarn::store
