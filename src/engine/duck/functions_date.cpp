// Dates, times and their patterns.
#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

#include "engine/duck/date_patterns.h"
#include "engine/duck/decimal_math.h"
#include "engine/duck/expansion.h"
#include "engine/duck/functions.h"
#include "engine/duck/iso_8601.h"
#include "engine/duck/logical_types.h"
#include "engine/duck/picosecond_text.h"
#include "engine/duck/picoseconds.h"
#include "engine/duck/row_types.h"
#include "engine/duck/zone_clock.h"

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

bool IsTimeUnit(const std::string& unit) {
  return unit == "millisecond" || unit == "second" || unit == "minute" || unit == "hour";
}

// The units that a type can be counted in; the name of its family for errors.
bool IsTimeOfDay(const LogicalType& type) {
  return type.id() == LogicalTypeId::TIME || type.id() == LogicalTypeId::TIME_TZ ||
         type.id() == LogicalTypeId::TIME_NS || TagOf(type) == Tag::kTime;
}
bool HasUnit(const LogicalType& type, const std::string& unit) {
  if (std::ranges::find(kUnits, unit) == kUnits.end()) return false;
  if (type.id() == LogicalTypeId::DATE) return !IsTimeUnit(unit);
  if (IsTimeOfDay(type)) return IsTimeUnit(unit);
  return true;
}
const char* FamilyOf(const LogicalType& type) {
  if (type.id() == LogicalTypeId::DATE) return "DATE";
  return IsTimeOfDay(type) ? "TIME" : "TIMESTAMP";
}

// What `build` makes for the unit of the first argument: one expression where it is constant, else one for each unit,
// and an error for others.
template <class Build>
Expr ByUnit(Expansion& e, const LogicalType& type, Build build) {
  if (const auto constant = e.Constant(0)) {
    const auto unit = Lower(constant->ToString());
    if (HasUnit(type, unit)) return build(unit);
  }
  for (std::size_t i = 0; i < e.size(); ++i) e.NeedCopyable(i);
  Expr result;
  for (const auto unit : kUnits) {
    if (!HasUnit(type, std::string(unit))) continue;
    auto one = build(std::string(unit));
    if (!result) {
      auto message = e.Operator("||", e.Operator("||", e.Literal(Value("'")), e.Cast(e.Copy(0), LogicalType::VARCHAR)),
                                e.Literal(Value(std::string("' is not a valid ") + FamilyOf(type) + " field")));
      auto failure = e.Call("trino_fail", e.Literal(Value("INVALID_FUNCTION_ARGUMENT")), std::move(message));
      auto unknown = Expansion::IsNull(e.Copy(0));
      result = Expansion::Case(std::move(unknown), Expansion::Literal(Value(one->return_type)),
                               e.Cast(std::move(failure), one->return_type));
    }
    auto same = Expansion::Compare(duckdb::ExpressionType::COMPARE_EQUAL,
                                   e.Call("lower", e.Cast(e.Copy(0), LogicalType::VARCHAR)),
                                   e.Literal(Value(std::string(unit))));
    result = Expansion::Case(std::move(same), std::move(one), std::move(result));
  }
  return result;
}

Expr IntervalOf(Expansion& e, const std::string& unit, Expr count) {
  if (unit == "millisecond" || unit == "second") {
    return e.Call("to_" + unit + "s", e.Cast(std::move(count), LogicalType::DOUBLE));
  }
  if (unit == "minute" || unit == "hour")
    return e.Call("to_" + unit + "s", e.Cast(std::move(count), LogicalType::BIGINT));
  return e.Call("to_" + unit + "s", e.Cast(std::move(count), LogicalType::INTEGER));
}

