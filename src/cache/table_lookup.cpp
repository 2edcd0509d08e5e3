#include "cache/table_lookup.h"

#include <algorithm>
#include <optional>

namespace tarn::cache {
namespace {

// Catalogs of these types are Tarn's own tables and saved queries.
bool LivesInTarn(const std::string& catalog_id, const std::string& type) {
  return catalog_id == "1" || catalog_id == "2" || type == "internal" || type == "query";
}

bool EqualsRegardlessOfCase(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::optional<std::string> Match(const std::vector<std::string>& names, const std::string& wanted) {
  if (std::ranges::find(names, wanted) != names.end()) return wanted;
  const auto same = [&](const std::string& name) { return EqualsRegardlessOfCase(name, wanted); };
  const auto found = std::ranges::find_if(names, same);
  if (found == names.end() || std::find_if(std::next(found), names.end(), same) != names.end()) return std::nullopt;
  return *found;
}

std::unexpected<base::Error> Unknown(const std::string& what, const std::string& code, const std::string& field,
                                     const std::string& name) {
  auto error = base::InvalidArgument(what + " does not exist: \"" + name + "\"", field);
  error.error().code = code;
  return error;
}

}  // namespace

base::Result<store::Catalog> TableLookup::FindCatalog(const std::string& project_id,
                                                      const std::string& catalog_id) const {
  auto catalog = store_.Find(catalog_id);
  if (LivesInTarn(catalog_id, catalog ? catalog->type : "")) {
    return base::FailedPrecondition("The table lives in Tarn already and cannot be cached", "TABLE_NOT_CACHEABLE");
  }
  if (!catalog || catalog->project_id != project_id)
    return Unknown("The catalog", "CATALOG_NOT_FOUND", "catalogId", catalog_id);
  if (catalog->type == catalog::kSemanticType)
    return base::FailedPrecondition("A table of a semantic catalog cannot be cached", "TABLE_NOT_CACHEABLE");
  return *std::move(catalog);
}

base::Result<LookedUpTable> TableLookup::Find(const std::string& project_id, const CacheRequest& request) {
  TARN_ASSIGN_OR_RETURN(auto catalog, FindCatalog(project_id, request.catalog_id));
  const auto& schemas = Schemas(catalog);
  if (!schemas) return std::unexpected(schemas.error());
  const auto schema = Match(*schemas, request.schema_name);
  if (!schema) return Unknown("The schema", "SCHEMA_NOT_FOUND", "schemaName", request.schema_name);
  const auto& tables = Tables(catalog, *schema);
  if (!tables) return std::unexpected(tables.error());
  const auto table = Match(*tables, request.table_name);
  if (!table) return Unknown("The table", "TABLE_NOT_FOUND", "tableName", request.table_name);
  if (catalogs_.FindParametric(catalog, {.schema = *schema, .table = *table}))
    return base::FailedPrecondition("A parametric table cannot be cached, its source table can", "TABLE_NOT_CACHEABLE");
  return LookedUpTable{.catalog = std::move(catalog), .name = {.schema = *schema, .table = *table}};
}

const TableLookup::Names& TableLookup::Schemas(const store::Catalog& catalog) {
  const auto known = schemas_.find(catalog.id);
  if (known != schemas_.end()) return known->second;
  return schemas_.emplace(catalog.id, catalogs_.Schemas(catalog, limits_)).first->second;
}

const TableLookup::Names& TableLookup::Tables(const store::Catalog& catalog, const std::string& schema) {
  const auto key = std::pair(catalog.id, schema);
  const auto known = tables_.find(key);
  if (known != tables_.end()) return known->second;
  const auto tables = catalogs_.Tables(catalog, schema, limits_);
  if (!tables) return tables_.emplace(key, std::unexpected(tables.error())).first->second;
  std::vector<std::string> names;
  for (const auto& table : *tables) {
    if (table.schema == schema) names.push_back(table.table);
  }
  return tables_.emplace(key, std::move(names)).first->second;
}

}  // namespace tarn::cache
