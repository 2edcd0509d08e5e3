#include "api/table_address.h"

#include <boost/algorithm/string/predicate.hpp>

#include "api/builtin_catalogs.h"

namespace tarn::api {

std::unexpected<base::Error> NoSchema(const std::string& schema) {
  return base::NotFound(fmt::format("Schema does not exist: \"{}\"", schema), "SCHEMA_NOT_FOUND");
}

base::Result<catalog::FoundTable> FindTable(const Parts& parts, const ProjectCall& call) {
  const std::string& id = call.context.Path("catalogId");
  const connector::TableName name = {.schema = call.context.Path("schemaName"),
                                     .table = call.context.Path("tableName")};
  if (id == kInternalCatalogId) {
    TARN_ASSIGN_OR_RETURN(store::Catalog own,
                          parts.catalogs.FindByName(call.project.id, std::string(kBuiltinCatalogName)));
    TARN_ASSIGN_OR_RETURN(connector::TableInfo table, parts.catalogs.Describe(own, name, call.context.limits()));
    return catalog::FoundTable{.catalog = std::move(own), .table = std::move(table)};
  }
  if (IsBuiltinCatalog(id))
    return base::NotFound(fmt::format("Table '{}.{}.{}' does not exist", kBuiltinCatalogName, name.schema, name.table),
                          "TABLE_NOT_FOUND");
  TARN_ASSIGN_OR_RETURN(store::Catalog catalog, FindCatalog(parts, call.project.id, id));
  TARN_ASSIGN_OR_RETURN(connector::TableInfo table, parts.catalogs.Describe(catalog, name, call.context.limits()));
  return catalog::FoundTable{.catalog = std::move(catalog), .table = std::move(table)};
}

base::Result<void> CheckSchemaExists(const Parts& parts, const store::Catalog& catalog, const std::string& schema,
                                     const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const std::vector<std::string> schemas, parts.catalogs.Schemas(catalog, limits));
  const bool found =
      std::ranges::any_of(schemas, [&](const std::string& name) { return boost::algorithm::iequals(name, schema); });
  if (!found) return NoSchema(schema);
  return {};
}

}  // namespace tarn::api
