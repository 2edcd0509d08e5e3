#include "engine/duck/decimal_math.h"

#include <algorithm>
#include <array>

#include "engine/duck/expansion.h"

namespace tarn::engine {
namespace {

constexpr auto kPowersOfTen = [] {
  std::array<Int128, 39> powers{};
  powers[0] = 1;
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

[[noreturn]] void Overflow() { Fail("NUMERIC_VALUE_OUT_OF_RANGE", "Decimal overflow"); }

UInt128 Magnitude(Int128 value) { return value < 0 ? ~static_cast<UInt128>(value) + 1 : static_cast<UInt128>(value); }

// remainder * 10 / divisor for a remainder below the divisor, without leaving 128 bits: ten additions
// modulo the divisor.
unsigned NextDigit(UInt128& remainder, UInt128 divisor) {
  UInt128 sum = 0;
  unsigned digit = 0;
  for (int i = 0; i < 10; ++i) {
    if (sum >= divisor - remainder) {
      sum -= divisor - remainder;
      ++digit;
    } else {
      sum += remainder;
    }
  }
  remainder = sum;
  return digit;
}

constexpr UInt128 kLimit = static_cast<UInt128>(kPowersOfTen[38]);

UInt128 DivideLong(UInt128 a, UInt128 b, int shift) {
  auto quotient = a / b;
  auto remainder = a % b;
  for (int i = 0; i < shift; ++i) {
    if (quotient >= kLimit / 10) Overflow();
    quotient = quotient * 10 + NextDigit(remainder, b);
  }
  return quotient + (remainder >= b - remainder ? 1 : 0);
}

DecimalShape Fitted(int whole, int scale, int least_scale) {
  if (whole + scale <= 38) return {.precision = whole + scale, .scale = scale};
  return {.precision = 38, .scale = std::max(38 - whole, std::min(scale, least_scale))};
}

// value / 10^drop, half away from zero; the value must fit 38 digits.
Int128 Rounded(Int128 value, int drop) {
  if (Magnitude(value) >= kLimit) Overflow();
  if (drop == 0) return value;
  for (; drop > 38; --drop) value /= 10;  // nothing is left to round
  return DivideDecimals(value, kPowersOfTen[static_cast<std::size_t>(drop)], 0);
}

Int128 Shifted(Int128 value, int shift) {
  Int128 shifted = 0;
  if (__builtin_mul_overflow(value, PowerOfTen(shift), &shifted) || Magnitude(shifted) >= kLimit) Overflow();
  return shifted;
}

}  // namespace

DecimalShape DecimalShape::Of(const duckdb::LogicalType& type) {
  std::uint8_t width = 0;
  std::uint8_t scale = 0;
  type.GetDecimalProperties(width, scale);
  return {.precision = width, .scale = scale};
}

DecimalShape QuotientShape(DecimalShape a, DecimalShape b) {
  return Fitted(a.precision - a.scale + b.scale, std::max(6, a.scale + b.precision + 1), 6);
}

DecimalShape ProductShape(DecimalShape a, DecimalShape b) {
  return Fitted(a.precision - a.scale + b.precision - b.scale, a.scale + b.scale, 6);
}

DecimalShape SumShape(DecimalShape a, DecimalShape b) {
  const int whole = std::max(a.precision - a.scale, b.precision - b.scale);
  const int scale = std::max(a.scale, b.scale);
  if (whole + scale < 38) return {.precision = whole + scale + 1, .scale = scale};
  return {.precision = 38, .scale = std::min(scale, 38 - whole)};
}

DecimalShape RemainderShape(DecimalShape a, DecimalShape b) {
  const int scale = std::max(a.scale, b.scale);
  const int whole = std::min(a.precision - a.scale, b.precision - b.scale);
  return {.precision = std::clamp(whole + scale, 1, 38), .scale = scale};
}

Int128 PowerOfTen(int exponent) { return kPowersOfTen[static_cast<std::size_t>(exponent)]; }

Int128 DivideDecimals(Int128 a, Int128 b, int shift) {
  if (b == 0) Fail("DIVISION_BY_ZERO", "Division by zero");
  const bool negative = (a < 0) != (b < 0);
  const auto x = Magnitude(a);
  auto y = Magnitude(b);
  UInt128 quotient = 0;
  if (shift < 0) {
    if (y >= kLimit / static_cast<UInt128>(PowerOfTen(-shift))) return 0;
    y *= static_cast<UInt128>(PowerOfTen(-shift));
    shift = 0;
  }
  if (shift <= 38 && x < kLimit / static_cast<UInt128>(PowerOfTen(shift))) {
    const auto numerator = x * static_cast<UInt128>(PowerOfTen(shift));
    // Sixty-four-bit division is several times faster, and most money fits it.
    if (numerator <= UINT64_MAX && y <= UINT64_MAX) {
      const auto n = static_cast<std::uint64_t>(numerator);
      const auto d = static_cast<std::uint64_t>(y);
      quotient = n / d + (n % d >= d - n % d ? 1 : 0);
    } else {
      quotient = numerator / y;
      const auto remainder = numerator % y;
      quotient += remainder >= y - remainder ? 1 : 0;
    }
  } else {
    quotient = DivideLong(x, y, shift);
  }
  if (quotient >= kLimit) Overflow();
  return negative ? -static_cast<Int128>(quotient) : static_cast<Int128>(quotient);
}

Int128 MultiplyDecimals(Int128 a, Int128 b, int drop) {
  // The product of numbers of 64 bits, as most are, is below 10^38.
  const auto x = static_cast<std::int64_t>(a);
  const auto y = static_cast<std::int64_t>(b);
  if (x == a && y == b && drop == 0) return static_cast<Int128>(x) * y;
  Int128 product = 0;
  if (__builtin_mul_overflow(a, b, &product)) Overflow();
  return Rounded(product, drop);
}

Int128 AddDecimals(Int128 a, int a_shift, Int128 b, int b_shift, int drop) {
  Int128 sum = 0;
  if (__builtin_add_overflow(Shifted(a, a_shift), Shifted(b, b_shift), &sum)) Overflow();
  return Rounded(sum, drop);
}

Int128 RemainderOfDecimals(Int128 a, int a_scale, Int128 b, int b_scale) {
  if (b == 0) Fail("DIVISION_BY_ZERO", "Division by zero");
  const int scale = std::max(a_scale, b_scale);
  const auto rescale = [&](Int128 value, int from) {
    Int128 scaled = 0;
    if (__builtin_mul_overflow(value, PowerOfTen(scale - from), &scaled)) Overflow();
    return scaled;
  };
  return rescale(a, a_scale) % rescale(b, b_scale);
}

}  // namespace tarn::engine
