// Statements that define schemas, tables and views in memory. The engine takes a change first; what fails there changes
// nothing here.
#include <algorithm>
#include <set>

#include "query/memory_target.h"
#include "sql/text.h"

namespace tarn::query {

namespace {

using connector::ColumnInfo;
using connector::memory::Structure;
using connector::memory::Table;
using connector::memory::View;

constexpr base::SqlPosition kStart{};

std::unexpected<base::Error> NoSchema(const sql::QualifiedName& name) {
  return Failed("SCHEMA_NOT_FOUND", "Schema '" + name.schema + "' does not exist", kStart);
}
std::unexpected<base::Error> NoTable(const sql::QualifiedName& name, std::string_view kind = "Table") {
  return Failed("TABLE_NOT_FOUND", std::string(kind) + " '" + Spelled(name) + "' does not exist", kStart);
}
std::unexpected<base::Error> TableExists(const sql::QualifiedName& name, std::string_view kind = "Table") {
  return Failed("TABLE_ALREADY_EXISTS", std::string(kind) + " '" + Spelled(name) + "' already exists", kStart);
}

base::Result<void> RefuseProperties(const std::vector<sql::Property>& properties, std::string_view of) {
  if (properties.empty()) return {};
  const auto& name = properties[0].name;
  return Failed(of == "schema"   ? "INVALID_SCHEMA_PROPERTY"
                : of == "column" ? "INVALID_COLUMN_PROPERTY"
                                 : "INVALID_TABLE_PROPERTY",
                "Catalog 'memory' " + std::string(of) + " property '" + sql::ToLower(name.value) + "' does not exist",
                name.position);
}

base::Result<ColumnInfo> ColumnOf(const sql::ColumnDefinition& definition) {
  TARN_RETURN_IF_ERROR(RefuseProperties(definition.properties, "column"));
  if (definition.default_value)
    return Unsupported("This connector does not support default column values", definition.name.position);
  const auto type = sql::ToText(definition.type);
  if (definition.type.Is("unknown"))
    return Failed("COLUMN_TYPE_UNKNOWN", "Column type is unknown: " + definition.name.value, definition.name.position);
  const auto engine_type = sql::ToEngineType(definition.type);
  if (!engine_type)
    return Failed("TYPE_NOT_FOUND", "Unknown type '" + type + "' for column '" + definition.name.value + "'",
                  definition.name.position);
  const auto name = sql::ToLower(definition.name.value);
  return ColumnInfo{.name = name,
                    .source_name = name,
                    .type = type,
                    .engine_type = *engine_type,
                    .source_type = type,
                    .not_null = definition.not_null,
                    .unique = false,
                    .default_value = {},
                    .comment = definition.comment};
}

std::string ColumnSql(const ColumnInfo& column) {
  return sql::QuoteIdentifier(column.name) + " " + column.engine_type + (column.not_null ? " NOT NULL" : "");
}

StatementResult RunCreateSchema(const StatementCall& call, const sql::CreateSchema& create) {
  TARN_ASSIGN_OR_RETURN(const auto name, FullSchemaName(call, create.name));
  TARN_ASSIGN_OR_RETURN(const auto target, ForChange(call, name, "creating schemas"));
  TARN_RETURN_IF_ERROR(RefuseProperties(create.properties, "schema"));
  if (target.structure->HasSchema(name.schema)) {
    if (create.if_not_exists) return AnswerDone("CREATE SCHEMA");
    return Failed("SCHEMA_ALREADY_EXISTS", "Schema '" + Spelled(name) + "' already exists", kStart);
  }
  target.structure->AddSchema(name.schema);
  return AnswerDone("CREATE SCHEMA");
}

StatementResult RunDropSchema(const StatementCall& call, const sql::DropSchema& drop) {
  TARN_ASSIGN_OR_RETURN(const auto name, FullSchemaName(call, drop.name));
  TARN_ASSIGN_OR_RETURN(const auto target, ForChange(call, name, "dropping schemas"));
  if (!target.structure->HasSchema(name.schema)) {
    if (drop.if_exists) return AnswerDone("DROP SCHEMA");
    return Failed("SCHEMA_NOT_FOUND", "Schema '" + Spelled(name) + "' does not exist", kStart);
  }
  const auto names = target.structure->Names(name.schema);
  if (!names.empty() && !drop.cascade)
    return Failed("SCHEMA_NOT_EMPTY", "Cannot drop non-empty schema '" + name.schema + "'", kStart);
  std::vector<std::string> statements;
  for (const auto& each : names) {
    if (const auto table = target.structure->FindTable(each))
      statements.push_back("DROP TABLE " + target.structure->Relation(*table));
  }
  if (!statements.empty()) TARN_RETURN_IF_ERROR(Apply(call, std::move(statements)));
  target.structure->RemoveSchema(name.schema);
  return AnswerDone("DROP SCHEMA");
}

// The columns of a new table from its elements.
base::Result<std::vector<ColumnInfo>> ColumnsOf(const StatementCall& call, const sql::CreateTable& create) {
  std::vector<ColumnInfo> columns;
  for (const auto& element : create.elements) {
    if (element.column) {
      TARN_ASSIGN_OR_RETURN(auto column, ColumnOf(*element.column));
      columns.push_back(std::move(column));
    } else {
      TARN_ASSIGN_OR_RETURN(const auto like, FullName(call, *element.like));
      auto resolver = call.Resolver();
      auto table = resolver.Resolve(like);
      if (!table)
        return Failed("TABLE_NOT_FOUND", "LIKE table '" + Spelled(like) + "' does not exist", element.like->position);
      for (const auto& shown : table->columns) {
        if (shown.hidden) continue;
        TARN_ASSIGN_OR_RETURN(const auto type, sql::ReadType(shown.type));
        const auto engine_type = sql::ToEngineType(type);
        if (!engine_type) return Unsupported("Type is not supported: " + shown.type, element.like->position);
        const auto name = sql::ToLower(shown.name);
        columns.push_back({.name = name,
                           .source_name = name,
                           .type = shown.type,
                           .engine_type = *engine_type,
                           .source_type = shown.type});
      }
    }
  }
  std::set<std::string> names;
  for (const auto& column : columns) {
    if (!names.insert(column.name).second)
      return Failed("DUPLICATE_COLUMN_NAME", "Column name '" + column.name + "' specified more than once", kStart);
  }
  return columns;
}

// What the engine says of a table that was made from a query.
base::Result<std::vector<ColumnInfo>> ColumnsOf(const StatementCall& call, const std::string& relation,
                                                const sql::Translation& translation,
                                                const std::vector<std::string>& names) {
  TARN_ASSIGN_OR_RETURN(const auto rows,
                        call.parts.engine.Run({.sql = "SELECT * FROM " + relation + " LIMIT 0"}, call.limits));
  std::vector<ColumnInfo> columns;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto& known = translation.columns[i].type;
    const auto type = known.empty() ? rows->columns()[i].type : known;
    TARN_ASSIGN_OR_RETURN(const auto read, sql::ReadType(type));
    columns.push_back({.name = names[i],
                       .source_name = names[i],
                       .type = type,
                       .engine_type = sql::ToEngineType(read).value_or("VARCHAR"),
                       .source_type = type});
  }
  return columns;
}

StatementResult CreateAsQuery(const StatementCall& call, const sql::CreateTable& create, const sql::QualifiedName& name,
                              const MemoryTarget& target) {
  auto resolver = call.Resolver();
  TARN_ASSIGN_OR_RETURN(const auto translation,
                        sql::TranslateQuery(*create.query, call.session, resolver, call.arguments));
  const auto held = resolver.TakeHeld();
  std::vector<std::string> names;
  if (!create.columns.empty() && create.columns.size() != translation.columns.size()) {
    return Failed("MISMATCHED_COLUMN_ALIASES",
                  "Column alias list has " + std::to_string(create.columns.size()) + " entries but relation has " +
                      std::to_string(translation.columns.size()) + " columns",
                  kStart);
  }
  std::set<std::string> seen;
  std::string aliases;
  for (std::size_t i = 0; i < translation.columns.size(); ++i) {
    const auto& column = translation.columns[i];
    names.push_back(sql::ToLower(create.columns.empty() ? column.name : create.columns[i].value));
    const auto place = std::to_string(i + 1);
    if (create.columns.empty() && column.name == "_col" + std::to_string(i))
      return Failed("MISSING_COLUMN_NAME", "Column name not specified at position " + place, kStart);
    if (column.type == "unknown")
      return Failed("COLUMN_TYPE_UNKNOWN", "Column type is unknown at position " + place, kStart);
    if (!seen.insert(names.back()).second)
      return Failed("DUPLICATE_COLUMN_NAME", "Column name '" + names.back() + "' specified more than once", kStart);
    aliases += (i == 0 ? "" : ", ") + sql::QuoteIdentifier(names.back());
  }
  Table table{.info = {.name = TableOf(name), .columns = {}, .key = {}, .comment = create.comment},
              .number = target.structure->NextNumber()};
  const auto relation = target.structure->Relation(table);
  for (const auto& column : names)
    table.info.columns.push_back(
        {.name = column, .source_name = column, .type = {}, .engine_type = "VARCHAR", .source_type = {}});
  const auto rows = "SELECT * FROM (" + translation.engine_sql + ") AS q(" + aliases + ")";
  std::vector<std::string> statements = {
      "CREATE TABLE " + relation + " AS " + rows + " LIMIT 0",  // whose count the engine does not tell
      "INSERT INTO " + relation + " " + rows + (create.with_data ? "" : " LIMIT 0"),
      QuotaCheck(*target.structure, table)};
  if (create.replace) {
    if (const auto old = target.structure->FindTable(table.info.name))
      statements.push_back("DROP TABLE " + target.structure->Relation(*old));
  }
  TARN_ASSIGN_OR_RETURN(const auto counts, Apply(call, std::move(statements), held.Stop()));
  TARN_ASSIGN_OR_RETURN(table.info.columns, ColumnsOf(call, relation, translation, names));
  target.structure->PutTable(std::move(table));
  return AnswerCount(call, "CREATE TABLE", counts[1]);
}

StatementResult RunCreateTable(const StatementCall& call, const sql::CreateTable& create) {
  TARN_ASSIGN_OR_RETURN(const auto name, FullName(call, create.name));
  TARN_ASSIGN_OR_RETURN(const auto target,
                        ForChange(call, name, create.query ? "creating tables with data" : "creating tables"));
  TARN_RETURN_IF_ERROR(RefuseProperties(create.properties, "table"));
  if (!target.structure->HasSchema(name.schema)) return NoSchema(name);
  const bool exists = target.structure->FindTable(TableOf(name)).has_value();
  const bool is_view = target.structure->FindView(TableOf(name)).has_value();
  if (is_view || (exists && !create.replace)) {
    if (!create.if_not_exists) return TableExists(name);
    return create.query ? AnswerCount(call, "CREATE TABLE", 0) : StatementResult(AnswerDone("CREATE TABLE"));
  }
  if (call.checks_only) return AnswerCount(call, "CREATE TABLE", 0);
  if (create.query) return CreateAsQuery(call, create, name, target);
  TARN_ASSIGN_OR_RETURN(auto columns, ColumnsOf(call, create));
  std::string list;
  for (const auto& column : columns) list += (list.empty() ? "" : ", ") + ColumnSql(column);
  Table table{.info = {.name = TableOf(name), .columns = std::move(columns), .key = {}, .comment = create.comment},
              .number = target.structure->NextNumber()};
  std::vector<std::string> statements = {"CREATE TABLE " + target.structure->Relation(table) + " (" + list + ")"};
  if (exists)
    statements.push_back("DROP TABLE " + target.structure->Relation(*target.structure->FindTable(TableOf(name))));
  TARN_RETURN_IF_ERROR(Apply(call, std::move(statements)));
  target.structure->PutTable(std::move(table));
  return AnswerDone("CREATE TABLE");
}

StatementResult RunDrop(const StatementCall& call, const sql::DropRelation& drop) {
  TARN_ASSIGN_OR_RETURN(const auto name, FullName(call, drop.name));
  TARN_ASSIGN_OR_RETURN(const auto target, ForChange(call, name, drop.view ? "dropping views" : "dropping tables"));
  const auto table = target.structure->FindTable(TableOf(name));
  const bool view = target.structure->FindView(TableOf(name)).has_value();
  const std::string type = drop.view ? "DROP VIEW" : "DROP TABLE";
  if (drop.view && table) return Unsupported("Table '" + Spelled(name) + "' is not a view, use DROP TABLE", kStart);
  if (!drop.view && view) return Unsupported("View '" + Spelled(name) + "' is not a table, use DROP VIEW", kStart);
  if (!table && !view) {
    if (drop.if_exists) return AnswerDone(type);
    return NoTable(name, drop.view ? "View" : "Table");
  }
  if (table) TARN_RETURN_IF_ERROR(Apply(call, {"DROP TABLE " + target.structure->Relation(*table)}));
  target.structure->Remove(TableOf(name));
  return AnswerDone(type);
}

StatementResult RunCreateView(const StatementCall& call, const sql::CreateView& create) {
  TARN_ASSIGN_OR_RETURN(const auto name, FullName(call, create.name));
  TARN_ASSIGN_OR_RETURN(const auto target, ForChange(call, name, "creating views"));
  if (!target.structure->HasSchema(name.schema)) return NoSchema(name);
  if (target.structure->FindTable(TableOf(name))) return TableExists(name);
  if (target.structure->FindView(TableOf(name)) && !create.replace) return TableExists(name, "View");
  TARN_ASSIGN_OR_RETURN(const auto running, RunQuery(call, *create.query));  // for its columns, and that it can be run
  View view{.text = create.text,
            .catalog = call.session.catalog,
            .schema = call.session.schema,
            .invoker = create.invoker.value_or(false),
            .comment = create.comment};
  std::set<std::string> seen;
  for (const auto& column : running->columns()) {
    const auto column_name = sql::ToLower(column.column.name);
    if (!seen.insert(column_name).second)
      return Failed("DUPLICATE_COLUMN_NAME", "Column name '" + column_name + "' specified more than once", kStart);
    if (column.column.type == "unknown")
      return Failed("COLUMN_TYPE_UNKNOWN", "Column type is unknown: " + column_name, kStart);
    view.columns.push_back({.name = column_name,
                            .source_name = column_name,
                            .type = column.column.type,
                            .engine_type = {},
                            .source_type = column.column.type});
  }
  target.structure->PutView(TableOf(name), std::move(view));
  return AnswerDone("CREATE VIEW");
}

StatementResult RenameRelation(const StatementCall& call, const sql::AlterTable& alter, const sql::QualifiedName& name,
                               const MemoryTarget& target) {
  sql::QualifiedName to{.catalog = name.catalog, .schema = name.schema, .table = ""};
  if (alter.target.parts.size() > 1) {
    TARN_ASSIGN_OR_RETURN(to, FullName(call, alter.target));
  }
  to.table = sql::ToLower(alter.target.parts.back().value);
  if (to.catalog != name.catalog) return Unsupported("Table rename across catalogs is not supported", kStart);
  if (!target.structure->HasSchema(to.schema)) return NoSchema(to);
  if (target.structure->FindTable(TableOf(to)) || target.structure->FindView(TableOf(to))) {
    return Failed("TABLE_ALREADY_EXISTS", "Target table '" + Spelled(to) + "' already exists", kStart);
  }
  target.structure->Rename(TableOf(name), TableOf(to));
  return AnswerDone(alter.view ? "RENAME VIEW" : "RENAME TABLE");
}

StatementResult RunAlterTable(const StatementCall& call, const sql::AlterTable& alter) {
  using enum sql::AlterTable::Action;
  TARN_ASSIGN_OR_RETURN(const auto name, FullName(call, alter.name));
  TARN_ASSIGN_OR_RETURN(const auto target, ForChange(call, name,
                                                     alter.view                ? "renaming views"
                                                     : alter.action == kRename ? "renaming tables"
                                                                               : "changing tables"));
  auto table = target.structure->FindTable(TableOf(name));
  const bool view = target.structure->FindView(TableOf(name)).has_value();
  static constexpr std::string_view kTypes[] = {"RENAME TABLE",    "ADD COLUMN",    "DROP COLUMN",   "RENAME COLUMN",
                                                "SET COLUMN TYPE", "DROP NOT NULL", "SET PROPERTIES"};
  const std::string update(alter.view ? "RENAME VIEW" : kTypes[static_cast<int>(alter.action)]);
  if (alter.view ? !view : !table) {
    if (alter.if_exists) return AnswerDone(update);
    return NoTable(name, alter.view ? "View" : "Table");
  }
  if (alter.action == kRename) return RenameRelation(call, alter, name, target);
  if (alter.action == kSetProperties) {
    TARN_RETURN_IF_ERROR(RefuseProperties(alter.properties, "table"));
    return AnswerDone(update);
  }
  const std::string change = "ALTER TABLE " + target.structure->Relation(*table) + " ";
  auto& columns = table->info.columns;
  const auto find = [&](const std::string& column) { return std::ranges::find(columns, column, &ColumnInfo::name); };
  if (alter.action == kAddColumn) {
    TARN_ASSIGN_OR_RETURN(auto column, ColumnOf(*alter.column));
    if (find(column.name) != columns.end()) {
      if (alter.column_if_exists) return AnswerDone(update);
      return Failed("COLUMN_ALREADY_EXISTS", "Column '" + column.name + "' already exists", kStart);
    }
    if (column.not_null)
      return Unsupported("This connector does not support adding not null columns", alter.column->name.position);
    TARN_RETURN_IF_ERROR(Apply(call, {change + "ADD COLUMN " + ColumnSql(column)}));
    columns.push_back(std::move(column));
    target.structure->PutTable(*std::move(table));
    return AnswerDone(update);
  }
  if (alter.column_name.size() != 1)
    return Unsupported("This connector does not support changing fields of rows", alter.column_name[0].position);
  const auto column = find(sql::ToLower(alter.column_name[0].value));
  if (column == columns.end()) {
    if (alter.column_if_exists) return AnswerDone(update);
    return Failed("COLUMN_NOT_FOUND", "Column '" + sql::ToLower(alter.column_name[0].value) + "' does not exist",
                  kStart);
  }
  const auto quoted = sql::QuoteIdentifier(column->name);
  if (alter.action == kDropColumn) {
    if (columns.size() == 1) return Unsupported("Cannot drop the only column in a table", kStart);
    TARN_RETURN_IF_ERROR(Apply(call, {change + "DROP COLUMN " + quoted}));
    columns.erase(column);
  } else if (alter.action == kRenameColumn) {
    const auto to = sql::ToLower(alter.new_name.value);
    if (find(to) != columns.end()) return Failed("COLUMN_ALREADY_EXISTS", "Column '" + to + "' already exists", kStart);
    TARN_RETURN_IF_ERROR(Apply(call, {change + "RENAME COLUMN " + quoted + " TO " + sql::QuoteIdentifier(to)}));
    column->name = column->source_name = to;
  } else if (alter.action == kDropNotNull) {
    TARN_RETURN_IF_ERROR(Apply(call, {change + "ALTER COLUMN " + quoted + " DROP NOT NULL"}));
    column->not_null = false;
  } else {
    const auto type = sql::ToText(alter.type);
    if (!CanStore(column->type, type))
      return Unsupported("Cannot change the type of a column from " + column->type + " to " + type, kStart);
    const auto engine_type = sql::ToEngineType(alter.type);
    if (!engine_type) return Unsupported("Type is not supported: " + type, kStart);
    TARN_RETURN_IF_ERROR(Apply(call, {change + "ALTER COLUMN " + quoted + " TYPE " + *engine_type}));
    column->type = type;
    column->engine_type = *engine_type;
  }
  target.structure->PutTable(*std::move(table));
  return AnswerDone(update);
}

StatementResult RunComment(const StatementCall& call, const sql::CommentOn& comment) {
  using enum sql::CommentOn::What;
  auto on = comment.name;
  std::string column;
  if (comment.what == kColumn) {
    if (on.parts.size() < 2) return Failed("MISSING_TABLE", "Table must be specified", comment.name.position);
    column = sql::ToLower(on.parts.back().value);
    on.parts.pop_back();
  }
  TARN_ASSIGN_OR_RETURN(const auto name, FullName(call, on));
  TARN_ASSIGN_OR_RETURN(const auto target, ForChange(call, name, "setting comments"));
  auto table = target.structure->FindTable(TableOf(name));
  auto view = target.structure->FindView(TableOf(name));
  if (comment.what == kTable ? !table : comment.what == kView ? !view : !table && !view)
    return NoTable(name, comment.what == kView ? "View" : "Table");
  auto& columns = table ? table->info.columns : view->columns;
  if (comment.what == kColumn) {
    const auto found = std::ranges::find(columns, column, &ColumnInfo::name);
    if (found == columns.end()) return Failed("COLUMN_NOT_FOUND", "Column does not exist: " + column, kStart);
    found->comment = comment.comment;
  } else if (table) {
    table->info.comment = comment.comment;
  } else {
    view->comment = comment.comment;
  }
  if (table)
    target.structure->PutTable(*std::move(table));
  else
    target.structure->PutView(TableOf(name), *std::move(view));
  return AnswerDone("COMMENT");
}

}  // namespace