// Of a time or timestamp with more than six digits of a second those six, in the engine's own type; what the engine
// makes of it gets its other digits back.
bool HasDigitsBelow(const LogicalType& type) {
  return TagOf(type) == Tag::kTimestamp || TagOf(type) == Tag::kTime || type.id() == LogicalTypeId::TIMESTAMP_NS ||
         type.id() == LogicalTypeId::TIME_NS;
}
Expr Tagged(const Expansion& e, Expr value) {
  if (value->return_type.id() == LogicalTypeId::TIMESTAMP_NS)
    return TimestampOfPicoseconds(e, PicosecondsOf(e, std::move(value)), 12);
  if (value->return_type.id() == LogicalTypeId::TIME_NS)
    return TimeOfPicoseconds(e, DayPicosecondsOf(e, std::move(value)), 12);
  return value;
}
Expr OfMicroseconds(const Expansion& e, Expr value) { return WithoutPicoseconds(e, Tagged(e, std::move(value))); }
Expr WithDigitsBelow(const Expansion& e, Expr shifted, Expr value) {
  const auto type = value->return_type;
  const bool time = IsTimeOfDay(type);
  shifted = e.Cast(std::move(shifted), time ? LogicalType(LogicalType::TIME) : LogicalType(LogicalType::TIMESTAMP));
  auto whole = WithPicosecondsOf(e, std::move(shifted), Tagged(e, std::move(value)));
  if (type.id() == LogicalTypeId::TIMESTAMP_NS) return TimestampOfPicoseconds(e, Unpack(e, std::move(whole)), 9);
  if (type.id() == LogicalTypeId::TIME_NS) return TimeOfPicoseconds(e, Unpack(e, std::move(whole)), 9);
  return whole;
}

Expr DateAdd(Expansion& e) {
  const auto type = e.Type(2);
  return ByUnit(e, type, [&](const std::string& unit) {
    auto interval = IntervalOf(e, unit, e.Copy(1));
    if (HasDigitsBelow(type)) {
      auto shifted = e.Operator("+", OfMicroseconds(e, e.Copy(2)), std::move(interval));
      return WithDigitsBelow(e, std::move(shifted), e.Copy(2));
    }
    return e.Cast(e.Operator("+", e.Copy(2), std::move(interval)), type);
  });
}

// The engine's date_diff counts boundaries; date_sub counts whole units, as Trino does.
Expr DateDiff(Expansion& e) {
  const bool fine = HasDigitsBelow(e.Type(1)) || HasDigitsBelow(e.Type(2));
  const auto type =
      fine ? (IsTimeOfDay(e.Type(1)) ? LogicalType(LogicalType::TIME) : LogicalType(LogicalType::TIMESTAMP))
           : e.CommonType(1, 2);
  const auto plain = [&](std::size_t i) { return e.Cast(fine ? OfMicroseconds(e, e.Copy(i)) : e.Copy(i), type); };
  return ByUnit(e, type, [&](const std::string& unit) {
    auto start = plain(1);
    return e.Call("date_sub", e.Literal(Value(unit)), std::move(start), plain(2));
  });
}

Expr DateTrunc(Expansion& e) {
  const auto type = e.Type(1);
  const auto back = [&](Expr cut) -> Expr {
    if (TagOf(type) == Tag::kTimestamp) return TimestampOfPicoseconds(e, PicosecondsOf(e, std::move(cut)), 12);
    if (TagOf(type) == Tag::kTime) return TimeOfPicoseconds(e, DayPicosecondsOf(e, std::move(cut)), 12);
    if (type.id() == LogicalTypeId::TIMESTAMP_NS) return TimestampOfPicoseconds(e, PicosecondsOf(e, std::move(cut)), 9);
    if (type.id() == LogicalTypeId::TIME_NS) return TimeOfPicoseconds(e, DayPicosecondsOf(e, std::move(cut)), 9);
    return e.Cast(std::move(cut), type);
  };
  return ByUnit(e, type, [&](const std::string& unit) {
    auto value = OfMicroseconds(e, e.Copy(1));
    if (value->return_type.id() == LogicalTypeId::TIME) {
      // The engine cuts no times of day: the same hour of the first day stands for them.
      auto stamp = e.Operator("+", e.Literal(Value::DATE(duckdb::date_t(0))), std::move(value));
      auto cut = e.Call("date_trunc", e.Literal(Value(unit)), std::move(stamp));
      return back(e.Cast(e.Cast(std::move(cut), LogicalType::TIMESTAMP), LogicalType::TIME));
    }
    return back(e.Call("date_trunc", e.Literal(Value(unit)), std::move(value)));
  });
}

