#include "connector/mysql/structure.h"

#include <algorithm>
#include <charconv>
#include <span>

#include "connector/engine_text.h"
#include "connector/mysql/types.h"
#include "connector/names.h"

namespace tarn::connector::mysql {
namespace {

constexpr std::string_view kUserSchemas =
    "LOWER(table_schema) NOT IN ('information_schema', 'performance_schema', 'mysql', 'sys')";
constexpr std::string_view kTableTypes = "table_type IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED')";

std::int64_t IntegerOf(const std::optional<std::string>& cell, std::int64_t missing) {
  std::int64_t value = missing;
  if (cell) std::from_chars(cell->data(), cell->data() + cell->size(), value);
  return value;
}

std::optional<std::string> Filled(const std::optional<std::string>& cell) {
  return cell && !cell->empty() ? cell : std::nullopt;
}

// " AND table_schema = …", of one schema or of the one that the credential names; empty for all.
base::Result<std::string> Only(Connection& connection, const std::string& only, const std::string& schema,
                               const base::CallLimits& limits) {
  if (schema.empty()) return only.empty() ? std::string() : " AND table_schema = " + Literal(only);
  TARN_ASSIGN_OR_RETURN(const auto schemas, ReadSchemas(connection, only, limits));
  const auto index = FindName(schemas, schema);
  if (index == schemas.size()) return NoSuchSchema(schema);
  return " AND table_schema = " + Literal(schemas[index]);
}

constexpr std::string_view kColumns = "column_name, column_type, is_nullable, column_default, column_comment, extra";

// A column from its row of kColumns, which begins at `first`. MariaDB writes defaults as SQL, MySQL as bare texts.
ColumnInfo ColumnOf(const Row& row, std::size_t first, bool is_mariadb) {
  const auto mapping = MapType(*row[first + 1]);
  auto fallback = row[first + 3];
  const bool generated = row[first + 5].value_or("").find("GENERATED") != std::string::npos;
  if (fallback && !is_mariadb && !generated) fallback = Literal(*fallback);
  if (fallback == "NULL") fallback = std::nullopt;
  return {.name = *row[first],
          .source_name = *row[first],
          .type = mapping.type,
          .engine_type = mapping.engine_type,
          .source_type = *row[first + 1],
          .not_null = row[first + 2] == "NO" && !mapping.may_become_null,
          .default_value = fallback,
          .comment = Filled(row[first + 4])};
}

// MariaDB's JSON is a text with a check. `condition` limits the tables by their schema and name.
base::Result<void> MarkJson(Connection& connection, std::span<TableInfo> tables, const std::string& condition,
                            const base::CallLimits& limits) {
  if (!connection.is_mariadb()) return {};
  TARN_ASSIGN_OR_RETURN(
      const auto checks,
      connection.Query(fmt::format("SELECT table_schema, table_name, check_clause FROM (SELECT constraint_schema AS "
                                   "table_schema, table_name, check_clause FROM information_schema.check_constraints) "
                                   "c WHERE check_clause LIKE 'json_valid(%'{}",
                                   condition),
                       limits));
  const auto mapping = MapType("json");
  for (const auto& check : checks) {
    const TableName name{.schema = *check[0], .table = *check[1]};
    const auto table = std::ranges::find(tables, name, &TableInfo::name);
    if (table == tables.end()) continue;
    for (auto& column : table->columns) {
      if (check[2] != fmt::format("json_valid({})", Name(column.source_name))) continue;
      column.type = mapping.type;
      column.engine_type = mapping.engine_type;
      column.source_type = "json";
    }
  }
  return {};
}

// The primary key, else the narrowest unique index of whole columns that are never NULL.
base::Result<void> ReadKey(Connection& connection, TableInfo& table, const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(
      const auto rows,
      connection.Query(fmt::format("SELECT index_name, column_name, sub_part, nullable FROM "
                                   "information_schema.statistics WHERE table_schema = {} AND table_name = {} AND "
                                   "non_unique = 0 ORDER BY index_name, seq_in_index",
                                   Literal(table.name.schema), Literal(table.name.table)),
                       limits));
  struct Index {
    std::string name;
    std::vector<std::string> columns;
    bool usable = true;
  };
  std::vector<Index> indexes;
  for (const auto& row : rows) {
    if (indexes.empty() || indexes.back().name != row[0]) indexes.push_back({.name = *row[0], .columns = {}});
    auto& index = indexes.back();
    const auto column =
        row[1] ? std::ranges::find(table.columns, *row[1], &ColumnInfo::source_name) : table.columns.end();
    index.usable = index.usable && column != table.columns.end() && !row[2] && row[3].value_or("") != "YES";
    if (column != table.columns.end()) index.columns.push_back(column->name);
  }
  for (const auto& index : indexes) {
    if (!index.usable || index.columns.size() != 1) continue;
    std::ranges::find(table.columns, index.columns[0], &ColumnInfo::name)->unique = true;
  }
  std::erase_if(indexes, [](const Index& index) { return !index.usable; });
  const auto best = std::ranges::min_element(
      indexes, {}, [](const Index& index) { return std::pair(index.name != "PRIMARY", index.columns.size()); });
  if (best == indexes.end()) return {};
  table.key = best->columns;
  table.key_enforced = std::ranges::all_of(table.key, [&](const std::string& name) {
    return std::ranges::find(table.columns, name, &ColumnInfo::name)->not_null;
  });
  return {};
}

}  // namespace

base::Result<std::vector<std::string>> ReadSchemas(Connection& connection, const std::string& only,
                                                   const base::CallLimits& limits) {
  std::string sql = fmt::format(
      "SELECT table_schema FROM (SELECT schema_name AS table_schema FROM information_schema.schemata) s WHERE {}",
      kUserSchemas);
  if (!only.empty()) sql += " AND table_schema = " + Literal(only);
  TARN_ASSIGN_OR_RETURN(const auto rows, connection.Query(sql, limits));
  std::vector<std::string> schemas;
  schemas.reserve(rows.size());
  for (const auto& row : rows) schemas.push_back(*row[0]);
  std::ranges::sort(schemas);
  return schemas;
}

base::Result<std::vector<TableName>> ReadTables(Connection& connection, const std::string& only,
                                                const std::string& schema, const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto condition, Only(connection, only, schema, limits));
  TARN_ASSIGN_OR_RETURN(
      const auto rows,
      connection.Query(fmt::format("SELECT table_schema, table_name FROM information_schema.tables WHERE {} AND {}{}",
                                   kTableTypes, kUserSchemas, condition),
                       limits));
  std::vector<TableName> tables;
  tables.reserve(rows.size());
  for (const auto& row : rows) tables.push_back({.schema = *row[0], .table = *row[1]});
  std::ranges::sort(tables);
  return tables;
}

