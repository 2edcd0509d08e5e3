// + - * / % and unary minus with Trino's types and errors.
#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

#include "engine/duck/decimal_math.h"
#include "engine/duck/expansion.h"
#include "engine/duck/functions.h"
#include "engine/duck/number_functions.h"
#include "engine/duck/picoseconds.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;

bool IsExact(const LogicalType& type) { return type.IsIntegral() || type.id() == LogicalTypeId::DECIMAL; }
bool IsInterval(const LogicalType& type) { return type.id() == LogicalTypeId::INTERVAL; }
bool IsDate(const LogicalType& type) { return type.id() == LogicalTypeId::DATE; }

struct Operands {
  Expr left;
  Expr right;
};

// Both sides; a NULL literal takes the type of the other one.
Operands TakeBoth(Expansion& e) {
  const auto typed = [&](std::size_t i) -> LogicalType {
    if (e.Id(i) != LogicalTypeId::SQLNULL) return e.Type(i);
    return e.Id(1 - i) == LogicalTypeId::SQLNULL ? LogicalType(LogicalType::INTEGER) : e.Type(1 - i);
  };
  const auto left = typed(0);
  const auto right = typed(1);
  return {.left = e.Cast(e.Take(0), left), .right = e.Cast(e.Take(1), right)};
}

// An operand of long decimals: as a number of 64 bits where it has at most that many, else of 128.
bool IsShort(const LogicalType& type) { return type.IsIntegral() || DecimalShape::Of(type).precision <= 18; }
LogicalType OperandType(const LogicalType& type) {
  if (type.IsIntegral()) return LogicalType::BIGINT;
  return LogicalType::DECIMAL(IsShort(type) ? 18 : 38, static_cast<std::uint8_t>(DecimalShape::Of(type).scale));
}

Int128 Wide(std::int64_t value) { return value; }
Int128 Wide(duckdb::hugeint_t value) { return ToInt128(value); }

template <class A, class B>
duckdb::ScalarFunction LongFunction(char sign, const LogicalType& left, const LogicalType& right,
                                    const DecimalShape& result) {
  const int a = DecimalShape::Of(left).scale;
  const int b = DecimalShape::Of(right).scale;
  const int exact = sign == '*' ? a + b : std::max(a, b);
  const int drop = exact - result.scale;
  const auto make = [&](auto compute) {
    return Binary<A, B, duckdb::hugeint_t>("trino_decimal_" + std::string(1, sign), left, right, result.Type(),
                                           compute);
  };
  if (sign != '*') {
    return make([=, factor = sign == '-' ? -1 : 1](A x, B y) {
      return FromInt128(AddDecimals(Wide(x), exact - a, factor * Wide(y), exact - b, drop));
    });
  }
  if constexpr (std::is_same_v<A, std::int64_t> && std::is_same_v<B, std::int64_t>) {
    // The product of two numbers of 64 bits is one of 128.
    if (drop == 0) return make([](A x, B y) { return FromInt128(Wide(x) * y); });
  }
  return make([drop](A x, B y) { return FromInt128(MultiplyDecimals(Wide(x), Wide(y), drop)); });
}

// + - * of decimals whose result has more than eighteen digits. The engine gives up on some, keeps digits of a fraction
// that Trino drops, and computes the rest several times slower.
std::optional<Expr> LongDecimals(Expansion& e, char sign, Operands& operands) {
  const LogicalType left = operands.left->return_type;
  const LogicalType right = operands.right->return_type;
  if (!IsExact(left) || !IsExact(right) || (left.IsIntegral() && right.IsIntegral())) return std::nullopt;
  const auto a = DecimalShape::Of(left);
  const auto b = DecimalShape::Of(right);
  const auto result = sign == '*' ? ProductShape(a, b) : SumShape(a, b);
  if (result.precision <= 18) return std::nullopt;
  using Long = duckdb::hugeint_t;
  using Short = std::int64_t;
  const auto x = OperandType(left);
  const auto y = OperandType(right);
  auto function = IsShort(left) ? (IsShort(right) ? LongFunction<Short, Short>(sign, x, y, result)
                                                  : LongFunction<Short, Long>(sign, x, y, result))
                                : (IsShort(right) ? LongFunction<Long, Short>(sign, x, y, result)
                                                  : LongFunction<Long, Long>(sign, x, y, result));
  auto first = e.Cast(std::move(operands.left), x);
  return e.Run(std::move(function), std::move(first), e.Cast(std::move(operands.right), y));
}

