#include "connector/postgres/structure.h"

#include <charconv>

#include "connector/names.h"
#include "connector/postgres/types.h"

namespace tarn::connector::postgres {
namespace {

constexpr std::string_view kUserSchemas =
    "n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%' AND has_schema_privilege(n.oid, 'USAGE')";
// Tables, partitioned tables, views, materialised views and foreign tables; partitions show in their parent.
constexpr std::string_view kTableKinds = "c.relkind IN ('r', 'p', 'v', 'm', 'f')";

// Columns in their order; a domain is followed to its base type. A default never names a column, so that
// pg_get_expr needs no table, which it would lock.
constexpr const char* kColumnsQuery = R"(
WITH RECURSIVE base(attnum, oid, modifier, depth) AS (
  SELECT attnum, atttypid, atttypmod, 0 FROM pg_attribute WHERE attrelid = $1::oid AND attnum > 0 AND NOT attisdropped
  UNION ALL
  SELECT b.attnum, t.typbasetype, t.typtypmod, b.depth + 1 FROM base b JOIN pg_type t ON t.oid = b.oid WHERE t.typtype = 'd')
SELECT a.attname, format_type(b.oid, b.modifier)
         || repeat('[]', CASE WHEN bt.typelem <> 0 AND bt.typlen = -1 THEN greatest(a.attndims, 1) - 1 ELSE 0 END)
         || CASE WHEN b.depth > 0 THEN ' domain ' || format_type(a.atttypid, NULL) ELSE '' END,
       a.attnotnull OR (b.depth > 0 AND t.typnotnull),
       CASE WHEN a.attgenerated = '' AND a.attidentity = '' THEN pg_get_expr(d.adbin, 0) END,
       (SELECT description FROM pg_description WHERE classoid = 'pg_class'::regclass AND objoid = a.attrelid AND objsubid = a.attnum),
       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
               AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum)
FROM pg_attribute a
JOIN (SELECT DISTINCT ON (attnum) attnum, oid, modifier, depth FROM base ORDER BY attnum, depth DESC) b ON b.attnum = a.attnum
JOIN pg_type t ON t.oid = a.atttypid
JOIN pg_type bt ON bt.oid = b.oid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum)";

// The best key: the primary key, else the narrowest unique index that is whole (not partial, no
// expression), checked at once and over columns that are never null.
constexpr const char* kKeyQuery = R"(
SELECT a.attname
FROM (SELECT i.indexrelid, i.indrelid, i.indkey, i.indnkeyatts FROM pg_index i
      WHERE i.indrelid = $1::oid AND i.indisunique AND i.indisvalid AND i.indislive AND i.indpred IS NULL
        AND i.indexprs IS NULL AND i.indimmediate
        AND NOT EXISTS (SELECT FROM generate_series(0, i.indnkeyatts - 1) k JOIN pg_attribute ka
                        ON ka.attrelid = i.indrelid AND ka.attnum = i.indkey[k] WHERE NOT ka.attnotnull)
      ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid LIMIT 1) i
CROSS JOIN generate_series(0, i.indnkeyatts - 1) k
JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k]
ORDER BY k)";

constexpr const char* kTableQuery = R"(
SELECT c.relname, c.oid, CASE WHEN c.relkind IN ('r', 'm', 'f') THEN c.reltuples::bigint ELSE -1 END,
       (SELECT description FROM pg_description WHERE classoid = 'pg_class'::regclass AND objoid = c.oid AND objsubid = 0),
       c.relkind = 'p' OR (c.relkind IN ('r', 'm') AND NOT c.relhassubclass)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND lower(c.relname) = lower($2 COLLATE "C") AND c.relkind IN ('r', 'p', 'v', 'm', 'f'))";

// The tables of {kinds} and {schemas} with their columns in their order, as kColumnsQuery writes them; a table without
// columns has one row with none.
constexpr const char* kAllColumnsQuery = R"(
WITH RECURSIVE tables AS MATERIALIZED (
  SELECT c.oid, n.nspname, c.relname, CASE WHEN c.relkind IN ('r', 'm', 'f') THEN c.reltuples::bigint ELSE -1 END AS rows
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {} AND {} AND NOT c.relispartition {}),
base(relid, attnum, oid, modifier, depth) AS (
  SELECT a.attrelid, a.attnum, a.atttypid, a.atttypmod, 0 FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid
  WHERE a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT b.relid, b.attnum, t.typbasetype, t.typtypmod, b.depth + 1 FROM base b JOIN pg_type t ON t.oid = b.oid WHERE t.typtype = 'd'),
primary_keys(oid, attnum, place) AS (
  SELECT t.oid, k.attnum, k.place FROM tables t JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary
  CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k(attnum, place) WHERE k.place <= i.indnkeyatts),
