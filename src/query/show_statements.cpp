// SHOW …: the same rows as the tables that describe a project, as Trino's clients expect them.
#include <algorithm>

#include "catalog/built_in.h"
#include "query/function_signatures.h"
#include "query/metadata.h"
#include "query/session_properties.h"
#include "query/statement_call.h"
#include "sql/text.h"

namespace tarn::query {

namespace {

constexpr base::SqlPosition kStart{};

// Columns of the type "varchar()" become as wide as their longest value.
void SizeColumns(engine::TextRows& rows) {
  for (std::size_t i = 0; i < rows.columns.size(); ++i) {
    if (rows.columns[i].type != "varchar()") continue;
    std::size_t longest = 1;
    for (const auto& row : rows.rows) longest = std::max(longest, sql::CountCodePoints(row[i].value_or("")));
    rows.columns[i].type = "varchar(" + std::to_string(longest) + ")";
  }
}

// The width of a column is that of all rows, also of those that LIKE leaves out.
StatementResult Answer(const StatementCall& call, engine::TextRows rows, const sql::Show& show) {
  SizeColumns(rows);
  if (show.like) {
    std::vector<std::vector<std::optional<std::string>>> kept;
    for (auto& row : rows.rows) {
      TARN_ASSIGN_OR_RETURN(const bool matches, MatchesLike(row[0].value_or(""), *show.like, show.escape));
      if (matches) kept.push_back(std::move(row));
    }
    rows.rows = std::move(kept);
  }
  return AnswerRows(call, std::move(rows));
}

base::Result<engine::TextRows> Rows(const StatementCall& call, const std::string& catalog, std::string_view table,
                                    const std::vector<sql::ColumnFilter>& filters) {
  return SystemRows({.parts = call.parts, .project_id = call.request.project_id, .limits = call.limits}, catalog,
                    *FindSystemTable("information_schema", table), filters);
}

StatementResult ShowCatalogs(const StatementCall& call, const sql::Show& show) {
  engine::TextRows rows{.columns = {{"Catalog", "varchar()"}}, .rows = {}};
  for (const auto& catalog : call.parts.catalogs.List(call.request.project_id)) rows.rows.push_back({catalog.name});
  return Answer(call, std::move(rows), show);
}

StatementResult ShowSchemas(const StatementCall& call, const sql::Show& show) {
  const auto name = show.from.parts.empty() ? call.session.catalog : sql::ToLower(show.from.parts.back().value);
  if (name.empty())
    return Failed("MISSING_CATALOG_NAME", "Catalog must be specified when session catalog is not set", kStart);
  auto catalog = call.parts.catalogs.FindByName(call.request.project_id, name);
  if (!catalog) {
    catalog.error().position = kStart;
    return std::unexpected(std::move(catalog).error());
  }
  TARN_ASSIGN_OR_RETURN(auto schemata, Rows(call, catalog->name, "schemata", {}));
  engine::TextRows rows{.columns = {{"Schema", "varchar"}}, .rows = {}};
  for (auto& row : schemata.rows) rows.rows.push_back({row[1]});
  std::ranges::sort(rows.rows);
  return Answer(call, std::move(rows), show);
}

StatementResult ShowTables(const StatementCall& call, const sql::Show& show) {
  TARN_ASSIGN_OR_RETURN(const auto name, FullSchemaName(call, show.from));
  TARN_RETURN_IF_ERROR(CheckSchema(call, name, kStart));
  engine::TextRows rows{.columns = {{"Table", "varchar"}}, .rows = {}};
  if (name.schema == "information_schema" ||
      call.parts.catalogs.FindByName(call.request.project_id, name.catalog)->type == "system") {
    for (const auto& table : SystemTables()) {
      if (table.schema == name.schema) rows.rows.push_back({std::string(table.name)});
    }
  } else {
    TARN_ASSIGN_OR_RETURN(const auto catalog, call.parts.catalogs.FindByName(call.request.project_id, name.catalog));
    TARN_ASSIGN_OR_RETURN(const auto names, call.parts.catalogs.Tables(catalog, name.schema, call.limits));
    for (const auto& each : names) rows.rows.push_back({sql::ToLower(each.table)});
  }
  std::ranges::sort(rows.rows);
  return Answer(call, std::move(rows), show);
}

// Errors have the place of the statement, as Trino says them of SHOW.
base::Result<sql::QualifiedName> KnownTable(const StatementCall& call, const sql::TableName& written) {
  TARN_ASSIGN_OR_RETURN(auto name, FullName(call, written));
  auto resolver = call.Resolver();
  if (auto exists = resolver.CheckExists(name); !exists) {
    auto error = std::move(exists).error();
    error.position = kStart;
    return std::unexpected(std::move(error));
  }
  return name;
}

StatementResult ShowColumns(const StatementCall& call, const sql::Show& show) {
  TARN_ASSIGN_OR_RETURN(const auto name, KnownTable(call, show.from));
  TARN_ASSIGN_OR_RETURN(const auto columns, Rows(call, name.catalog, "columns",
                                                 {{.column = "table_schema", .values = {name.schema}},
                                                  {.column = "table_name", .values = {name.table}}}));
  engine::TextRows rows{
      .columns = {{"Column", "varchar"}, {"Type", "varchar"}, {"Extra", "varchar"}, {"Comment", "varchar"}},
      .rows = {}};
  for (const auto& row : columns.rows) rows.rows.push_back({row[3], row[7], "", row[8].value_or("")});
  return Answer(call, std::move(rows), show);
}

StatementResult ShowFunctions(const StatementCall& call, const sql::Show& show) {
  engine::TextRows rows{.columns = {{"Function", "varchar()"},
                                    {"Return Type", "varchar()"},
                                    {"Argument Types", "varchar()"},
                                    {"Function Type", "varchar()"},
                                    {"Deterministic", "boolean"},
                                    {"Description", "varchar()"}},
                        .rows = {}};
  for (const auto& function : FunctionSignatures()) {
    rows.rows.push_back({function.name, function.result, function.arguments, function.kind,
                         function.deterministic ? "true" : "false", ""});
  }
  return Answer(call, std::move(rows), show);
}

StatementResult ShowSession(const StatementCall& call, const sql::Show& show) {
  engine::TextRows rows{.columns = {{"Name", "varchar()"},
                                    {"Value", "varchar()"},
                                    {"Default", "varchar()"},
                                    {"Type", "varchar()"},
                                    {"Description", "varchar()"}},
                        .rows = {}};
  const auto& set = call.request.client.properties;
  for (const auto& property : SessionProperties()) {
    const std::string name(property.name), value(property.default_value);
    const auto own = set.find(name);
    rows.rows.push_back({name, own == set.end() ? value : own->second, value, std::string(property.type),
                         std::string(property.description)});
  }
  return Answer(call, std::move(rows), show);
}

std::string ShownFull(const sql::QualifiedName& name) {
  std::string text = ShownName(name.catalog) + "." + ShownName(name.schema);
  if (!name.table.empty()) text += "." + ShownName(name.table);
  return text;
}

std::string TableText(const sql::QualifiedName& name, const connector::TableInfo& table) {
  std::string text = "CREATE TABLE " + ShownFull(name) + " (\n";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto& column = table.columns[i];
    if (column.hidden) continue;  // they come last
    text += (i == 0 ? "   " : ",\n   ") + ShownName(sql::ToLower(column.name)) + " " + column.type +
            (column.not_null ? " NOT NULL" : "");
    if (column.comment) text += " COMMENT " + sql::QuoteLiteral(*column.comment);
  }
  text += "\n)";
  if (table.comment) text += "\nCOMMENT " + sql::QuoteLiteral(*table.comment);
  return text;
}

StatementResult ShowCreate(const StatementCall& call, const sql::Show& show) {
  using enum sql::Show::What;
  const auto answer = [&](std::string column, std::string text) {
    engine::TextRows rows{.columns = {{std::move(column), "varchar()"}}, .rows = {{std::move(text)}}};
    SizeColumns(rows);
    return AnswerRows(call, std::move(rows));
  };
  if (show.what == kCreateMaterializedView) return Unsupported("Materialized views are not supported", kStart);
  if (show.what == kCreateFunction) return Unsupported("Functions of one's own are not supported", kStart);
  if (show.what == kCreateSchema) {
    TARN_ASSIGN_OR_RETURN(const auto name, FullSchemaName(call, show.from));
    TARN_RETURN_IF_ERROR(CheckSchema(call, name, kStart));
    return answer("Create Schema", "CREATE SCHEMA " + ShownFull(name));
  }
  TARN_ASSIGN_OR_RETURN(const auto name, KnownTable(call, show.from));
  TARN_ASSIGN_OR_RETURN(const auto catalog, call.parts.catalogs.FindByName(call.request.project_id, name.catalog));
  std::optional<connector::memory::View> view;
  if (catalog.type == "memory" && catalog::IsBuiltIn(catalog)) {
    TARN_ASSIGN_OR_RETURN(const auto memory, call.parts.catalogs.Memory(call.request.project_id, call.limits));
    view = memory->FindView({.schema = name.schema, .table = name.table});
  }
  if (show.what == kCreateView) {
    if (!view) return Unsupported("Relation '" + Spelled(name) + "' is a table, not a view", kStart);
    const std::string comment = view->comment ? " COMMENT " + sql::QuoteLiteral(*view->comment) : "";
    return answer("Create View", "CREATE VIEW " + ShownFull(name) + comment + " SECURITY " +
                                     (view->invoker ? "INVOKER" : "DEFINER") + " AS\n" + view->text);
  }
  if (view) return Unsupported("Relation '" + Spelled(name) + "' is a view, not a table", kStart);
  if (name.schema == "information_schema" || (catalog.type == "system" && catalog::IsBuiltIn(catalog))) {
    connector::TableInfo table;
    for (const auto& column : FindSystemTable(name.schema, name.table)->columns) {
      if (!column.hidden)
        table.columns.push_back({.name = std::string(column.name),
                                 .source_name = {},
                                 .type = std::string(column.type),
                                 .engine_type = {},
                                 .source_type = {}});
    }
    return answer("Create Table", TableText(name, table));
  }
  TARN_ASSIGN_OR_RETURN(const auto table, call.parts.catalogs.Describe(
                                              catalog, {.schema = name.schema, .table = name.table}, call.limits));
  return answer("Create Table", TableText(name, table));
}

}  // namespace

StatementResult RunShow(const StatementCall& call, const sql::Show& show) {
  using enum sql::Show::What;
  const auto empty = [&](std::vector<std::string> names) {
    engine::TextRows rows;
    for (auto& name : names) rows.columns.push_back({.name = std::move(name), .type = "varchar"});
    return AnswerRows(call, std::move(rows));
  };
  switch (show.what) {
    case kCatalogs: return ShowCatalogs(call, show);
    case kSchemas: return ShowSchemas(call, show);
    case kTables: return ShowTables(call, show);
    case kColumns: return ShowColumns(call, show);
    case kFunctions: return ShowFunctions(call, show);
    case kSession: return ShowSession(call, show);
    case kStats: return RunShowStatistics(call, show);
    case kRoles:
    case kCurrentRoles: return empty({"Role"});
    case kRoleGrants: return empty({"Role Grants"});
    case kGrants: {
      if (!show.from.parts.empty()) TARN_RETURN_IF_ERROR(KnownTable(call, show.from));
      return empty({"Grantor", "Grantor Type", "Grantee", "Grantee Type", "Catalog", "Schema", "Table", "Privilege",
                    "Grantable", "With Hierarchy"});
    }
    default: return ShowCreate(call, show);
  }
}

}  // namespace tarn::query