Expr Native(Expansion& e, char sign) {
  auto operands = TakeBoth(e);
  if (auto result = LongDecimals(e, sign, operands)) return std::move(*result);
  return e.Operator(std::string(1, sign).c_str(), std::move(operands.left), std::move(operands.right));
}

duckdb::date_t AddToDate(duckdb::date_t date, duckdb::interval_t interval) {
  if (interval.micros % duckdb::Interval::MICROS_PER_DAY != 0) {
    Fail("INVALID_FUNCTION_ARGUMENT", "Cannot add hour, minutes or seconds to a date");
  }
  interval.days += static_cast<std::int32_t>(interval.micros / duckdb::Interval::MICROS_PER_DAY);
  interval.micros = 0;
  return duckdb::Interval::Add(date, interval);
}

Expr DatePlus(Expansion& e, Expr date, Expr interval) {
  return e.Run(Binary<duckdb::date_t, duckdb::interval_t, duckdb::date_t>(
                   "trino_date_plus", LogicalType::DATE, LogicalType::INTERVAL, LogicalType::DATE, AddToDate),
               std::move(date), std::move(interval));
}

// The engine drops the nanoseconds of a timestamp that an interval is added to.
duckdb::timestamp_ns_t AddToNanos(duckdb::timestamp_ns_t time, duckdb::interval_t interval) {
  std::int64_t micros = time.value / 1000;
  std::int64_t nanos = time.value % 1000;
  if (nanos < 0) {
    nanos += 1000;
    --micros;
  }
  const auto shifted = duckdb::Interval::Add(duckdb::timestamp_t(micros), interval).value;
  std::int64_t result = 0;
  if (__builtin_mul_overflow(shifted, 1000, &result) || __builtin_add_overflow(result, nanos, &result)) {
    Fail("NUMERIC_VALUE_OUT_OF_RANGE", "Timestamp out of range");
  }
  duckdb::timestamp_ns_t sum;
  sum.value = result;
  return sum;
}

bool IsNanos(const LogicalType& type) { return type.id() == LogicalTypeId::TIMESTAMP_NS; }

Expr NanosPlus(Expansion& e, Expr time, Expr interval) {
  return e.Run(
      Binary<duckdb::timestamp_ns_t, duckdb::interval_t, duckdb::timestamp_ns_t>(
          "trino_nanos_plus", LogicalType::TIMESTAMP_NS, LogicalType::INTERVAL, LogicalType::TIMESTAMP_NS, AddToNanos),
      std::move(time), std::move(interval));
}

bool IsFine(const LogicalType& type) { return TagOf(type) == Tag::kTimestamp || TagOf(type) == Tag::kTime; }

// A time or timestamp of more than nine digits of a second; what is added has milliseconds at most.
Expr FinePlus(Expansion& e, std::size_t value, Expr interval) {
  const auto engine_type =
      TagOf(e.Type(value)) == Tag::kTime ? LogicalType(LogicalType::TIME) : LogicalType(LogicalType::TIMESTAMP);
  e.NeedCopyable(value);
  auto shifted = e.Operator("+", WithoutPicoseconds(e, e.Copy(value)), std::move(interval));
  return WithPicosecondsOf(e, e.Cast(std::move(shifted), engine_type), e.Take(value));
}

bool HasNumber(const Expansion& e) { return IsNumber(e.Type(0)) || IsNumber(e.Type(1)); }

Expr Add(Expansion& e) {
  if (HasNumber(e)) return NumberOperator(e, '+');
  if (IsFine(e.Type(0)) && IsInterval(e.Type(1))) return FinePlus(e, 0, e.Take(1));
  if (IsInterval(e.Type(0)) && IsFine(e.Type(1))) return FinePlus(e, 1, e.Take(0));
  if (IsNanos(e.Type(0)) && IsInterval(e.Type(1))) return NanosPlus(e, e.Take(0), e.Take(1));
  if (IsInterval(e.Type(0)) && IsNanos(e.Type(1))) return NanosPlus(e, e.Take(1), e.Take(0));
  if (IsDate(e.Type(0)) && IsInterval(e.Type(1))) return DatePlus(e, e.Take(0), e.Take(1));
  if (IsInterval(e.Type(0)) && IsDate(e.Type(1))) return DatePlus(e, e.Take(1), e.Take(0));
  return Native(e, '+');
}

