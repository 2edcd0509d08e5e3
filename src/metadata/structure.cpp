#include "metadata/structure.h"

#include <boost/json.hpp>

#include "cache/table_json.h"
#include "metadata/address.h"
#include "sql/translate_query.h"

namespace tarn::metadata {

namespace {

constexpr std::string_view kQuerySchema = "query";
constexpr std::string_view kStoredSchema = "mtquery";

// The catalog that has the tables of a built-in id.
base::Result<store::Catalog> Behind(catalog::Catalogs& catalogs, const store::Catalog& catalog) {
  if (catalog.id != kInternalCatalogId) return catalog;
  return catalogs.FindByName(catalog.project_id, std::string(kBuiltInName));
}

}  // namespace

base::Result<std::vector<connector::TableInfo>> Structure::Tables(const store::Catalog& catalog,
                                                                  const std::string& schema,
                                                                  const base::CallLimits& limits) const {
  if (catalog.id == kQueryCatalogId) return SavedQueries(catalog.project_id, schema, limits);
  TARN_ASSIGN_OR_RETURN(const auto behind, Behind(parts_.catalogs, catalog));
  const auto tables = parts_.catalogs.DescribeAll(behind, schema, limits);
  if (tables) return **tables;
  if (tables.error().code == "SCHEMA_NOT_FOUND") return std::vector<connector::TableInfo>{};
  return std::unexpected(tables.error());
}

base::Result<connector::TableInfo> Structure::Table(const store::Catalog& catalog, const connector::TableName& name,
                                                    const base::CallLimits& limits) const {
  if (catalog.id == kQueryCatalogId) return SavedQuery(catalog.project_id, name, limits);
  TARN_ASSIGN_OR_RETURN(const auto behind, Behind(parts_.catalogs, catalog));
  return parts_.catalogs.Describe(behind, name, limits);
}

std::map<std::string, sql::Lineage> Structure::Lineage(const store::Catalog& catalog, const connector::TableName& name,
                                                       const base::CallLimits& limits) const {
  if (catalog.id != kQueryCatalogId && catalog.type != catalog::kSemanticType) return {};
  std::string text = "SELECT * FROM " + SqlName(catalog, {catalog.id, name.schema, name.table});
  // A stored result is a table of its own to a statement that reads it.
  if (catalog.id == kQueryCatalogId && name.schema == kStoredSchema) {
    const auto stored = parts_.catalogs.definitions()->StoredQuery(catalog.project_id, name.table);
    if (!stored) return {};
    text = stored->text;
  }
  const auto traced = parts_.executor.Lineage(
      {.project_id = catalog.project_id, .text = std::move(text), .parameters = {}, .session = {}, .limits = limits});
  std::map<std::string, sql::Lineage> lineage;
  if (!traced) return lineage;
  for (const auto& column : *traced) lineage.emplace(column.name, column.lineage);
  return lineage;
}

bool Structure::IsCacheable(const store::Catalog& catalog, const connector::TableName& name) const {
  return !IsBuiltIn(catalog.id) && catalog.type != catalog::kSemanticType &&
         !parts_.catalogs.FindParametric(catalog, name);
}

std::vector<connector::TableInfo> Structure::SavedQueries(const std::string& project_id, const std::string& schema,
                                                          const base::CallLimits& limits) const {
  std::vector<connector::TableInfo> tables;
  for (const auto& query : parts_.queries.List(project_id)) {
    const bool stored = query.query_type == store::kMaterializedType;
    const std::string in(stored ? kStoredSchema : kQuerySchema);
    if (!schema.empty() && schema != in) continue;
    const connector::TableName name{.schema = in, .table = query.name};
    // One that reads what is gone has no columns, and is listed all the same.
    connector::TableInfo unknown;
    unknown.name = name;
    tables.push_back(SavedQuery(project_id, name, limits).value_or(unknown));
  }
  return tables;
}

base::Result<connector::TableInfo> Structure::SavedQuery(const std::string& project_id,
                                                         const connector::TableName& name,
                                                         const base::CallLimits& limits) const {
  TARN_ASSIGN_OR_RETURN(
      const auto columns,
      parts_.executor.TableColumns(
          project_id, {.catalog = std::string(kBuiltInName), .schema = name.schema, .table = name.table}, limits));
  connector::TableInfo table;
  table.name = name;
  for (const auto& column : columns) {
    connector::ColumnInfo shown;
    shown.name = column.name;
    shown.type = column.type;
    shown.hidden = column.hidden;
    table.columns.push_back(std::move(shown));
  }
  return table;
}

std::string Structure::Write(const std::vector<connector::TableInfo>& tables) {
  boost::json::array list;
  for (const auto& table : tables) list.emplace_back(cache::WriteTableVersion({.table = table}));
  return boost::json::serialize(list);
}

base::Result<std::vector<connector::TableInfo>> Structure::Read(const std::string& json) {
  boost::system::error_code failed;
  const auto list = boost::json::parse(json, failed);
  if (failed || !list.is_array()) return base::Internal("The structure of a catalog cannot be read");
  std::vector<connector::TableInfo> tables;
  for (const auto& item : list.get_array()) {
    if (!item.is_string()) return base::Internal("The structure of a catalog cannot be read");
    TARN_ASSIGN_OR_RETURN(auto version, cache::ReadTableVersion(std::string_view(item.get_string())));
    tables.push_back(std::move(version.table));
  }
  return tables;
}

}  // namespace tarn::metadata
