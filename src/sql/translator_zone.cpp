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

bool HoldsZones(const Type& type) { return !type.zone.empty() || std::ranges::any_of(type.children, HoldsZones); }

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
  if (value.type.zone == kMixedZones) RefuseLast(position, "The local time of values of several time zones");
  return CallOf("trino_instant_to_local", value.sql, ", " + QuoteLiteral(ZoneOf(value.type)));
}

SqlText Translator::FromLocal(const SqlText& local, const Type& type) const {
  return CallOf("trino_local_to_instant", local, ", " + QuoteLiteral(ZoneOf(type)) + ", FALSE");
}

// A date or a timestamp without zone, or an instant as it is.
SqlText Translator::ToInstant(const Written& value) const {
  const bool local = value.type.Is("date") || value.type.Is("timestamp");
  return local ? FromLocal(value.sql, {}) : value.sql;
}

std::optional<Written> Translator::WriteZonedCast(const Cast& cast, const Written& operand, const Type& to) {
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
    if (!from_zoned && (IsPlainZone({}) || !(operand.type.Is("date") || operand.type.Is("timestamp"))))
      return std::nullopt;
    written.sql = CallOf("trino_cast_timestamptz", ToInstant(operand), precision);
    return written;
  }
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
  const Written zone = Write(*at.zone, context);
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
    RefuseLast(at.position, "AT TIME ZONE of a time");
    return written;
  }
  if (!type.name.starts_with("timestamp")) {
    written.sql.Add("trino_at_timezone(").Add(value.sql).Add(", ").Add(zone.sql).Add(")");
    return written;
  }
  written.type = {.name = "timestamp with time zone", .numbers = type.numbers, .zone = std::string(kMixedZones)};
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
  written.sql.Add("trino_at_timezone(").Add(instant).Add(", ").Add(zone.sql).Add(")");
  return written;
}

// Functions that read the clock of a value's zone, or set its zone.
std::optional<Written> Translator::WriteZonedCall(const std::string& name, const Call& call,
                                                  const Entry<ScalarFunction>& entry, const ResolvedCall& resolved) {
  static constexpr auto kClock = std::to_array<std::string_view>(
      {"date",    "date_format",     "day",  "day_of_month",      "day_of_week", "day_of_year",  "dow",
       "doy",     "format_datetime", "hour", "last_day_of_month", "millisecond", "minute",       "month",
       "quarter", "second",          "week", "week_of_year",      "year",        "year_of_week", "yow"});
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
    if (written.type.zone == kMixedZones) {
      RefuseLast(call.position, "A computed time zone");
      return written;
    }
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
  if (name == "from_iso8601_timestamp") return WriteIsoTimestamp(call, entry, resolved);
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
  if (std::ranges::find(kClock, name) != kClock.end()) {
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

// The text's offset is the zone of the value; a computed text may only have the session's.
std::optional<Written> Translator::WriteIsoTimestamp(const Call& call, const Entry<ScalarFunction>& entry,
                                                     const ResolvedCall& resolved) {
  Written written{.type = resolved.result};
  const std::string* text = ConstantText(*call.arguments[0]);
  const bool plain = IsPlainZone({});
  written.sql.Mark(view_position_.value_or(call.position));
  if (text == nullptr) {
    if (!plain && session_.time_zone.find(':') != std::string::npos && !session_.time_zone.ends_with(":00")) {
      RefuseLast(call.position, "The function 'from_iso8601_timestamp' of a computed text in the time zone '" +
                                    session_.time_zone + "'");
    }
    ResolvedCall checked = resolved;
    checked.arguments[0] =
        CallOf("trino_iso8601_in_zone", resolved.arguments[0], ", " + QuoteLiteral(session_.time_zone));
    FillTemplate(written.sql, entry.row.engine, checked);
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
  if (!IsZoned(value.type) || IsPlainZone(value.type)) return std::nullopt;
  SqlText sql;
  if (interval.type.Is("interval year to month")) {
    const SqlText shifted =
        sql.Add(function).Add("(").Add(ToLocal(value, position)).Add(", ").Add(interval.sql).Add(")");
    return FromLocal(shifted, value.type);
  }
  return sql.Add(function).Add("(").Add(value.sql).Add(", to_microseconds(epoch_us(").Add(interval.sql).Add(")))");
}

// A result shows each value in its zone; the engine's column would be shown in the session's.
void Translator::ShowZones(WrittenQuery& query) {
  const bool zoned = std::ranges::any_of(query.columns, [](const Field& column) { return HoldsZones(column.type); });
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
    if (column.type.zone.empty()) {
      if (HoldsZones(column.type)) RefuseLast({}, "A timestamp of another time zone inside a collection");
      list.Add(source);
    } else {
      if (column.type.zone == kMixedZones) RefuseLast({}, "A column of timestamps of several time zones");
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
