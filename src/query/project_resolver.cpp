#include "query/project_resolver.h"

#include <algorithm>

#include "catalog/built_in.h"
#include "query/metadata.h"
#include "query/statement_call.h"
#include "query/system_tables.h"
#include "sql/ast_statement.h"

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

// What a catalog says of a table that it does not have, in Trino's words.
base::Error Explained(base::Error error, const sql::QualifiedName& name) {
  if (error.code == "TABLE_NOT_FOUND") error.message = "Table '" + Spelled(name) + "' does not exist";
  if (error.code == "SCHEMA_NOT_FOUND") error.message = "Schema '" + name.schema + "' does not exist";
  return error;
}

}  // namespace

std::function<void()> ProjectResolver::Held::Stop() const {
  if (stops.empty()) return {};
  return [all = stops] {
    for (const auto& stop : all) stop();
  };
}

base::Result<sql::ResolvedTable> ProjectResolver::ResolveSystem(const sql::QualifiedName& name,
                                                                const std::vector<sql::ColumnFilter>& filters) {
  const auto* table = FindSystemTable(name.schema, name.table);
  if (table == nullptr) {
    return base::NotFound("Table '" + Spelled(name) + "' does not exist", "TABLE_NOT_FOUND");
  }
  TARN_ASSIGN_OR_RETURN(auto rows, SystemRows({.parts = *parts_, .project_id = project_id_, .limits = limits_},
                                              name.catalog, *table, filters));
  sql::ResolvedTable resolved;
  resolved.name = name;
  resolved.momentary = true;
  for (const auto& column : table->columns) {
    resolved.columns.push_back(
        {.name = std::string(column.name), .type = std::string(column.type), .hidden = column.hidden});
  }
  TARN_ASSIGN_OR_RETURN(auto held, parts_->engine.Hold(std::move(rows)));
  resolved.engine_sql = held.relation;
  held_.rows.push_back(std::move(held));
  return resolved;
}

base::Result<sql::ResolvedTable> ProjectResolver::ResolveFiltered(const sql::QualifiedName& name,
                                                                  const std::vector<sql::ColumnFilter>& filters) {
  if (const auto known = resolved_.find(name); known != resolved_.end()) return known->second;
  if (name.catalog == kBuiltInCatalog) return ResolveBuiltIn(name);

  TARN_ASSIGN_OR_RETURN(const auto catalog, catalogs_.FindByName(project_id_, name.catalog));
  if (name.schema == "information_schema") return ResolveSystem(name, filters);
  if (catalog.type == "system" && catalog::IsBuiltIn(catalog)) {
    const auto is_schema = [&](const SystemTable& table) { return table.schema == name.schema; };
    if (!std::ranges::any_of(SystemTables(), is_schema))
      return base::NotFound("Schema '" + name.schema + "' does not exist", "SCHEMA_NOT_FOUND");
    return ResolveSystem(name, filters);
  }
  if (catalog.type == "memory" && catalog::IsBuiltIn(catalog)) {
    TARN_ASSIGN_OR_RETURN(const auto memory, catalogs_.Memory(project_id_, limits_));
    if (const auto view = memory->FindView({.schema = name.schema, .table = name.table})) {
      sql::ResolvedTable resolved{.name = name,
                                  .columns = {},
                                  .engine_sql = {},
                                  .view_text = view->text,
                                  .view_catalog = view->catalog,
                                  .view_schema = view->schema};
      for (const auto& column : view->columns) resolved.columns.push_back({.name = column.name, .type = column.type});
      return resolved;
    }
  }
  auto relation = catalogs_.Read(catalog, {name.schema, name.table}, limits_);
  if (!relation) return std::unexpected(Explained(std::move(relation).error(), name));
  auto table = Describe(catalog, relation->table);
  table.engine_sql = std::move(relation->engine_sql);
  if (name == changed_) {
    table.engine_sql =
        "(SELECT *, rowid AS " + sql::QuoteIdentifier(sql::kRowIdentifier) + " FROM " + table.engine_sql + ")";
    table.columns.push_back({.name = std::string(sql::kRowIdentifier), .type = "bigint", .hidden = true});
  }
  StatementInput input{
      .name = name, .catalog_ids = {catalog.id}, .table = relation->table.name, .query_id = {}, .generation = {}};
  if (!catalog.shared_from.empty()) input.catalog_ids.push_back(catalog.shared_from);
  if (relation->pin) input.generation = relation->pin->generation().id;
  inputs_.push_back(std::move(input));
  if (relation->stop) held_.stops.push_back(std::move(relation->stop));
  if (relation->pin) held_.pins.push_back(*std::move(relation->pin));
  catalog_ids_[catalog.name] = catalog.id;
  rows_[name] = relation->rows;
  resolved_.emplace(name, table);
  return table;
}

base::Result<void> ProjectResolver::CheckExists(const sql::QualifiedName& name) {
  if (name.catalog != kBuiltInCatalog && name.schema != "information_schema") {
    TARN_ASSIGN_OR_RETURN(const auto catalog, catalogs_.FindByName(project_id_, name.catalog));
    const bool tarns_own = catalog::IsBuiltIn(catalog) && (catalog.type == "system" || catalog.type == "memory");
    if (!tarns_own) {
      const auto table = catalogs_.Describe(catalog, {.schema = name.schema, .table = name.table}, limits_);
      if (!table) return std::unexpected(Explained(table.error(), name));
      return {};
    }
  }
  TARN_RETURN_IF_ERROR(Resolve(name));
  return {};
}

base::Result<sql::ResolvedTable> ProjectResolver::ResolveStored(const sql::QualifiedName& name) {
  TARN_ASSIGN_OR_RETURN(const auto key, catalogs_.definitions()->StoredResult(project_id_, name.table));
  auto relation = catalogs_.ReadStored(key);
  if (!relation) {
    if (relation.error().code == "VIEW_IS_STALE") relation.error().message += ": \"" + Spelled(name) + "\"";
    return std::unexpected(std::move(relation).error());
  }
  sql::ResolvedTable table{
      .name = name, .columns = {}, .engine_sql = std::move(relation->engine_sql), .view_text = std::nullopt};
  for (const auto& column : relation->table.columns)
    table.columns.push_back({.name = column.name, .type = column.type, .hidden = false});
  inputs_.push_back({.name = name,
                     .catalog_ids = {},
                     .table = {},
                     .query_id = key.table,
                     .generation = relation->pin->generation().id});
  rows_[name] = relation->rows;
  held_.pins.push_back(*std::move(relation->pin));
  resolved_.emplace(name, table);
  return table;
}

base::Result<sql::ResolvedTable> ProjectResolver::ResolveBuiltIn(const sql::QualifiedName& name) {
  if (name.schema == "mtquery" && catalogs_.definitions() != nullptr) return ResolveStored(name);
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

std::int64_t ProjectResolver::RowsOf(const sql::QualifiedName& name) const {
  const auto found = rows_.find(name);
  return found == rows_.end() ? -1 : found->second;
}

std::string ProjectResolver::CatalogId(const std::string& catalog_name) const {
  const auto found = catalog_ids_.find(catalog_name);
  return found == catalog_ids_.end() ? std::string() : found->second;
}

}  // namespace tarn::query
