#include "connector/postgres/types.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "connector/engine_text.h"

namespace tarn::connector::postgres {
namespace {

constexpr std::string_view kDomain = " domain ";

struct SameType {
  std::string_view source;
  std::string_view type;
  std::string_view engine_type;
  Filter filter;
};

// Types that PostgreSQL's binary form, the engine and Trino understand alike.
constexpr std::array<SameType, 12> kSameTypes = {{
    {"boolean", "boolean", "BOOLEAN", Filter::kEquality},
    {"smallint", "smallint", "SMALLINT", Filter::kOrder},
    {"integer", "integer", "INTEGER", Filter::kOrder},
    {"bigint", "bigint", "BIGINT", Filter::kOrder},
    {"real", "real", "FLOAT", Filter::kOrder},
    {"double precision", "double", "DOUBLE", Filter::kOrder},
    {"text", "varchar", "VARCHAR", Filter::kText},
    {"character varying", "varchar", "VARCHAR", Filter::kText},
    {"bytea", "varbinary", "BLOB", Filter::kNone},
    {"date", "date", "DATE", Filter::kTime},
    {"uuid", "uuid", "UUID", Filter::kEquality},
    {"name", "varchar", "VARCHAR", Filter::kNone},
}};

// A type text taken apart: "timestamp(3) without time zone" is name "timestamp without time zone", first 3.
struct TypeText {
  std::string name;
  int arguments = 0;
  int first = 0;
  int second = 0;
};

TypeText TakeApart(std::string_view text) {
  const auto open = text.find('(');
  const auto close = text.find(')', open == std::string_view::npos ? 0 : open);
  if (open == std::string_view::npos || close == std::string_view::npos) return {.name = std::string(text)};
  TypeText parts{.name = fmt::format("{}{}", text.substr(0, open), text.substr(close + 1))};
  const char* end = text.data() + close;
  auto read = std::from_chars(text.data() + open + 1, end, parts.first);
  if (read.ec == std::errc{}) parts.arguments = 1;
  if (parts.arguments == 1 && read.ptr != end && *read.ptr == ',') {
    read = std::from_chars(read.ptr + 1, end, parts.second);
    if (read.ec == std::errc{}) parts.arguments = 2;
  }
  return parts;
}

// A PostgreSQL expression that fails: a cast to `type` of an error in the engine's named form. It depends on the
// column, as PostgreSQL evaluates constant expressions while it plans. PostgreSQL shows the text in quotes, of
// which the last one ends the column's name.
std::string Raise(std::string_view why, std::string_view type) {
  return fmt::format("(('TRINO:INVALID_CAST_ARGUMENT:{}: {{n}}' || left({{c}}::text, 0))::{})", why, type);
}

TypeMapping AsText(std::string remote = "{c}::text") {
  return {.type = "varchar", .engine_type = "VARCHAR", .remote = std::move(remote), .attached = std::nullopt};
}

TypeMapping Decimal(const TypeText& text) {
  const bool fits = text.arguments == 2 && text.first <= 38 && text.second >= 0 && text.second <= text.first;
  if (!fits) return AsText();
  const auto type = fmt::format("({},{})", text.first, text.second);
  return {.type = "decimal" + type,
          .engine_type = "DECIMAL" + type,
          .filter = Filter::kOrder,
          .remote = fmt::format("CASE WHEN {{c}} = 'NaN'::numeric THEN {} ELSE {{c}} END",
                                Raise("A decimal column of the source holds NaN", "numeric" + type)),
          .suspicious = "{c} = 0",
          .wrong = "{c} = 'NaN'::numeric",
          .wrong_name = "NaN"};
}

TypeMapping Timestamp(const TypeText& text, bool with_zone) {
  const int precision = text.arguments == 1 ? text.first : 6;
  const std::string_view zone = with_zone ? " with time zone" : "";
  // The engine's last moment is in January of 294247, PostgreSQL's at the end of 294276.
  const auto wrong = fmt::format("({{c}} > '294246-12-31'::timestamp{} AND isfinite({{c}}))", zone);
  return {.type = fmt::format("timestamp({}){}", precision, zone),
          .engine_type = with_zone ? "TIMESTAMP WITH TIME ZONE" : "TIMESTAMP",
          .filter = Filter::kTime,
          .remote = fmt::format("CASE WHEN {} THEN {} ELSE {{c}} END", wrong,
                                Raise("A timestamp column of the source holds a time after the year 294246",
                                      fmt::format("timestamp{}", zone))),
          .suspicious = "(isfinite({c}) AND {c} < '5000-01-01 (BC)')",
          .wrong = wrong,
          .wrong_name = "a time after the year 294246"};
}

TypeMapping Time(const TypeText& text, bool with_zone) {
  const int precision = text.arguments == 1 ? text.first : 6;
  return {.type = fmt::format("time({}){}", precision, with_zone ? " with time zone" : ""),
          .engine_type = with_zone ? "TIME WITH TIME ZONE" : "TIME"};
}

// One dimension of a type that the engine reads exactly stays itself; every other element is text.
// Several dimensions, which PostgreSQL does not hold values to, are text as a whole.
TypeMapping Array(std::string_view element) {
  if (element.ends_with("[]")) return AsText();
  constexpr std::array<std::string_view, 8> kExact = {"boolean", "smallint",         "integer", "bigint",
                                                      "real",    "double precision", "date",    "uuid"};
  const bool exact = std::ranges::find(kExact, element) != kExact.end();
  const std::string_view wire = exact ? element : "text";
  const auto shown = MapType(wire);
  return {.type = fmt::format("array({})", shown.type),
          .engine_type = shown.engine_type + "[]",
          .remote = fmt::format(
              "CASE WHEN array_ndims({{c}}) > 1 THEN {} ELSE {{c}}::{}[] END",
              Raise("An array column of the source holds several dimensions", fmt::format("{}[]", wire)), wire),
          .attached = std::nullopt};
}

TypeMapping MapBase(std::string_view source_type) {
  if (source_type.ends_with("[]")) return Array(source_type.substr(0, source_type.size() - 2));
  for (const auto& same : kSameTypes) {
    if (same.source == source_type) {
      return {.type = std::string(same.type), .engine_type = std::string(same.engine_type), .filter = same.filter};
    }
  }
  const auto text = TakeApart(source_type);
  if (text.name == "numeric") return Decimal(text);
  if (text.name == "character varying") {
    return {.type = fmt::format("varchar({})", text.first), .engine_type = "VARCHAR", .filter = Filter::kText};
  }
  if (text.name == "character") {  // PostgreSQL takes trailing blanks of this type for padding
    return {.type = fmt::format("varchar({})", text.arguments == 1 ? text.first : 1),
            .engine_type = "VARCHAR",
            .filter = Filter::kEquality,
            .remote = "{c}::text",
            .attached = "rtrim({c}, ' ')"};
  }
  if (text.name == "timestamp without time zone") return Timestamp(text, false);
  if (text.name == "timestamp with time zone") return Timestamp(text, true);
  if (text.name == "time without time zone") return Time(text, false);
  if (text.name == "time with time zone") return Time(text, true);
  if (text.name == "json" || text.name == "jsonb") {
    return {.type = "json", .engine_type = "JSON", .remote = "{c}::text", .attached = "trino_json_parse({c})"};
  }
  if (text.name == "oid") {
    return {.type = "bigint", .engine_type = "BIGINT", .remote = "{c}::bigint", .attached = "CAST({c} AS BIGINT)"};
  }
  if (text.name == "inet") return AsText("abbrev({c})");  // its cast to text writes the mask also where output does not
  return AsText();
}

}  // namespace

TypeMapping MapType(std::string_view source_type) {
  const auto domain = source_type.find(kDomain);
  if (domain == std::string_view::npos) return MapBase(source_type);
  const auto base = source_type.substr(0, domain);
  auto mapping = MapBase(base);
  // Through its domain a value would lose its precision, by which the engine chooses the type it reads.
  mapping.remote = connector::Fill(mapping.remote, {{"{c}", fmt::format("({{c}}::{})", base)}});
  mapping.attached = std::nullopt;  // the engine does not look through domains
  return mapping;
}

std::string Fill(std::string_view expression, std::string_view column_name) {
  auto unclosed = NameInLiteral(column_name);
  unclosed.pop_back();
  return connector::Fill(expression, {{"{c}", Name(column_name)}, {"{n}", unclosed}});
}

}  // namespace tarn::connector::postgres
