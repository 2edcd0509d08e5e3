#include "query/project_resolver.h"

namespace tarn::query {

namespace {

constexpr std::string_view kBuiltInCatalog = "peaka";

sql::ResolvedTable Describe(const store::Catalog& catalog, const connector::TableInfo& table) {
  sql::ResolvedTable described;
  described.name = {catalog.name, table.name.schema, table.name.table};
  for (const auto& column : table.columns) {
    described.columns.push_back({.name = column.name, .type = column.type, .hidden = false});
  }
  return described;
}

std::string Spelled(const sql::QualifiedName& name) { return name.catalog + "." + name.schema + "." + name.table; }

}  // namespace

base::Result<sql::ResolvedTable> ProjectResolver::Resolve(const sql::QualifiedName& name) {
  if (const auto known = resolved_.find(name); known != resolved_.end()) return known->second;
  if (name.catalog == kBuiltInCatalog) return ResolveBuiltIn(name);

  TARN_ASSIGN_OR_RETURN(const auto catalog, catalogs_.FindByName(project_id_, name.catalog));
  auto relation = catalogs_.Read(catalog, {name.schema, name.table}, limits_);
  if (!relation) {
    auto error = std::move(relation).error();
    if (error.code == "TABLE_NOT_FOUND") error.message = "Table '" + Spelled(name) + "' does not exist";
    if (error.code == "SCHEMA_NOT_FOUND") error.message = "Schema '" + name.schema + "' does not exist";
    return std::unexpected(std::move(error));
  }
  auto table = Describe(catalog, relation->table);
  table.engine_sql = std::move(relation->engine_sql);
  if (relation->pin) pins_.push_back(*std::move(relation->pin));
  catalog_ids_[catalog.name] = catalog.id;
  resolved_.emplace(name, table);
  return table;
}

base::Result<sql::ResolvedTable> ProjectResolver::ResolveBuiltIn(const sql::QualifiedName& name) const {
  if (name.schema == "query" && saved_query_) {
    TARN_ASSIGN_OR_RETURN(auto text, saved_query_(project_id_, name.table));
    sql::ResolvedTable view;
    view.name = name;
    view.view_text = std::move(text);
    return view;
  }
  if (name.schema == "query" || name.schema == "mtquery" || name.schema == "table" || name.schema == "bitable") {
    return base::NotFound("Table '" + Spelled(name) + "' does not exist", "TABLE_NOT_FOUND");
  }
  return base::NotFound("Schema '" + name.schema + "' does not exist", "SCHEMA_NOT_FOUND");
}

std::string ProjectResolver::CatalogId(const std::string& catalog_name) const {
  const auto found = catalog_ids_.find(catalog_name);
  return found == catalog_ids_.end() ? std::string() : found->second;
}

}  // namespace tarn::query
