// The zones of timestamps with time zone. The engine keeps the instant only, so the zone is followed through the
// statement: what shows a value in its zone is written with the zone's name.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "sql/literal.h"
#include "sql/printer.h"
#include "sql/text.h"
#include "sql/translator.h"

namespace tarn::sql {
namespace {

bool IsZoned(const Type& type) { return type.Is("timestamp with time zone"); }

// Whether a zone that the engine does not see is to be shown.
bool HidesZones(const Type& type) {
  return Holds(type, [](const Type& part) { return !part.zone.empty() && !CarriesZone(part); });
}

// Whether a pattern of Joda's has letters of the zone; those in quotes count, too.
bool AsksForZone(std::string_view pattern) { return pattern.find_first_of("zZ") != std::string_view::npos; }

// Seconds of a zone that is an offset.
std::optional<std::int64_t> OffsetSeconds(std::string_view zone) {
  const auto normal = NormalZone(zone);
  if (!normal) return std::nullopt;
  if (*normal == "UTC") return 0;
  if (normal->find(':') != 3) return std::nullopt;
  const std::int64_t minutes = std::atoll(normal->substr(1, 2).c_str()) * 60 + std::atoll(normal->substr(4, 2).c_str());
  return (normal->starts_with('-') ? -60 : 60) * minutes;
}

// Functions that read the clock of their first argument.
bool IsClockFunction(std::string_view name) {
  static constexpr auto kClock = std::to_array<std::string_view>(
      {"date",    "date_format",     "day",  "day_of_month",      "day_of_week", "day_of_year",  "dow",
       "doy",     "format_datetime", "hour", "last_day_of_month", "millisecond", "minute",       "month",
       "quarter", "second",          "week", "week_of_year",      "year",        "year_of_week", "yow"});
  return std::ranges::binary_search(kClock, name);
}

// The constant text of an expression.
const std::string* ConstantText(const Expression& expression) {
  return expression.kind == ExpressionKind::kString ? &As<Literal>(expression).value : nullptr;
}

// The offset at the end of an ISO 8601 time, as a zone; nullopt where there is none.
std::optional<std::string> IsoOffset(std::string_view text) {
  const auto time = text.find('T');
  const auto at = time == std::string_view::npos ? time : text.find_first_of("+-Z", time);
  if (at == std::string_view::npos) return std::nullopt;
  std::string offset(text.substr(at));
  if (offset == "Z") return "UTC";
  if (offset.size() == 3) offset += ":00";
  if (offset.size() == 5) offset.insert(3, ":");
  return offset;
}

// Hours and minutes of an offset that are written out.
std::optional<std::string> ConstantOffset(const Expression& hours, const Expression& minutes) {
  if (hours.kind != ExpressionKind::kInteger || minutes.kind != ExpressionKind::kInteger) return std::nullopt;
  const long long total =
      std::atoll(As<Literal>(hours).value.c_str()) * 60 + std::atoll(As<Literal>(minutes).value.c_str());
  const auto two = [](long long value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  return NormalZone((total < 0 ? "-" : "+") + two(std::abs(total) / 60) + ":" + two(std::abs(total) % 60));
}

SqlText CallOf(std::string_view function, const SqlText& value, const std::string& rest) {
  SqlText sql;
  return sql.Add(function).Add("(").Add(value).Add(rest).Add(")");
}

}  // namespace

std::string Translator::ZoneOf(const Type& type) const { return type.zone.empty() ? session_.time_zone : type.zone; }

// A zone as Type::zone keeps it.
std::string Translator::KnownZone(std::string_view zone) const {
  const auto normal = NormalZone(zone);
  const std::string name = normal.value_or(std::string(zone));
  return name == session_.time_zone ? "" : name;
}

// Whether the engine's own reading, in the session's zone, is right.
bool Translator::IsPlainZone(const Type& type) const { return type.zone.empty() && session_.time_zone == "UTC"; }

SqlText Translator::ToLocal(const Written& value, base::SqlPosition position) {
  if (CarriesZone(value.type))
    return CallOf("trino_zoned_local", value.sql, ", " + std::to_string(value.type.numbers[0]));
  if (value.type.zone == kMixedZones) RefuseLast(position, "The local time of values of several time zones");
  return CallOf("trino_instant_to_local", value.sql, ", " + QuoteLiteral(ZoneOf(value.type)));
}

SqlText Translator::FromLocal(const SqlText& local, const Type& type) const {
  return CallOf("trino_local_to_instant", local, ", " + QuoteLiteral(ZoneOf(type)) + ", FALSE");
}

// The value with its zone.
SqlText Translator::ToZoned(const SqlText& value, const Type& type) const {
  return CarriesZone(type) ? value : CallOf("trino_zoned", value, ", " + QuoteLiteral(ZoneOf(type)));
}

// timezone_hour, timezone_minute.
SqlText Translator::OffsetField(std::string_view field, const SqlText& zoned, base::SqlPosition position) const {
  SqlText sql;
  sql.Mark(view_position_.value_or(position)).Add("CAST(trunc(trino_zoned_offset(").Add(zoned).Add(")");
  return sql.Add(field == "timezone_hour" ? " / 3600) AS BIGINT)" : " % 3600 / 60) AS BIGINT)");
}

// Casts from and to values that carry their zone; nullopt where neither side does.
std::optional<Written> Translator::WriteCarriedZoneCast(const Cast& cast, const Written& operand, const Type& to) {
  const bool from_carried = CarriesZone(operand.type);
  if (!from_carried && !CarriesZone(to)) return std::nullopt;
  const std::string precision = to.numbers.empty() ? "" : ", " + std::to_string(to.numbers[0]);
  Written written{.type = to};
  if (from_carried && !IsZoned(to)) {
    const SqlText local = to.Is("date") || to.name.starts_with("time") ? ToLocal(operand, cast.position) : SqlText();
    if (to.Is("varchar") || to.Is("json")) {
      const SqlText text =
          CallOf("trino_zoned_text", operand.sql, ", " + std::to_string(operand.type.numbers[0]) + ", 'UTC'");
      written.sql = to.Is("json")        ? CallOf("trino_cast_json", text, "")
                    : to.numbers.empty() ? text
                                         : CallOf("trino_cast_varchar_n", text, precision);
    } else if (to.Is("date")) {
      written.sql = CallOf("trino_cast_date", local, "");
    } else if (to.Is("timestamp")) {
      written.sql = CallOf("trino_cast_timestamp", local, precision);
    } else if (to.Is("time")) {
      written.sql = CallOf("trino_cast_time", local, precision);
    } else {
      RefuseLast(cast.position, "A cast of '" + ToText(operand.type) + "' to '" + ToText(to) + "'");
    }
    return written;
  }
  written.type.zone = std::string(kMixedZones);
  SqlText zoned;
  if (IsZoned(operand.type)) {
    zoned = ToZoned(operand.sql, operand.type);
  } else if (const std::string* text = ConstantText(*cast.operand)) {
    const auto literal = MakeTypedLiteral("timestamp", *text);
    if (!literal) {
      RefuseLast(cast.position, "A cast of this text to '" + ToText(to) + "'");
      return written;
    }
    const std::string zone = literal->type.zone.empty() ? session_.time_zone : literal->type.zone;
    zoned = CallOf("trino_zoned_of_local", SqlText(literal->sql), ", " + QuoteLiteral(zone));
  } else if (operand.type.Is("date") || operand.type.Is("timestamp")) {
    zoned = CallOf("trino_zoned_of_local", operand.sql, ", " + QuoteLiteral(session_.time_zone));
  } else {
    RefuseLast(cast.position, "A cast of a computed '" + ToText(operand.type) + "' to '" + ToText(to) + "'");
    return written;
  }
  written.sql = CallOf("trino_zoned_round", zoned, precision);
  return written;
}

// A date or a timestamp without zone, or an instant as it is.
SqlText Translator::ToInstant(const Written& value) const {
  const bool local = value.type.Is("date") || value.type.Is("timestamp");
  return local ? FromLocal(value.sql, {}) : value.sql;
}

std::optional<Written> Translator::WriteZonedCast(const Cast& cast, const Written& whole, const Type& to) {
  if (auto carried = WriteCarriedZoneCast(cast, whole, to)) return carried;
  Written operand = whole;
  // Rounded before the engine's instant cuts it.
  const bool rounds = operand.type.Is("timestamp") && IsZoned(to) && operand.type.numbers[0] > 6;
  if (rounds) {
    operand.sql = CallOf("trino_cast_timestamp", operand.sql, ", " + std::to_string(to.numbers[0]));
    operand.type.numbers = to.numbers;
  }
  const bool from_zoned = IsZoned(operand.type);
  const std::string precision = to.numbers.empty() ? "" : ", " + std::to_string(to.numbers[0]);
  Written written{.type = to};
  if (IsZoned(to)) {
    if (const std::string* text = ConstantText(*cast.operand)) {
      const auto literal = MakeTypedLiteral("timestamp", *text);
      if (!literal || !literal->type.Is("timestamp with time zone")) {
        if (!literal || IsPlainZone({})) return std::nullopt;
        written.sql = CallOf("trino_cast_timestamptz", FromLocal(SqlText(literal->sql), {}), precision);
        return written;
      }
      written.type.zone = KnownZone(literal->type.zone);
      written.sql = CallOf("trino_cast_timestamptz", FromLocal(SqlText(literal->sql), written.type), precision);
      return written;
    }
    if (from_zoned) written.type.zone = operand.type.zone;
    if (from_zoned && operand.type.zone.empty()) return std::nullopt;
    if (rounds && IsPlainZone({})) {
      written.sql = CallOf("trino_cast_timestamptz", operand.sql, precision);
      return written;
    }
    if (!from_zoned && (IsPlainZone({}) || !(operand.type.Is("date") || operand.type.Is("timestamp"))))
      return std::nullopt;
    written.sql = CallOf("trino_cast_timestamptz", ToInstant(operand), precision);
    return written;
  }
  if (to.Is("time with time zone")) return WriteOffsetTimeCast(cast, operand, to);
  if (!from_zoned || IsPlainZone(operand.type)) return std::nullopt;
  if (to.Is("varchar")) {
    if (operand.type.zone == kMixedZones) RefuseLast(cast.position, "The text of values of several time zones");
    const SqlText text = CallOf("trino_zoned_text", operand.sql,
                                ", " + std::to_string(operand.type.numbers.empty() ? 3 : operand.type.numbers[0]) +
                                    ", " + QuoteLiteral(ZoneOf(operand.type)));
    written.sql = to.numbers.empty() ? text : CallOf("trino_cast_varchar_n", text, precision);
    return written;
  }
  if (to.Is("date"))
    written.sql = CallOf("trino_cast_date", ToLocal(operand, cast.position), "");
  else if (to.Is("timestamp"))
    written.sql = CallOf("trino_cast_timestamp", ToLocal(operand, cast.position), precision);
  else if (to.Is("time"))
    written.sql = CallOf("trino_cast_time", ToLocal(operand, cast.position), precision);
  else
    RefuseLast(cast.position, "A cast of a timestamp of another time zone to '" + ToText(to) + "'");
  return written;
}

Written Translator::WriteAtTimeZone(const AtTimeZone& at, const Context& context) {
  const Written value = Write(*at.value, context);
  const Written zone = at.zone ? Write(*at.zone, context) : Written{};
  const Type& type = value.type;
  if (type.known() && !type.name.starts_with("time") && !type.Is("unknown")) {
    Fail(at.position,
         "Type of value must be a time or timestamp with or without time zone (actual " + ToText(type) + ")",
         "TYPE_MISMATCH");
  }
  Written written;
  Absorb(written, value);
  Absorb(written, zone);
  written.sql.Mark(view_position_.value_or(at.position));
  if (type.name.starts_with("time") && !type.name.starts_with("timestamp")) {
    written.type = {.name = "time with time zone", .numbers = type.numbers};
    const std::string* name = at.zone ? ConstantText(*at.zone) : &session_.time_zone;
    const auto seconds = name == nullptr ? std::nullopt : OffsetSeconds(*name);
    // A plain time counts in the session's zone, whose offset depends on the day.
    if (!seconds || !type.Is("time with time zone")) {
      RefuseLast(at.position, "AT TIME ZONE of a time, where the zone is no constant offset,");
      return written;
    }
    written.sql.Add(CallOf("trino_time_at_offset", value.sql, ", " + std::to_string(*seconds)));
    return written;
  }
  if (!at.zone) {  // AT LOCAL
    if (!type.Is("timestamp with time zone") && !type.Is("timestamp")) {
      RefuseLast(at.position, "AT LOCAL of '" + ToText(type) + "'");
      return written;
    }
    written.type = {.name = "timestamp with time zone", .numbers = type.numbers};
    const bool carries = CarriesZone(type) || CarriesZone(written.type);
    if (carries) written.type.zone = std::string(kMixedZones);
    const std::string_view function = type.Is("timestamp") ? "trino_zoned_of_local" : "trino_zoned";
    written.sql.Add(carries ? CallOf(function, value.sql, ", " + QuoteLiteral(session_.time_zone)) : ToInstant(value));
    return written;
  }
  if (!type.name.starts_with("timestamp")) {
    written.sql.Add("trino_at_timezone(").Add(value.sql).Add(", ").Add(zone.sql).Add(")");
    return written;
  }
  written.type = {.name = "timestamp with time zone", .numbers = type.numbers, .zone = std::string(kMixedZones)};
  const bool carries =
      CarriesZone({.name = written.type.name, .numbers = type.numbers, .children = {}}) || CarriesZone(type);
  const bool text = zone.type.Is("varchar") || zone.type.Is("char");
  if (text && (carries || ConstantText(*at.zone) == nullptr)) {
    const SqlText zoned = value.type.Is("timestamp")
                              ? CallOf("trino_zoned_of_local", value.sql, ", " + QuoteLiteral(session_.time_zone))
                              : value.sql;
    written.sql.Add("trino_zoned(").Add(zoned).Add(", ").Add(zone.sql).Add(")");
    return written;
  }
  if (carries) RefuseLast(at.position, "This time zone of a value with so many digits of a second");
  const SqlText instant = ToInstant(value);
  if (const std::string* name = ConstantText(*at.zone)) {
    written.type.zone = KnownZone(*name);
    written.sql.Add(instant);
    return written;
  }
  if (at.zone->kind == ExpressionKind::kInterval) {
    const auto& interval = As<IntervalLiteral>(*at.zone);
    if (const auto offset = OffsetOfInterval(interval)) {
      written.type.zone = KnownZone(*offset);
      written.sql.Add(instant);
      return written;
    }
  }
  if (zone.type.known() && !zone.type.Is("varchar") && !zone.type.Is("unknown") &&
      !zone.type.Is("interval day to second")) {
    Fail(at.position, "Invalid type of AT TIME ZONE: " + ToText(zone.type), "TYPE_MISMATCH");
  }
  RefuseLast(at.position, "A computed time zone of this type");
  return written;
}

// Functions that read the clock of a value's zone, or set its zone.
std::optional<Written> Translator::WriteZonedCall(const std::string& name, const Call& call,
                                                  const Entry<ScalarFunction>& entry, const ResolvedCall& resolved) {
  const std::vector<Type>& types = resolved.types;
  Written written{.type = resolved.result};
  const bool sets_zone =
      name == "with_timezone" || name == "at_timezone" || (name == "from_unixtime" && types.size() > 1);
  if (sets_zone && IsZoned(resolved.result)) {
    const std::string* zone = types.size() == 2 ? ConstantText(*call.arguments[1]) : nullptr;
    written.type.zone = zone == nullptr ? std::string(kMixedZones) : KnownZone(*zone);
    const Type place{.zone = zone == nullptr ? "" : NormalZone(*zone).value_or(*zone)};
    if (name == "from_unixtime" && types.size() == 3) {
      const auto offset = ConstantOffset(*call.arguments[1], *call.arguments[2]);
      if (offset) written.type.zone = KnownZone(*offset);
    }
    if (CarriesZone(written.type)) return WriteComputedZone(name, call, resolved);
    if (call.arguments[0]->kind == ExpressionKind::kNull && types.size() == 2 && name != "from_unixtime")
      written.type.numbers = {3};
    if (name == "with_timezone")
      written.sql = FromLocal(resolved.arguments[0], place);
    else if (name == "at_timezone")
      written.sql = resolved.arguments[0];
    else
      FillTemplate(written.sql, entry.row.engine, resolved);
    return written;
  }
  if (name == "from_iso8601_timestamp_nanos" || name == "from_unixtime_nanos") {
    written.type.zone = std::string(kMixedZones);
    written.sql = name == "from_unixtime_nanos" ? CallOf("trino_zoned_of_nanos", resolved.arguments[0], "")
                                                : CallOf("trino_zoned_of_iso_nanos", resolved.arguments[0],
                                                         ", " + QuoteLiteral(session_.time_zone));
    if (name == "from_unixtime_nanos" && session_.time_zone != "UTC")
      written.sql = CallOf("trino_zoned", written.sql, ", " + QuoteLiteral(session_.time_zone));
    return written;
  }
  if (name == "parse_datetime") {
    const std::string* pattern = ConstantText(*call.arguments[1]);
    const std::string zone = QuoteLiteral(session_.time_zone);
    if (pattern != nullptr && !AsksForZone(*pattern)) {
      SqlText clock;
      FillTemplate(clock, entry.row.engine, resolved);
      written.sql = FromLocal(clock, {});
      return written;
    }
    written.type.zone = std::string(kMixedZones);
    written.sql.Mark(view_position_.value_or(call.position)).Add("trino_zoned_parse(").Add(resolved.arguments[0]);
    written.sql.Add(", ").Add(resolved.arguments[1]).Add(", ").Add(zone).Add(")");
    return written;
  }
  if (name == "format_datetime" && IsZoned(types[0])) {
    const std::string* pattern = ConstantText(*call.arguments[1]);
    if (pattern == nullptr || AsksForZone(*pattern)) {
      written.sql.Mark(view_position_.value_or(call.position)).Add("trino_zoned_format(");
      written.sql.Add(ToZoned(SqlText(resolved.written[0]), types[0])).Add(", ").Add(resolved.arguments[1]).Add(")");
      return written;
    }
  }
  if (name == "from_iso8601_timestamp") return WriteIsoTimestamp(call, entry, resolved);
  if (auto carried = WriteCarriedZoneCall(name, call, entry, resolved)) return carried;
  const auto at = std::ranges::find_if(types, [this](const Type& type) { return IsZoned(type) && !IsPlainZone(type); });
  if (at == types.end() || name == "to_unixtime") return std::nullopt;
  const auto index = static_cast<std::size_t>(at - types.begin());
  if (entry.signature.Argument(index).name != "timestamp with time zone") return std::nullopt;  // of any type
  ResolvedCall local = resolved;
  const auto to_local = [&](std::size_t i) {
    local.arguments[i] = ToLocal({.sql = resolved.arguments[i], .type = *at}, call.position);
  };
  const auto fill = [&] {
    SqlText sql;
    sql.Mark(view_position_.value_or(call.position));
    FillTemplate(sql, entry.row.engine, local);
    return sql;
  };
  if (IsClockFunction(name)) {
    to_local(0);
    written.sql = fill();
    return written;
  }
  const std::string* unit = ConstantText(*call.arguments[0]);
  const bool shifts = name == "date_trunc" || name == "date_add";
  if (unit == nullptr || (!shifts && name != "date_diff")) {
    RefuseLast(call.position, "The function '" + name + "' of a timestamp of another time zone");
    return written;
  }
  const std::string field = ToLower(*unit);
  const bool of_time = field == "hour" || field == "minute" || field == "second" || field == "millisecond";
  if (shifts) written.type.zone = at->zone;
  if (name != "date_trunc" && of_time) {
    written.sql = fill();
    return written;
  }
  for (std::size_t i = index; i < types.size(); ++i) to_local(i);
  const SqlText read = fill();
  if (!shifts)
    written.sql = read;
  else if (!of_time)
    written.sql = FromLocal(read, *at);
  // What is cut off is taken from the instant: the clock may show the hour twice.
  else
    written.sql.Add("(")
        .Add(resolved.arguments[index])
        .Add(" - (")
        .Add(local.arguments[index])
        .Add(" - ")
        .Add(read)
        .Add("))");
  return written;
}

// Equal instants are one group, whatever their zones.
SqlText Translator::GroupingForm(Written value, base::SqlPosition position) {
  if (CarriesZone(value.type)) return CallOf("trino_zoned_instant", value.sql, "");
  if (Holds(value.type, CarriesZone))
    RefuseLast(position, "Grouping by collections of timestamps that carry their time zone");
  return std::move(value.sql);
}

// A timestamp in a zone that is an offset becomes a time with that offset.
std::optional<Written> Translator::WriteOffsetTimeCast(const Cast& cast, const Written& operand, const Type& to) {
  if (!operand.type.name.starts_with("timestamp")) return std::nullopt;
  Written written{.type = to};
  const auto seconds = OffsetSeconds(ZoneOf(operand.type));
  if (!seconds || to.numbers[0] > 6) {
    RefuseLast(cast.position, "A cast of '" + ToText(operand.type) + "' in this time zone to '" + ToText(to) + "'");
    return written;
  }
  const SqlText local =
      IsZoned(operand.type) && !IsPlainZone(operand.type) ? ToLocal(operand, cast.position) : operand.sql;
  const SqlText time = CallOf("trino_cast_time", local, ", " + std::to_string(to.numbers[0]));
  written.sql = CallOf("trino_time_at_offset", time, ", " + std::to_string(*seconds));
  return written;
}

// Functions that set a zone which is not known when the statement is written.
Written Translator::WriteComputedZone(const std::string& name, const Call& call, const ResolvedCall& resolved) {
  Written written{.type = resolved.result};
  written.type.zone = std::string(kMixedZones);
  written.sql.Mark(view_position_.value_or(call.position));
  const auto& arguments = resolved.arguments;
  if (name == "with_timezone") {
    written.sql.Add("trino_zoned_of_local(").Add(arguments[0]).Add(", ").Add(arguments[1]).Add(")");
    return written;
  }
  SqlText zone = arguments[1];
  if (arguments.size() == 3)
    zone = SqlText("trino_offset_zone(").Add(arguments[1]).Add(", ").Add(arguments[2]).Add(")");
  const SqlText instant = name == "at_timezone" ? ToZoned(arguments[0], resolved.types[0])
                                                : CallOf("trino_from_unixtime", arguments[0], "");
  written.sql.Add("trino_zoned(").Add(instant).Add(", ").Add(zone).Add(")");
  return written;
}

// Functions of values that carry their zone. What is not known to read them rightly is refused.
std::optional<Written> Translator::WriteCarriedZoneCall(const std::string& name, const Call& call,
                                                        const Entry<ScalarFunction>& entry,
                                                        const ResolvedCall& resolved) {
  // These hand values on, or order them.
  static constexpr auto kOpen = std::to_array<std::string_view>(
      {"all_match", "any_match", "cardinality", "element_at", "filter", "flatten", "greatest", "least", "none_match",
       "reverse", "slice", "transform", "typeof", "zip", "zip_with"});
  const std::vector<Type>& types = resolved.types;
  const auto zoned_at = [&](std::size_t i) { return SqlText(resolved.written[i]); };
  Written written{.type = resolved.result};
  if (!types.empty() && IsZoned(types[0])) {
    const SqlText zoned = ToZoned(zoned_at(0), types[0]);
    if (name == "timezone") {
      written.sql = CallOf("trino_zoned_zone", zoned, "");
      return written;
    }
    if (name == "timezone_hour" || name == "timezone_minute") {
      written.sql = OffsetField(name, zoned, call.position);
      return written;
    }
  }
  if (std::ranges::none_of(types, [](const Type& type) { return Holds(type, CarriesZone); })) return std::nullopt;
  if (std::ranges::binary_search(kOpen, name)) return std::nullopt;
  if (name == "to_unixtime") {
    written.sql = CallOf("trino_zoned_unixtime", zoned_at(0), "");
    return written;
  }
  ResolvedCall local = resolved;
  const auto to_local = [&](std::size_t i) {
    local.arguments[i] = ToLocal({.sql = zoned_at(i), .type = types[i]}, call.position);
  };
  const auto fill = [&] {
    SqlText sql;
    sql.Mark(view_position_.value_or(call.position));
    FillTemplate(sql, entry.row.engine, local);
    return sql;
  };
  if (IsClockFunction(name) && CarriesZone(types[0])) {
    to_local(0);
    written.sql = fill();
    return written;
  }
  const std::string* unit = types.empty() ? nullptr : ConstantText(*call.arguments[0]);
  const std::size_t last = types.size() - 1;
  const bool shifts = name == "date_trunc" || name == "date_add";
  if (shifts && unit != nullptr && CarriesZone(types[last]) && types[last].numbers[0] <= 6) {
    written.type.zone = std::string(kMixedZones);
    const std::string field = ToLower(*unit);
    const bool of_time = field == "hour" || field == "minute" || field == "second" || field == "millisecond";
    if (of_time && name == "date_add") {
      const SqlText shifted = fill();  // of the instant
      written.sql.Add("trino_zoned(").Add(shifted).Add(", trino_zoned_zone(").Add(zoned_at(last)).Add("))");
      return written;
    }
    to_local(last);
    const SqlText read = fill();
    if (of_time) {
      written.sql.Add("trino_zoned_plus(").Add(zoned_at(last)).Add(", ").Add(read).Add(" - ");
      written.sql.Add(local.arguments[last]).Add(")");
    } else {
      written.sql.Add("trino_zoned_of_local(").Add(read).Add(", trino_zoned_zone(").Add(zoned_at(last)).Add("))");
    }
    return written;
  }
  RefuseLast(call.position, "The function '" + name + "' of timestamps that carry their time zone");
  return written;
}

// The text's offset is the zone of the value; a computed text may only have the session's.
std::optional<Written> Translator::WriteIsoTimestamp(const Call& call, const Entry<ScalarFunction>& entry,
                                                     const ResolvedCall& resolved) {
  Written written{.type = resolved.result};
  const std::string* text = ConstantText(*call.arguments[0]);
  const bool plain = IsPlainZone({});
  written.sql.Mark(view_position_.value_or(call.position));
  if (text == nullptr) {
    written.type.zone = std::string(kMixedZones);
    written.sql.Add(CallOf("trino_zoned_of_iso", resolved.arguments[0], ", " + QuoteLiteral(session_.time_zone)));
    return written;
  }
  const auto offset = IsoOffset(*text);
  if (offset) written.type.zone = KnownZone(*offset);
  if (offset || plain) {
    FillTemplate(written.sql, entry.row.engine, resolved);
    return written;
  }
  ResolvedCall local = resolved;
  local.arguments[0] = SqlText(QuoteLiteral(*text + (text->find('T') == std::string::npos ? "T00Z" : "Z")));
  SqlText instant;
  FillTemplate(instant, entry.row.engine, local);
  written.sql.Add(FromLocal(CallOf("timezone", SqlText("'UTC'"), ", " + instant.text()), {}));
  return written;
}

// timestamp with time zone plus or minus an interval: months by the zone's clock, the rest by the instant.
std::optional<SqlText> Translator::WriteZonedShift(std::string_view function, const Written& value,
                                                   const Written& interval, base::SqlPosition position) {
  if (!IsZoned(value.type) || (IsPlainZone(value.type) && !CarriesZone(value.type))) return std::nullopt;
  SqlText sql;
  if (CarriesZone(value.type) && interval.type.name.starts_with("interval")) {
    sql.Add("trino_zoned_plus(").Add(value.sql).Add(function == "trino_sub" ? ", trino_neg(" : ", (");
    return sql.Add(interval.sql).Add("))");
  }
  if (interval.type.Is("interval year to month")) {
    const SqlText shifted =
        sql.Add(function).Add("(").Add(ToLocal(value, position)).Add(", ").Add(interval.sql).Add(")");
    return FromLocal(shifted, value.type);
  }
  return sql.Add(function).Add("(").Add(value.sql).Add(", to_microseconds(epoch_us(").Add(interval.sql).Add(")))");
}

// A result shows each value in its zone; the engine's column would be shown in the session's.
void Translator::ShowZones(WrittenQuery& query) {
  const bool zoned = std::ranges::any_of(query.columns, [](const Field& column) { return HidesZones(column.type); });
  if (!zoned || failed()) return;
  const std::string alias = NewAlias("z");
  SqlText list;
  std::string names;
  for (std::size_t i = 0; i < query.columns.size(); ++i) {
    const Field& column = query.columns[i];
    const std::string place = QuoteIdentifier("c" + std::to_string(i + 1));
    const std::string source = alias + "." + place;
    names += (i == 0 ? "" : ", ") + place;
    list.Add(i == 0 ? "" : ", ");
    if (column.type.zone.empty() || CarriesZone(column.type)) {
      if (HidesZones(column.type)) RefuseLast({}, "A timestamp of another time zone inside a collection");
      list.Add(source);
    } else {
      list.Add("trino_zoned_text(" + source + ", " +
               std::to_string(column.type.numbers.empty() ? 3 : column.type.numbers[0]) + ", " +
               QuoteLiteral(column.type.zone) + ")");
    }
    list.Add(" AS ").Add(column.sql);
  }
  SqlText wrapped;
  wrapped.Add("SELECT ").Add(list).Add(" FROM (").Add(query.sql).Add(") AS ").Add(alias).Add("(" + names + ")");
  query.sql = std::move(wrapped);
}

}  // namespace tarn::sql
