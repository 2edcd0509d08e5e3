// SHOW STATS: of what is read from copies, from memory and from samples, all that can be measured; of a table that is
// read from its source, what the source knows of itself.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/type_text.h"
#include "query/engine_rows.h"
#include "query/plan.h"
#include "query/statement_call.h"
#include "sql/text.h"

namespace tarn::query {

namespace {

// Up to here distinct values are counted, beyond they are estimated.
constexpr std::int64_t kCounted = 1'000'000;

constexpr std::array<std::string_view, 3> kHere = {"memory", "tpch", "tpcds"};

bool IsHere(const ServedTable& table) {
  switch (table.by) {
    case ServedTable::By::kCopy:
    case ServedTable::By::kView:
    case ServedTable::By::kTarn: return true;
    case ServedTable::By::kSource: return std::ranges::find(kHere, table.catalog_type) != kHere.end();
  }
  return false;
}

struct ColumnFacts {
  std::string name;
  std::optional<std::string> size = {};
  std::optional<std::string> distinct = {};
  std::optional<std::string> nulls = {};
  std::optional<std::string> low = {};
  std::optional<std::string> high = {};
};

StatementResult Answer(const StatementCall& call, const std::vector<ColumnFacts>& columns,
                       const std::optional<std::string>& count) {
  engine::TextRows rows{.columns = {{"column_name", "varchar"},
                                    {"data_size", "double"},
                                    {"distinct_values_count", "double"},
                                    {"nulls_fraction", "double"},
                                    {"row_count", "double"},
                                    {"low_value", "varchar"},
                                    {"high_value", "varchar"}},
                        .rows = {}};
  for (const auto& column : columns)
    rows.rows.push_back(
        {column.name, column.size, column.distinct, column.nulls, std::nullopt, column.low, column.high});
  rows.rows.push_back({std::nullopt, std::nullopt, std::nullopt, std::nullopt, count, std::nullopt, std::nullopt});
  return AnswerRows(call, std::move(rows));
}

bool HasRange(const sql::Type& type) {
  constexpr std::array<std::string_view, 10> kTypes = {
      "tinyint", "smallint", "integer", "bigint",    "real",
      "double",  "decimal",  "date",    "timestamp", "timestamp with time zone"};
  return std::ranges::find(kTypes, type.name) != kTypes.end();
}

// Five expressions for each column: values that are not null, distinct ones, bytes, the lowest and the highest.
std::string Measures(std::size_t index, const sql::Type& type, bool counted) {
  const auto column = fmt::format("c{}", index);
  const bool nested = type.Is("array") || type.Is("map") || type.Is("row");
  const bool text = type.Is("varchar") || type.Is("char");
  return fmt::format(", count({0}), {1}, {2}, {3}, {4}", column,
                     nested    ? "NULL"
                     : counted ? "count(DISTINCT " + column + ")"
                               : "approx_count_distinct(" + column + ")",
                     text ? "sum(strlen(" + column + "))" : "NULL",
                     HasRange(type) ? "CAST(min(" + column + ") AS VARCHAR)" : "NULL",
                     HasRange(type) ? "CAST(max(" + column + ") AS VARCHAR)" : "NULL");
}

std::int64_t Number(const std::optional<std::string>& text) {
  std::int64_t number = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), number);
  return number;
}

