#include "catalog/definitions.h"

namespace tarn::catalog {

namespace {

// Catalogs have numbers for ids, so no table of one has this key.
constexpr const char* kStoredResults = "stored-results";

std::unexpected<base::Error> NoTable(const std::string& schema, const std::string& name) {
  return base::NotFound("Table 'peaka." + schema + "." + name + "' does not exist", "TABLE_NOT_FOUND");
}

}  // namespace

base::Result<Definition> Definitions::SavedQuery(const std::string& project_id, const std::string& name) const {
  auto query = queries_.FindByName(project_id, name);
  if (!query) return NoTable("query", name);
  return Definition{.text = std::move(query->input_query), .project_id = project_id};
}

base::Result<Generations::Key> Definitions::StoredResult(const std::string& project_id, const std::string& name) const {
  const auto query = queries_.FindByName(project_id, name);
  if (!query || query->query_type != store::kMaterializedType) return NoTable("mtquery", name);
  return KeyOf(query->id);
}

Generations::Key Definitions::KeyOf(const std::string& query_id) {
  return {.catalog_id = kStoredResults, .schema = {}, .table = query_id};
}

}  // namespace tarn::catalog