Expr Extract(Expansion& e) {
  static constexpr std::array<std::pair<std::string_view, const char*>, 19> kFields = {{
      {"year", "year"},
      {"quarter", "quarter"},
      {"month", "month"},
      {"week", "week"},
      {"week_of_year", "week"},
      {"day", "day"},
      {"day_of_month", "day"},
      {"day_of_week", "isodow"},
      {"dow", "isodow"},
      {"day_of_year", "dayofyear"},
      {"doy", "dayofyear"},
      {"year_of_week", "isoyear"},
      {"yow", "isoyear"},
      {"hour", "hour"},
      {"minute", "minute"},
      {"second", "second"},
      {"millisecond", "millisecond"},
      {"timezone_hour", "timezone_hour"},
      {"timezone_minute", "timezone_minute"},
  }};
  const auto field = Lower(e.ConstantText(0, "Field"));
  const auto* found = std::ranges::find(kFields, field, &std::pair<std::string_view, const char*>::first);
  if (found == kFields.end()) Fail("NOT_SUPPORTED", "Field is not supported: \"" + field + "\"");
  if (e.Id(1) == LogicalTypeId::DATE && (IsTimeUnit(field) || field.starts_with("timezone"))) {
    Fail("TYPE_MISMATCH", "Cannot extract " + field + " from date");
  }
  auto value = e.Cast(e.Call(found->second, OfMicroseconds(e, e.Take(1))), LogicalType::BIGINT);
  if (field != "millisecond") return value;
  return e.Operator("%", std::move(value), e.Literal(Value::BIGINT(1000)));
}

Expr AtTimezone(Expansion& e) { return e.Cast(e.Take(0), LogicalType::TIMESTAMP_TZ); }

Expr WithTimezone(Expansion& e) { return e.Call("timezone", e.Take(1), e.Cast(e.Take(0), LogicalType::TIMESTAMP)); }

Expr FromUnixtime(Expansion& e) {
  // The engine cuts below microseconds; Trino rounds to milliseconds.
  auto checked =
      Unary<double, double>("trino_epoch_seconds", LogicalType::DOUBLE, LogicalType::DOUBLE, [](double seconds) {
        if (!(std::abs(seconds) < 9.2e12)) Fail("INVALID_FUNCTION_ARGUMENT", "Seconds out of the range of timestamps");
        return seconds;
      });
  auto seconds = e.Run(std::move(checked), e.Cast(e.Take(0), LogicalType::DOUBLE));
  auto milliseconds = e.Call("round", e.Operator("*", std::move(seconds), e.Literal(Value::DOUBLE(1000))));
  return e.Call("to_timestamp", e.Operator("/", std::move(milliseconds), e.Literal(Value::DOUBLE(1000))));
}

// (x, p): p digits of the second's fraction.
Expr ToIso8601(Expansion& e) {
  const auto pattern = [&](const char* text) { return e.Literal(Value(text)); };
  if (e.Id(0) == LogicalTypeId::DATE) return e.Call("strftime", e.Take(0), pattern("%Y-%m-%d"));
  e.NeedCopyable(0);
  const auto digits = e.ConstantInteger(1, "Precision");
  if (TagOf(e.Type(0)) == Tag::kTimestamp) {
    auto run = [digits](duckdb::hugeint_t picoseconds) {
      std::array<char, kLongestValue> text{};
      const char* const end = WritePicosecondTimestamp(text.data(), ToInt128(picoseconds), static_cast<int>(digits));
      std::string iso(text.data(), static_cast<std::size_t>(end - text.data()));
      iso[iso.rfind(' ')] = 'T';
      return iso;
    };
    return e.Run(RowFunctionOf<std::string, duckdb::hugeint_t>("trino_iso8601_" + std::to_string(digits), run),
                 Unpack(e, e.Take(0)));
  }
  const bool zoned = e.Id(0) == LogicalTypeId::TIMESTAMP_TZ;
  const bool nanos = e.Id(0) == LogicalTypeId::TIMESTAMP_NS;
  const auto type = zoned   ? LogicalType(LogicalType::TIMESTAMP_TZ)
                    : nanos ? LogicalType(LogicalType::TIMESTAMP_NS)
                            : LogicalType(LogicalType::TIMESTAMP);
  auto text = e.Call("strftime", e.Cast(e.Copy(0), type), pattern("%Y-%m-%dT%H:%M:%S"));
  if (digits > 0) {
    auto fraction = e.Call("left", e.Call("strftime", e.Cast(e.Copy(0), type), pattern(".%n")),
                           e.Literal(Value::BIGINT(digits + 1)));
    text = e.Operator("||", std::move(text), std::move(fraction));
  }
  if (!zoned) return text;
  auto offset = TextToText("trino_iso_offset", [](std::string_view sign_and_hours) {
    auto whole = std::string(sign_and_hours);
    if (whole.size() == 3) whole += ":00";
    return whole == "+00:00" ? std::string("Z") : whole;
  });
  return e.Operator("||", std::move(text), e.Run(std::move(offset), e.Call("strftime", e.Take(0), pattern("%z"))));
}

