#include "engine/duck/number_value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "engine/duck/expansion.h"

namespace tarn::engine {
namespace {

using Digits = NumberValue::Digits;

constexpr std::int64_t kMostExponent = 16'384;

// The first byte of a key.
constexpr char kNegativeInfinityMark = '\x10';
constexpr char kNegativeMark = '\x20';
constexpr char kZeroMark = '\x30';
constexpr char kPositiveMark = '\x40';
constexpr char kInfinityMark = '\x50';
constexpr char kNaNMark = '\x60';
constexpr std::int64_t kExponentBias = std::int64_t{1} << 31;

[[noreturn]] void RefuseSize() { Fail("NOT_SUPPORTED", "Numbers of so many digits are not supported"); }

Digits PowerOfTenDigits(std::int64_t exponent) {
  if (exponent > 2 * kMostExponent) RefuseSize();
  return boost::multiprecision::pow(Digits(10), static_cast<unsigned>(exponent));
}

void NeedFinite(const NumberValue& a, const NumberValue& b) {
  if (!a.IsFinite() || !b.IsFinite())
    Fail("NOT_SUPPORTED", "Arithmetic with NaN and infinities of the type number is not supported");
}

// numerator / denominator as a whole number; denominator > 0.
Digits DivideRounded(const Digits& numerator, const Digits& denominator, NumberRounding how) {
  Digits quotient;
  Digits remainder;
  boost::multiprecision::divide_qr(numerator, denominator, quotient, remainder);
  if (remainder == 0) return quotient;
  const bool negative = numerator < 0;
  switch (how) {
    case NumberRounding::kTowardZero: return quotient;
    case NumberRounding::kUp: return negative ? quotient : Digits(quotient + 1);
    case NumberRounding::kDown: return negative ? Digits(quotient - 1) : quotient;
    case NumberRounding::kHalfUp: break;
  }
  const Digits twice = boost::multiprecision::abs(remainder) * 2;
  if (twice < denominator) return quotient;
  return negative ? Digits(quotient - 1) : Digits(quotient + 1);
}

}  // namespace

NumberValue NumberValue::Of(Digits digits, std::int64_t scale) {
  NumberValue value(Kind::kFinite);
  if (digits == 0) return value;
  while (digits % 10 == 0) {
    digits /= 10;
    --scale;
  }
  value.digits_ = std::move(digits);
  value.scale_ = scale;
  if (value.Magnitude().size() > kMostDigits || std::abs(value.Exponent()) > kMostExponent) RefuseSize();
  return value;
}

NumberValue NumberValue::OfInt128(Int128 digits, std::int64_t scale) { return Of(Digits(digits), scale); }

std::optional<NumberValue> NumberValue::OfText(std::string_view text) {
  if (text == "NaN") return NumberValue(Kind::kNaN);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "Infinity") return NumberValue(negative ? Kind::kNegativeInfinity : Kind::kInfinity);
  std::int64_t exponent = 0;
  if (const auto mark = text.find_first_of("eE"); mark != std::string_view::npos) {
    auto power = text.substr(mark + 1);
    if (power.starts_with('+') && !power.starts_with("+-")) power.remove_prefix(1);
    const auto [end, failure] = std::from_chars(power.data(), power.data() + power.size(), exponent);
    if (failure != std::errc{} || end != power.data() + power.size()) return std::nullopt;
    text = text.substr(0, mark);
  }
  const auto point = text.find('.');
  std::string digits(text.substr(0, point));
  std::int64_t scale = 0;
  if (point != std::string_view::npos) {
    digits += text.substr(point + 1);
    scale = static_cast<std::int64_t>(text.size() - point - 1);
  }
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  const auto start = std::min(digits.find_first_not_of('0'), digits.size() - 1);
  if (digits.size() - start > 2 * kMostDigits || std::abs(exponent) > kMostExponent) RefuseSize();
  Digits value(digits.substr(start));
  return Of(negative ? Digits(-value) : value, scale - exponent);
}

NumberValue NumberValue::OfDouble(double value) {
  if (std::isnan(value)) return NumberValue(Kind::kNaN);
  if (std::isinf(value)) return NumberValue(value < 0 ? Kind::kNegativeInfinity : Kind::kInfinity);
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return *OfText({text.data(), static_cast<std::size_t>(end - text.data())});
}

std::string NumberValue::Magnitude() const { return Digits(boost::multiprecision::abs(digits_)).str(); }

std::int64_t NumberValue::Exponent() const { return static_cast<std::int64_t>(Magnitude().size()) - 1 - scale_; }

NumberValue NumberValue::OfKey(std::string_view key) {
  switch (key[0]) {
    case kNegativeInfinityMark: return NumberValue(Kind::kNegativeInfinity);
    case kInfinityMark: return NumberValue(Kind::kInfinity);
    case kNaNMark: return NumberValue(Kind::kNaN);
    case kZeroMark: return NumberValue(Kind::kFinite);
    default: break;
  }
  const bool negative = key[0] == kNegativeMark;
  std::string bytes(key.substr(1));
  if (negative) {
    bytes.pop_back();
    std::ranges::transform(bytes, bytes.begin(), [](char byte) { return static_cast<char>(~byte); });
  }
  std::int64_t exponent = 0;
  for (std::size_t i = 0; i < 4; ++i) exponent = exponent << 8 | static_cast<unsigned char>(bytes[i]);
  exponent -= kExponentBias;
  const std::string digits = bytes.substr(4);
  NumberValue value(Kind::kFinite);
  value.digits_ = Digits(digits);
  if (negative) value.digits_ = -value.digits_;
  value.scale_ = static_cast<std::int64_t>(digits.size()) - 1 - exponent;
  return value;
}