unique_columns(oid, attnum) AS (
  SELECT DISTINCT t.oid, i.indkey[0] FROM tables t JOIN pg_index i ON i.indrelid = t.oid
  WHERE i.indisunique AND i.indisvalid AND i.indnkeyatts = 1 AND i.indpred IS NULL)
SELECT s.nspname, s.relname, s.rows, td.description, a.attname, format_type(b.oid, b.modifier)
         || repeat('[]', CASE WHEN bt.typelem <> 0 AND bt.typlen = -1 THEN greatest(a.attndims, 1) - 1 ELSE 0 END)
         || CASE WHEN b.depth > 0 THEN ' domain ' || format_type(a.atttypid, NULL) ELSE '' END,
       a.attnotnull OR (b.depth > 0 AND t.typnotnull),
       CASE WHEN a.attgenerated = '' AND a.attidentity = '' THEN pg_get_expr(d.adbin, 0) END,
       cd.description, k.place, u.attnum IS NOT NULL
FROM tables s
LEFT JOIN pg_attribute a ON a.attrelid = s.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN (SELECT DISTINCT ON (relid, attnum) relid, attnum, oid, modifier, depth FROM base ORDER BY relid, attnum, depth DESC) b
  ON b.relid = s.oid AND b.attnum = a.attnum
LEFT JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_type bt ON bt.oid = b.oid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN primary_keys k ON k.oid = s.oid AND k.attnum = a.attnum
LEFT JOIN unique_columns u ON u.oid = s.oid AND u.attnum = a.attnum
LEFT JOIN pg_description td ON td.classoid = 'pg_class'::regclass AND td.objoid = s.oid AND td.objsubid = 0
LEFT JOIN pg_description cd ON cd.classoid = 'pg_class'::regclass AND cd.objoid = s.oid AND cd.objsubid = a.attnum
ORDER BY s.nspname COLLATE "C", s.relname COLLATE "C", a.attnum)";

bool IsTrue(const std::optional<std::string>& cell) { return cell == "t"; }

std::int64_t IntegerOf(const std::optional<std::string>& cell, std::int64_t missing) {
  std::int64_t value = missing;
  if (cell) std::from_chars(cell->data(), cell->data() + cell->size(), value);
  return value;
}

// A column from its name, type, NOT NULL, default and comment, as both queries of columns give them.
ColumnInfo ColumnOf(const Row& row, std::size_t first) {
  const auto mapping = MapType(*row[first + 1]);
  return {.name = *row[first],
          .source_name = *row[first],
          .type = mapping.type,
          .engine_type = mapping.engine_type,
          .source_type = *row[first + 1],
          .not_null = IsTrue(row[first + 2]),
          .default_value = row[first + 3],
          .comment = row[first + 4]};
}

base::Result<std::vector<ColumnInfo>> ReadColumns(Connection& connection, const std::string& oid,
                                                  const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto rows, connection.Query(kColumnsQuery, {oid}, limits));
  std::vector<ColumnInfo> columns;
  for (const auto& row : rows) {
    columns.push_back(ColumnOf(row, 0));
    columns.back().unique = IsTrue(row[5]);
  }
  MakeNamesUnique(columns);
  return columns;
}

// The exact spelling of a schema.
base::Result<std::string> FindSchema(Connection& connection, const std::string& schema,
                                     const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto schemas, ReadSchemas(connection, limits));
  const auto index = FindName(schemas, schema);
  if (index == schemas.size()) return NoSuchSchema(schema);
  return schemas[index];
}

// Which schemas a listing is of, as its last condition.
struct OnlySchema {
  std::string condition;
  std::vector<std::string> parameters;
};

// Of one schema, or of all where it is empty.
base::Result<OnlySchema> Only(Connection& connection, const std::string& schema, const base::CallLimits& limits) {
  if (schema.empty()) return OnlySchema{};
  TARN_ASSIGN_OR_RETURN(auto exact, FindSchema(connection, schema, limits));
  return OnlySchema{.condition = "AND n.nspname = $1", .parameters = {std::move(exact)}};
}

}  // namespace

base::Result<std::vector<std::string>> ReadSchemas(Connection& connection, const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(
      const auto rows,
      connection.Query(fmt::format("SELECT n.nspname FROM pg_namespace n WHERE {} ORDER BY 1", kUserSchemas), {},
                       limits));
  std::vector<std::string> schemas;
  schemas.reserve(rows.size());
  for (const auto& row : rows) schemas.push_back(*row[0]);
  return schemas;
}