// Without an offset the text counts in the session's zone.
Expr FromIso8601Timestamp(Expansion& e) {
  e.NeedCopyable(0);
  const auto text = [&] { return e.Cast(e.Copy(0), LogicalType::VARCHAR); };
  auto zoned = e.Run(RowFunction("trino_iso_has_offset", IsoHasOffset), text());
  auto instant = e.Call("make_timestamptz", e.Run(RowFunction("trino_iso_instant", IsoMicros), text()));
  auto local = e.Cast(e.Call("make_timestamp", e.Run(RowFunction("trino_iso_local", IsoMicros), text())),
                      LogicalType::TIMESTAMP_TZ);
  return Expansion::Case(std::move(zoned), std::move(instant), std::move(local));
}
Expr FromIso8601Date(Expansion& e) {
  auto days = e.Run(RowFunction("trino_iso_days", IsoDays), e.Cast(e.Take(0), LogicalType::VARCHAR));
  return e.Cast(e.Operator("+", e.Literal(Value::DATE(duckdb::date_t(0))), std::move(days)), LogicalType::DATE);
}

// One pattern after another; most statements have one for all rows.
template <DatePattern (*compile)(std::string_view)>
class Patterns final {
 public:
  const DatePattern& Of(std::string_view text) {
    if (!pattern_ || text != text_) {
      pattern_ = compile(text);
      text_ = text;
    }
    return *pattern_;
  }

 private:
  std::string text_;
  std::optional<DatePattern> pattern_;
};

template <DatePattern (*compile)(std::string_view), class Result, class... Arguments, class F>
duckdb::ScalarFunction PatternFunction(const std::string& name, F f) {
  const auto run = [f](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
    Patterns<compile> patterns;
    const auto on_row = [&](const Arguments&... arguments, std::string_view pattern) {
      return f(patterns.Of(pattern), arguments...);
    };
    row_function::Run<Result, Arguments..., std::string_view>(
        in, out, on_row, std::index_sequence_for<Arguments..., std::string_view>());
  };
  duckdb::ScalarFunction function(name, {RowType<Arguments>::Type()..., LogicalType::VARCHAR}, RowType<Result>::Type(),
                                  run);
  function.SetFallible();
  return function;
}

// (timestamp, pattern)
template <DatePattern (*compile)(std::string_view)>
Expr Format(Expansion& e, const char* name) {
  const auto format = [](const DatePattern& pattern, duckdb::timestamp_t time) {
    return pattern.Format({.microseconds = time.value});
  };
  auto local = e.Cast(WithoutPicoseconds(e, e.Take(0)), LogicalType::TIMESTAMP);
  return e.Run(PatternFunction<compile, std::string, duckdb::timestamp_t>(name, format), std::move(local),
               e.Cast(e.Take(1), LogicalType::VARCHAR));
}
Expr DateFormat(Expansion& e) { return Format<DatePattern::OfMysql>(e, "trino_format_mysql"); }
Expr FormatDatetime(Expansion& e) { return Format<DatePattern::OfJoda>(e, "trino_format_joda"); }

