// CAST to numbers, booleans, dates and times, with Trino's grammar, rounding and errors.
#include <charconv>
#include <cmath>
#include <limits>

#include "engine/duck/decimal_math.h"
#include "engine/duck/expansion.h"
#include "engine/duck/functions.h"
#include "engine/duck/logical_types.h"
#include "engine/duck/number_functions.h"
#include "engine/duck/picoseconds.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::string_t;

std::string_view TrimBlanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\n\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\n\r") - first + 1);
}

[[noreturn]] void RefuseText(std::string_view text, const std::string& type) {
  Fail("INVALID_CAST_ARGUMENT", "Cannot cast value to " + type + ": \"" + std::string(text.substr(0, 100)) + "\"");
}

[[noreturn]] void RefuseType(const LogicalType& from, const std::string& to) {
  Fail("TYPE_MISMATCH", "Cannot cast " + TrinoTypeOf(from) + " to " + to);
}

bool IsNumeric(const LogicalType& type) { return type.IsNumeric(); }
bool IsText(const LogicalType& type) { return type.id() == LogicalTypeId::VARCHAR && !type.IsJSONType(); }

// The text of a JSON scalar, NULL for JSON null; objects and arrays fail.
Expr JsonScalarText(Expansion& e, Expr json) {
  auto checked = TextToText("trino_json_scalar", [](std::string_view text) {
    const auto bare = TrimBlanks(text);
    if (bare.starts_with('{') || bare.starts_with('[')) RefuseText(text, "a scalar");
    return std::string(text);
  });
  auto text = e.Run(std::move(checked), e.Cast(std::move(json), LogicalType::VARCHAR));
  return e.Call("json_extract_string", std::move(text), e.Literal(duckdb::Value("$")));
}

template <class T>
T IntegerOfText(std::string_view whole, const std::string& type) {
  auto text = TrimBlanks(whole);
  if (text.starts_with('+') && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
  T value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) RefuseText(whole, type);
  return value;
}

template <class T>
T IntegerOfDouble(double value, const std::string& type) {
  if (std::isnan(value)) RefuseText("NaN", type);
  const double rounded = std::round(value);
  constexpr auto kTop = static_cast<double>(std::numeric_limits<T>::max());
  // Doubles cannot hold the largest bigint; its neighbour above is the first that is too large.
  const bool fits = rounded >= static_cast<double>(std::numeric_limits<T>::min()) &&
                    (sizeof(T) == 8 ? rounded < kTop : rounded <= kTop);
  if (!fits) Fail("NUMERIC_VALUE_OUT_OF_RANGE", "Out of range for " + type);
  return static_cast<T>(rounded);
}

// Digits after 0x, with the exponent that they must have.
std::optional<double> ParseHexadecimal(std::string_view digits, bool negative) {
  if (digits.starts_with('-') || digits.find_first_of("pP") == std::string_view::npos) return std::nullopt;
  double value = 0;
  const auto [end, failure] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::hex);
  if (end != digits.data() + digits.size() || failure != std::errc{}) return std::nullopt;
  return negative ? -value : value;
}

