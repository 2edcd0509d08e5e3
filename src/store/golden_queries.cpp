#include "store/golden_queries.h"

#include <algorithm>

#include "store/session.h"

namespace tarn::store {

using soci::into;
using soci::use;

base::Result<GoldenQuery> GoldenQueryRepository::Insert(const GoldenQuery& query) {
  TARN_RETURN_IF_ERROR(database_.Write([&](soci::session& session) {
    session << "INSERT INTO golden_queries (id, project_id, prompt, statement, broken, checked_at, created_at) VALUES "
               "(:id, :project, :prompt, :statement, :broken, :checked, :created) ON CONFLICT (project_id, prompt, "
               "statement) DO NOTHING",
        use(query.id), use(query.project_id), use(query.prompt), use(query.statement), use(query.broken),
        use(query.checked_at), use(query.created_at);
  }));
  TARN_ASSIGN_OR_RETURN(const auto all, List(query.project_id));
  const auto found = std::ranges::find_if(all, [&](const GoldenQuery& other) {
    return other.prompt == query.prompt && other.statement == query.statement;
  });
  if (found == all.end()) return base::Unavailable("The pair was deleted by others at the same time");
  return *found;
}

base::Result<std::vector<GoldenQuery>> GoldenQueryRepository::List(const std::string& project_id) const {
  std::vector<GoldenQuery> rows;
  TARN_RETURN_IF_ERROR(database_.Read([&](soci::session& session) {
    GoldenQuery row;
    soci::statement select =
        (session.prepare << "SELECT id, project_id, prompt, statement, broken, checked_at, created_at FROM "
                            "golden_queries WHERE (:project = '' OR project_id = :project) ORDER BY created_at, id",
         use(project_id, "project"), into(row.id), into(row.project_id), into(row.prompt), into(row.statement),
         into(row.broken), into(row.checked_at), into(row.created_at));
    select.execute();
    while (select.fetch()) rows.push_back(row);
  }));
  return rows;
}

base::Result<void> GoldenQueryRepository::SaveTrial(const GoldenQuery& query) {
  return database_.Write([&](soci::session& session) {
    session << "UPDATE golden_queries SET broken = :broken, checked_at = :checked WHERE id = :id", use(query.broken),
        use(query.checked_at), use(query.id);
  });
}

base::Result<bool> GoldenQueryRepository::Delete(const std::string& project_id, const std::string& id) {
  bool found = false;
  TARN_RETURN_IF_ERROR(database_.Write([&](soci::session& session) {
    soci::statement remove = (session.prepare << "DELETE FROM golden_queries WHERE project_id = :project AND id = :id",
                              use(project_id), use(id));
    remove.execute(true);
    found = remove.get_affected_rows() > 0;
  }));
  return found;
}

}  // namespace tarn::store
