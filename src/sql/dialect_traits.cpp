#include "sql/dialect_traits.h"

#include <array>

#include "sql/text.h"

namespace tarn::sql {

const DialectTraits& TraitsOf(Dialect dialect) {
  static const DialectTraits kTrino{.title = "Trino"};
  static const DialectTraits kPostgres{.title = "PostgreSQL", .folding = Folding::kLower, .parameters = false};
  static const DialectTraits kMysql{.title = "MySQL",
                                    .open_quote = '`',
                                    .close_quote = '`',
                                    .backslash_escapes = true,
                                    .most_name_parts = 2,
                                    .nulls_order = false,
                                    .full_join = false,
                                    .grouping_sets = false,
                                    .filter = false,
                                    .values = false,
                                    .set_all = false,
                                    .integers_divide = false,
                                    .distinct_from = false,
                                    .no_limit = "18446744073709551615"};
  static const DialectTraits kBigquery{.title = "BigQuery",
                                       .open_quote = '`',
                                       .close_quote = '`',
                                       .backslash_escapes = true,
                                       .doubled_quotes = false,
                                       .natural = false,
                                       .filter = false,
                                       .values = false,
                                       .with_columns = false,
                                       .set_all = false,
                                       .set_distinct_word = true,
                                       .integers_divide = false,
                                       .quantified = false,
                                       .no_limit = "9223372036854775807"};
  static const DialectTraits kSnowflake{.title = "Snowflake",
                                        .folding = Folding::kUpper,
                                        .backslash_escapes = true,
                                        .named_windows = false,
                                        .filter = false,
                                        .set_all = false,
                                        .integers_divide = false,
                                        .quantified = false,
                                        .no_limit = "NULL"};
  static const DialectTraits kTsql{.title = "Transact-SQL",
                                   .open_quote = '[',
                                   .close_quote = ']',
                                   .nulls_order = false,
                                   .booleans = false,
                                   .parameters = false,
                                   .using_columns = false,
                                   .natural = false,
                                   .named_windows = false,
                                   .filter = false,
                                   .values = false,
                                   .recursive = false,
                                   .set_all = false,
                                   .casts_round = false,
                                   .distinct_from = false};
  static const DialectTraits kDuckdb{.title = "DuckDB", .integers_divide = false};
  // In double quotes SQLite takes a name that it does not find for a text; in these it does not.
  static const DialectTraits kSqlite{.title = "SQLite",
                                     .open_quote = '`',
                                     .close_quote = '`',
                                     .most_name_parts = 2,
                                     .grouping_sets = false,
                                     .set_all = false,
                                     .nested_sets = false,
                                     .casts_round = false,
                                     .distinct_from = false,
                                     .quantified = false,
                                     .no_limit = "-1"};
  static const DialectTraits kClickhouse{
      .title = "ClickHouse",
      .backslash_escapes = true,
      .most_name_parts = 2,
      .parameters = false,
      .natural = false,
      .grouping_sets = false,
      .named_windows = false,
      .values = false,
      .with_columns = false,
      .recursive = false,
      .set_all = false,
      .set_distinct_word = true,
      .integers_divide = false,
      .casts_round = false,
      .distinct_from = false,
      .quantified = false,
      .tail = " SETTINGS join_use_nulls = 1, aggregate_functions_null_for_empty = 1, prefer_column_name_to_alias = 1"};
  switch (dialect) {
    case Dialect::kTrino: return kTrino;
    case Dialect::kPostgres: return kPostgres;
    case Dialect::kMysql: return kMysql;
    case Dialect::kBigquery: return kBigquery;
    case Dialect::kSnowflake: return kSnowflake;
    case Dialect::kTsql: return kTsql;
    case Dialect::kDuckdb: return kDuckdb;
    case Dialect::kSqlite: return kSqlite;
    case Dialect::kClickhouse: return kClickhouse;
  }
  return kTrino;
}

std::optional<Dialect> FindDialect(std::string_view name) {
  static constexpr std::array<std::string_view, 9> kNames = {"trino", "postgres", "mysql",  "bigquery",  "snowflake",
                                                             "tsql",  "duckdb",   "sqlite", "clickhouse"};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (EqualsIgnoreCase(name, kNames[i])) return static_cast<Dialect>(i);
  }
  return std::nullopt;
}

