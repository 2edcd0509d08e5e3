#include "sql/literal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdlib>

#include "sql/ip_address.h"
#include "sql/text.h"
#include "sql/translate.h"

namespace tarn::sql {
namespace {

constexpr auto kLiteralTypes = std::to_array<std::string_view>(
    {"bigint", "boolean", "char", "date", "decimal", "double", "integer", "ipaddress", "json", "number", "real",
     "smallint", "time", "timestamp", "tinyint", "uuid", "varchar"});

// Reads a text from left to right.
class Reader final {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  // Up to `max_digits` digits; nullopt when there is none.
  std::optional<std::int64_t> Number(std::size_t max_digits) {
    std::size_t count = 0;
    while (count < text_.size() && IsDigit(text_[count])) ++count;
    if (count == 0 || count > max_digits) return std::nullopt;
    std::int64_t value = 0;
    const std::string_view digits = text_.substr(0, count);
    std::from_chars(digits.begin(), digits.end(), value);
    text_.remove_prefix(count);
    return value;
  }
  std::string_view Digits() {
    const std::size_t count = std::min(text_.find_first_not_of("0123456789"), text_.size());
    const std::string_view digits = text_.substr(0, count);
    text_.remove_prefix(count);
    return digits;
  }
  bool Accept(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  [[nodiscard]] bool done() const { return text_.empty(); }
  [[nodiscard]] std::string_view rest() const { return text_; }

 private:
  std::string_view text_;
};

std::string Padded(std::int64_t value, std::size_t width) {
  std::string text = std::to_string(value);
  if (text.size() < width) text.insert(0, width - text.size(), '0');
  return text;
}

// [+-]YYYY-MM-DD, year of up to six digits, month and day of one or two digits; a real day of the calendar.
std::optional<std::string> ReadDate(Reader& reader) {
  const bool before = reader.Accept('-');
  if (!before) reader.Accept('+');
  auto year = reader.Number(6);
  if (!year || *year > 32'767 || !reader.Accept('-')) return std::nullopt;
  if (before) *year = -*year;
  const auto month = reader.Number(2);
  if (!month || !reader.Accept('-')) return std::nullopt;
  const auto day = reader.Number(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  // The engine counts years before the first as BC, without a year zero.
  const std::string rest = "-" + Padded(*month, 2) + "-" + Padded(*day, 2);
  return *year > 0 ? Padded(*year, 4) + rest : Padded(1 - *year, 4) + rest + " (BC)";
}

struct TimeOfDay {
  std::string text;
  std::int64_t precision = 0;
};

// HH:MM[:SS[.fraction]]
std::optional<TimeOfDay> ReadTime(Reader& reader) {
  const auto hour = reader.Number(2);
  if (!hour || *hour > 23 || !reader.Accept(':')) return std::nullopt;
  const auto minute = reader.Number(2);
  if (!minute || *minute > 59) return std::nullopt;
  TimeOfDay time{.text = Padded(*hour, 2) + ":" + Padded(*minute, 2) + ":"};
  if (!reader.Accept(':')) {
    time.text += "00";
    return time;
  }
  const auto second = reader.Number(2);
  if (!second || *second > 59) return std::nullopt;
  time.text += Padded(*second, 2);
  if (reader.Accept('.')) {
    const std::string_view fraction = reader.Digits();
    if (fraction.empty() || fraction.size() > 12) return std::nullopt;
    time.precision = static_cast<std::int64_t>(fraction.size());
    time.text += "." + std::string(fraction);
  }
  return time;
}

// +HH:MM, -HH:MM within 18 hours; nullopt for anything else.
std::optional<std::string> ReadOffset(std::string_view zone) {
  if (zone.empty() || (zone[0] != '+' && zone[0] != '-')) return std::nullopt;
  Reader reader(zone.substr(1));
  const auto hours = reader.Number(2);
  if (!hours) return std::nullopt;
  std::int64_t minutes = 0;
  if (reader.Accept(':')) {
    const auto given = reader.Number(2);
    if (!given) return std::nullopt;
    minutes = *given;
  }
  if (!reader.done() || minutes > 59 || *hours * 60 + minutes > 14 * 60) return std::nullopt;
  return std::string(1, zone[0]) + Padded(*hours, 2) + ":" + Padded(minutes, 2);
}

bool IsZoneName(std::string_view zone) {
  return !zone.empty() && IsLetter(zone[0]) && std::ranges::all_of(zone, [](char c) {
    return IsLetter(c) || IsDigit(c) || c == '/' || c == '_' || c == '-' || c == '+';
  });
}

std::string CastText(std::string_view text, std::string_view type) {
  return "CAST(" + QuoteLiteral(text) + " AS " + std::string(type) + ")";
}

// A text whose digits only a function of ours reads.
std::string LongCast(std::string_view function, std::string_view text, std::int64_t precision) {
  return std::string(function) + "(" + QuoteLiteral(text) + ", " + std::to_string(precision) + ")";
}

std::optional<TypedLiteral> MakeDate(std::string_view value) {
  Reader reader(value);
  const auto date = ReadDate(reader);
  if (!date || !reader.done()) return std::nullopt;
  return TypedLiteral{CastText(*date, "DATE"), {.name = "date"}};
}

std::optional<TypedLiteral> MakeTime(std::string_view value) {
  Reader reader(value);
  const auto time = ReadTime(reader);
  if (!time) return std::nullopt;
  if (reader.done() && time->precision > 9)
    return TypedLiteral{LongCast("trino_cast_time", time->text, time->precision),
                        {.name = "time", .numbers = {time->precision}}};
  if (reader.done())
    return TypedLiteral{CastText(time->text, time->precision > 6 ? "TIME_NS" : "TIME"),
                        {.name = "time", .numbers = {time->precision}}};
  reader.Accept(' ');
  const auto offset = ReadOffset(reader.rest());
  if (!offset || time->precision > 6) return std::nullopt;
  return TypedLiteral{CastText(time->text + *offset, "TIMETZ"),
                      {.name = "time with time zone", .numbers = {time->precision}}};
}

std::optional<TypedLiteral> MakeTimestamp(std::string_view value) {
  Reader reader(value);
  const auto date = ReadDate(reader);
  if (!date) return std::nullopt;
  TimeOfDay time{.text = "00:00:00"};
  const bool blank = reader.Accept(' ') || reader.Accept('T');
  if (blank && !reader.done() && IsDigit(reader.rest()[0])) {
    const auto given = ReadTime(reader);
    if (!given) return std::nullopt;
    time = *given;
  }
  // The date as it was written: the function reads years before the first, too.
  const std::string written(value.substr(0, value.find_first_of(" T")));
  const std::string sql = time.precision > 6
                              ? LongCast("trino_cast_timestamp", written + " " + time.text, time.precision)
                              : CastText(*date + " " + time.text, "TIMESTAMP");
  if (reader.done()) return TypedLiteral{sql, {.name = "timestamp", .numbers = {time.precision}}};
  reader.Accept(' ');
  const auto zone = NormalZone(reader.rest());
  if (!zone) return std::nullopt;
  return TypedLiteral{sql, {.name = "timestamp with time zone", .numbers = {time.precision}, .zone = *zone}};
}

bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = text[i];
    const bool hex = IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (dash ? c != '-' : !hex) return false;
  }
  return true;
}

std::optional<TypedLiteral> MakeInteger(std::string_view type_name, std::string_view value) {
  std::int64_t number = 0;
  const std::string_view digits = value.starts_with('+') ? value.substr(1) : value;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  const int bits = type_name == "tinyint" ? 8 : type_name == "smallint" ? 16 : type_name == "integer" ? 32 : 64;
  if (bits < 64 && (number < -(std::int64_t{1} << (bits - 1)) || number >= std::int64_t{1} << (bits - 1)))
    return std::nullopt;
  return TypedLiteral{CastText(std::to_string(number), ToUpper(type_name)), {.name = std::string(type_name)}};
}

std::optional<TypedLiteral> MakeFloating(std::string_view type_name, std::string_view value) {
  double number = 0;
  const std::string_view digits = value.starts_with('+') ? value.substr(1) : value;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || end != digits.data() + digits.size() || digits.empty()) return std::nullopt;
  return TypedLiteral{CastText(digits, type_name == "real" ? "FLOAT" : "DOUBLE"), {.name = std::string(type_name)}};
}

// 3.14, 1e40, -Infinity, NaN.
std::optional<TypedLiteral> MakeNumber(std::string_view value) {
  Reader reader(value);
  if (!reader.Accept('-')) reader.Accept('+');
  const bool special = reader.rest() == "Infinity" || value == "NaN";
  if (!special) {
    const std::string_view whole = reader.Digits();
    const std::string_view fraction = reader.Accept('.') ? reader.Digits() : std::string_view{};
    if (whole.empty() && fraction.empty()) return std::nullopt;
    if (reader.Accept('e') || reader.Accept('E')) {
      if (!reader.Accept('-')) reader.Accept('+');
      if (!reader.Number(9)) return std::nullopt;
    }
    if (!reader.done()) return std::nullopt;
  }
  return TypedLiteral{"trino_cast_number(" + QuoteLiteral(value) + ")", {.name = "number"}};
}

std::optional<TypedLiteral> MakeIpAddress(std::string_view value) {
  if (!ReadIpAddress(value)) return std::nullopt;
  return TypedLiteral{"trino_cast_ipaddress(" + QuoteLiteral(value) + ")", {.name = "ipaddress"}};
}

std::optional<TypedLiteral> MakeBoolean(std::string_view value) {
  const bool yes = EqualsIgnoreCase(value, "true") || EqualsIgnoreCase(value, "t") || value == "1";
  const bool no = EqualsIgnoreCase(value, "false") || EqualsIgnoreCase(value, "f") || value == "0";
  if (!yes && !no) return std::nullopt;
  return TypedLiteral{yes ? "TRUE" : "FALSE", {.name = "boolean"}};
}

// Milliseconds, as Trino keeps day-to-second intervals.
std::optional<std::int64_t> ReadDaySecond(std::string_view value, IntervalUnit from, IntervalUnit to) {
  static constexpr std::array<std::int64_t, 6> kMillis = {0, 0, 86'400'000, 3'600'000, 60'000, 1'000};
  Reader reader(value);
  std::int64_t total = 0;
  for (int unit = static_cast<int>(from); unit <= static_cast<int>(to); ++unit) {
    if (unit > static_cast<int>(from)) {
      const bool separated = unit == static_cast<int>(IntervalUnit::kHour) ? reader.Accept(' ') : reader.Accept(':');
      if (!separated) return std::nullopt;
    }
    const auto number = reader.Number(10);
    if (!number) return std::nullopt;
    std::int64_t part = 0;
    if (__builtin_mul_overflow(*number, kMillis[static_cast<std::size_t>(unit)], &part) ||
        __builtin_add_overflow(total, part, &total))
      return std::nullopt;
  }
  if (to == IntervalUnit::kSecond && reader.Accept('.')) {
    std::string fraction(reader.Digits());
    if (fraction.empty() || fraction.size() > 9) return std::nullopt;
    fraction.resize(3, '0');
    total += std::strtoll(fraction.c_str(), nullptr, 10);
  }
  if (!reader.done()) return std::nullopt;
  return total;
}

std::optional<std::int64_t> ReadYearMonth(std::string_view value, IntervalUnit from, IntervalUnit to) {
  Reader reader(value);
  auto number = reader.Number(9);
  if (!number) return std::nullopt;
  std::int64_t months = from == IntervalUnit::kYear ? *number * 12 : *number;
  if (from != to) {
    if (!reader.Accept('-')) return std::nullopt;
    number = reader.Number(9);
    if (!number) return std::nullopt;
    months += *number;
  }
  if (!reader.done()) return std::nullopt;
  return months;
}

}  // namespace

std::optional<std::string> NormalZone(std::string_view zone) {
  if (const auto offset = ReadOffset(zone)) return *offset == "+00:00" || *offset == "-00:00" ? "UTC" : *offset;
  if (EqualsIgnoreCase(zone, "UTC") || EqualsIgnoreCase(zone, "Z")) return "UTC";
  if (!IsZoneName(zone)) return std::nullopt;
  return std::string(zone);
}

std::optional<std::string> OffsetOfInterval(const IntervalLiteral& literal) {
  const IntervalUnit to = literal.to.value_or(literal.from);
  if (literal.from < IntervalUnit::kDay) return std::nullopt;
  const bool minus = literal.value.starts_with('-');
  const auto millis = ReadDaySecond(std::string_view(literal.value).substr(minus ? 1 : 0), literal.from, to);
  if (!millis || *millis % 60'000 != 0) return std::nullopt;
  const std::int64_t minutes = *millis / 60'000;
  return NormalZone((minus != literal.negative ? "-" : "+") + Padded(minutes / 60, 2) + ":" + Padded(minutes % 60, 2));
}

bool IsLiteralType(std::string_view type_name) { return std::ranges::binary_search(kLiteralTypes, type_name); }

std::optional<TypedLiteral> MakeTypedLiteral(std::string_view type_name, std::string_view value) {
  if (type_name == "date") return MakeDate(value);
  if (type_name == "time") return MakeTime(value);
  if (type_name == "timestamp") return MakeTimestamp(value);
  if (type_name == "decimal") {
    std::string digits(value);
    std::erase(digits, '_');
    return MakeDecimalLiteral(digits);
  }
  if (type_name == "boolean") return MakeBoolean(value);
  if (type_name == "number") return MakeNumber(value);
  if (type_name == "double" || type_name == "real") return MakeFloating(type_name, value);
  if (type_name == "json") return TypedLiteral{"trino_json_parse(" + QuoteLiteral(value) + ")", {.name = "json"}};
  if (type_name == "ipaddress") return MakeIpAddress(value);
  if (type_name == "uuid" && !IsUuid(value)) return std::nullopt;
  if (type_name == "uuid") return TypedLiteral{CastText(value, "UUID"), {.name = "uuid"}};
  const auto length = static_cast<std::int64_t>(CountCodePoints(value));
  if (type_name == "varchar") return TypedLiteral{QuoteLiteral(value), {.name = "varchar"}};
  if (type_name == "char")
    return TypedLiteral{"trino_char(" + QuoteLiteral(value) + ", " + std::to_string(length) + ")",
                        {.name = "char", .numbers = {length}}};
  return MakeInteger(type_name, value);
}

std::optional<TypedLiteral> MakeDecimalLiteral(std::string_view value) {
  Reader reader(value);
  const bool negative = reader.Accept('-');
  if (!negative) reader.Accept('+');
  const std::string_view whole = reader.Digits();
  const std::string_view fraction = reader.Accept('.') ? reader.Digits() : std::string_view{};
  if (!reader.done() || (whole.empty() && fraction.empty())) return std::nullopt;
  const std::string_view significant = whole.substr(std::min(whole.find_first_not_of('0'), whole.size()));
  const std::size_t precision = std::max<std::size_t>(significant.size() + fraction.size(), 1);
  if (precision > 38) return std::nullopt;
  std::string text = negative ? "-" : "";
  text += significant.empty() ? "0" : significant;
  if (!fraction.empty()) text += "." + std::string(fraction);
  const std::string type = "DECIMAL(" + std::to_string(precision) + "," + std::to_string(fraction.size()) + ")";
  return TypedLiteral{CastText(text, type),
                      {.name = "decimal",
                       .numbers = {static_cast<std::int64_t>(precision), static_cast<std::int64_t>(fraction.size())}}};
}

std::optional<TypedLiteral> MakeIntervalLiteral(const IntervalLiteral& literal) {
  const IntervalUnit to = literal.to.value_or(literal.from);
  std::string_view value = literal.value;
  bool negative = literal.negative;
  if (value.starts_with('-') || value.starts_with('+')) {
    negative = negative != value.starts_with('-');
    value.remove_prefix(1);
  }
  const bool year_month = literal.from <= IntervalUnit::kMonth;
  if (year_month && to > IntervalUnit::kMonth) return std::nullopt;
  if (year_month) {
    const auto months = ReadYearMonth(value, literal.from, to);
    if (!months || *months > INT32_MAX) return std::nullopt;
    return TypedLiteral{"to_months(" + std::to_string(negative ? -*months : *months) + ")",
                        {.name = "interval year to month"}};
  }
  const auto millis = ReadDaySecond(value, literal.from, to);
  if (!millis) return std::nullopt;
  constexpr std::int64_t kDay = 86'400'000;
  const std::int64_t signed_millis = negative ? -*millis : *millis;
  const std::string days = "to_days(CAST(" + std::to_string(signed_millis / kDay) + " AS INTEGER))";
  const Type type{.name = "interval day to second"};
  if (signed_millis % kDay == 0) return TypedLiteral{days, type};
  const std::string rest = "to_milliseconds(" + std::to_string(signed_millis % kDay) + ")";
  return TypedLiteral{signed_millis / kDay == 0 ? rest : "(" + days + " + " + rest + ")", type};
}

}  // namespace tarn::sql