Expr Subtract(Expansion& e) {
  if (HasNumber(e)) return NumberOperator(e, '-');
  if (IsFine(e.Type(0)) && IsInterval(e.Type(1))) return FinePlus(e, 0, e.Operator("-", e.Take(1)));
  if (IsFine(e.Type(0)) || IsFine(e.Type(1))) {
    auto left = WithoutPicoseconds(e, e.Take(0));
    return e.Operator("-", std::move(left), WithoutPicoseconds(e, e.Take(1)));
  }
  if (IsNanos(e.Type(0)) && IsInterval(e.Type(1))) return NanosPlus(e, e.Take(0), e.Operator("-", e.Take(1)));
  if (IsDate(e.Type(0)) && IsInterval(e.Type(1))) return DatePlus(e, e.Take(0), e.Operator("-", e.Take(1)));
  if (IsDate(e.Type(0)) && IsDate(e.Type(1))) {
    return e.Call("to_days", e.Cast(e.Operator("-", e.Take(0), e.Take(1)), LogicalType::INTEGER));
  }
  return Native(e, '-');
}

// The engine scales intervals by whole numbers only.
duckdb::interval_t Scale(duckdb::interval_t interval, double factor) {
  const double months = interval.months * factor;
  const double micros = (static_cast<double>(interval.days) * static_cast<double>(duckdb::Interval::MICROS_PER_DAY) +
                         static_cast<double>(interval.micros)) *
                        factor;
  if (!(std::abs(months) <= 2147483647.0) || !(std::abs(micros) < 9.2e18)) {
    Fail("NUMERIC_VALUE_OUT_OF_RANGE", "interval multiplication overflow");
  }
  // Trino keeps milliseconds and whole months.
  const auto total = static_cast<std::int64_t>(std::llround(micros / 1000)) * 1000;
  duckdb::interval_t scaled;
  scaled.months = static_cast<std::int32_t>(months);
  scaled.days = static_cast<std::int32_t>(total / duckdb::Interval::MICROS_PER_DAY);
  scaled.micros = total % duckdb::Interval::MICROS_PER_DAY;
  return scaled;
}

Expr ScaleInterval(Expansion& e, Expr interval, Expr number) {
  return e.Run(Binary<duckdb::interval_t, double, duckdb::interval_t>(
                   "trino_interval_scale", LogicalType::INTERVAL, LogicalType::DOUBLE, LogicalType::INTERVAL, Scale),
               std::move(interval), e.Cast(std::move(number), LogicalType::DOUBLE));
}

Expr Multiply(Expansion& e) {
  if (HasNumber(e)) return NumberOperator(e, '*');
  if (IsInterval(e.Type(0))) return ScaleInterval(e, e.Take(0), e.Take(1));
  if (IsInterval(e.Type(1))) return ScaleInterval(e, e.Take(1), e.Take(0));
  return Native(e, '*');
}

void RefuseZero(bool is_zero) {
  if (is_zero) Fail("DIVISION_BY_ZERO", "Division by zero");
}

template <class T>
T DivideIntegers(T a, T b) {
  RefuseZero(b == 0);
  if (b == -1 && a == std::numeric_limits<T>::min()) Fail("NUMERIC_VALUE_OUT_OF_RANGE", "integer division overflow");
  return static_cast<T>(a / b);
}

template <class T>
T ModuloIntegers(T a, T b) {
  RefuseZero(b == 0);
  return b == -1 ? T{0} : static_cast<T>(a % b);
}

template <class T>
duckdb::ScalarFunction IntegerFunction(bool divide, const LogicalType& type) {
  if (divide) return Binary<T, T, T>("trino_integer_div", type, type, type, DivideIntegers<T>);
  return Binary<T, T, T>("trino_integer_mod", type, type, type, ModuloIntegers<T>);
}

Expr Integers(Expansion& e, bool divide, Expr left, Expr right, const LogicalType& type) {
  auto a = e.Cast(std::move(left), type);
  auto b = e.Cast(std::move(right), type);
  switch (type.id()) {
    case LogicalTypeId::TINYINT: return e.Run(IntegerFunction<std::int8_t>(divide, type), std::move(a), std::move(b));
    case LogicalTypeId::SMALLINT: return e.Run(IntegerFunction<std::int16_t>(divide, type), std::move(a), std::move(b));
    case LogicalTypeId::INTEGER: return e.Run(IntegerFunction<std::int32_t>(divide, type), std::move(a), std::move(b));
    default:
      return e.Run(IntegerFunction<std::int64_t>(divide, LogicalType::BIGINT),
                   e.Cast(std::move(a), LogicalType::BIGINT), e.Cast(std::move(b), LogicalType::BIGINT));
  }
}

