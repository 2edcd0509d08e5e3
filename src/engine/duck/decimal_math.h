// Exact decimals as Trino computes them.
#pragma once

#include <duckdb.hpp>

#include "engine/duck/value_text.h"

namespace tarn::engine {

// Precision and scale of an exact number; integers count as decimals that hold their whole range.
struct DecimalShape {
  int precision;
  int scale;

  [[nodiscard]] static DecimalShape Of(const duckdb::LogicalType& type);
  [[nodiscard]] duckdb::LogicalType Type() const {
    return duckdb::LogicalType::DECIMAL(static_cast<std::uint8_t>(precision), static_cast<std::uint8_t>(scale));
  }
};

// The shape of a / b since Trino 483: at least six digits of fraction, and fewer only where 38 digits do not hold more.
[[nodiscard]] DecimalShape QuotientShape(DecimalShape a, DecimalShape b);
[[nodiscard]] DecimalShape RemainderShape(DecimalShape a, DecimalShape b);
// Of a * b, a + b and a - b since Trino 483: what 38 digits do not hold loses digits of its fraction.
[[nodiscard]] DecimalShape ProductShape(DecimalShape a, DecimalShape b);
[[nodiscard]] DecimalShape SumShape(DecimalShape a, DecimalShape b);

[[nodiscard]] inline Int128 ToInt128(duckdb::hugeint_t value) {
  return static_cast<Int128>(value.upper) << 64 | value.lower;
}
[[nodiscard]] inline duckdb::hugeint_t FromInt128(Int128 value) {
  duckdb::hugeint_t huge;
  huge.upper = static_cast<std::int64_t>(value >> 64);
  huge.lower = static_cast<std::uint64_t>(value);
  return huge;
}

// 10^exponent, exponent 0 to 38.
[[nodiscard]] Int128 PowerOfTen(int exponent);
// a * 10^shift / b, half away from zero; a negative shift divides. Raises DIVISION_BY_ZERO and
// NUMERIC_VALUE_OUT_OF_RANGE.
[[nodiscard]] Int128 DivideDecimals(Int128 a, Int128 b, int shift);
// a * b / 10^drop and a * 10^a_shift + b * 10^b_shift, then / 10^drop, half away from zero. Raise
// NUMERIC_VALUE_OUT_OF_RANGE also where only the exact result is too long.
[[nodiscard]] Int128 MultiplyDecimals(Int128 a, Int128 b, int drop);
[[nodiscard]] Int128 AddDecimals(Int128 a, int a_shift, Int128 b, int b_shift, int drop);
[[nodiscard]] Int128 RemainderOfDecimals(Int128 a, int a_scale, Int128 b, int b_scale);

}  // namespace tarn::engine