std::string NumberValue::Key() const {
  switch (kind_) {
    case Kind::kNegativeInfinity: return {kNegativeInfinityMark};
    case Kind::kInfinity: return {kInfinityMark};
    case Kind::kNaN: return {kNaNMark};
    case Kind::kFinite: break;
  }
  if (digits_ == 0) return {kZeroMark};
  const auto exponent = static_cast<std::uint64_t>(Exponent() + kExponentBias);
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(exponent >> shift & 0xFFU);
  bytes += Magnitude();
  if (digits_ > 0) return kPositiveMark + bytes;
  // Of two negative numbers the one of greater magnitude comes first, also where the other is its beginning.
  std::ranges::transform(bytes, bytes.begin(), [](char byte) { return static_cast<char>(~byte); });
  return kNegativeMark + bytes + '\xFF';
}

std::string NumberValue::Text() const {
  switch (kind_) {
    case Kind::kNegativeInfinity: return "-Infinity";
    case Kind::kInfinity: return "+Infinity";
    case Kind::kNaN: return "NaN";
    case Kind::kFinite: break;
  }
  std::string digits = Magnitude();
  const std::string sign = digits_ < 0 ? "-" : "";
  const auto exponent = Exponent();
  if (scale_ == 0) return sign + digits;
  if (scale_ > 0 && exponent >= -6) {
    const auto scale = static_cast<std::size_t>(scale_);
    if (digits.size() <= scale) digits.insert(0, scale + 1 - digits.size(), '0');
    digits.insert(digits.size() - scale, ".");
    return sign + digits;
  }
  if (digits.size() > 1) digits.insert(1, ".");
  return sign + digits + "E" + (exponent >= 0 ? "+" : "") + std::to_string(exponent);
}

int NumberValue::Sign() const {
  switch (kind_) {
    case Kind::kNegativeInfinity: return -1;
    case Kind::kInfinity: return 1;
    default: return digits_.sign();
  }
}

double NumberValue::ToDouble() const {
  switch (kind_) {
    case Kind::kNegativeInfinity: return -HUGE_VAL;
    case Kind::kInfinity: return HUGE_VAL;
    case Kind::kNaN: return std::nan("");
    case Kind::kFinite: break;
  }
  return std::strtod(Text().c_str(), nullptr);
}

std::optional<Int128> NumberValue::ToDecimal(int scale) const {
  if (Exponent() + scale > 38) return std::nullopt;
  const NumberValue rounded = Rounded(scale, NumberRounding::kHalfUp);
  const Digits whole = rounded.digits_ * PowerOfTenDigits(std::max<std::int64_t>(scale - rounded.scale_, 0));
  if (boost::multiprecision::abs(whole) >= PowerOfTenDigits(38)) return std::nullopt;
  return static_cast<Int128>(whole);
}

NumberValue NumberValue::Negated() const {
  NumberValue negated = *this;
  negated.digits_ = -digits_;
  if (kind_ == Kind::kNegativeInfinity) negated.kind_ = Kind::kInfinity;
  if (kind_ == Kind::kInfinity) negated.kind_ = Kind::kNegativeInfinity;
  return negated;
}

NumberValue NumberValue::Rounded(std::int64_t digits, NumberRounding how) const {
  if (!IsFinite() || scale_ <= digits) return *this;
  return Of(DivideRounded(digits_, PowerOfTenDigits(scale_ - digits), how), digits);
}

NumberValue NumberValue::Sum(const NumberValue& a, const NumberValue& b) {
  NeedFinite(a, b);
  const auto scale = std::max(a.scale_, b.scale_);
  return Of(a.digits_ * PowerOfTenDigits(scale - a.scale_) + b.digits_ * PowerOfTenDigits(scale - b.scale_), scale);
}

NumberValue NumberValue::Product(const NumberValue& a, const NumberValue& b) {
  NeedFinite(a, b);
  return Of(a.digits_ * b.digits_, a.scale_ + b.scale_);
}

NumberValue NumberValue::Quotient(const NumberValue& a, const NumberValue& b) {
  NeedFinite(a, b);
  if (b.digits_ == 0) Fail("DIVISION_BY_ZERO", "Division by zero");
  const auto precision = static_cast<std::int64_t>(b.Magnitude().size());
  const auto scale = std::max<std::int64_t>(6, a.scale_ + precision + 1);
  const auto shift = scale + b.scale_ - a.scale_;
  Digits numerator = a.digits_ * PowerOfTenDigits(std::max<std::int64_t>(shift, 0));
  Digits denominator = b.digits_ * PowerOfTenDigits(std::max<std::int64_t>(-shift, 0));
  if (denominator < 0) {
    numerator = -numerator;
    denominator = -denominator;
  }
  return Of(DivideRounded(numerator, denominator, NumberRounding::kHalfUp), scale);
}

NumberValue NumberValue::Remainder(const NumberValue& a, const NumberValue& b) {
  NeedFinite(a, b);
  if (b.digits_ == 0) Fail("DIVISION_BY_ZERO", "Division by zero");
  const auto scale = std::max(a.scale_, b.scale_);
  const Digits dividend = a.digits_ * PowerOfTenDigits(scale - a.scale_);
  const Digits divisor = b.digits_ * PowerOfTenDigits(scale - b.scale_);
  return Of(dividend % divisor, scale);
}

}  // namespace tarn::engine