namespace {

// The column of a table of words, one for each dialect but Trino; empty: none.
using Words = std::array<std::string_view, 8>;

std::optional<std::string> Word(Dialect dialect, const Words& words) {
  const auto word = words[static_cast<std::size_t>(dialect) - 1];
  return word.empty() ? std::nullopt : std::optional<std::string>(word);
}

}  // namespace

// Postgres, MySQL, BigQuery, Snowflake, Transact-SQL, DuckDB, SQLite, ClickHouse.
std::optional<std::string> DialectType(Dialect dialect, const Type& type) {
  const bool whole = type.Is("tinyint") || type.Is("smallint") || type.Is("integer") || type.Is("bigint");
  if (whole && !TraitsOf(dialect).casts_round) return std::nullopt;
  if (type.Is("smallint")) return Word(dialect, {"smallint", "", "", "", "", "smallint", "", ""});
  if (type.Is("integer")) return Word(dialect, {"integer", "", "", "", "", "integer", "", ""});
  if (type.Is("bigint")) return Word(dialect, {"bigint", "SIGNED", "INT64", "", "", "bigint", "", ""});
  if (type.Is("double"))
    return Word(dialect,
                {"double precision", "DOUBLE", "FLOAT64", "DOUBLE", "float", "double", "REAL", "Nullable(Float64)"});
  if (type.Is("date")) return Word(dialect, {"date", "DATE", "DATE", "DATE", "date", "date", "", "Nullable(Date32)"});
  if (type.Is("boolean")) return Word(dialect, {"boolean", "", "BOOL", "", "", "boolean", "", ""});
  if (type.Is("decimal") && type.numbers.size() == 2) {
    const auto size = std::to_string(type.numbers[0]) + ", " + std::to_string(type.numbers[1]) + ")";
    const auto start = Word(dialect, {"numeric(", "DECIMAL(", "", "NUMBER(", "decimal(", "decimal(", "", ""});
    if (start) return *start + size;
  }
  return std::nullopt;
}

