#include "catalog/definitions.h"

#include <algorithm>

#include "sql/text.h"

namespace tarn::catalog {

namespace {

// Catalogs have numbers for ids, so no table of one has this key.
constexpr const char* kStoredResults = "stored-results";

std::unexpected<base::Error> NoTable(const std::string& schema, const std::string& name) {
  return base::NotFound("Table 'peaka." + schema + "." + name + "' does not exist", "TABLE_NOT_FOUND");
}

}  // namespace

bool IsSameTable(const connector::TableName& left, const connector::TableName& right) {
  return sql::ToLower(left.table) == sql::ToLower(right.table) &&
         sql::ToLower(left.schema) == sql::ToLower(right.schema);
}

base::Result<Definition> Definitions::SavedQuery(const std::string& project_id, const std::string& name) const {
  auto query = parts_.queries.FindByName(project_id, name);
  if (!query) return NoTable("query", name);
  return Definition{.text = std::move(query->input_query), .project_id = project_id};
}

base::Result<Definition> Definitions::StoredQuery(const std::string& project_id, const std::string& name) const {
  auto query = parts_.queries.FindByName(project_id, name);
  if (!query || query->query_type != store::kMaterializedType) return NoTable("mtquery", name);
  return Definition{.text = std::move(query->input_query), .project_id = project_id};
}

base::Result<Generations::Key> Definitions::StoredResult(const std::string& project_id, const std::string& name) const {
  const auto query = parts_.queries.FindByName(project_id, name);
  if (!query || query->query_type != store::kMaterializedType) return NoTable("mtquery", name);
  return KeyOf(query->id);
}

std::optional<store::Catalog> Definitions::OwnerOf(const store::Catalog& catalog) const {
  return catalog.shared_from.empty() ? std::optional(catalog) : parts_.catalogs.Find(catalog.shared_from);
}

std::vector<connector::TableName> Definitions::SemanticTables(const store::Catalog& catalog) const {
  std::vector<connector::TableName> names;
  const auto owner = OwnerOf(catalog);
  if (!owner) return names;
  for (const auto& table : parts_.tables.Semantic(owner->id)) {
    if (parts_.queries.Find(owner->project_id, table.query_id))
      names.push_back({.schema = table.schema, .table = table.table});
  }
  return names;
}

std::optional<Definition> Definitions::FindSemantic(const store::Catalog& catalog,
                                                    const connector::TableName& name) const {
  const auto owner = OwnerOf(catalog);
  if (!owner) return std::nullopt;
  for (const auto& table : parts_.tables.Semantic(owner->id)) {
    if (!IsSameTable({.schema = table.schema, .table = table.table}, name)) continue;
    auto query = parts_.queries.Find(owner->project_id, table.query_id);
    if (!query) return std::nullopt;
    return Definition{.text = std::move(query->input_query), .project_id = owner->project_id};
  }
  return std::nullopt;
}

std::vector<store::ParametricTable> Definitions::ParametricTables(const store::Catalog& catalog) const {
  auto tables = parts_.tables.Parametric(catalog.id);
  if (!catalog.shared_from.empty())
    std::ranges::move(parts_.tables.Parametric(catalog.shared_from), std::back_inserter(tables));
  return tables;
}

std::optional<store::ParametricTable> Definitions::FindParametric(const store::Catalog& catalog,
                                                                  const connector::TableName& name) const {
  for (auto& table : ParametricTables(catalog)) {
    if (IsSameTable({.schema = table.schema, .table = table.table}, name)) return std::move(table);
  }
  return std::nullopt;
}

Generations::Key Definitions::KeyOf(const std::string& query_id) {
  return {.catalog_id = kStoredResults, .schema = {}, .table = query_id};
}

}  // namespace tarn::catalog