// (zoned, pattern): also with what the pattern asks of the zone.
Expr FormatZoned(Expansion& e) {
  if (TagOf(e.Type(0)) != Tag::kZoned) Fail("NOT_SUPPORTED", "A timestamp that carries its zone is needed");
  e.NeedCopyable(0);
  const auto format = [](const DatePattern& pattern, duckdb::hugeint_t instant, std::string_view zone) {
    const auto micros = FloorToMicroseconds(ToInt128(instant));
    ZoneClock clock{std::string(zone)};
    const auto offset = clock.OffsetAt(static_cast<std::int64_t>(FloorDivide(micros, 1'000'000)));
    return pattern.Format(
        {.microseconds = micros + offset * 1'000'000, .zone = std::string(zone), .offset_seconds = offset});
  };
  auto function = PatternFunction<DatePattern::OfJoda, std::string, duckdb::hugeint_t, std::string_view>(
      "trino_format_zoned_joda", format);
  auto instant = Unpack(e, e.Copy(0));
  return e.Run(std::move(function), std::move(instant), UnpackZone(e, e.Copy(0)),
               e.Cast(e.Take(1), LogicalType::VARCHAR));
}

// (text, pattern): the clock's reading.
template <DatePattern (*compile)(std::string_view)>
Expr Parse(Expansion& e, const char* name) {
  const auto parse = [](const DatePattern& pattern, std::string_view text) {
    return duckdb::timestamp_t(pattern.Parse(text).milliseconds * 1000);
  };
  auto text = e.Cast(e.Take(0), LogicalType::VARCHAR);
  return e.Run(PatternFunction<compile, duckdb::timestamp_t, std::string_view>(name, parse), std::move(text),
               e.Cast(e.Take(1), LogicalType::VARCHAR));
}
Expr DateParse(Expansion& e) { return Parse<DatePattern::OfMysql>(e, "trino_parse_mysql"); }
Expr ParseDatetime(Expansion& e) { return Parse<DatePattern::OfJoda>(e, "trino_parse_joda"); }

// (text, pattern, zone): the instant, in the zone that the text says or else in this one.
Expr ParseZoned(Expansion& e) {
  const auto otherwise = e.ConstantText(2, "Time zone");
  e.NeedCopyable(0);
  e.NeedCopyable(1);
  const auto text = [&] { return e.Cast(e.Copy(0), LogicalType::VARCHAR); };
  const auto pattern = [&] { return e.Cast(e.Copy(1), LogicalType::VARCHAR); };
  const auto instant = [otherwise](const DatePattern& how, std::string_view what) {
    const auto parsed = how.Parse(what);
    const ZoneClock clock(parsed.zone.value_or(otherwise));
    const auto seconds = static_cast<std::int64_t>(FloorDivide(parsed.milliseconds, 1000));
    const auto millis = parsed.milliseconds - clock.OffsetOfLocal(seconds) * 1000;
    return FromInt128(static_cast<Int128>(millis) * 1000 * kPicosPerMicro);
  };
  const auto zone = [otherwise](const DatePattern& how, std::string_view what) {
    return how.Parse(what).zone.value_or(otherwise);
  };
  auto picoseconds = e.Run(PatternFunction<DatePattern::OfJoda, duckdb::hugeint_t, std::string_view>(
                               "trino_parse_instant_" + otherwise, instant),
                           text(), pattern());
  auto name =
      e.Run(PatternFunction<DatePattern::OfJoda, std::string, std::string_view>("trino_parse_zone_" + otherwise, zone),
            text(), pattern());
  return PackZoned(e, std::move(picoseconds), std::move(name));
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
  RegisterExpander(loader, "trino_to_iso8601", {2}, Expanding<ToIso8601>);
  RegisterExpander(loader, "trino_from_iso8601_date", {1}, Expanding<FromIso8601Date>);
  RegisterExpander(loader, "trino_from_iso8601_timestamp", {1}, Expanding<FromIso8601Timestamp>);
  RegisterExpander(loader, "trino_date_format", {2}, Expanding<DateFormat>);
  RegisterExpander(loader, "trino_date_parse", {2}, Expanding<DateParse>);
  RegisterExpander(loader, "trino_format_datetime", {2}, Expanding<FormatDatetime>);
  RegisterExpander(loader, "trino_parse_datetime", {2}, Expanding<ParseDatetime>);
  RegisterExpander(loader, "trino_zoned_format", {2}, Expanding<FormatZoned>);
  RegisterExpander(loader, "trino_zoned_parse", {3}, Expanding<ParseZoned>);
}

}  // namespace tarn::engine
