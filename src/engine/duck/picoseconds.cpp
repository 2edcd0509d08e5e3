#include "engine/duck/picoseconds.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>
#include <utility>

#include "engine/duck/decimal_math.h"
#include "engine/duck/row_types.h"

namespace tarn::engine {
namespace {

using duckdb::hugeint_t;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;

[[noreturn]] void RefuseText(std::string_view text, const std::string& type) {
  Fail("INVALID_CAST_ARGUMENT", "Cannot cast value to " + type + ": \"" + std::string(text.substr(0, 100)) + "\"");
}

std::string_view Trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\n\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\n\r") - first + 1);
}

// Up to `most` digits at the start of the text, taken off; -1 for none or more.
std::int64_t TakeNumber(std::string_view& text, std::size_t most) {
  const auto count = std::min(text.find_first_not_of("0123456789"), text.size());
  std::int64_t value = -1;
  if (count == 0 || count > most) return value;
  std::from_chars(text.data(), text.data() + count, value);
  text.remove_prefix(count);
  return value;
}

bool Take(std::string_view& text, char wanted) {
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(1);
  return true;
}

// Digits after the point in picoseconds, half up at the precision; -1 where there are none.
std::int64_t TakeFraction(std::string_view& text, int precision) {
  const auto count = std::min(text.find_first_not_of("0123456789"), text.size());
  if (count == 0) return -1;
  std::int64_t value = 0;
  for (std::size_t i = 0; i < 12; ++i) {
    const bool kept = i < count && i < static_cast<std::size_t>(precision);
    value = value * 10 + (kept ? text[i] - '0' : 0);
  }
  if (count > static_cast<std::size_t>(precision) && text[static_cast<std::size_t>(precision)] >= '5')
    value += static_cast<std::int64_t>(PowerOfTen(12 - precision));
  text.remove_prefix(count);
  return value;
}

// HH:MM[:SS[.fraction]] in picoseconds, maybe those of the whole day; -1 for what is no time.
std::int64_t TakeTime(std::string_view& text, int precision) {
  const auto hour = TakeNumber(text, 2);
  if (hour < 0 || hour > 23 || !Take(text, ':')) return -1;
  const auto minute = TakeNumber(text, 2);
  if (minute < 0 || minute > 59) return -1;
  std::int64_t second = 0;
  std::int64_t fraction = 0;
  if (Take(text, ':')) {
    second = TakeNumber(text, 2);
    if (second < 0 || second > 59) return -1;
    if (Take(text, '.')) fraction = TakeFraction(text, precision);
    if (fraction < 0) return -1;
  }
  return ((hour * 60 + minute) * 60 + second) * kPicosPerSecond + fraction;
}

Expr Cast(const Expansion& e, Expr value, const LogicalType& type) { return e.Cast(std::move(value), type); }

}  // namespace

Int128 FloorDivide(Int128 value, Int128 divisor) {
  const auto quotient = value / divisor;
  return value % divisor < 0 ? quotient - 1 : quotient;
}

Int128 RoundPicoseconds(Int128 picoseconds, int precision) {
  const auto unit = PowerOfTen(12 - precision);
  return FloorDivide(picoseconds + unit / 2, unit) * unit;
}

std::int64_t FloorToMicroseconds(Int128 picoseconds) {
  const auto micros = FloorDivide(picoseconds, kPicosPerMicro);
  if (micros <= -std::numeric_limits<std::int64_t>::max() || micros >= std::numeric_limits<std::int64_t>::max())
    Fail("NUMERIC_VALUE_OUT_OF_RANGE", "Timestamp out of range");
  return static_cast<std::int64_t>(micros);
}

