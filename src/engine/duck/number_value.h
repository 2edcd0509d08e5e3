// Values of Trino's type number: decimals of any scale, the two infinities and NaN.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/duck/value_text.h"

namespace tarn::engine {

enum class NumberRounding { kHalfUp, kTowardZero, kUp, kDown };

// Immutable. A finite value has no zeros at its end, so that equal values are equal in every part. Errors are raised
// as Fail does: NOT_SUPPORTED beyond kMostDigits digits, and where an operator meets NaN or an infinity.
class NumberValue final {
 public:
  using Digits = boost::multiprecision::cpp_int;

  // The longest product of two decimals. Where the reference rounds beyond was not verified.
  static constexpr std::size_t kMostDigits = 76;

  // "3.14", "1e40", "NaN", "-Infinity"; nullopt for anything else.
  [[nodiscard]] static std::optional<NumberValue> OfText(std::string_view text);
  // digits / 10^scale
  [[nodiscard]] static NumberValue Of(Digits digits, std::int64_t scale);
  [[nodiscard]] static NumberValue OfInt128(Int128 digits, std::int64_t scale);
  // The shortest decimal that reads as the double again.
  [[nodiscard]] static NumberValue OfDouble(double value);
  // Precondition: the bytes are of Key().
  [[nodiscard]] static NumberValue OfKey(std::string_view key);

  // Bytes that compare as the values do: -Infinity, the numbers, Infinity, NaN.
  [[nodiscard]] std::string Key() const;
  // As Java's BigDecimal writes it: 3.14, 1E+10, -1.4622E-9; "+Infinity".
  [[nodiscard]] std::string Text() const;

  [[nodiscard]] bool IsFinite() const { return kind_ == Kind::kFinite; }
  [[nodiscard]] bool IsNaN() const { return kind_ == Kind::kNaN; }
  [[nodiscard]] int Sign() const;
  [[nodiscard]] double ToDouble() const;
  // The value times 10^scale as a whole number, half away from zero; nullopt where 38 digits do not hold it.
  // Precondition: finite.
  [[nodiscard]] std::optional<Int128> ToDecimal(int scale) const;

  [[nodiscard]] NumberValue Negated() const;
  // With so many digits after the point; infinities and NaN stay.
  [[nodiscard]] NumberValue Rounded(std::int64_t digits, NumberRounding how) const;

  [[nodiscard]] static NumberValue Sum(const NumberValue& a, const NumberValue& b);
  [[nodiscard]] static NumberValue Product(const NumberValue& a, const NumberValue& b);
  // As the quotient of decimals of just these digits: at least six digits after the point. Raises DIVISION_BY_ZERO.
  [[nodiscard]] static NumberValue Quotient(const NumberValue& a, const NumberValue& b);
  // With the dividend's sign. Raises DIVISION_BY_ZERO.
  [[nodiscard]] static NumberValue Remainder(const NumberValue& a, const NumberValue& b);

 private:
  enum class Kind : std::uint8_t { kNegativeInfinity, kFinite, kInfinity, kNaN };

  explicit NumberValue(Kind kind) : kind_(kind) {}
  [[nodiscard]] std::string Magnitude() const;  // its digits
  [[nodiscard]] std::int64_t Exponent() const;  // of the first digit

  Kind kind_ = Kind::kFinite;
  Digits digits_ = 0;
  std::int64_t scale_ = 0;
};

}  // namespace tarn::engine
