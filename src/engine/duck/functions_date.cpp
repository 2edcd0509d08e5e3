// Dates, times and their patterns.
#include <algorithm>
#include <array>
#include <cctype>

#include "engine/duck/date_patterns.h"
#include "engine/duck/expansion.h"
#include "engine/duck/functions.h"
#include "engine/duck/logical_types.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::Value;

constexpr std::array<std::string_view, 9> kUnits = {"millisecond", "second", "minute",  "hour", "day",
                                                    "week",        "month",  "quarter", "year"};

std::string Lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool IsTimeUnit(const std::string& unit) { return unit == "millisecond" || unit == "second" || unit == "minute" || unit == "hour"; }

// The unit of date_add and its kin, checked against the type it is applied to.
std::string UnitFor(const Expansion& e, std::size_t unit_at, const LogicalType& type) {
  const auto unit = Lower(e.ConstantText(unit_at, "Unit"));
  const auto refuse = [&](const char* family) {
    Fail("INVALID_FUNCTION_ARGUMENT", "'" + unit + "' is not a valid " + family + " field");
  };
  const bool known = std::ranges::find(kUnits, unit) != kUnits.end();
  if (type.id() == LogicalTypeId::DATE) {
    if (!known || IsTimeUnit(unit)) refuse("DATE");
  } else if (type.id() == LogicalTypeId::TIME) {
    if (!known || !IsTimeUnit(unit)) refuse("TIME");
  } else if (!known) {
    refuse("TIMESTAMP");
  }
  return unit;
}

Expr IntervalOf(Expansion& e, const std::string& unit, Expr count) {
  if (unit == "millisecond" || unit == "second") {
    return e.Call("to_" + unit + "s", e.Cast(std::move(count), LogicalType::DOUBLE));
  }
  if (unit == "minute" || unit == "hour") return e.Call("to_" + unit + "s", e.Cast(std::move(count), LogicalType::BIGINT));
  return e.Call("to_" + unit + "s", e.Cast(std::move(count), LogicalType::INTEGER));
}

Expr DateAdd(Expansion& e) {
  const auto type = e.Type(2);
  const auto unit = UnitFor(e, 0, type);
  auto interval = IntervalOf(e, unit, e.Take(1));
  return e.Cast(e.Operator("+", e.Take(2), std::move(interval)), type);
}

// The engine's date_diff counts boundaries; date_sub counts whole units, as Trino does.
Expr DateDiff(Expansion& e) {
  const auto type = e.CommonType(1, 2);
  const auto unit = UnitFor(e, 0, type);
  auto start = e.Cast(e.Take(1), type);
  return e.Call("date_sub", e.Literal(Value(unit)), std::move(start), e.Cast(e.Take(2), type));
}

Expr DateTrunc(Expansion& e) {
  const auto type = e.Type(1);
  const auto unit = UnitFor(e, 0, type);
  if (type.id() == LogicalTypeId::TIME) {
    // The engine cuts no times of day: the same hour of the first day stands for them.
    auto stamp = e.Operator("+", e.Literal(Value::DATE(duckdb::date_t(0))), e.Take(1));
    return e.Cast(e.Call("date_trunc", e.Literal(Value(unit)), std::move(stamp)), type);
  }
  return e.Cast(e.Call("date_trunc", e.Literal(Value(unit)), e.Take(1)), type);
}

Expr Extract(Expansion& e) {
  static constexpr std::array<std::pair<std::string_view, const char*>, 19> kFields = {{
      {"year", "year"}, {"quarter", "quarter"}, {"month", "month"}, {"week", "week"}, {"week_of_year", "week"}, {"day", "day"},
      {"day_of_month", "day"}, {"day_of_week", "isodow"}, {"dow", "isodow"}, {"day_of_year", "dayofyear"},
      {"doy", "dayofyear"}, {"year_of_week", "isoyear"}, {"yow", "isoyear"}, {"hour", "hour"}, {"minute", "minute"},
      {"second", "second"}, {"millisecond", "millisecond"}, {"timezone_hour", "timezone_hour"},
      {"timezone_minute", "timezone_minute"},
  }};
  const auto field = Lower(e.ConstantText(0, "Field"));
  const auto* found = std::ranges::find(kFields, field, &std::pair<std::string_view, const char*>::first);
  if (found == kFields.end()) Fail("NOT_SUPPORTED", "Field is not supported: \"" + field + "\"");
  if (e.Id(1) == LogicalTypeId::DATE && (IsTimeUnit(field) || field.starts_with("timezone"))) {
    Fail("TYPE_MISMATCH", "Cannot extract " + field + " from date");
  }
  auto value = e.Cast(e.Call(found->second, e.Take(1)), LogicalType::BIGINT);
  if (field != "millisecond") return value;
  return e.Operator("%", std::move(value), e.Literal(Value::BIGINT(1000)));
}