namespace {

std::string Joined(const std::vector<std::string>& items, std::string_view between) {
  std::string text;
  for (const auto& item : items) text += (text.empty() ? "" : std::string(between)) + item;
  return text;
}

std::string CallOf(std::string_view name, const std::vector<std::string>& arguments) {
  return std::string(name) + "(" + Joined(arguments, ", ") + ")";
}

std::optional<std::string> WriteSubstring(Dialect dialect, const Call& call,
                                          const std::vector<std::string>& arguments) {
  // Starts before the first character mean different things.
  const bool positive = call.arguments.size() >= 2 && call.arguments.size() <= 3 &&
                        call.arguments[1]->kind == ExpressionKind::kInteger &&
                        As<Literal>(*call.arguments[1]).value != "0";
  if (!positive) return std::nullopt;
  if (arguments.size() == 3 && call.arguments[2]->kind != ExpressionKind::kInteger) return std::nullopt;
  if (dialect == Dialect::kTsql && arguments.size() == 2) return std::nullopt;
  const auto name =
      Word(dialect, {"substr", "SUBSTRING", "SUBSTR", "SUBSTR", "SUBSTRING", "substr", "substr", "substringUTF8"});
  return CallOf(*name, arguments);
}

std::optional<std::string> WritePart(Dialect dialect, const std::string& part, const std::string& value) {
  if (dialect == Dialect::kTsql)
    return part == "quarter" ? std::nullopt : std::optional(ToUpper(part) + "(" + value + ")");
  if (dialect == Dialect::kSqlite || dialect == Dialect::kClickhouse) return std::nullopt;
  return "EXTRACT(" + ToUpper(part) + " FROM " + value + ")";
}

struct Renamed {
  std::string_view name;
  std::size_t least;
  std::size_t most;
  Words words;
};

// Functions that are the same but for their names.
constexpr std::array kRenamed = {
    Renamed{"count", 0, 1, {"count", "COUNT", "COUNT", "COUNT", "COUNT_BIG", "count", "count", "count"}},
    Renamed{"sum", 1, 1, {"sum", "SUM", "SUM", "SUM", "SUM", "sum", "sum", "sum"}},
    Renamed{"min", 1, 1, {"min", "MIN", "MIN", "MIN", "MIN", "min", "min", "min"}},
    Renamed{"max", 1, 1, {"max", "MAX", "MAX", "MAX", "MAX", "max", "max", "max"}},
    Renamed{"avg", 1, 1, {"avg", "AVG", "AVG", "AVG", "", "avg", "avg", "avg"}},
    Renamed{"lower", 1, 1, {"lower", "LOWER", "LOWER", "LOWER", "LOWER", "lower", "", "lowerUTF8"}},
    Renamed{"upper", 1, 1, {"upper", "UPPER", "UPPER", "UPPER", "UPPER", "upper", "", "upperUTF8"}},
    Renamed{"length", 1, 1, {"length", "CHAR_LENGTH", "LENGTH", "LENGTH", "", "length", "length", "lengthUTF8"}},
    Renamed{"abs", 1, 1, {"abs", "ABS", "ABS", "ABS", "ABS", "abs", "abs", "abs"}},
    Renamed{"floor", 1, 1, {"floor", "FLOOR", "FLOOR", "FLOOR", "FLOOR", "floor", "", "floor"}},
    Renamed{"ceil", 1, 1, {"ceil", "CEILING", "CEIL", "CEIL", "CEILING", "ceil", "", "ceil"}},
    Renamed{"ceiling", 1, 1, {"ceil", "CEILING", "CEIL", "CEIL", "CEILING", "ceil", "", "ceil"}},
    Renamed{"coalesce",
            2,
            99,
            {"coalesce", "COALESCE", "COALESCE", "COALESCE", "COALESCE", "coalesce", "coalesce", "coalesce"}},
    Renamed{"nullif", 2, 2, {"nullif", "NULLIF", "NULLIF", "NULLIF", "NULLIF", "nullif", "nullif", "nullIf"}},
    Renamed{"replace", 3, 3, {"replace", "REPLACE", "", "REPLACE", "REPLACE", "replace", "replace", ""}},
    Renamed{"row_number",
            0,
            0,
            {"row_number", "ROW_NUMBER", "ROW_NUMBER", "ROW_NUMBER", "ROW_NUMBER", "row_number", "row_number",
             "row_number"}},
    Renamed{"rank", 0, 0, {"rank", "RANK", "RANK", "RANK", "RANK", "rank", "rank", "rank"}},
    Renamed{"dense_rank",
            0,
            0,
            {"dense_rank", "DENSE_RANK", "DENSE_RANK", "DENSE_RANK", "DENSE_RANK", "dense_rank", "dense_rank",
             "dense_rank"}},
    Renamed{"lag", 1, 1, {"lag", "LAG", "LAG", "LAG", "LAG", "lag", "lag", ""}},
    Renamed{"lead", 1, 1, {"lead", "LEAD", "LEAD", "LEAD", "LEAD", "lead", "lead", ""}},
};

}  // namespace

std::optional<std::string> DialectCall(Dialect dialect, const std::string& name, const Call& call,
                                       const std::vector<std::string>& arguments) {
  if (name == "substr" || name == "substring") return WriteSubstring(dialect, call, arguments);
  if (name == "concat" && arguments.size() >= 2) {
    const auto operation = Word(dialect, {" || ", "", "", "", " + ", " || ", " || ", ""});
    if (operation) return "(" + Joined(arguments, *operation) + ")";
    return CallOf("CONCAT", arguments);
  }
  for (const auto* part : {"year", "month", "day", "quarter"}) {
    if (name == part && arguments.size() == 1) return WritePart(dialect, name, arguments[0]);
  }
  for (const auto& renamed : kRenamed) {
    if (name != renamed.name) continue;
    const auto word = Word(dialect, renamed.words);
    if (!word || arguments.size() < renamed.least || arguments.size() > renamed.most) return std::nullopt;
    return CallOf(*word, arguments);
  }
  return std::nullopt;
}

}  // namespace tarn::sql