base::Result<std::vector<TableInfo>> ReadAllTables(Connection& connection, const std::string& only,
                                                   const std::string& schema, const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto condition, Only(connection, only, schema, limits));
  TARN_ASSIGN_OR_RETURN(const auto rows,
                        connection.Query(fmt::format("SELECT table_schema, table_name, table_rows, table_comment FROM "
                                                     "information_schema.tables WHERE {} AND {}{}",
                                                     kTableTypes, kUserSchemas, condition),
                                         limits));
  std::vector<TableInfo> tables;
  for (const auto& row : rows) {
    tables.push_back({.name = {.schema = *row[0], .table = *row[1]},
                      .columns = {},
                      .key = {},
                      .estimated_rows = IntegerOf(row[2], -1),
                      .comment = Filled(row[3])});
  }
  std::ranges::sort(tables, {}, &TableInfo::name);
  TARN_ASSIGN_OR_RETURN(
      const auto columns,
      connection.Query(fmt::format("SELECT table_schema, table_name, {} FROM information_schema.columns WHERE {}{} "
                                   "ORDER BY table_schema, table_name, ordinal_position",
                                   kColumns, kUserSchemas, condition),
                       limits));
  for (const auto& row : columns) {
    const TableName name{.schema = *row[0], .table = *row[1]};
    const auto table = std::ranges::lower_bound(tables, name, {}, &TableInfo::name);
    if (table != tables.end() && table->name == name)
      table->columns.push_back(ColumnOf(row, 2, connection.is_mariadb()));
  }
  for (auto& table : tables) MakeNamesUnique(table.columns);
  TARN_RETURN_IF_ERROR(MarkJson(connection, tables, condition, limits));
  return tables;
}

base::Result<TableInfo> ReadTable(Connection& connection, const std::string& only, const TableName& name,
                                  const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto condition, Only(connection, only, name.schema, limits));
  TARN_ASSIGN_OR_RETURN(
      const auto found,
      connection.Query(fmt::format("SELECT table_name, table_schema, table_rows, table_comment FROM "
                                   "information_schema.tables WHERE {}{} AND LOWER(table_name) = LOWER({})",
                                   kTableTypes, condition, Literal(name.table)),
                       limits));
  std::vector<std::string> names;
  names.reserve(found.size());
  for (const auto& row : found) names.push_back(*row[0]);
  const auto index = FindName(names, name.table);
  if (index == names.size()) return NoSuchTable(name);
  const auto& row = found[index];
  TableInfo table{.name = {.schema = *row[1], .table = names[index]},
                  .columns = {},
                  .key = {},
                  .estimated_rows = IntegerOf(row[2], -1),
                  .comment = Filled(row[3])};
  TARN_ASSIGN_OR_RETURN(
      const auto columns,
      connection.Query(fmt::format("SELECT {} FROM information_schema.columns WHERE table_schema = {} AND table_name = "
                                   "{} ORDER BY ordinal_position",
                                   kColumns, Literal(table.name.schema), Literal(table.name.table)),
                       limits));
  for (const auto& column : columns) table.columns.push_back(ColumnOf(column, 0, connection.is_mariadb()));
  MakeNamesUnique(table.columns);
  TARN_RETURN_IF_ERROR(MarkJson(connection, {&table, 1},
                                fmt::format("{} AND table_name = {}", condition, Literal(table.name.table)), limits));
  TARN_RETURN_IF_ERROR(ReadKey(connection, table, limits));
  return table;
}

base::Result<std::vector<ColumnStatistics>> ReadStatistics(Connection& connection, const TableInfo& table,
                                                           const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(
      const auto rows,
      connection.Query(fmt::format("SELECT column_name, cardinality FROM information_schema.statistics WHERE "
                                   "table_schema = {} AND table_name = {} AND seq_in_index = 1",
                                   Literal(table.name.schema), Literal(table.name.table)),
                       limits));
  std::vector<ColumnStatistics> statistics;
  for (const auto& column : table.columns) {
    const auto row =
        std::ranges::find(rows, column.source_name, [](const Row& cells) { return cells[0].value_or(""); });
    if (column.unique) {
      statistics.push_back({.column = column.name, .distinct_fraction = -1});
    } else if (row != rows.end() && (*row)[1]) {
      statistics.push_back({.column = column.name, .distinct_fraction = static_cast<double>(IntegerOf((*row)[1], 0))});
    }
  }
  return statistics;
}

}  // namespace tarn::connector::mysql
