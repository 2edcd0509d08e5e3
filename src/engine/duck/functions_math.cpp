// Functions of doubles, bits and distributions. NaN and infinities come out where IEEE says so, as in Java.
#include <array>
#include <bit>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "engine/duck/brent_root.h"
#include "engine/duck/functions.h"
#include "engine/duck/row_function.h"

namespace tarn::engine {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

[[noreturn]] void Refuse(const char* message) { Fail("INVALID_FUNCTION_ARGUMENT", message); }

double Positive(double value) { return std::isnan(value) ? kNan : value; }  // the processor's own NaN may be negative

template <double (*function)(double)>
double Plain(double value) {
  return Positive(function(value));
}

double Degrees(double value) { return value * (180.0 / std::numbers::pi); }
double Radians(double value) { return value / 180.0 * std::numbers::pi; }
double Atan2(double y, double x) { return Positive(std::atan2(y, x)); }
double Log(double base, double value) { return Positive(std::log(value) / std::log(base)); }
// Java: NaN for a NaN exponent, and for 1 with an infinite one.
double Power(double base, double exponent) {
  if (std::isnan(exponent) || (std::isinf(exponent) && std::fabs(base) == 1)) return kNan;
  return Positive(std::pow(base, exponent));
}

bool IsFinite(double value) { return std::isfinite(value); }
bool IsInfinite(double value) { return std::isinf(value); }
bool IsNan(double value) { return std::isnan(value); }
bool IsFiniteReal(float value) { return std::isfinite(value); }
bool IsNanReal(float value) { return std::isnan(value); }

// Shifts take the low six bits of the distance, as Java's do, after distances of the width and more were dealt with.
template <class T>
T ShiftLeft(T value, std::int32_t distance) {
  if (distance >= static_cast<std::int32_t>(sizeof(T) * 8)) return 0;
  return static_cast<T>(static_cast<std::uint64_t>(static_cast<std::int64_t>(value)) << (distance & 63));
}
template <class T>
T ShiftRight(T value, std::int32_t distance) {
  if (distance >= static_cast<std::int32_t>(sizeof(T) * 8)) return 0;
  return static_cast<T>(static_cast<std::uint64_t>(static_cast<std::make_unsigned_t<T>>(value)) >> (distance & 63));
}
template <class T>
T ShiftRightArithmetic(T value, std::int32_t distance) {
  if (distance >= static_cast<std::int32_t>(sizeof(T) * 8)) return value >= 0 ? T{0} : T{-1};
  return static_cast<T>(static_cast<std::int64_t>(value) >> (distance & 63));
}

std::int64_t BitCount(std::int64_t value, std::int64_t bits) {
  if (bits < 2 || bits > 64)
    Fail("INVALID_FUNCTION_ARGUMENT",
         "Bits specified in bit_count must be between 2 and 64, got " + std::to_string(bits));
  if (bits == 64) return std::popcount(static_cast<std::uint64_t>(value));
  const std::int64_t top = (std::int64_t{1} << (bits - 1)) - 1;
  if (value > top || value < -top - 1) {
    Fail("INVALID_FUNCTION_ARGUMENT", "Number must be representable with the bits specified: " + std::to_string(value) +
                                          " in " + std::to_string(bits) + " bits");
  }
  return std::popcount(static_cast<std::uint64_t>(value) & ((std::uint64_t{1} << bits) - 1));
}

// A whole number from `low` to below `high`; `share` is random in [0, 1).
std::int64_t RandomBetween(std::int64_t low, std::int64_t high, double share) {
  if (low >= high) Refuse("bound must be positive and start must be less than stop");
  const auto width = static_cast<double>(static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low));
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + static_cast<std::uint64_t>(share * width));
}

