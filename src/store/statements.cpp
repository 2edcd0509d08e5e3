#include "store/statements.h"

#include "store/session.h"

namespace tarn::store {

using soci::into;
using soci::use;

namespace {

constexpr const char* kColumns =
    "id, project_id, user_name, source, text, state, created_at, started_at, ended_at, row_count, byte_count, "
    "error_kind, error_code, error_message";

// Where a query puts the columns of kColumns.
template <class Prepared>
auto& BindTo(Prepared& prepared, Statement& row) {
  return prepared, into(row.id), into(row.project_id), into(row.user), into(row.source), into(row.text),
         into(row.state), into(row.created_at), into(row.started_at), into(row.ended_at), into(row.rows),
         into(row.bytes), into(row.error_kind), into(row.error_code), into(row.error_message);
}

}  // namespace

base::Result<void> StatementRepository::Put(const std::vector<Statement>& statements) {
  return database_.Write([&](soci::session& session) {
    Statement row;
    // A project may have gone meanwhile, and its statements with it.
    soci::statement put =
        (session.prepare
             << "INSERT INTO statements (" << kColumns
             << ") SELECT :id, p.id, :user, :source, :text, :state, :created, :started, :ended, :rows, :bytes, :kind, "
                ":code, :message FROM projects p WHERE p.id = :project "
                "ON CONFLICT (id) DO UPDATE SET state = excluded.state, started_at = excluded.started_at, ended_at = "
                "excluded.ended_at, row_count = excluded.row_count, byte_count = excluded.byte_count, error_kind = "
                "excluded.error_kind, error_code = excluded.error_code, error_message = excluded.error_message",
         use(row.id), use(row.user), use(row.source), use(row.text), use(row.state), use(row.created_at),
         use(row.started_at), use(row.ended_at), use(row.rows), use(row.bytes), use(row.error_kind),
         use(row.error_code), use(row.error_message), use(row.project_id));
    for (const auto& statement : statements) {
      row = statement;
      put.execute(true);
    }
  });
}

base::Result<std::int64_t> StatementRepository::FailUnfinished(const Statement& error) {
  std::int64_t count = 0;
  TARN_RETURN_IF_ERROR(database_.Write([&](soci::session& session) {
    soci::statement fail =
        (session.prepare << "UPDATE statements SET state = 'FAILED', ended_at = :ended, error_kind = :kind, error_code "
                            "= :code, error_message = :message WHERE state IN ('QUEUED', 'RUNNING')",
         use(error.ended_at), use(error.error_kind), use(error.error_code), use(error.error_message));
    fail.execute(true);
    count = fail.get_affected_rows();
  }));
  return count;
}

base::Result<std::vector<Statement>> StatementRepository::List(const std::string& project_id,
                                                               std::int64_t limit) const {
  std::vector<Statement> list;
  TARN_RETURN_IF_ERROR(database_.Read([&](soci::session& session) {
    Statement row;
    auto prepared = session.prepare << "SELECT " << kColumns
                                    << " FROM statements WHERE project_id = :project ORDER BY created_at DESC, id "
                                       "DESC LIMIT :limit";
    soci::statement rows = (BindTo(prepared, row), use(project_id), use(limit));
    rows.execute();
    while (rows.fetch()) list.push_back(row);
  }));
  return list;
}

base::Result<std::optional<Statement>> StatementRepository::Find(const std::string& project_id,
                                                                 const std::string& id) const {
  std::optional<Statement> found;
  TARN_RETURN_IF_ERROR(database_.Read([&](soci::session& session) {
    Statement row;
    auto prepared = session.prepare << "SELECT " << kColumns
                                    << " FROM statements WHERE id = :id AND project_id = :project";
    soci::statement rows = (BindTo(prepared, row), use(id), use(project_id));
    rows.execute();
    if (rows.fetch()) found = row;
  }));
  return found;
}

base::Result<void> StatementRepository::Trim(base::SystemTime before, std::int64_t most_per_project) {
  return database_.Write([&](soci::session& session) {
    session << "DELETE FROM statements WHERE created_at < :before", use(before);
    std::vector<std::string> full;
    std::string project;
    soci::statement projects =
        (session.prepare << "SELECT project_id FROM statements GROUP BY project_id HAVING COUNT(*) > :most",
         use(most_per_project), into(project));
    projects.execute();
    while (projects.fetch()) full.push_back(project);
    for (const auto& each : full) {
      session << "DELETE FROM statements WHERE project_id = :project AND created_at <= (SELECT created_at FROM "
                 "statements WHERE project_id = :same ORDER BY created_at DESC LIMIT 1 OFFSET :most)",
          use(each), use(each), use(most_per_project);
    }
  });
}

}  // namespace tarn::store
