// Rounding, roots, logarithms, and the largest and least of several.
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "engine/duck/decimal_math.h"
#include "engine/duck/expansion.h"
#include "engine/duck/functions.h"
#include "engine/duck/number_functions.h"

namespace tarn::engine {
namespace {

using duckdb::hugeint_t;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;

enum class Rounding { kHalfUp, kTowardZero, kUp, kDown };

// `value` of scale `from` at scale `to`, to <= from.
Int128 Rescale(Int128 value, int from, int to, Rounding how) {
  const auto unit = PowerOfTen(from - to);
  const auto whole = value / unit;
  const auto rest = value % unit;
  switch (how) {
    case Rounding::kHalfUp:
      return whole + (rest >= unit - rest && rest > 0 ? 1 : 0) - (-rest >= unit + rest && rest < 0 ? 1 : 0);
    case Rounding::kTowardZero: return whole;
    case Rounding::kUp: return whole + (rest > 0 ? 1 : 0);
    default: return whole - (rest < 0 ? 1 : 0);
  }
}

LogicalType WideDecimal(int scale) { return LogicalType::DECIMAL(38, static_cast<std::uint8_t>(scale)); }

// A decimal without its fraction: one digit more where rounding can carry.
Expr WholeDecimal(Expansion& e, Rounding how) {
  const auto shape = DecimalShape::Of(e.Type(0));
  const int carry = shape.scale > 0 && how != Rounding::kTowardZero ? 1 : 0;
  const DecimalShape result{.precision = std::max(shape.precision - shape.scale + carry, 1), .scale = 0};
  auto function = Unary<hugeint_t, hugeint_t>(
      "trino_whole_" + std::to_string(static_cast<int>(how)), WideDecimal(shape.scale), WideDecimal(0),
      [shape, how](hugeint_t value) { return FromInt128(Rescale(ToInt128(value), shape.scale, 0, how)); });
  return e.Cast(e.Run(std::move(function), e.Cast(e.Take(0), WideDecimal(shape.scale))), result.Type());
}

// A decimal rounded at a digit that each row gives; it keeps its scale.
Expr DecimalAt(Expansion& e, Rounding how) {
  const auto shape = DecimalShape::Of(e.Type(0));
  const DecimalShape result{.precision = how == Rounding::kHalfUp ? std::min(shape.precision + 1, 38) : shape.precision,
                            .scale = shape.scale};
  auto function = Binary<hugeint_t, std::int64_t, hugeint_t>(
      "trino_round_at_" + std::to_string(static_cast<int>(how)), WideDecimal(shape.scale), LogicalType::BIGINT,
      WideDecimal(shape.scale), [shape, how](hugeint_t value, std::int64_t digits) {
        if (digits >= shape.scale) return value;
        const auto dropped = shape.scale - digits;
        if (dropped > 38) return FromInt128(0);
        const auto rounded = Rescale(ToInt128(value), static_cast<int>(dropped), 0, how);
        return FromInt128(rounded * PowerOfTen(static_cast<int>(dropped)));
      });
  auto wide = e.Cast(e.Take(0), WideDecimal(shape.scale));
  return e.Cast(e.Run(std::move(function), std::move(wide), e.Cast(e.Take(1), LogicalType::BIGINT)), result.Type());
}

NumberRounding NumberRoundingOf(Rounding how) {
  switch (how) {
    case Rounding::kHalfUp: return NumberRounding::kHalfUp;
    case Rounding::kTowardZero: return NumberRounding::kTowardZero;
    case Rounding::kUp: return NumberRounding::kUp;
    default: return NumberRounding::kDown;
  }
}

template <Rounding how>
double RoundDouble(double value) {
  if constexpr (how == Rounding::kHalfUp) return value == 0 ? 0 : std::round(value);  // -0.0 becomes 0.0, -0.4 does not
  if constexpr (how == Rounding::kTowardZero) return std::trunc(value);
  if constexpr (how == Rounding::kUp) return std::ceil(value);
  return std::floor(value);
}

template <Rounding how>
double RoundDoubleAt(double value, std::int64_t digits) {
  if (!std::isfinite(value) || digits > 400) return value;
  const double factor = std::pow(10.0, static_cast<double>(digits));
  const double scaled = value * factor;
  return std::isfinite(scaled) && factor != 0 ? RoundDouble<how>(scaled) / factor : (factor == 0 ? 0 : value);
}

template <Rounding how>
Expr Round(Expansion& e) {
  const auto type = e.Type(0);
  if (IsNumber(type)) return RoundNumber(e, NumberRoundingOf(how));
  if (type.id() == LogicalTypeId::DECIMAL) return e.size() == 1 ? WholeDecimal(e, how) : DecimalAt(e, how);
  if (type.id() == LogicalTypeId::SQLNULL) return e.Take(0);
  if (type.IsIntegral() && e.size() == 1) return e.Take(0);
  if (type.IsIntegral()) {
    auto function = Binary<std::int64_t, std::int64_t, std::int64_t>(
        "trino_round_integer_" + std::to_string(static_cast<int>(how)), LogicalType::BIGINT, LogicalType::BIGINT,
        LogicalType::BIGINT, [](std::int64_t value, std::int64_t digits) -> std::int64_t {
          if (digits >= 0) return value;
          if (digits < -18) return 0;
          const auto dropped = static_cast<int>(-digits);
          return static_cast<std::int64_t>(Rescale(value, dropped, 0, how) * PowerOfTen(dropped));
        });
    auto wide = e.Cast(e.Take(0), LogicalType::BIGINT);
    return e.Cast(e.Run(std::move(function), std::move(wide), e.Cast(e.Take(1), LogicalType::BIGINT)), type);
  }
  const auto suffix = std::to_string(static_cast<int>(how));
  if (!type.IsNumeric()) Fail("TYPE_MISMATCH", "Rounding needs a number");
  auto wide = e.Cast(e.Take(0), LogicalType::DOUBLE);
  if (e.size() == 1) {
    return e.Cast(e.Run(Unary<double, double>("trino_round_double_" + suffix, LogicalType::DOUBLE, LogicalType::DOUBLE,
                                              RoundDouble<how>),
                        std::move(wide)),
                  type);
  }
  // A real that rounds to nothing has no sign.
  if (type.id() == LogicalTypeId::FLOAT && how == Rounding::kHalfUp) {
    return e.Cast(e.Run(Binary<double, std::int64_t, double>(
                            "trino_round_real_at", LogicalType::DOUBLE, LogicalType::BIGINT, LogicalType::DOUBLE,
                            [](double value, std::int64_t digits) { return RoundDoubleAt<how>(value, digits) + 0.0; }),
                        std::move(wide), e.Cast(e.Take(1), LogicalType::BIGINT)),
                  type);
  }
  return e.Cast(
      e.Run(Binary<double, std::int64_t, double>("trino_round_double_at_" + suffix, LogicalType::DOUBLE,
                                                 LogicalType::BIGINT, LogicalType::DOUBLE, RoundDoubleAt<how>),
            std::move(wide), e.Cast(e.Take(1), LogicalType::BIGINT)),
      type);
}

// NaN and both zeros are their own sign.
double SignOf(double value) { return value > 0 ? 1 : value < 0 ? -1 : value; }

Expr Sign(Expansion& e) {
  const auto type = e.Type(0);
  if (IsNumber(type)) return SignOfNumber(e);
  if (type.id() == LogicalTypeId::DOUBLE || type.id() == LogicalTypeId::FLOAT) {
    return e.Cast(e.Run(Unary<double, double>("trino_sign_of_double", LogicalType::DOUBLE, LogicalType::DOUBLE, SignOf),
                        e.Cast(e.Take(0), LogicalType::DOUBLE)),
                  type);
  }
  const auto result = type.id() == LogicalTypeId::DECIMAL ? LogicalType::DECIMAL(1, 0) : type;
  return e.Cast(e.Call("sign", e.Take(0)), result);
}

// IEEE results where the engine would fail.
template <double (*function)(double)>
Expr OfDouble(Expansion& e, const char* name) {
  return e.Run(Unary<double, double>(name, LogicalType::DOUBLE, LogicalType::DOUBLE, function),
               e.Cast(e.Take(0), LogicalType::DOUBLE));
}
// The processor's own NaN has the sign bit set, which some texts would show.
double SquareRoot(double value) { return value < 0 ? std::numeric_limits<double>::quiet_NaN() : std::sqrt(value); }
Expr Sqrt(Expansion& e) { return OfDouble<SquareRoot>(e, "trino_sqrt_double"); }
Expr Ln(Expansion& e) { return OfDouble<std::log>(e, "trino_ln_double"); }
Expr Log2(Expansion& e) { return OfDouble<std::log2>(e, "trino_log2_double"); }
Expr Log10(Expansion& e) { return OfDouble<std::log10>(e, "trino_log10_double"); }

// The engine's own pass over NULLs; Trino's is NULL if any argument is. An argument that changes with every
// evaluation is looked at only once and counts as never NULL.
Expr Extreme(Expansion& e, const char* name) {
  Expr any_null;
  duckdb::vector<Expr> arguments;
  for (std::size_t i = 0; i < e.size(); ++i) {
    if (!e.IsVolatile(i)) {
      auto is_null = Expansion::IsNull(e.Copy(i));
      any_null = any_null ? Expansion::Or(std::move(any_null), std::move(is_null)) : std::move(is_null);
    }
    arguments.push_back(e.Take(i));
  }
  auto extreme = e.Bind(name, std::move(arguments), false);
  if (!any_null) return extreme;
  const auto type = extreme->return_type;
  return Expansion::Case(std::move(any_null), Expansion::Literal(duckdb::Value(type)), std::move(extreme));
}
Expr Greatest(Expansion& e) { return Extreme(e, "greatest"); }
Expr Least(Expansion& e) { return Extreme(e, "least"); }

void CheckRadix(std::int64_t radix) {
  if (radix < 2 || radix > 36) Fail("INVALID_FUNCTION_ARGUMENT", "Radix must be between 2 and 36");
}

Expr FromBase(Expansion& e) {
  return e.Run(Binary<duckdb::string_t, std::int64_t, std::int64_t>(
                   "trino_number_of_base", LogicalType::VARCHAR, LogicalType::BIGINT, LogicalType::BIGINT,
                   [](duckdb::string_t text, std::int64_t radix) {
                     CheckRadix(radix);
                     std::int64_t value = 0;
                     const auto digits = View(text);
                     const auto* const end = digits.data() + digits.size();
                     const auto [stop, failure] = std::from_chars(digits.data(), end, value, static_cast<int>(radix));
                     if (failure != std::errc{} || stop != end) {
                       Fail("INVALID_FUNCTION_ARGUMENT",
                            "Not a valid base-" + std::to_string(radix) + " number: " + std::string(digits));
                     }
                     return value;
                   }),
               e.Take(0), e.Cast(e.Take(1), LogicalType::BIGINT));
}

duckdb::ScalarFunction ToBaseFunction() {
  duckdb::ScalarFunction function(
      "trino_to_base", {LogicalType::BIGINT, LogicalType::BIGINT}, LogicalType::VARCHAR,
      [](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
        duckdb::BinaryExecutor::Execute<std::int64_t, std::int64_t, duckdb::string_t>(
            in.data[0], in.data[1], out, in.size(), [&](std::int64_t value, std::int64_t radix) {
              CheckRadix(radix);
              std::array<char, 72> digits;
              const auto* const end =
                  std::to_chars(digits.data(), digits.data() + digits.size(), value, static_cast<int>(radix)).ptr;
              return duckdb::StringVector::AddString(out, digits.data(),
                                                     static_cast<duckdb::idx_t>(end - digits.data()));
            });
      });
  function.SetFallible();
  return function;
}

}  // namespace

void RegisterNumbers(duckdb::ExtensionLoader& loader) {
  RegisterExpander(loader, "trino_round", {1, 2}, Expanding<Round<Rounding::kHalfUp>>);
  RegisterExpander(loader, "trino_truncate", {1, 2}, Expanding<Round<Rounding::kTowardZero>>);
  RegisterExpander(loader, "trino_ceiling", {1}, Expanding<Round<Rounding::kUp>>);
  RegisterExpander(loader, "trino_floor", {1}, Expanding<Round<Rounding::kDown>>);
  RegisterExpander(loader, "trino_sign", {1}, Expanding<Sign>);
  RegisterExpander(loader, "trino_sqrt", {1}, Expanding<Sqrt>);
  RegisterExpander(loader, "trino_ln", {1}, Expanding<Ln>);
  RegisterExpander(loader, "trino_log2", {1}, Expanding<Log2>);
  RegisterExpander(loader, "trino_log10", {1}, Expanding<Log10>);
  RegisterExpander(loader, "trino_from_base", {2}, Expanding<FromBase>);
  RegisterVariadicExpander(loader, "trino_greatest", Expanding<Greatest>);
  RegisterVariadicExpander(loader, "trino_least", Expanding<Least>);
  loader.RegisterFunction(ToBaseFunction());
}

}  // namespace tarn::engine