double NormalCdf(double mean, double deviation, double value) {
  if (!(deviation > 0)) Refuse("standardDeviation must be > 0");
  return 0.5 * (1 + std::erf((value - mean) / (deviation * std::numbers::sqrt2)));
}
double InverseNormalCdf(double mean, double deviation, double p) {
  if (!(p > 0 && p < 1)) Refuse("p must be in the interval (0, 1)");
  if (!(deviation > 0)) Refuse("sd must be > 0");
  return mean + deviation * boost::math::quantile(boost::math::normal(), p);
}
void CheckBeta(double a, double b) {
  if (!(a > 0)) Refuse("a must be > 0");
  if (!(b > 0)) Refuse("b must be > 0");
}
double BetaCdf(double a, double b, double value) {
  if (!(value >= 0 && value <= 1)) Refuse("value must be in the interval [0, 1]");
  CheckBeta(a, b);
  return boost::math::cdf(boost::math::beta_distribution(a, b), value);
}
double InverseBetaCdf(double a, double b, double p) {
  if (!(p >= 0 && p <= 1)) Refuse("p must be in the interval [0, 1]");
  CheckBeta(a, b);
  if (p == 0 || p == 1) return p;
  // Trino looks for it with Brent's method to nine digits, from the middle on.
  constexpr double kAccuracy = 1e-9;
  constexpr double kZero = 1e-15;
  const boost::math::beta_distribution distribution(a, b);
  const auto above = [&](double x) { return boost::math::cdf(distribution, x) - p; };
  const double middle = above(0.5);
  if (std::abs(middle) <= kZero) return 0.5;
  return middle > 0 ? BrentRoot(above, 0, 0.5, kAccuracy) : BrentRoot(above, 0.5, 1, kAccuracy);
}
void CheckDegrees(double degrees) {
  if (!(degrees > 0)) Refuse("df must be greater than 0");
}
double StudentCdf(double value, double degrees) {
  CheckDegrees(degrees);
  if (std::isnan(value)) return kNan;
  if (std::isinf(value)) return value < 0 ? 0 : 1;
  return boost::math::cdf(boost::math::students_t(degrees), value);
}
double StudentPdf(double value, double degrees) {
  CheckDegrees(degrees);
  if (std::isnan(value)) return kNan;
  if (std::isinf(value)) return 0;
  return boost::math::pdf(boost::math::students_t(degrees), value);
}

// The Wilson score interval's end on one side of the middle.
double Wilson(std::int64_t successes, std::int64_t trials, double z, double side) {
  if (successes < 0) Refuse("number of successes must not be negative");
  if (trials <= 0) Refuse("number of trials must be positive");
  if (successes > trials) Refuse("number of successes must not be larger than number of trials");
  if (!(z >= 0)) Refuse("z-score must not be negative");
  const auto n = static_cast<double>(trials);
  const double p = static_cast<double>(successes) / n;
  const double middle = p + z * z / (2 * n);
  const double spread = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return (middle + side * spread) / (1 + z * z / n);
}
double WilsonLower(std::int64_t successes, std::int64_t trials, double z) { return Wilson(successes, trials, z, -1); }
double WilsonUpper(std::int64_t successes, std::int64_t trials, double z) { return Wilson(successes, trials, z, 1); }

std::int64_t WidthBucket(double value, double low, double high, std::int64_t count) {
  if (count <= 0) Refuse("bucketCount must be greater than 0");
  if (std::isnan(value)) Refuse("operand must not be NaN");
  if (!std::isfinite(low)) Refuse("first bound must be finite");
  if (!std::isfinite(high)) Refuse("second bound must be finite");
  if (low == high) Refuse("bounds cannot equal each other");
  const double from = std::min(low, high);
  const double to = std::max(low, high);
  std::int64_t bucket = 0;
  if (value >= to) {
    if (count == std::numeric_limits<std::int64_t>::max())
      Fail("NUMERIC_VALUE_OUT_OF_RANGE", "Bucket for value is out of range");
    bucket = count + 1;
  } else if (value >= from) {
    bucket = static_cast<std::int64_t>(static_cast<double>(count) * (value - from) / (to - from)) + 1;
  }
  return low > high ? count - bucket + 1 : bucket;
}

// The number of bounds at or below the value; the bounds ascend.
struct ListOfDoubles {
  const double* values = nullptr;
  const duckdb::UnifiedVectorFormat* format = nullptr;
  duckdb::list_entry_t entry = {};
  [[nodiscard]] bool Valid(duckdb::idx_t i) const {
    return format->validity.RowIsValid(format->sel->get_index(entry.offset + i));
  }
  [[nodiscard]] double At(duckdb::idx_t i) const { return values[format->sel->get_index(entry.offset + i)]; }
};