Expr AtTimezone(Expansion& e) { return e.Cast(e.Take(0), LogicalType::TIMESTAMP_TZ); }

Expr WithTimezone(Expansion& e) { return e.Call("timezone", e.Take(1), e.Cast(e.Take(0), LogicalType::TIMESTAMP)); }

Expr FromUnixtime(Expansion& e) {
  // The engine cuts below microseconds; Trino rounds to milliseconds.
  auto milliseconds = e.Call("round", e.Operator("*", e.Cast(e.Take(0), LogicalType::DOUBLE), e.Literal(Value::DOUBLE(1000))));
  return e.Call("to_timestamp", e.Operator("/", std::move(milliseconds), e.Literal(Value::DOUBLE(1000))));
}

Expr ToIso8601(Expansion& e) {
  const auto pattern = [&](const char* text) { return e.Literal(Value(text)); };
  if (e.Id(0) == LogicalTypeId::DATE) return e.Call("strftime", e.Take(0), pattern("%Y-%m-%d"));
  if (e.Id(0) != LogicalTypeId::TIMESTAMP_TZ) {
    return e.Call("strftime", e.Cast(e.Take(0), LogicalType::TIMESTAMP), pattern("%Y-%m-%dT%H:%M:%S.%g"));
  }
  auto zoned = TextToText("trino_iso_offset", [](std::string_view text) {
    const auto sign = text.find_last_of("+-");
    auto offset = std::string(text.substr(sign));
    if (offset.size() == 3) offset += ":00";
    return std::string(text.substr(0, sign)) + (offset == "+00:00" ? "Z" : offset);
  });
  return e.Run(std::move(zoned), e.Call("strftime", e.Take(0), pattern("%Y-%m-%dT%H:%M:%S.%g%z")));
}

Expr FromIso8601Timestamp(Expansion& e) { return e.Cast(e.Take(0), LogicalType::TIMESTAMP_TZ); }

Expr Format(Expansion& e, const std::string& pattern) {
  const auto type = e.Id(0) == LogicalTypeId::TIMESTAMP_TZ ? LogicalType(LogicalType::TIMESTAMP_TZ) : LogicalType(LogicalType::TIMESTAMP);
  return e.Call("strftime", e.Cast(e.Take(0), type), e.Literal(Value(pattern)));
}

Expr DateFormat(Expansion& e) { return Format(e, EnginePatternOfMysql(e.ConstantText(1, "Date pattern"))); }
Expr FormatDatetime(Expansion& e) { return Format(e, EnginePatternOfJoda(e.ConstantText(1, "Date pattern"))); }

Expr Parse(Expansion& e, const std::string& pattern) {
  return e.Cast(e.Call("strptime", e.Take(0), e.Literal(Value(pattern))), LogicalType::TIMESTAMP);
}

Expr DateParse(Expansion& e) { return Parse(e, EnginePatternOfMysql(e.ConstantText(1, "Date pattern"))); }
Expr ParseDatetime(Expansion& e) {
  return e.Cast(Parse(e, EnginePatternOfJoda(e.ConstantText(1, "Date pattern"))), LogicalType::TIMESTAMP_TZ);
}

}  // namespace

void RegisterDates(duckdb::ExtensionLoader& loader) {
  RegisterExpander(loader, "trino_date_add", {3}, Expanding<DateAdd>);
  RegisterExpander(loader, "trino_date_diff", {3}, Expanding<DateDiff>);
  RegisterExpander(loader, "trino_date_trunc", {2}, Expanding<DateTrunc>);
  RegisterExpander(loader, "trino_extract", {2}, Expanding<Extract>);
  RegisterExpander(loader, "trino_at_timezone", {2}, Expanding<AtTimezone>);
  RegisterExpander(loader, "trino_with_timezone", {2}, Expanding<WithTimezone>);
  RegisterExpander(loader, "trino_from_unixtime", {1, 2, 3}, Expanding<FromUnixtime>);
  RegisterExpander(loader, "trino_to_iso8601", {1}, Expanding<ToIso8601>);
  RegisterExpander(loader, "trino_from_iso8601_timestamp", {1}, Expanding<FromIso8601Timestamp>);
  RegisterExpander(loader, "trino_date_format", {2}, Expanding<DateFormat>);
  RegisterExpander(loader, "trino_date_parse", {2}, Expanding<DateParse>);
  RegisterExpander(loader, "trino_format_datetime", {2}, Expanding<FormatDatetime>);
  RegisterExpander(loader, "trino_parse_datetime", {2}, Expanding<ParseDatetime>);
}

}  // namespace tarn::engine