Int128 PicosecondsOfText(std::string_view whole, int precision) {
  auto text = Trimmed(whole);
  const bool before = Take(text, '-');
  if (!before) Take(text, '+');
  const auto year = TakeNumber(text, 6);
  const bool month_follows = year >= 0 && Take(text, '-');
  const auto month = month_follows ? TakeNumber(text, 2) : -1;
  const bool day_follows = month >= 0 && Take(text, '-');
  const auto day = day_follows ? TakeNumber(text, 2) : -1;
  duckdb::date_t date;
  const bool good =
      day >= 0 && duckdb::Date::TryFromDate(static_cast<std::int32_t>(before ? -year : year),
                                            static_cast<std::int32_t>(month), static_cast<std::int32_t>(day), date);
  if (!good) RefuseText(whole, "timestamp");
  std::int64_t time = 0;
  if (!text.empty()) {
    time = Take(text, ' ') ? TakeTime(text, precision) : -1;
    if (time < 0) RefuseText(whole, "timestamp");
  }
  if (!text.empty())
    Fail("NOT_SUPPORTED",
         "A text with a time zone is not supported here: \"" + std::string(whole.substr(0, 100)) + "\"");
  return static_cast<Int128>(date.days) * kPicosPerDay + time;
}

std::int64_t PicosecondsOfTimeText(std::string_view whole, int precision) {
  auto text = Trimmed(whole);
  const auto time = TakeTime(text, precision);
  if (time < 0 || !text.empty()) RefuseText(whole, "time");
  return time % kPicosPerDay;
}

Expr PicosecondsOf(const Expansion& e, Expr timestamp) {
  const auto type = timestamp->return_type;
  switch (TagOf(type)) {
    case Tag::kTimestamp:
    case Tag::kZoned: return Unpack(e, std::move(timestamp));
    case Tag::kNone: break;
    default: Fail("TYPE_MISMATCH", "A timestamp is needed");
  }
  const auto times = [&](const LogicalType& stored, std::int64_t factor) {
    auto function = Unary<std::int64_t, hugeint_t>(
        "trino_picoseconds_of_" + std::to_string(factor), stored, LogicalType::HUGEINT,
        [factor](std::int64_t count) { return FromInt128(static_cast<Int128>(count) * factor); });
    return e.Run(std::move(function), Cast(e, std::move(timestamp), stored));
  };
  if (type.id() == LogicalTypeId::TIMESTAMP_NS) return times(LogicalType::TIMESTAMP_NS, 1000);
  if (type.id() == LogicalTypeId::TIMESTAMP_TZ) return times(LogicalType::TIMESTAMP_TZ, kPicosPerMicro);
  return times(LogicalType::TIMESTAMP, kPicosPerMicro);
}

Expr TimestampOfPicoseconds(const Expansion& e, Expr picoseconds, std::int64_t precision) {
  const auto digits = static_cast<int>(precision);
  const auto name = "trino_timestamp_of_picoseconds_" + std::to_string(precision);
  if (precision > 9) {
    if (precision == 12) return Pack(e, Tag::kTimestamp, std::move(picoseconds));
    auto function = Unary<hugeint_t, hugeint_t>(
        name, LogicalType::HUGEINT, LogicalType::HUGEINT,
        [digits](hugeint_t p) { return FromInt128(RoundPicoseconds(ToInt128(p), digits)); });
    return Pack(e, Tag::kTimestamp, e.Run(std::move(function), std::move(picoseconds)));
  }
  if (precision > 6) {
    auto function = Unary<hugeint_t, duckdb::timestamp_ns_t>(
        name, LogicalType::HUGEINT, LogicalType::TIMESTAMP_NS, [digits](hugeint_t p) {
          const auto nanos = RoundPicoseconds(ToInt128(p), digits) / 1000;
          if (nanos <= -std::numeric_limits<std::int64_t>::max() || nanos >= std::numeric_limits<std::int64_t>::max())
            Fail("NOT_SUPPORTED", "Timestamps of nine digits of a second are supported from 1677 to 2262");
          duckdb::timestamp_ns_t time;
          time.value = static_cast<std::int64_t>(nanos);
          return time;
        });
    return e.Run(std::move(function), std::move(picoseconds));
  }
  auto function =
      Unary<hugeint_t, duckdb::timestamp_t>(name, LogicalType::HUGEINT, LogicalType::TIMESTAMP, [digits](hugeint_t p) {
        return duckdb::timestamp_t(FloorToMicroseconds(RoundPicoseconds(ToInt128(p), digits)));
      });
  return e.Run(std::move(function), std::move(picoseconds));
}

