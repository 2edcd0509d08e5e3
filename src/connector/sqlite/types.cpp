#include "connector/sqlite/types.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace tarn::connector::sqlite {
namespace {

// Twenty digits bring every double back exactly; SQLite's own text has fifteen.
constexpr std::string_view kRealText = "printf('%!.20g', {c})";

// SQLite has no function that fails with a message, but this one's message holds its argument.
std::string Raise(std::string_view shown) {
  return fmt::format(
      "json_extract('{{}}', 'TRINO:INVALID_CAST_ARGUMENT:Column {{n}} holds a ' || typeof({{c}}) || ' value that its "
      "type {} cannot be')",
      shown);
}

std::string EngineRaise(std::string_view shown) {
  return fmt::format("error('TRINO:INVALID_CAST_ARGUMENT:Column {{n}} holds a value that its type {} cannot be')",
                     shown);
}

// The remote text for the storage classes in `branches`; NULL is NULL, everything else fails.
std::string Only(std::string_view branches, std::string_view shown) {
  return fmt::format("CASE typeof({{c}}) WHEN 'null' THEN NULL {} ELSE {} END", branches, Raise(shown));
}

TypeMapping Decimal(int precision, int scale) {
  const auto shown = fmt::format("decimal({},{})", precision, scale);
  const auto engine_type = fmt::format("DECIMAL({},{})", precision, scale);
  const auto remote =
      Only(fmt::format("WHEN 'integer' THEN CAST({{c}} AS TEXT) WHEN 'real' THEN {}", kRealText), shown);
  // A double stands for the decimal that is nearest to it, provided that this one gives the same double.
  const auto value = fmt::format(
      "CASE WHEN {{x}} IS NULL THEN NULL WHEN CAST(TRY_CAST({{x}} AS {0}) AS DOUBLE) = CAST({{x}} AS DOUBLE) THEN "
      "CAST({{x}} AS {0}) ELSE {1} END",
      engine_type, EngineRaise(shown));
  return {.type = shown, .engine_type = engine_type, .remote = remote, .value = value};
}

TypeMapping Integer() {
  return {.type = "bigint",
          .engine_type = "BIGINT",
          .remote = Only("WHEN 'integer' THEN CAST({c} AS TEXT)", "bigint"),
          .value = "CAST({x} AS BIGINT)"};
}

TypeMapping Boolean() {
  const auto remote = fmt::format(
      "CASE WHEN {{c}} IS NULL THEN NULL WHEN {{c}} = 0 OR lower({{c}}) = 'false' THEN 'false' WHEN {{c}} = 1 OR "
      "lower({{c}}) = 'true' THEN 'true' ELSE {} END",
      Raise("boolean"));
  return {.type = "boolean", .engine_type = "BOOLEAN", .remote = remote, .value = "CAST({x} AS BOOLEAN)"};
}

TypeMapping Double() {
  const auto value = fmt::format(
      "CASE WHEN regexp_full_match({{x}}, '-?[0-9]+') AND CAST(CAST({{x}} AS DOUBLE) AS HUGEINT) <> CAST({{x}} AS "
      "HUGEINT) THEN {} ELSE CAST({{x}} AS DOUBLE) END",
      EngineRaise("double"));
  return {
      .type = "double",
      .engine_type = "DOUBLE",
      .remote = Only(fmt::format("WHEN 'integer' THEN CAST({{c}} AS TEXT) WHEN 'real' THEN {}", kRealText), "double"),
      .value = value};
}

TypeMapping Date() {
  const auto value = fmt::format(
      "CASE WHEN {{x}} IS NULL THEN NULL WHEN CAST(TRY_CAST({{x}} AS DATE) AS VARCHAR) = {{x}} THEN CAST({{x}} AS "
      "DATE) ELSE {} END",
      EngineRaise("date"));
  return {.type = "date", .engine_type = "DATE", .remote = Only("WHEN 'text' THEN {c}", "date"), .value = value};
}

TypeMapping Timestamp() {
  const auto value = fmt::format(
      "CASE WHEN {{x}} IS NULL THEN NULL WHEN regexp_full_match({{x}}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}([ "
      "T][0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}([.][0-9]{{1,6}})?)?Z?)?') "
      "AND TRY_CAST({{x}} AS TIMESTAMP) IS NOT NULL THEN CAST({{x}} AS TIMESTAMP) ELSE {} END",
      EngineRaise("timestamp(6)"));
  return {.type = "timestamp(6)",
          .engine_type = "TIMESTAMP",
          .remote = Only("WHEN 'text' THEN {c}", "timestamp(6)"),
          .value = value};
}

TypeMapping Blob() {
  return {.type = "varbinary",
          .engine_type = "BLOB",
          .remote = Only("WHEN 'blob' THEN hex({c}) WHEN 'text' THEN hex(CAST({c} AS BLOB))", "varbinary"),
          .value = "unhex({x})"};
}

// Whatever is in it, as text; bytes as SQLite writes them in SQL. Round trip through the engine's bytes
// refuses what is not UTF-8.
TypeMapping Text() {
  const auto remote = fmt::format(
      "CASE typeof({{c}}) WHEN 'blob' THEN quote({{c}}) WHEN 'real' THEN "
      "CASE WHEN CAST(CAST({{c}} AS TEXT) AS REAL) = {{c}} THEN CAST({{c}} AS TEXT) ELSE {} END ELSE CAST({{c}} AS "
      "TEXT) END",
      kRealText);
  return {.type = "varchar", .engine_type = "VARCHAR", .remote = remote, .value = "decode(encode({x}))"};
}

bool ReadPair(std::string_view text, int& first, int& second) {
  const auto open = text.find('(');
  if (open == std::string_view::npos) return false;
  std::string digits(text.substr(open + 1));
  std::erase(digits, ' ');
  const char* end = digits.data() + digits.size();
  auto read = std::from_chars(digits.data(), end, first);
  if (read.ec != std::errc{}) return false;
  second = 0;
  if (read.ptr != end && *read.ptr == ',') read = std::from_chars(read.ptr + 1, end, second);
  return read.ec == std::errc{} && first >= 1 && first <= 38 && second >= 0 && second <= first;
}

}  // namespace

TypeMapping MapType(std::string_view declared_type) {
  std::string type(declared_type);
  std::ranges::transform(type, type.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  const auto base = type.substr(0, type.find_first_of(" ("));
  const auto is = [&](std::initializer_list<std::string_view> names) {
    return std::ranges::find(names, base) != names.end();
  };
  int precision = 0;
  int scale = 0;
  if (is({"BOOLEAN", "BOOL"})) return Boolean();
  if (is({"DECIMAL", "NUMERIC", "DEC"})) return ReadPair(type, precision, scale) ? Decimal(precision, scale) : Double();
  if (is({"DATE"})) return Date();
  if (is({"TIMESTAMP", "DATETIME"})) return Timestamp();
  if (is({"BLOB", "BINARY", "VARBINARY", "BYTEA"})) return Blob();
  if (is({"REAL", "DOUBLE", "FLOAT"})) return Double();
  if (base.find("INT") != std::string::npos && base != "POINT" && base != "INTERVAL") return Integer();
  return Text();
}

}  // namespace tarn::connector::sqlite
