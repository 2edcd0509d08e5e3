#include "query/project_resolver.h"

#include <algorithm>

#include "base/clock.h"
#include "base/log.h"
#include "catalog/built_in.h"
#include "catalog/parametric_text.h"
#include "query/metadata.h"
#include "query/statement_call.h"
#include "query/system_tables.h"
#include "sql/ast_statement.h"
#include "sql/text.h"

namespace tarn::query {

namespace {

constexpr std::string_view kBuiltInCatalog = "peaka";
// Whether a name is one of the project's queries.
bool IsQuery(const sql::QualifiedName& name) {
  return name.catalog == kBuiltInCatalog && (name.schema == "query" || name.schema == "mtquery");
}
// In place of the names that another project has for what it shares.
sql::QualifiedName SharedName() { return {.catalog = "shared", .schema = "shared", .table = "shared"}; }

sql::ResolvedTable Describe(const store::Catalog& catalog, const connector::TableInfo& table) {
  sql::ResolvedTable described;
  described.name = {catalog.name, table.name.schema, table.name.table};
  for (const auto& column : table.columns) {
    described.columns.push_back({.name = column.name, .type = column.type, .hidden = column.hidden});
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

base::Result<sql::ResolvedTable> ProjectResolver::ResolveSystem(const std::string& project_id,
                                                                const sql::QualifiedName& name,
                                                                const std::vector<sql::ColumnFilter>& filters) {
  const auto* table = FindSystemTable(name.schema, name.table);
  if (table == nullptr) {
    return base::NotFound("Table '" + Spelled(name) + "' does not exist", "TABLE_NOT_FOUND");
  }
  TARN_ASSIGN_OR_RETURN(auto rows, SystemRows({.parts = *parts_, .project_id = project_id, .limits = limits_},
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

base::Result<sql::ResolvedTable> ProjectResolver::ResolveIn(const std::string& scope, const sql::QualifiedName& name,
                                                            const std::vector<sql::ColumnFilter>& filters) {
  if (scope.empty() || scope == project_id_) return ResolveOf(project_id_, name, filters);
  const auto inputs = static_cast<std::ptrdiff_t>(inputs_.size());
  auto resolved = ResolveOf(scope, name, filters);
  for (auto input = inputs_.begin() + inputs; input != inputs_.end(); ++input) input->name = SharedName();
  if (resolved) {
    resolved->name = SharedName();
    return resolved;
  }
  // What the other project has, and has not, is not told.
  const auto kind = resolved.error().kind;
  if (kind == base::ErrorKind::kNotFound || kind == base::ErrorKind::kFailedPrecondition)
    return base::FailedPrecondition("A table of the shared catalog is made of what is not there any more",
                                    "VIEW_IS_STALE");
  return resolved;
}

base::Result<sql::ResolvedTable> ProjectResolver::ResolveOf(const std::string& project_id,
                                                            const sql::QualifiedName& name,
                                                            const std::vector<sql::ColumnFilter>& filters) {
  if (const auto known = resolved_.find({project_id, name}); known != resolved_.end()) return known->second;
  if (IsQuery(name)) return ResolveBuiltIn(project_id, name);

  TARN_ASSIGN_OR_RETURN(const auto catalog, catalogs_.FindByName(project_id, name.catalog));
  if (name.schema == "information_schema") return ResolveSystem(project_id, name, filters);
  if (catalog.type == "system" && catalog::IsBuiltIn(catalog)) {
    const auto is_schema = [&](const SystemTable& table) { return table.schema == name.schema; };
    if (!std::ranges::any_of(SystemTables(), is_schema))
      return base::NotFound("Schema '" + name.schema + "' does not exist", "SCHEMA_NOT_FOUND");
    return ResolveSystem(project_id, name, filters);
  }
  if (catalog.type == catalog::kSemanticType && catalogs_.definitions() != nullptr)
    return ResolveSemantic(catalog, name);
  if (catalog.type == "memory" && catalog::IsBuiltIn(catalog)) {
    TARN_ASSIGN_OR_RETURN(const auto memory, catalogs_.Memory(project_id, limits_));
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
  if (const auto table = catalogs_.FindParametric(catalog, {.schema = name.schema, .table = name.table}))
    return ResolveParametric(project_id, catalog, *table);
  return ResolveTable(project_id, catalog, name);
}

base::Result<sql::ResolvedTable> ProjectResolver::ResolveSemantic(const store::Catalog& catalog,
                                                                  const sql::QualifiedName& name) {
  auto definition = catalogs_.definitions()->FindSemantic(catalog, {.schema = name.schema, .table = name.table});
  if (!definition) {
    TARN_ASSIGN_OR_RETURN(const auto schemas, catalogs_.Schemas(catalog, limits_));
    const bool known =
        std::ranges::any_of(schemas, [&](const std::string& schema) { return sql::ToLower(schema) == name.schema; });
    if (!known) return base::NotFound("Schema '" + name.schema + "' does not exist", "SCHEMA_NOT_FOUND");
    return base::NotFound("Table '" + Spelled(name) + "' does not exist", "TABLE_NOT_FOUND");
  }
  catalog_ids_[catalog.name] = catalog.id;
  return sql::ResolvedTable{.name = name,
                            .columns = {},
                            .engine_sql = {},
                            .view_text = std::move(definition->text),
                            .view_scope = std::move(definition->project_id)};
}

base::Result<sql::ResolvedTable> ProjectResolver::ResolveParametric(const std::string& project_id,
                                                                    const store::Catalog& catalog,
                                                                    const store::ParametricTable& table) {
  TARN_ASSIGN_OR_RETURN(const auto described,
                        catalogs_.Describe(catalog, {.schema = table.schema, .table = table.table}, limits_));
  TARN_ASSIGN_OR_RETURN(auto text, catalog::ParametricText(table, catalog.name, described));
  catalog_ids_[catalog.name] = catalog.id;
  return sql::ResolvedTable{.name = {catalog.name, sql::ToLower(table.schema), sql::ToLower(table.table)},
                            .columns = {},
                            .engine_sql = {},
                            .view_text = std::move(text),
                            .view_scope = project_id};
}

base::Result<catalog::Catalogs::Relation> ProjectResolver::Read(const store::Catalog& catalog,
                                                                const sql::QualifiedName& name) {
  const connector::TableName table{.schema = name.schema, .table = name.table};
  auto relation = catalogs_.Read(catalog, table, limits_);
  if (!relation || !relation->pin || catalog.type == catalog::kOwnCatalogType) return relation;
  if (wanted_.refresh_if_stale && parts_ != nullptr && parts_->refresh_copy &&
      IsTooOld(wanted_, relation->pin->as_of())) {
    const auto refreshed = parts_->refresh_copy(catalog.id, relation->table.name, limits_);
    TARN_RETURN_IF_ERROR(limits_.Check());
    if (!refreshed) {
      base::log::Info("copy not refreshed for a statement",
                      {{"table", Spelled(name)}, {"reason", refreshed.error().message}});
    }
    relation = catalogs_.Read(catalog, table, limits_);
    if (!relation || !relation->pin) return relation;
  }
  TARN_ASSIGN_OR_RETURN(const bool stale, IsStale(wanted_, relation->pin->as_of(), Spelled(name)));
  if (stale) relation = catalogs_.Read(catalog, table, limits_, catalog::Catalogs::From::kSource);
  return relation;
}

base::Result<sql::ResolvedTable> ProjectResolver::ResolveTable(const std::string& project_id,
                                                               const store::Catalog& catalog,
                                                               const sql::QualifiedName& name) {
  const auto began = base::RealClock().Now();
  auto relation = Read(catalog, name);
  if (!relation) return std::unexpected(Explained(std::move(relation).error(), name));
  auto table = Describe(catalog, relation->table);
  table.engine_sql = std::move(relation->engine_sql);
  if (name == changed_) {
    table.engine_sql =
        "(SELECT *, rowid AS " + sql::QuoteIdentifier(sql::kRowIdentifier) + " FROM " + table.engine_sql + ")";
    table.columns.push_back({.name = std::string(sql::kRowIdentifier), .type = "bigint", .hidden = true});
  }
  StatementInput input{.name = name,
                       .catalog_ids = {catalog.id},
                       .table = relation->table.name,
                       .query_id = {},
                       .generation = {},
                       .as_of = began};
  if (!catalog.shared_from.empty()) input.catalog_ids.push_back(catalog.shared_from);
  // Tarn's own tables are never older than what was written to them.
  if (relation->pin && catalog.type != catalog::kOwnCatalogType) {
    input.generation = relation->pin->generation().id;
    input.as_of = relation->pin->as_of();
  }
  inputs_.push_back(std::move(input));
  if (relation->stop) held_.stops.push_back(std::move(relation->stop));
  if (relation->pin) held_.pins.push_back(*std::move(relation->pin));
  if (project_id == project_id_) {
    catalog_ids_[catalog.name] =
        catalog.type == catalog::kOwnCatalogType ? std::string(catalog::kOwnCatalogId) : catalog.id;
    rows_[name] = relation->rows;
  }
  resolved_.emplace(std::pair(project_id, name), table);
  return table;
}

base::Result<void> ProjectResolver::CheckExists(const sql::QualifiedName& name) {
  if (!IsQuery(name) && name.schema != "information_schema") {
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

base::Result<sql::ResolvedTable> ProjectResolver::ResolveStored(const std::string& project_id,
                                                                const sql::QualifiedName& name) {
  TARN_ASSIGN_OR_RETURN(const auto key, catalogs_.definitions()->StoredResult(project_id, name.table));
  auto relation = catalogs_.ReadStored(key);
  if (!relation) {
    if (relation.error().code == "VIEW_IS_STALE") relation.error().message += ": \"" + Spelled(name) + "\"";
    return std::unexpected(std::move(relation).error());
  }
  TARN_ASSIGN_OR_RETURN(const bool stale, IsStale(wanted_, relation->pin->as_of(), Spelled(name)));
  if (stale) {
    TARN_ASSIGN_OR_RETURN(auto query, catalogs_.definitions()->StoredQuery(project_id, name.table));
    return sql::ResolvedTable{.name = name, .columns = {}, .engine_sql = {}, .view_text = std::move(query.text)};
  }
  sql::ResolvedTable table{
      .name = name, .columns = {}, .engine_sql = std::move(relation->engine_sql), .view_text = std::nullopt};
  for (const auto& column : relation->table.columns)
    table.columns.push_back({.name = column.name, .type = column.type, .hidden = false});
  inputs_.push_back({.name = name,
                     .catalog_ids = {},
                     .table = {},
                     .query_id = key.table,
                     .generation = relation->pin->generation().id,
                     .as_of = relation->pin->as_of()});
  if (project_id == project_id_) rows_[name] = relation->rows;
  held_.pins.push_back(*std::move(relation->pin));
  resolved_.emplace(std::pair(project_id, name), table);
  return table;
}

base::Result<sql::ResolvedTable> ProjectResolver::ResolveBuiltIn(const std::string& project_id,
                                                                 const sql::QualifiedName& name) {
  if (name.schema == "mtquery" && catalogs_.definitions() != nullptr) return ResolveStored(project_id, name);
  if (name.schema == "query" && saved_query_) {
    TARN_ASSIGN_OR_RETURN(auto text, saved_query_(project_id, name.table));
    sql::ResolvedTable view;
    view.name = name;
    view.view_text = std::move(text);
    return view;
  }
  return base::NotFound("Table '" + Spelled(name) + "' does not exist", "TABLE_NOT_FOUND");
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