StatementResult RunDefinition(const StatementCall& call, const sql::Statement& statement) {
  const auto& body = statement.body;
  if (const auto* create = std::get_if<sql::CreateSchema>(&body)) return RunCreateSchema(call, *create);
  if (const auto* drop = std::get_if<sql::DropSchema>(&body)) return RunDropSchema(call, *drop);
  if (const auto* create = std::get_if<sql::CreateTable>(&body)) return RunCreateTable(call, *create);
  if (const auto* drop = std::get_if<sql::DropRelation>(&body)) return RunDrop(call, *drop);
  if (const auto* create = std::get_if<sql::CreateView>(&body)) return RunCreateView(call, *create);
  if (const auto* alter = std::get_if<sql::AlterTable>(&body)) return RunAlterTable(call, *alter);
  if (const auto* comment = std::get_if<sql::CommentOn>(&body)) return RunComment(call, *comment);
  if (const auto* rename = std::get_if<sql::RenameSchema>(&body)) {
    TARN_ASSIGN_OR_RETURN(const auto name, FullSchemaName(call, rename->name));
    TARN_ASSIGN_OR_RETURN(const auto target, ForChange(call, name, "renaming schemas"));
    const auto to = sql::ToLower(rename->target.value);
    if (!target.structure->HasSchema(name.schema))
      return Failed("SCHEMA_NOT_FOUND", "Schema '" + Spelled(name) + "' does not exist", kStart);
    if (target.structure->HasSchema(to))
      return Failed("SCHEMA_ALREADY_EXISTS", "Target schema '" + name.catalog + "." + to + "' already exists", kStart);
    target.structure->RenameSchema(name.schema, to);
    return AnswerDone("RENAME SCHEMA");
  }
  const auto& truncate = std::get<sql::TruncateTable>(body);
  TARN_ASSIGN_OR_RETURN(const auto name, FullName(call, truncate.name));
  TARN_ASSIGN_OR_RETURN(const auto target, ForChange(call, name, "truncating tables"));
  const auto table = target.structure->FindTable(TableOf(name));
  if (!table) return NoTable(name);
  TARN_RETURN_IF_ERROR(Apply(call, {"DELETE FROM " + target.structure->Relation(*table)}));
  return AnswerDone("TRUNCATE TABLE");
}

}  // namespace tarn::query