base::Result<std::vector<TableName>> ReadTables(Connection& connection, const std::string& schema,
                                                const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto only, Only(connection, schema, limits));
  const auto sql = fmt::format(
      "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
      "WHERE {} AND {} AND NOT c.relispartition {} ORDER BY 1, 2",
      kTableKinds, kUserSchemas, only.condition);
  TARN_ASSIGN_OR_RETURN(const auto rows, connection.Query(sql, only.parameters, limits));
  std::vector<TableName> tables;
  tables.reserve(rows.size());
  for (const auto& row : rows) tables.push_back({.schema = *row[0], .table = *row[1]});
  return tables;
}

base::Result<std::vector<TableInfo>> ReadAllTables(Connection& connection, const std::string& schema,
                                                   const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto only, Only(connection, schema, limits));
  TARN_ASSIGN_OR_RETURN(const auto rows,
                        connection.Query(fmt::format(kAllColumnsQuery, kTableKinds, kUserSchemas, only.condition),
                                         only.parameters, limits));
  std::vector<TableInfo> tables;
  std::vector<std::vector<std::size_t>> keys;  // columns of each table's primary key
  for (const auto& row : rows) {
    TableName name{.schema = *row[0], .table = *row[1]};
    if (tables.empty() || tables.back().name != name) {
      tables.push_back({.name = std::move(name),
                        .columns = {},
                        .key = {},
                        .estimated_rows = IntegerOf(row[2], -1),
                        .comment = row[3]});
    }
    if (!row[4]) continue;
    auto& table = tables.back();
    table.columns.push_back(ColumnOf(row, 4));
    table.columns.back().unique = IsTrue(row[10]);
    const auto place = static_cast<std::size_t>(IntegerOf(row[9], 0));
    if (place == 0) continue;
    if (keys.size() < tables.size()) keys.resize(tables.size());
    auto& key = keys[tables.size() - 1];
    key.resize(std::max(key.size(), place));
    key[place - 1] = table.columns.size() - 1;
  }
  keys.resize(tables.size());
  for (std::size_t i = 0; i < tables.size(); ++i) {
    MakeNamesUnique(tables[i].columns);
    for (const auto column : keys[i]) tables[i].key.push_back(tables[i].columns[column].name);
  }
  return tables;
}

base::Result<TableInfo> ReadTable(Connection& connection, const TableName& name, const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(auto schema, FindSchema(connection, name.schema, limits));
  TARN_ASSIGN_OR_RETURN(const auto found, connection.Query(kTableQuery, {schema, name.table}, limits));
  std::vector<std::string> names;
  names.reserve(found.size());
  for (const auto& row : found) names.push_back(*row[0]);
  const auto index = FindName(names, name.table);
  if (index == names.size()) return NoSuchTable(name);
  const auto& row = found[index];
  TableInfo table{.name = {.schema = std::move(schema), .table = names[index]},
                  .columns = {},
                  .key = {},
                  .estimated_rows = IntegerOf(row[2], -1),
                  .comment = row[3]};
  TARN_ASSIGN_OR_RETURN(table.columns, ReadColumns(connection, *row[1], limits));
  TARN_ASSIGN_OR_RETURN(const auto key, connection.Query(kKeyQuery, {*row[1]}, limits));
  for (const auto& part : key) {
    const auto column = std::ranges::find(table.columns, *part[0], &ColumnInfo::source_name);
    if (column != table.columns.end()) table.key.push_back(column->name);
  }
  table.key_enforced = !table.key.empty() && IsTrue(row[4]);  // an index does not reach into inheriting tables
  return table;
}

base::Result<std::vector<ColumnStatistics>> ReadStatistics(Connection& connection, const TableInfo& table,
                                                           const base::CallLimits& limits) {
  constexpr const char* kQuery =
      "SELECT DISTINCT ON (attname) attname, n_distinct FROM pg_stats WHERE schemaname = $1 AND tablename = $2 ORDER "
      "BY attname, inherited DESC";
  TARN_ASSIGN_OR_RETURN(const auto rows, connection.Query(kQuery, {table.name.schema, table.name.table}, limits));
  std::vector<ColumnStatistics> statistics;
  for (const auto& column : table.columns) {
    const auto row = std::ranges::find(rows, column.source_name, [](const Row& cells) { return *cells[0]; });
    double fraction = -1;  // of a column that is unique; others are unknown before ANALYZE
    if (row != rows.end() && (*row)[1]) {
      std::from_chars((*row)[1]->data(), (*row)[1]->data() + (*row)[1]->size(), fraction);
    } else if (!column.unique) {
      continue;
    }
    statistics.push_back({.column = column.name, .distinct_fraction = fraction});
  }
  return statistics;
}

}  // namespace tarn::connector::postgres
