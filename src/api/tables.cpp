// Schemas, tables and columns of a catalog, and whether a table is cached.
#include <set>

#include "api/areas.h"
#include "api/builtin_catalogs.h"
#include "api/dto_catalog.h"
#include "api/internal_tables.h"
#include "api/reach.h"
#include "api/table_address.h"

namespace tarn::api {

using http::Method;
using http::NoBody;

namespace {

constexpr const char* kSchemas = "/data/projects/{projectId}/catalogs/{catalogId}/schemas";
constexpr const char* kTables = "/data/projects/{projectId}/catalogs/{catalogId}/schemas/{schemaName}/tables";
constexpr const char* kTable =
    "/data/projects/{projectId}/catalogs/{catalogId}/schemas/{schemaName}/tables/{tableName}";

http::OperationInfo Info(std::string id, std::string path, std::string summary) {
  return {.id = std::move(id),
          .method = Method::kGet,
          .path = std::move(path),
          .area = "Data: Catalogs",
          .summary = std::move(summary)};
}

// Every source table can be kept fresh both ways: where no key is known, an incremental refresh reads everything.
std::vector<std::string> SupportedCacheTypes() { return {"FULL_REFRESH", "INCREMENTAL"}; }

base::Result<std::vector<Schema>> ListSchemas(const Parts& parts, const ProjectCall& call) {
  const std::string& id = call.context.Path("catalogId");
  std::vector<Schema> shown;
  if (IsBuiltinCatalog(id)) {
    for (const std::string& name : BuiltinSchemas(id))
      shown.push_back({.catalogId = id, .catalogName = std::string(kBuiltinCatalogName), .schemaName = name});
    return shown;
  }
  TARN_ASSIGN_OR_RETURN(const store::Catalog catalog, FindCatalog(parts, call.project.id, id));
  TARN_ASSIGN_OR_RETURN(const std::vector<std::string> schemas, parts.catalogs.Schemas(catalog, call.context.limits()));
  for (const std::string& name : schemas)
    shown.push_back({.catalogId = id, .catalogName = catalog.name, .schemaName = name});
  return shown;
}

// Of the schemas that are not of internal tables none are listed.
base::Result<std::vector<Table>> ListInternalTables(const Parts& parts, const ProjectCall& call,
                                                    const std::string& schema) {
  std::vector<Table> shown;
  const auto kind = tables::KindOf(schema);
  if (!kind) return shown;
  TARN_ASSIGN_OR_RETURN(const std::vector<tables::TableDefinition> found, parts.tables.List(call.project.id, *kind));
  for (const tables::TableDefinition& table : found) shown.push_back(ShowInternalTable(table));
  return shown;
}

base::Result<std::vector<Table>> ListTables(const Parts& parts, const ProjectCall& call) {
  const std::string& id = call.context.Path("catalogId");
  const std::string& schema = call.context.Path("schemaName");
  if (IsBuiltinCatalog(id)) {
    if (std::ranges::find(BuiltinSchemas(id), schema) == BuiltinSchemas(id).end()) return NoSchema(schema);
    return ListInternalTables(parts, call, schema);
  }
  TARN_ASSIGN_OR_RETURN(const store::Catalog catalog, FindCatalog(parts, call.project.id, id));
  TARN_ASSIGN_OR_RETURN(const std::vector<connector::TableName> tables,
                        parts.catalogs.Tables(catalog, schema, call.context.limits()));
  if (tables.empty()) TARN_RETURN_IF_ERROR(CheckSchemaExists(parts, catalog, schema, call.context.limits()));

  const bool is_semantic = catalog.type == catalog::kSemanticType;
  const auto is_cacheable = [&](const connector::TableName& table) {
    return !is_semantic && !parts.catalogs.FindParametric(catalog, table);
  };
  std::set<connector::TableName> cached;
  for (const store::CacheState& state : parts.caches.store().ListByCatalog(id))
    cached.insert({.schema = state.cache.schema_name, .table = state.cache.table_name});
  std::vector<Table> shown;
  shown.reserve(tables.size());
  for (const connector::TableName& table : tables)
    shown.push_back({.catalogId = id,
                     .catalogName = catalog.name,
                     .schemaName = table.schema,
                     .tableName = table.table,
                     .isCacheable = is_cacheable(table),
                     .isDynamicTable = false,
                     .isCached = cached.contains(table),
                     .supportedCacheTypes = is_cacheable(table) ? SupportedCacheTypes() : std::vector<std::string>{}});
  return shown;
}

base::Result<std::vector<ColumnDetail>> ListInternalColumns(const Parts& parts, const ProjectCall& call) {
  const auto kind = tables::KindOf(call.context.Path("schemaName"));
  if (!kind) return NoSchema(call.context.Path("schemaName"));
  TARN_ASSIGN_OR_RETURN(const tables::TableDefinition table, parts.tables.Find(PlaceOf(call, *kind)));
  std::vector<ColumnDetail> shown;
  for (const tables::ColumnDefinition& column : table.columns) shown.push_back(ShowInternalColumn(column));
  return shown;
}

base::Result<std::vector<ColumnDetail>> ListColumns(const Parts& parts, const ProjectCall& call) {
  if (call.context.Path("catalogId") == kInternalCatalogId) return ListInternalColumns(parts, call);
  TARN_ASSIGN_OR_RETURN(const catalog::FoundTable found, FindTable(parts, call));
  std::vector<ColumnDetail> shown;
  shown.reserve(found.table.columns.size());
  for (const connector::ColumnInfo& column : found.table.columns) {
    if (column.hidden) continue;
    shown.push_back({.id = std::to_string(shown.size() + 1),
                     .name = column.name,
                     .dataType = column.type,
                     .displayName = column.name,
                     .defaultValue = column.default_value,
                     .isNotNull = column.not_null,
                     .isUnique = column.unique,
                     .desc = column.comment});
  }
  return shown;
}

base::Result<TableCacheResult> IsCached(const Parts& parts, const ProjectCall& call) {
  TARN_ASSIGN_OR_RETURN(const catalog::FoundTable found, FindTable(parts, call));
  if (IsBuiltinCatalog(call.context.Path("catalogId"))) return TableCacheResult{};
  const auto state =
      parts.caches.store().FindByTable(found.catalog.id, found.table.name.schema, found.table.name.table);
  const bool is_cacheable =
      found.catalog.type != catalog::kSemanticType && !parts.catalogs.FindParametric(found.catalog, found.table.name);
  return TableCacheResult{.isCached = state.has_value(),
                          .isCacheable = is_cacheable,
                          .supportedCacheTypes = is_cacheable ? SupportedCacheTypes() : std::vector<std::string>{}};
}

}  // namespace

void AddTables(Parts& parts, OperationList& operations) {
  operations.push_back(ProjectOperation<NoBody, std::vector<Schema>>(
      parts, Info("listSchemas", kSchemas, "List Schemas"),
      [&parts](const ProjectCall& call, const NoBody&) { return ListSchemas(parts, call); }));
  operations.push_back(ProjectOperation<NoBody, std::vector<Table>>(
      parts, Info("listTables_1", kTables, "List Tables"),
      [&parts](const ProjectCall& call, const NoBody&) { return ListTables(parts, call); }));
  operations.push_back(ProjectOperation<NoBody, std::vector<ColumnDetail>>(
      parts, Info("listColumns_1", std::string(kTable) + "/columns", "List Columns"),
      [&parts](const ProjectCall& call, const NoBody&) { return ListColumns(parts, call); }));
  operations.push_back(ProjectOperation<NoBody, TableCacheResult>(
      parts, Info("isCached", std::string(kTable) + "/isCached", "Table is Cached"),
      [&parts](const ProjectCall& call, const NoBody&) { return IsCached(parts, call); }));
}

}  // namespace tarn::api