StatementResult Measure(const StatementCall& call, const sql::Query& query) {
  auto resolver = call.Resolver();
  TARN_ASSIGN_OR_RETURN(const auto translation, sql::TranslateQuery(query, call.session, resolver, call.arguments));
  const auto held = resolver.TakeHeld();
  std::vector<ColumnFacts> columns;
  std::vector<sql::Type> types;
  {
    TARN_ASSIGN_OR_RETURN(const auto rows,
                          call.parts.engine.Run({.sql = "SELECT * FROM (" + translation.engine_sql + ") LIMIT 0",
                                                 .time_zone = call.session.time_zone},
                                                call.limits));
    for (std::size_t i = 0; i < rows->columns().size(); ++i) {
      const bool known = i < translation.columns.size();
      columns.push_back({.name = known ? translation.columns[i].name : rows->columns()[i].name});
      const auto& type = known ? translation.columns[i].type : std::string();
      types.push_back(engine::ReadTypeText(type.empty() ? rows->columns()[i].type : type));
    }
  }
  std::string names;
  for (std::size_t i = 0; i < columns.size(); ++i) names += fmt::format("{}c{}", i == 0 ? "" : ", ", i);
  const auto from = fmt::format(" FROM ({}) AS q({})", translation.engine_sql, names);
  TARN_ASSIGN_OR_RETURN(const auto counted, EngineRows(call, "SELECT count(*)" + from));
  const auto count = Number(counted.at(0).at(0));
  std::string measures;
  for (std::size_t i = 0; i < columns.size(); ++i) measures += Measures(i, types[i], count <= kCounted);
  TARN_ASSIGN_OR_RETURN(const auto measured, EngineRows(call, "SELECT count(*)" + measures + from));
  const auto& row = measured.at(0);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto* cells = &row.at(1 + 5 * i);
    const auto filled = static_cast<double>(Number(cells[0]));
    columns[i].nulls = fmt::format("{}", count == 0 ? 1.0 : 1.0 - filled / static_cast<double>(count));
    columns[i].distinct = cells[1];
    columns[i].size = cells[2];
    columns[i].low = cells[3];
    columns[i].high = cells[4];
  }
  return Answer(call, columns, row.at(0));
}

// What the source of one table knows.
StatementResult AskSource(const StatementCall& call, const sql::QualifiedName& name) {
  auto& catalogs = call.parts.catalogs;
  TARN_ASSIGN_OR_RETURN(const auto catalog, catalogs.FindByName(call.request.project_id, name.catalog));
  TARN_ASSIGN_OR_RETURN(const auto table,
                        catalogs.Describe(catalog, {.schema = name.schema, .table = name.table}, call.limits));
  TARN_ASSIGN_OR_RETURN(const auto known, catalogs.Statistics(catalog, table, call.limits));
  std::vector<ColumnFacts> columns;
  for (const auto& column : table.columns) {
    ColumnFacts facts{.name = sql::ToLower(column.name)};
    if (column.not_null) facts.nulls = "0";
    const auto found = std::ranges::find(known, column.name, &connector::ColumnStatistics::column);
    if (found != known.end()) {
      const auto fraction = found->distinct_fraction;
      if (fraction > 0) facts.distinct = fmt::format("{}", fraction);
      if (fraction < 0 && table.estimated_rows >= 0)
        facts.distinct = fmt::format("{}", -fraction * static_cast<double>(table.estimated_rows));
    }
    columns.push_back(std::move(facts));
  }
  return Answer(call, columns,
                table.estimated_rows < 0 ? std::nullopt : std::optional(std::to_string(table.estimated_rows)));
}

}  // namespace

StatementResult RunShowStatistics(const StatementCall& call, const sql::Show& show) {
  const auto* query = show.query.get();
  std::optional<sql::QualifiedName> name;
  std::optional<sql::ParsedStatement> whole;
  if (query == nullptr) {
    TARN_ASSIGN_OR_RETURN(name, FullName(call, show.from));
    auto resolver = call.Resolver();
    if (auto exists = resolver.CheckExists(*name); !exists) {
      exists.error().position = base::SqlPosition{};
      return std::unexpected(std::move(exists).error());
    }
    TARN_ASSIGN_OR_RETURN(whole,
                          sql::Parse("SELECT * FROM " + sql::QuoteIdentifier(name->catalog) + "." +
                                         sql::QuoteIdentifier(name->schema) + "." + sql::QuoteIdentifier(name->table),
                                     true));
    query = whole->statement().query.get();
  }
  TARN_ASSIGN_OR_RETURN(const auto plan, PlanOf(call, *query));
  const bool here = std::ranges::all_of(plan.served, [](const auto& served) { return IsHere(served.second); });
  if (here) return Measure(call, *query);
  if (name) return AskSource(call, *name);
  // A query over sources is not run for the sake of its statistics.
  std::vector<ColumnFacts> columns;
  for (const auto& column : plan.translation.columns) columns.push_back({.name = column.name});
  return Answer(call, columns, std::nullopt);
}

}  // namespace tarn::query
