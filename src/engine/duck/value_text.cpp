#include "engine/duck/value_text.h"

#include <array>
#include <cmath>
#include <cstring>

namespace tarn::engine {
namespace {

constexpr std::int64_t kMicrosPerDay = 86'400'000'000;
constexpr std::int64_t kNanosPerDay = kMicrosPerDay * 1000;

constexpr auto kTwoDigits = [] {
  std::array<char, 200> digits{};
  for (std::size_t i = 0; i < 100; ++i) {
    digits[2 * i] = static_cast<char>('0' + i / 10);
    digits[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return digits;
}();

char* WriteTwo(char* to, std::uint64_t value) {
  std::memcpy(to, &kTwoDigits[2 * value], 2);
  return to + 2;
}

// `value` in exactly `width` digits.
char* WritePadded(char* to, std::uint64_t value, int width) {
  int left = width;
  for (; left >= 2; left -= 2, value /= 100) WriteTwo(to + left - 2, value % 100);
  if (left == 1) *to = static_cast<char>('0' + value % 10);
  return to + width;
}

constexpr std::array<std::uint64_t, 20> kPowers = [] {
  std::array<std::uint64_t, 20> powers{};
  powers[0] = 1;
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

char* WriteUnsigned128(char* to, UInt128 value) {
  constexpr UInt128 kChunk = 10'000'000'000'000'000'000U;
  if (value < kChunk) return WriteInteger(to, static_cast<std::uint64_t>(value));
  to = WriteUnsigned128(to, value / kChunk);
  return WritePadded(to, static_cast<std::uint64_t>(value % kChunk), 19);
}

// Shortest digits and the decimal exponent of the first of them.
struct Digits {
  std::array<char, 24> text;
  int count;
  int exponent;
};

template <class Float>
Digits ShortestDigits(Float value) {
  std::array<char, 40> buffer;
  const auto* const end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific).ptr;
  Digits digits{};
  const char* at = buffer.data();
  for (; at != end && *at != 'e'; ++at) {
    if (*at != '.') digits.text[static_cast<std::size_t>(digits.count++)] = *at;
  }
  ++at;
  if (*at == '+') ++at;
  std::from_chars(at, end, digits.exponent);
  return digits;
}

template <class Float>
char* WriteSpecial(char* to, Float value) {
  if (std::isnan(value)) return WriteText(to, "NaN");
  return WriteText(to, value > 0 ? "Infinity" : "-Infinity");
}

char* WriteScientific(char* to, const Digits& digits) {
  *to++ = digits.text[0];
  *to++ = '.';
  if (digits.count == 1) *to++ = '0';
  to = WriteText(to, {digits.text.data() + 1, static_cast<std::size_t>(digits.count - 1)});
  *to++ = 'E';
  return WriteInteger(to, digits.exponent);
}

char* WritePlain(char* to, const Digits& digits) {
  const std::string_view text(digits.text.data(), static_cast<std::size_t>(digits.count));
  if (digits.exponent < 0) {
    to = WriteText(to, "0.");
    for (int i = -1; i > digits.exponent; --i) *to++ = '0';
    return WriteText(to, text);
  }
  const auto whole = static_cast<std::size_t>(digits.exponent) + 1;
  if (text.size() <= whole) {
    to = WriteText(to, text);
    for (auto i = text.size(); i < whole; ++i) *to++ = '0';
    return WriteText(to, ".0");
  }
  to = WriteText(to, text.substr(0, whole));
  *to++ = '.';
  return WriteText(to, text.substr(whole));
}

template <class Float>
char* WriteFloating(char* to, Float value, bool scientific) {
  if (!std::isfinite(value)) return WriteSpecial(to, value);
  if (std::signbit(value)) *to++ = '-';
  const auto magnitude = std::abs(value);
  if (magnitude == 0) return WriteText(to, scientific ? "0E0" : "0.0");
  const auto digits = ShortestDigits(magnitude);
  if (scientific || digits.exponent < -3 || digits.exponent >= 7) return WriteScientific(to, digits);
  return WritePlain(to, digits);
}

std::int64_t FloorDivide(std::int64_t value, std::int64_t by) {
  const auto quotient = value / by;
  return quotient * by > value ? quotient - 1 : quotient;
}

}  // namespace

char* WriteText(char* to, std::string_view text) {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

char* WriteInt128(char* to, Int128 value) {
  auto magnitude = static_cast<UInt128>(value);
  if (value < 0) {
    *to++ = '-';
    magnitude = ~magnitude + 1;
  }
  return WriteUnsigned128(to, magnitude);
}

char* WriteDecimal(char* to, std::int64_t unscaled, int scale) {
  if (scale > 18) return WriteDecimal(to, static_cast<Int128>(unscaled), scale);
  auto magnitude = static_cast<std::uint64_t>(unscaled);
  if (unscaled < 0) {
    *to++ = '-';
    magnitude = ~magnitude + 1;
  }
  if (scale == 0) return WriteInteger(to, magnitude);
  if (scale == 2) {  // most are money, and dividing by a constant is much faster
    to = WriteInteger(to, magnitude / 100);
    *to++ = '.';
    return WriteTwo(to, magnitude % 100);
  }
  const auto power = kPowers[static_cast<std::size_t>(scale)];
  to = WriteInteger(to, magnitude / power);
  *to++ = '.';
  return WritePadded(to, magnitude % power, scale);
}

char* WriteDecimal(char* to, Int128 unscaled, int scale) {
  auto magnitude = static_cast<UInt128>(unscaled);
  if (unscaled < 0) {
    *to++ = '-';
    magnitude = ~magnitude + 1;
  }
  std::array<char, 48> digits;
  const auto length = static_cast<int>(WriteUnsigned128(digits.data(), magnitude) - digits.data());
  const auto whole = std::max(length - scale, 0);
  if (whole == 0) *to++ = '0';
  to = WriteText(to, {digits.data(), static_cast<std::size_t>(whole)});
  if (scale == 0) return to;
  *to++ = '.';
  for (int i = length; i < scale; ++i) *to++ = '0';
  return WriteText(to, {digits.data() + whole, static_cast<std::size_t>(length - whole)});
}

char* WriteDouble(char* to, double value) { return WriteFloating(to, value, false); }
char* WriteReal(char* to, float value) { return WriteFloating(to, value, false); }
char* WriteDoubleScientific(char* to, double value) { return WriteFloating(to, value, true); }
char* WriteRealScientific(char* to, float value) { return WriteFloating(to, value, true); }

// The civil-from-days algorithm over 400-year eras that begin on the first of March.
char* WriteDate(char* to, std::int64_t days) {
  days += 719'468;
  const auto era = FloorDivide(days, 146'097);
  const auto day_of_era = static_cast<std::uint64_t>(days - era * 146'097);
  const auto year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const auto day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const auto month_from_march = (5 * day_of_year + 2) / 153;
  const auto day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
  const auto month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  const auto year = static_cast<std::int64_t>(year_of_era) + era * 400 + (month <= 2 ? 1 : 0);
  if (year >= 0 && year <= 9999) {
    to = WriteTwo(to, static_cast<std::uint64_t>(year) / 100);
    to = WriteTwo(to, static_cast<std::uint64_t>(year) % 100);
  } else {
    *to++ = year < 0 ? '-' : '+';
    const auto magnitude = static_cast<std::uint64_t>(std::abs(year));
    to = magnitude < 10'000 ? WritePadded(to, magnitude, 4) : WriteInteger(to, magnitude);
  }
  *to++ = '-';
  to = WriteTwo(to, month);
  *to++ = '-';
  return WriteTwo(to, day);
}

char* WriteTimeOfDay(char* to, std::int64_t nanoseconds, int precision) {
  const auto seconds = static_cast<std::uint64_t>(nanoseconds) / 1'000'000'000;
  to = WriteTwo(to, seconds / 3600);
  *to++ = ':';
  to = WriteTwo(to, seconds / 60 % 60);
  *to++ = ':';
  to = WriteTwo(to, seconds % 60);
  if (precision == 0) return to;
  *to++ = '.';
  const auto fraction = static_cast<std::uint64_t>(nanoseconds) % 1'000'000'000;
  return WritePadded(to, fraction / kPowers[static_cast<std::size_t>(9 - precision)], precision);
}

char* WriteTimestamp(char* to, std::int64_t microseconds, int precision) {
  const auto days = FloorDivide(microseconds, kMicrosPerDay);
  to = WriteDate(to, days);
  *to++ = ' ';
  return WriteTimeOfDay(to, (microseconds - days * kMicrosPerDay) * 1000, precision);
}

char* WriteTimestampNanos(char* to, std::int64_t nanoseconds, int precision) {
  const auto days = FloorDivide(nanoseconds, kNanosPerDay);
  to = WriteDate(to, days);
  *to++ = ' ';
  return WriteTimeOfDay(to, nanoseconds - days * kNanosPerDay, precision);
}

char* WriteOffset(char* to, std::int64_t seconds) {
  *to++ = seconds < 0 ? '-' : '+';
  const auto minutes = static_cast<std::uint64_t>(std::abs(seconds)) / 60;
  to = WriteTwo(to, minutes / 60);
  *to++ = ':';
  return WriteTwo(to, minutes % 60);
}

char* WriteDayToSecond(char* to, std::int32_t days, std::int64_t microseconds) {
  const auto total = static_cast<Int128>(days) * kMicrosPerDay + microseconds;
  if (total < 0) *to++ = '-';
  const auto magnitude = static_cast<UInt128>(total < 0 ? -total : total);
  to = WriteInteger(to, static_cast<std::uint64_t>(magnitude / kMicrosPerDay));
  *to++ = ' ';
  return WriteTimeOfDay(to, static_cast<std::int64_t>(magnitude % kMicrosPerDay) * 1000, 3);
}

char* WriteYearToMonth(char* to, std::int32_t months) {
  if (months < 0) *to++ = '-';
  const auto magnitude = std::abs(static_cast<std::int64_t>(months));
  to = WriteInteger(to, magnitude / 12);
  *to++ = '-';
  return WriteInteger(to, magnitude % 12);
}

char* WriteUuid(char* to, UInt128 value) {
  constexpr std::string_view kHex = "0123456789abcdef";
  for (int nibble = 31; nibble >= 0; --nibble) {
    *to++ = kHex[static_cast<std::size_t>(value >> (4 * nibble)) & 15];
    if (nibble == 24 || nibble == 20 || nibble == 16 || nibble == 12) *to++ = '-';
  }
  return to;
}

}  // namespace tarn::engine