std::optional<double> ParseDouble(std::string_view text) {
  text = TrimBlanks(text);
  if (text.starts_with('+') && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
  const bool negative = text.starts_with('-');
  const auto bare = text.substr(negative ? 1 : 0);
  if (bare == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (bare == "Infinity")
    return negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  if (bare.starts_with("0x") || bare.starts_with("0X")) return ParseHexadecimal(bare.substr(2), negative);
  // A number may end with the letter of its type, as in Java.
  if (bare.size() > 1 && std::string_view("dDfF").find(bare.back()) != std::string_view::npos) text.remove_suffix(1);
  const auto digits = text.substr(negative ? 1 : 0);
  if (digits.empty() || digits.find_first_not_of("0123456789.eE+-") != std::string_view::npos) return std::nullopt;
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return std::nullopt;
  if (failure == std::errc::result_out_of_range) return std::strtod(std::string(text).c_str(), nullptr);
  if (failure != std::errc{}) return std::nullopt;
  return value;
}

double DoubleOfText(std::string_view text, const std::string& type) {
  const auto value = ParseDouble(text);
  if (!value) RefuseText(text, type);
  return *value;
}

// JSON numbers may have a fraction, JSON booleans are 1 and 0.
template <class T>
T IntegerOfJsonText(std::string_view text, const std::string& type) {
  if (text == "true" || text == "false") return text == "true" ? T{1} : T{0};
  if (text.find_first_of(".eE") != std::string_view::npos) return IntegerOfDouble<T>(DoubleOfText(text, type), type);
  return IntegerOfText<T>(text, type);
}

template <class T>
Expr ToInteger(Expansion& e, const LogicalType& type) {
  const auto name = TrinoTypeOf(type);
  const auto from = e.Type(0);
  if (IsNumber(from)) return NumberToInteger(e, type, name);
  if (from.IsJSONType()) {
    auto function = Unary<string_t, T>("trino_json_to_" + name, LogicalType::VARCHAR, type,
                                       [name](string_t text) { return IntegerOfJsonText<T>(View(text), name); });
    return e.Run(std::move(function), JsonScalarText(e, e.Take(0)));
  }
  if (IsText(from)) {
    auto function = Unary<string_t, T>("trino_text_to_" + name, LogicalType::VARCHAR, type,
                                       [name](string_t text) { return IntegerOfText<T>(View(text), name); });
    return e.Run(std::move(function), e.Take(0));
  }
  if (from.id() == LogicalTypeId::DOUBLE || from.id() == LogicalTypeId::FLOAT) {
    auto function = Unary<double, T>("trino_double_to_" + name, LogicalType::DOUBLE, type,
                                     [name](double value) { return IntegerOfDouble<T>(value, name); });
    return e.Run(std::move(function), e.Cast(e.Take(0), LogicalType::DOUBLE));
  }
  if (!IsNumeric(from) && from.id() != LogicalTypeId::BOOLEAN && from.id() != LogicalTypeId::SQLNULL)
    RefuseType(from, name);
  if (from.id() == LogicalTypeId::DECIMAL) {
    // Half up, with Trino's error.
    const auto scale = static_cast<int>(duckdb::DecimalType::GetScale(from));
    const auto wide = LogicalType::DECIMAL(38, static_cast<std::uint8_t>(scale));
    const auto convert = [scale, name](duckdb::hugeint_t number) {
      const Int128 value = ToInt128(number);
      const Int128 unit = PowerOfTen(scale);
      const Int128 left = value % unit;
      const Int128 whole =
          value / unit +
          (left != 0 && (left < 0 ? -left : left) >= unit - (left < 0 ? -left : left) ? (value < 0 ? -1 : 1) : 0);
      if (whole < std::numeric_limits<T>::min() || whole > std::numeric_limits<T>::max())
        Fail("NUMERIC_VALUE_OUT_OF_RANGE", "Out of range for " + name);
      return static_cast<T>(whole);
    };
    return e.Run(
        Unary<duckdb::hugeint_t, T>("trino_decimal_to_" + name + "_" + std::to_string(scale), wide, type, convert),
        e.Cast(e.Take(0), wide));
  }
  return e.Cast(e.Take(0), type);
}

Expr ToTinyint(Expansion& e) { return ToInteger<std::int8_t>(e, LogicalType::TINYINT); }
Expr ToSmallint(Expansion& e) { return ToInteger<std::int16_t>(e, LogicalType::SMALLINT); }
Expr ToInteger32(Expansion& e) { return ToInteger<std::int32_t>(e, LogicalType::INTEGER); }
Expr ToBigint(Expansion& e) { return ToInteger<std::int64_t>(e, LogicalType::BIGINT); }

template <class T>
Expr ToFloating(Expansion& e, const LogicalType& type) {
  const auto name = TrinoTypeOf(type);
  const auto from = e.Type(0);
  if (IsNumber(from)) {
    if (type.id() == LogicalTypeId::FLOAT) Fail("NOT_SUPPORTED", "A cast of number to real is not supported");
    return NumberToDouble(e);
  }
  if (IsText(from) || from.IsJSONType()) {
    auto text = from.IsJSONType() ? JsonScalarText(e, e.Take(0)) : e.Take(0);
    auto function = Unary<string_t, T>("trino_text_to_" + name, LogicalType::VARCHAR, type, [name](string_t value) {
      return static_cast<T>(DoubleOfText(View(value), name));
    });
    return e.Run(std::move(function), std::move(text));
  }
  if (from.id() == LogicalTypeId::DOUBLE && type.id() == LogicalTypeId::FLOAT) {
    // The engine refuses what is too large; Trino makes it infinite.
    return e.Run(Unary<double, float>("trino_double_to_real", LogicalType::DOUBLE, type,
                                      [](double value) { return static_cast<float>(value); }),
                 e.Take(0));
  }
  if (!IsNumeric(from) && from.id() != LogicalTypeId::BOOLEAN && from.id() != LogicalTypeId::SQLNULL)
    RefuseType(from, name);
  return e.Cast(e.Take(0), type);
}

Expr ToReal(Expansion& e) { return ToFloating<float>(e, LogicalType::FLOAT); }
Expr ToDouble(Expansion& e) { return ToFloating<double>(e, LogicalType::DOUBLE); }

bool BooleanOfText(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (lower == "t" || lower == "true" || lower == "1") return true;
  if (lower == "f" || lower == "false" || lower == "0") return false;
  RefuseText(text, "boolean");
}

Expr ToBoolean(Expansion& e) {
  const auto from = e.Type(0);
  if (IsNumber(from)) return NumberToBoolean(e);
  if (from.IsJSONType()) {
    return e.Run(Unary<string_t, bool>("trino_json_to_boolean", LogicalType::VARCHAR, LogicalType::BOOLEAN,
                                       [](string_t text) {
                                         const auto number = ParseDouble(View(text));
                                         return number ? *number != 0 : BooleanOfText(View(text));
                                       }),
                 JsonScalarText(e, e.Take(0)));
  }
  if (IsText(from)) {
    return e.Run(Unary<string_t, bool>("trino_text_to_boolean", LogicalType::VARCHAR, LogicalType::BOOLEAN,
                                       [](string_t text) { return BooleanOfText(View(text)); }),
                 e.Take(0));
  }
  if (!IsNumeric(from) && from.id() != LogicalTypeId::BOOLEAN && from.id() != LogicalTypeId::SQLNULL)
    RefuseType(from, "boolean");
  return e.Cast(e.Take(0), LogicalType::BOOLEAN);
}

Expr ToDecimal(Expansion& e) {
  const auto precision = e.ConstantInteger(1, "Precision");
  const auto scale = e.ConstantInteger(2, "Scale");
  if (precision < 1 || precision > 38 || scale < 0 || scale > precision) {
    Fail("INVALID_FUNCTION_ARGUMENT", "DECIMAL precision must be in range [1, 38] and scale in range [0, precision]");
  }
  const auto type = LogicalType::DECIMAL(static_cast<std::uint8_t>(precision), static_cast<std::uint8_t>(scale));
  const auto from = e.Type(0);
  if (IsNumber(from)) return NumberToDecimal(e, type);
  if (IsText(from) || from.IsJSONType()) {
    auto text = from.IsJSONType() ? JsonScalarText(e, e.Take(0)) : e.Take(0);
    auto checked = TextToText("trino_text_to_decimal", [](std::string_view value) {
      if (value.empty() || value.find_first_not_of("0123456789.eE+-") != std::string_view::npos)
        RefuseText(value, "decimal");
      return std::string(value);
    });
    return e.Cast(e.Run(std::move(checked), std::move(text)), type);
  }
  if (!IsNumeric(from) && from.id() != LogicalTypeId::BOOLEAN && from.id() != LogicalTypeId::SQLNULL)
    RefuseType(from, "decimal");
  if (from.id() == LogicalTypeId::DOUBLE || from.id() == LogicalTypeId::FLOAT) {
    const auto finite = [](double value) {
      if (std::isnan(value)) RefuseText("NaN", "decimal");
      return value;
    };
    // A real is widened first: the engine would scale it with a real's few digits.
    const LogicalType wide = LogicalType::DOUBLE;
    return e.Cast(e.Run(Unary<double, double>("trino_number_to_decimal", wide, wide, finite), e.Cast(e.Take(0), wide)),
                  type);
  }
  return e.Cast(e.Take(0), type);
}

// [+-]year-month-day with one or two digits of month and day, blanks around it.
duckdb::date_t DateOfText(std::string_view whole) {
  const auto text = TrimBlanks(whole);
  int year = 0;
  int month = 0;
  int day = 0;
  const char* const end = text.data() + text.size();
  const auto* from = text.data() + (text.starts_with('+') ? 1 : 0);
  const auto read = [&](int& number, bool last) {
    const auto [stop, failure] = std::from_chars(from, end, number);
    const bool ends = last ? stop == end : stop != end && *stop == '-';
    if (failure != std::errc{} || !ends) RefuseText(whole, "date");
    from = stop + (last ? 0 : 1);
  };
  read(year, false);
  read(month, false);
  read(day, true);
  duckdb::date_t date;
  if (month < 0 || day < 0 || !duckdb::Date::TryFromDate(year, month, day, date)) RefuseText(whole, "date");
  return date;
}

bool IsTimestamp(const LogicalType& type) {
  if (TagOf(type) == Tag::kTimestamp) return true;
  switch (type.id()) {
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_SEC:
    case LogicalTypeId::TIMESTAMP_MS:
    case LogicalTypeId::TIMESTAMP_NS:
    case LogicalTypeId::TIMESTAMP_TZ: return true;
    default: return false;
  }
}

Expr ToDate(Expansion& e) {
  const auto from = e.Type(0);
  if (IsText(from)) {
    return e.Run(Unary<string_t, duckdb::date_t>("trino_text_to_date", LogicalType::VARCHAR, LogicalType::DATE,
                                                 [](string_t text) { return DateOfText(View(text)); }),
                 e.Take(0));
  }
  if (!IsTimestamp(from) && from.id() != LogicalTypeId::DATE && from.id() != LogicalTypeId::SQLNULL)
    RefuseType(from, "date");
  return e.Cast(WithoutPicoseconds(e, e.Take(0)), LogicalType::DATE);
}

// Half up to `precision` digits of a second.
std::int64_t RoundMicros(std::int64_t value, std::int64_t unit) {
  if (value == std::numeric_limits<std::int64_t>::max() || value == -std::numeric_limits<std::int64_t>::max())
    return value;
  const auto raised = value + unit / 2;
  auto whole = raised / unit;
  if (whole * unit > raised) --whole;
  return whole * unit;
}

Expr RoundTo(Expansion& e, Expr value, std::int64_t precision) {
  if (precision >= 6) return value;
  const auto unit = static_cast<std::int64_t>(PowerOfTen(static_cast<int>(6 - precision)));
  const auto type = value->return_type;
  const auto name = "trino_round_timestamp_" + std::to_string(precision);
  return e.Run(Unary<duckdb::timestamp_t, duckdb::timestamp_t>(
                   name, type, type,
                   [unit](duckdb::timestamp_t time) { return duckdb::timestamp_t(RoundMicros(time.value, unit)); }),
               std::move(value));
}

// Nanoseconds to microseconds, half up to `precision` digits.
Expr RoundNanos(Expansion& e, Expr value, std::int64_t precision) {
  const auto unit = static_cast<std::int64_t>(PowerOfTen(static_cast<int>(9 - precision)));
  auto function = Unary<duckdb::timestamp_ns_t, duckdb::timestamp_t>(
      "trino_round_nanos_" + std::to_string(precision), LogicalType::TIMESTAMP_NS, LogicalType::TIMESTAMP,
      [unit](duckdb::timestamp_ns_t time) { return duckdb::timestamp_t(RoundMicros(time.value, unit) / 1000); });
  return e.Run(std::move(function), std::move(value));
}

// "2020-01-01 10:00 +05:30" and "… UTC" in the engine's spelling.
std::string EngineTimestamp(std::string_view whole) {
  std::string text(TrimBlanks(whole));
  if (text.empty() || !(std::isdigit(static_cast<unsigned char>(text[0])) || text[0] == '-' || text[0] == '+')) {
    RefuseText(whole, "timestamp");
  }
  if (text.find('T') == 10 || text.find(" 24:") != std::string::npos) RefuseText(whole, "timestamp");
  const auto dot = text.find('.');
  if (dot != std::string::npos) {
    // Six digits are kept at most, and the seventh says how they are rounded.
    const auto digits = std::min(text.find_first_not_of("0123456789", dot + 1), text.size()) - dot - 1;
    if (digits > 9) text.erase(dot + 10, digits - 9);
  }
  const auto blank = text.rfind(' ');
  if (blank != std::string::npos && blank + 1 < text.size() && (text[blank + 1] == '+' || text[blank + 1] == '-'))
    text.erase(blank, 1);
  return text;
}

// A timestamp without zone of seven digits or more.
Expr ToLongTimestamp(Expansion& e, std::int64_t precision) {
  const auto from = e.Type(0);
  if (from.id() == LogicalTypeId::SQLNULL)
    return e.Cast(e.Take(0), precision > 9 ? TaggedType(Tag::kTimestamp) : LogicalType(LogicalType::TIMESTAMP_NS));
  if (IsText(from)) {
    const auto digits = static_cast<int>(precision);
    auto function = Unary<string_t, duckdb::hugeint_t>(
        "trino_text_to_picoseconds_" + std::to_string(precision), LogicalType::VARCHAR, LogicalType::HUGEINT,
        [digits](string_t text) { return FromInt128(PicosecondsOfText(View(text), digits)); });
    return TimestampOfPicoseconds(e, e.Run(std::move(function), e.Take(0)), precision);
  }
  auto value = e.Take(0);
  if (from.id() == LogicalTypeId::TIMESTAMP_TZ) value = e.Cast(std::move(value), LogicalType::TIMESTAMP);
  return TimestampOfPicoseconds(e, PicosecondsOf(e, std::move(value)), precision);
}

Expr ToTimestampType(Expansion& e, const LogicalType& type, const std::string& name) {
  const auto from = e.Type(0);
  const auto precision = e.ConstantInteger(1, "Precision");
  if (precision < 0 || precision > 12) Fail("INVALID_FUNCTION_ARGUMENT", "Precision must be in range [0, 12]");
  const bool known =
      IsText(from) || IsTimestamp(from) || from.id() == LogicalTypeId::DATE || from.id() == LogicalTypeId::SQLNULL;
  if (!known) RefuseType(from, name);
  Expr value;
  const bool zoned = type.id() == LogicalTypeId::TIMESTAMP_TZ;
  if (precision > 6 && !zoned) return ToLongTimestamp(e, precision);
  if (TagOf(from) == Tag::kTimestamp)
    return e.Cast(TimestampOfPicoseconds(e, PicosecondsOf(e, e.Take(0)), std::min<std::int64_t>(precision, 6)), type);
  if (IsText(from)) {
    value = e.Cast(e.Run(TextToText("trino_engine_timestamp", EngineTimestamp), e.Take(0)), type);
  } else if (from.id() == LogicalTypeId::TIMESTAMP_NS && precision <= 6) {
    value = e.Cast(RoundNanos(e, e.Take(0), precision), type);
  } else {
    value = e.Cast(e.Take(0), type);
  }
  return RoundTo(e, std::move(value), precision);
}

Expr ToTimestamp(Expansion& e) { return ToTimestampType(e, LogicalType::TIMESTAMP, "timestamp"); }
Expr ToTimestampZone(Expansion& e) { return ToTimestampType(e, LogicalType::TIMESTAMP_TZ, "timestamp with time zone"); }

Expr ToTime(Expansion& e) {
  const auto from = e.Type(0);
  const auto precision = e.ConstantInteger(1, "Precision");
  const bool is_time =
      from.id() == LogicalTypeId::TIME || from.id() == LogicalTypeId::TIME_NS || TagOf(from) == Tag::kTime;
  const bool castable = IsText(from) || IsTimestamp(from) || is_time || from.id() == LogicalTypeId::TIME_TZ ||
                        from.id() == LogicalTypeId::SQLNULL;
  if (!castable) RefuseType(from, "time");
  if (from.id() == LogicalTypeId::SQLNULL) {
    return e.Cast(e.Take(0), precision > 9   ? TaggedType(Tag::kTime)
                             : precision > 6 ? LogicalType(LogicalType::TIME_NS)
                                             : LogicalType(LogicalType::TIME));
  }
  if (IsText(from)) {
    const auto digits = static_cast<int>(precision);
    auto function = Unary<string_t, std::int64_t>(
        "trino_text_to_day_picoseconds_" + std::to_string(precision), LogicalType::VARCHAR, LogicalType::BIGINT,
        [digits](string_t text) { return PicosecondsOfTimeText(View(text), digits); });
    return TimeOfPicoseconds(e, e.Run(std::move(function), e.Take(0)), precision);
  }
  if (is_time) return TimeOfPicoseconds(e, DayPicosecondsOf(e, e.Take(0)), precision);
  auto value = e.Take(0);
  if (from.id() == LogicalTypeId::TIME_TZ)
    return TimeOfPicoseconds(e, DayPicosecondsOf(e, e.Cast(std::move(value), LogicalType::TIME)), precision);
  if (from.id() == LogicalTypeId::TIMESTAMP_TZ) value = e.Cast(std::move(value), LogicalType::TIMESTAMP);
  auto of_day = Unary<duckdb::hugeint_t, std::int64_t>(
      "trino_day_picoseconds", LogicalType::HUGEINT, LogicalType::BIGINT, [](duckdb::hugeint_t p) {
        const auto picoseconds = ToInt128(p);
        return static_cast<std::int64_t>(picoseconds - FloorDivide(picoseconds, kPicosPerDay) * kPicosPerDay);
      });
  return TimeOfPicoseconds(e, e.Run(std::move(of_day), PicosecondsOf(e, std::move(value))), precision);
}

Expr ToUuid(Expansion& e) {
  const auto from = e.Type(0);
  if (from.id() == LogicalTypeId::BLOB) {
    auto checked = TextToText("trino_uuid_of_hex", [](std::string_view digits) {
      if (digits.size() != 32)
        Fail("INVALID_CAST_ARGUMENT", "Invalid UUID binary length: " + std::to_string(digits.size() / 2));
      return std::string(digits);
    });
    return e.Cast(e.Run(std::move(checked), e.Call("hex", e.Take(0))), LogicalType::UUID);
  }
  if (!IsText(from) && from.id() != LogicalTypeId::UUID && from.id() != LogicalTypeId::SQLNULL)
    RefuseType(from, "uuid");
  return e.Cast(e.Take(0), LogicalType::UUID);
}

Expr ToVarbinary(Expansion& e) {
  const auto from = e.Type(0);
  if (IsText(from)) return e.Call("encode", e.Take(0));
  if (from.id() == LogicalTypeId::UUID) {
    auto text = e.Cast(e.Take(0), LogicalType::VARCHAR);
    return e.Call("unhex",
                  e.Call("replace", std::move(text), e.Literal(duckdb::Value("-")), e.Literal(duckdb::Value(""))));
  }
  if (TagOf(from) == Tag::kIpAddress) return Unpack(e, e.Take(0));
  if (from.id() != LogicalTypeId::BLOB && from.id() != LogicalTypeId::SQLNULL) RefuseType(from, "varbinary");
  return e.Cast(e.Take(0), LogicalType::BLOB);
}

// Sums of integers are bigint in Trino; the engine widens them.
Expr CastSum(Expansion& e) {
  if (e.Id(0) == LogicalTypeId::DECIMAL) {
    const auto type = e.Type(0);
    if (type.InternalType() != duckdb::PhysicalType::INT128) return e.Take(0);
    auto checked =
        Unary<duckdb::hugeint_t, duckdb::hugeint_t>("trino_checked_sum", type, type, [](duckdb::hugeint_t sum) {
          const auto value = ToInt128(sum);
          if (value >= PowerOfTen(38) || value <= -PowerOfTen(38))
            Fail("NUMERIC_VALUE_OUT_OF_RANGE", "Decimal overflow");
          return sum;
        });
    return e.Run(std::move(checked), e.Take(0));
  }
  if (e.Id(0) != LogicalTypeId::HUGEINT) return e.Take(0);
  return e.Run(Unary<duckdb::hugeint_t, std::int64_t>("trino_sum_to_bigint", LogicalType::HUGEINT, LogicalType::BIGINT,
                                                      [](duckdb::hugeint_t sum) {
                                                        std::int64_t value = 0;
                                                        if (!duckdb::Hugeint::TryCast(sum, value)) {
                                                          Fail("NUMERIC_VALUE_OUT_OF_RANGE",
                                                               "bigint addition overflow");
                                                        }
                                                        return value;
                                                      }),
               e.Take(0));
}

Expr TypeOf(Expansion& e) { return e.Literal(duckdb::Value(TrinoTypeOf(e.Type(0)))); }

// Fails whenever a row comes by; the code and the message may differ from row to row.
duckdb::ScalarFunction FailFunction() {
  duckdb::ScalarFunction function("trino_fail", {LogicalType::VARCHAR, LogicalType::VARCHAR}, LogicalType::SQLNULL,
                                  [](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
                                    if (in.size() == 0) return;
                                    out.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
                                    Fail(in.data[0].GetValue(0).ToString(), in.data[1].GetValue(0).ToString());
                                  });
  function.SetFallible();
  function.SetNullHandling(duckdb::FunctionNullHandling::SPECIAL_HANDLING);
  return function;
}

}  // namespace

void RegisterCasts(duckdb::ExtensionLoader& loader) {
  RegisterExpander(loader, "trino_cast_tinyint", {1}, Expanding<ToTinyint>);
  RegisterExpander(loader, "trino_cast_smallint", {1}, Expanding<ToSmallint>);
  RegisterExpander(loader, "trino_cast_integer", {1}, Expanding<ToInteger32>);
  RegisterExpander(loader, "trino_cast_bigint", {1}, Expanding<ToBigint>);
  RegisterExpander(loader, "trino_cast_real", {1}, Expanding<ToReal>);
  RegisterExpander(loader, "trino_cast_double", {1}, Expanding<ToDouble>);
  RegisterExpander(loader, "trino_cast_boolean", {1}, Expanding<ToBoolean>);
  RegisterExpander(loader, "trino_cast_decimal", {3}, Expanding<ToDecimal>);
  RegisterExpander(loader, "trino_cast_date", {1}, Expanding<ToDate>);
  RegisterExpander(loader, "trino_cast_time", {2}, Expanding<ToTime>);
  RegisterExpander(loader, "trino_cast_timestamp", {2}, Expanding<ToTimestamp>);
  RegisterExpander(loader, "trino_cast_timestamptz", {2}, Expanding<ToTimestampZone>);
  RegisterExpander(loader, "trino_cast_uuid", {1}, Expanding<ToUuid>);
  RegisterExpander(loader, "trino_cast_varbinary", {1}, Expanding<ToVarbinary>);
  RegisterExpander(loader, "trino_cast_sum", {1}, Expanding<CastSum>);
  RegisterExpander(loader, "trino_typeof", {1}, Expanding<TypeOf>);
  loader.RegisterFunction(FailFunction());
}

}  // namespace tarn::engine
