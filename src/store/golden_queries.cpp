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

base::Result<std::map<std::string, std::vector<float>>> GoldenQueryRepository::Vectors(const std::string& project_id,
                                                                                       const std::string& model) const {
  std::map<std::string, std::vector<float>> vectors;
  TARN_RETURN_IF_ERROR(database_.Read([&](soci::session& session) {
    std::string id;
    soci::blob bytes(session);
    soci::statement select =
        (session.prepare << "SELECT v.golden_id, v.vector FROM golden_vectors v JOIN golden_queries g "
                            "ON g.id = v.golden_id WHERE g.project_id = :project AND v.model = :model",
         use(project_id), use(model), into(id), into(bytes));
    select.execute();
    while (select.fetch()) {
      auto& vector = vectors[id];
      vector.resize(bytes.get_len() / sizeof(float));
      bytes.read(0, reinterpret_cast<char*>(vector.data()), vector.size() * sizeof(float));
    }
  }));
  return vectors;
}

base::Result<void> GoldenQueryRepository::SaveVector(const std::string& id, const std::string& model,
                                                     const std::vector<float>& vector) {
  return database_.Write([&](soci::session& session) {
    soci::blob bytes(session);
    bytes.write(0, reinterpret_cast<const char*>(vector.data()), vector.size() * sizeof(float));
    session << "INSERT INTO golden_vectors (golden_id, model, vector) SELECT id, :model, :vector FROM golden_queries "
               "WHERE id = :id ON CONFLICT (golden_id) DO UPDATE SET model = excluded.model, vector = excluded.vector",
        use(model), use(bytes), use(id);
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
