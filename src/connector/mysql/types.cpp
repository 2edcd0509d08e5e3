#include "connector/mysql/types.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace tarn::connector::mysql {
namespace {

// "decimal(12,2) unsigned": its name, up to two numbers, and whether it has no sign.
struct TypeText {
  std::string_view name;
  int arguments = 0;
  int first = 0;
  int second = 0;
  bool is_unsigned = false;
};

TypeText TakeApart(std::string_view text) {
  TypeText parts{.name = text.substr(0, text.find_first_of("( ")), .is_unsigned = text.ends_with(" unsigned")};
  if (text.find(" unsigned ") != std::string_view::npos) parts.is_unsigned = true;  // "… unsigned zerofill"
  const auto open = text.find('(');
  if (open != parts.name.size()) return parts;
  const char* const end = text.data() + text.size();
  auto read = std::from_chars(text.data() + open + 1, end, parts.first);
  if (read.ec == std::errc{}) parts.arguments = 1;
  if (parts.arguments == 1 && read.ptr != end && *read.ptr == ',') {
    read = std::from_chars(read.ptr + 1, end, parts.second);
    if (read.ec == std::errc{}) parts.arguments = 2;
  }
  return parts;
}

struct IntegerType {
  std::string_view source;
  std::string_view type;
  std::string_view engine_type;
  std::string_view unsigned_type;
  std::string_view unsigned_engine_type;
};

constexpr std::array<IntegerType, 6> kIntegers = {{
    {"tinyint", "tinyint", "TINYINT", "smallint", "SMALLINT"},
    {"smallint", "smallint", "SMALLINT", "integer", "INTEGER"},
    {"mediumint", "integer", "INTEGER", "integer", "INTEGER"},
    {"int", "integer", "INTEGER", "bigint", "BIGINT"},
    {"bigint", "bigint", "BIGINT", "decimal(20,0)", "DECIMAL(20,0)"},
    {"year", "smallint", "SMALLINT", "smallint", "SMALLINT"},
}};

constexpr std::array<std::string_view, 9> kSpatial = {
    "geometry",        "point",        "linestring",         "polygon",       "multipoint",
    "multilinestring", "multipolygon", "geometrycollection", "geomcollection"};
constexpr std::array<std::string_view, 6> kBinary = {"binary", "varbinary",  "tinyblob",
                                                     "blob",   "mediumblob", "longblob"};

TypeMapping Text(std::string type = "varchar", Filter filter = Filter::kNone) {
  return {.type = std::move(type), .engine_type = "VARCHAR", .filter = filter};
}

TypeMapping Bits(const TypeText& text) {
  if (text.first <= 1) return {.type = "boolean", .engine_type = "BOOLEAN", .remote = "{c} + 0"};
  if (text.first < 64) return {.type = "bigint", .engine_type = "BIGINT", .remote = "{c} + 0"};
  return {.type = "decimal(20,0)", .engine_type = "DECIMAL(20,0)", .remote = "{c} + 0"};
}

}  // namespace

TypeMapping MapType(std::string_view column_type) {
  const auto text = TakeApart(column_type);
  if (const auto* found = std::ranges::find(kIntegers, text.name, &IntegerType::source); found != kIntegers.end()) {
    return {.type = std::string(text.is_unsigned ? found->unsigned_type : found->type),
            .engine_type = std::string(text.is_unsigned ? found->unsigned_engine_type : found->engine_type),
            .filter = Filter::kOrder};
  }
  if (text.name == "decimal") {
    if (text.first > 38) return Text();
    const auto numbers = fmt::format("({},{})", text.first, text.second);
    return {.type = "decimal" + numbers, .engine_type = "DECIMAL" + numbers, .filter = Filter::kOrder};
  }
  // The server writes a float with six digits; as a double it writes all of it.
  if (text.name == "float") return {.type = "real", .engine_type = "FLOAT", .remote = "CAST({c} AS DOUBLE)"};
  if (text.name == "double") return {.type = "double", .engine_type = "DOUBLE", .filter = Filter::kOrder};
  if (text.name == "bit") return Bits(text);
  if (text.name == "char" || text.name == "varchar")
    return Text(fmt::format("varchar({})", std::max(text.first, 1)), Filter::kEquality);
  if (text.name.ends_with("text")) return Text("varchar", Filter::kEquality);
  if (text.name == "enum" || text.name == "set") return Text("varchar", Filter::kEquality);
  if (std::ranges::find(kBinary, text.name) != kBinary.end()) return {.type = "varbinary", .engine_type = "BLOB"};
  if (text.name == "date")
    return {.type = "date", .engine_type = "DATE", .filter = Filter::kTime, .may_become_null = true};
  if (text.name == "datetime") {
    return {.type = fmt::format("timestamp({})", text.first),
            .engine_type = "TIMESTAMP",
            .filter = Filter::kTime,
            .may_become_null = true};
  }
  if (text.name == "timestamp") {
    return {.type = fmt::format("timestamp({}) with time zone", text.first),
            .engine_type = "TIMESTAMP WITH TIME ZONE",
            .filter = Filter::kInstant,
            .may_become_null = true};
  }
  if (text.name == "time") return {.type = fmt::format("time({})", text.first), .engine_type = "TIME"};
  if (text.name == "json") return {.type = "json", .engine_type = "JSON"};
  if (text.name == "uuid") return {.type = "uuid", .engine_type = "UUID", .filter = Filter::kEquality};
  if (std::ranges::find(kSpatial, text.name) != kSpatial.end()) {
    auto shown = Text();
    shown.remote = "ST_AsText({c})";
    return shown;
  }
  return Text();
}

}  // namespace tarn::connector::mysql