std::int64_t WidthBucketOf(double value, const ListOfDoubles& bounds) {
  if (bounds.entry.length == 0) Refuse("Bins cannot be an empty array");
  if (std::isnan(value)) Refuse("Operand cannot be NaN");
  std::int64_t low = 0;
  auto high = static_cast<std::int64_t>(bounds.entry.length);
  for (duckdb::idx_t i = 0; i < bounds.entry.length; ++i) {
    if (!bounds.Valid(i)) Refuse("Bins cannot contain NULL");
  }
  while (low < high) {
    const std::int64_t middle = (low + high) / 2;
    const double first = bounds.At(static_cast<duckdb::idx_t>(low));
    const double last = bounds.At(static_cast<duckdb::idx_t>(high - 1));
    if (first > last) Refuse("Bin values are not sorted in ascending order");
    const double bound = bounds.At(static_cast<duckdb::idx_t>(middle));
    if (!std::isfinite(bound)) Refuse("Bin value must be finite");
    if (value < bound)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

duckdb::ScalarFunction WidthBucketOfList() {
  duckdb::ScalarFunction function(
      "trino_width_bucket", {duckdb::LogicalType::DOUBLE, duckdb::LogicalType::LIST(duckdb::LogicalType::DOUBLE)},
      duckdb::LogicalType::BIGINT, [](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
        duckdb::UnifiedVectorFormat children;
        auto& child = duckdb::ListVector::GetEntry(in.data[1]);
        child.ToUnifiedFormat(duckdb::ListVector::GetListSize(in.data[1]), children);
        const auto* const values = duckdb::UnifiedVectorFormat::GetData<double>(children);
        duckdb::BinaryExecutor::Execute<double, duckdb::list_entry_t, std::int64_t>(
            in.data[0], in.data[1], out, in.size(), [&](double value, duckdb::list_entry_t entry) {
              return WidthBucketOf(value, {values, &children, entry});
            });
      });
  function.SetFallible();
  return function;
}

}  // namespace

void RegisterMath(duckdb::ExtensionLoader& loader) {
  using Function = double (*)(double);
  static constexpr auto kPlain = std::to_array<std::pair<const char*, Function>>({
      {"trino_acos", Plain<std::acos>},
      {"trino_asin", Plain<std::asin>},
      {"trino_atan", Plain<std::atan>},
      {"trino_cbrt", Plain<std::cbrt>},
      {"trino_cos", Plain<std::cos>},
      {"trino_cosh", Plain<std::cosh>},
      {"trino_degrees", Degrees},
      {"trino_exp", Plain<std::exp>},
      {"trino_radians", Radians},
      {"trino_sin", Plain<std::sin>},
      {"trino_sinh", Plain<std::sinh>},
      {"trino_tan", Plain<std::tan>},
      {"trino_tanh", Plain<std::tanh>},
  });
  for (const auto& [name, function] : kPlain) RegisterRow(loader, name, function);
  RegisterRow(loader, "trino_atan2", Atan2);
  RegisterRow(loader, "trino_log", Log);
  RegisterRow(loader, "trino_power", Power);
  RegisterAll(loader, "trino_is_finite", RowFunction("trino_is_finite", IsFinite),
              RowFunction("trino_is_finite", IsFiniteReal));
  RegisterRow(loader, "trino_is_infinite", IsInfinite);
  RegisterAll(loader, "trino_is_nan", RowFunction("trino_is_nan", IsNan), RowFunction("trino_is_nan", IsNanReal));
  const auto shifts = [&](const char* name, auto tiny, auto small, auto plain, auto big) {
    RegisterAll(loader, name, RowFunction(name, tiny), RowFunction(name, small), RowFunction(name, plain),
                RowFunction(name, big));
  };
  shifts("trino_shift_left", ShiftLeft<std::int8_t>, ShiftLeft<std::int16_t>, ShiftLeft<std::int32_t>,
         ShiftLeft<std::int64_t>);
  shifts("trino_shift_right", ShiftRight<std::int8_t>, ShiftRight<std::int16_t>, ShiftRight<std::int32_t>,
         ShiftRight<std::int64_t>);
  shifts("trino_shift_right_arithmetic", ShiftRightArithmetic<std::int8_t>, ShiftRightArithmetic<std::int16_t>,
         ShiftRightArithmetic<std::int32_t>, ShiftRightArithmetic<std::int64_t>);
  RegisterRow(loader, "trino_bit_count", BitCount);
  auto random = RowFunction("trino_random", RandomBetween);
  random.SetStability(duckdb::FunctionStability::VOLATILE);
  loader.RegisterFunction(std::move(random));
  RegisterRow(loader, "trino_normal_cdf", NormalCdf);
  RegisterRow(loader, "trino_inverse_normal_cdf", InverseNormalCdf);
  RegisterRow(loader, "trino_beta_cdf", BetaCdf);
  RegisterRow(loader, "trino_inverse_beta_cdf", InverseBetaCdf);
  RegisterRow(loader, "trino_t_cdf", StudentCdf);
  RegisterRow(loader, "trino_t_pdf", StudentPdf);
  RegisterRow(loader, "trino_wilson_lower", WilsonLower);
  RegisterRow(loader, "trino_wilson_upper", WilsonUpper);
  RegisterAll(loader, "trino_width_bucket", RowFunction("trino_width_bucket", WidthBucket), WidthBucketOfList());
}

}  // namespace tarn::engine