Expr DayPicosecondsOf(const Expansion& e, Expr time) {
  const auto type = time->return_type;
  if (TagOf(type) == Tag::kTime) return Unpack(e, std::move(time));
  const bool nanos = type.id() == LogicalTypeId::TIME_NS;
  const auto stored = nanos ? LogicalType(LogicalType::TIME_NS) : LogicalType(LogicalType::TIME);
  const std::int64_t factor = nanos ? 1000 : kPicosPerMicro;
  auto function =
      Unary<std::int64_t, std::int64_t>("trino_day_picoseconds_of_" + std::to_string(factor), stored,
                                        LogicalType::BIGINT, [factor](std::int64_t count) { return count * factor; });
  return e.Run(std::move(function), Cast(e, std::move(time), stored));
}

Expr TimeOfPicoseconds(const Expansion& e, Expr picoseconds, std::int64_t precision) {
  const auto digits = static_cast<int>(precision);
  const auto rounded = [&](std::int64_t unit, const LogicalType& type) {
    auto function = Unary<std::int64_t, std::int64_t>("trino_time_of_picoseconds_" + std::to_string(precision),
                                                      LogicalType::BIGINT, type, [digits, unit](std::int64_t p) {
                                                        return static_cast<std::int64_t>(RoundPicoseconds(p, digits)) %
                                                               kPicosPerDay / unit;
                                                      });
    return e.Run(std::move(function), std::move(picoseconds));
  };
  if (precision <= 6) return rounded(kPicosPerMicro, LogicalType::TIME);
  if (precision <= 9) return rounded(1000, LogicalType::TIME_NS);
  return Pack(e, Tag::kTime, rounded(1, LogicalType::BIGINT));
}

Expr WithoutPicoseconds(const Expansion& e, Expr value) {
  switch (TagOf(value->return_type)) {
    case Tag::kTimestamp: {
      auto function = Unary<hugeint_t, duckdb::timestamp_t>(
          "trino_without_picoseconds", LogicalType::HUGEINT, LogicalType::TIMESTAMP,
          [](hugeint_t p) { return duckdb::timestamp_t(FloorToMicroseconds(ToInt128(p))); });
      return e.Run(std::move(function), Unpack(e, std::move(value)));
    }
    case Tag::kTime: {
      auto function =
          Unary<std::int64_t, std::int64_t>("trino_time_without_picoseconds", LogicalType::BIGINT, LogicalType::TIME,
                                            [](std::int64_t p) { return p / kPicosPerMicro; });
      return e.Run(std::move(function), Unpack(e, std::move(value)));
    }
    default: return value;
  }
}

Expr WithPicosecondsOf(const Expansion& e, Expr shifted, Expr value) {
  if (TagOf(value->return_type) == Tag::kTime) {
    auto function = Binary<std::int64_t, std::int64_t, std::int64_t>(
        "trino_time_with_picoseconds", LogicalType::TIME, LogicalType::BIGINT, LogicalType::BIGINT,
        [](std::int64_t micros, std::int64_t p) { return micros * kPicosPerMicro + p % kPicosPerMicro; });
    return Pack(e, Tag::kTime, e.Run(std::move(function), std::move(shifted), Unpack(e, std::move(value))));
  }
  auto function = Binary<duckdb::timestamp_t, hugeint_t, hugeint_t>(
      "trino_with_picoseconds", LogicalType::TIMESTAMP, LogicalType::HUGEINT, LogicalType::HUGEINT,
      [](duckdb::timestamp_t time, hugeint_t p) {
        const auto picoseconds = ToInt128(p);
        const auto rest = picoseconds - FloorDivide(picoseconds, kPicosPerMicro) * kPicosPerMicro;
        return FromInt128(static_cast<Int128>(time.value) * kPicosPerMicro + rest);
      });
  return Pack(e, Tag::kTimestamp, e.Run(std::move(function), std::move(shifted), Unpack(e, std::move(value))));
}

}  // namespace tarn::engine