Expr DecimalPair(Expansion& e, bool divide, Expr left, Expr right) {
  const auto a = DecimalShape::Of(left->return_type);
  const auto b = DecimalShape::Of(right->return_type);
  const auto result = divide ? QuotientShape(a, b) : RemainderShape(a, b);
  const auto type = LogicalType::DECIMAL(38, static_cast<std::uint8_t>(result.scale));
  const auto name = std::string(divide ? "trino_decimal_div_" : "trino_decimal_mod_") + std::to_string(a.scale) + "_" +
                    std::to_string(b.scale) + "_" + std::to_string(result.scale);
  const auto wide = [&](Expr value, int scale) {
    return e.Cast(std::move(value), LogicalType::DECIMAL(38, static_cast<std::uint8_t>(scale)));
  };
  const auto a_type = LogicalType::DECIMAL(38, static_cast<std::uint8_t>(a.scale));
  const auto b_type = LogicalType::DECIMAL(38, static_cast<std::uint8_t>(b.scale));
  const int shift = result.scale + b.scale - a.scale;
  using duckdb::hugeint_t;
  auto function =
      divide ? Binary<hugeint_t, hugeint_t, hugeint_t>(
                   name, a_type, b_type, type,
                   [shift](hugeint_t x, hugeint_t y) {
                     return FromInt128(DivideDecimals(ToInt128(x), ToInt128(y), shift));
                   })
             : Binary<hugeint_t, hugeint_t, hugeint_t>(name, a_type, b_type, type, [a, b](hugeint_t x, hugeint_t y) {
                 return FromInt128(RemainderOfDecimals(ToInt128(x), a.scale, ToInt128(y), b.scale));
               });
  auto value = e.Run(std::move(function), wide(std::move(left), a.scale), wide(std::move(right), b.scale));
  return e.Cast(std::move(value), result.Type());
}

Expr DivideOrModulo(Expansion& e, bool divide) {
  if (HasNumber(e)) return NumberOperator(e, divide ? '/' : '%');
  if (divide && IsInterval(e.Type(0))) {
    auto inverse = e.Operator("/", e.Literal(duckdb::Value::DOUBLE(1)), e.Cast(e.Take(1), LogicalType::DOUBLE));
    return ScaleInterval(e, e.Take(0), std::move(inverse));
  }
  auto [left, right] = TakeBoth(e);
  const auto& a = left->return_type;
  const auto& b = right->return_type;
  if (a.IsIntegral() && b.IsIntegral()) {
    const auto type = LogicalType::MaxLogicalType(e.context(), a, b);
    return Integers(e, divide, std::move(left), std::move(right), type);
  }
  if (IsExact(a) && IsExact(b)) return DecimalPair(e, divide, std::move(left), std::move(right));
  const bool real = a.id() != LogicalTypeId::DOUBLE && b.id() != LogicalTypeId::DOUBLE &&
                    (a.id() == LogicalTypeId::FLOAT || b.id() == LogicalTypeId::FLOAT);
  const auto type = LogicalType(real ? LogicalTypeId::FLOAT : LogicalTypeId::DOUBLE);
  auto x = e.Cast(std::move(left), type);
  return e.Operator(divide ? "/" : "%", std::move(x), e.Cast(std::move(right), type));
}

Expr Divide(Expansion& e) { return DivideOrModulo(e, true); }
Expr Modulo(Expansion& e) { return DivideOrModulo(e, false); }
Expr Negate(Expansion& e) {
  if (IsNumber(e.Type(0))) return NegateNumber(e);
  if (e.Id(0) == LogicalTypeId::SQLNULL) return e.Cast(e.Take(0), LogicalType::INTEGER);
  return e.Operator("-", e.Take(0));
}

}  // namespace

void RegisterArithmetic(duckdb::ExtensionLoader& loader) {
  RegisterExpander(loader, "trino_add", {2}, Expanding<Add>);
  RegisterExpander(loader, "trino_sub", {2}, Expanding<Subtract>);
  RegisterExpander(loader, "trino_mul", {2}, Expanding<Multiply>);
  RegisterExpander(loader, "trino_div", {2}, Expanding<Divide>);
  RegisterExpander(loader, "trino_mod", {2}, Expanding<Modulo>);
  RegisterExpander(loader, "trino_neg", {1}, Expanding<Negate>);
}

}  // namespace tarn::engine
