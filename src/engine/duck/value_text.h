// Single values as text, written into a buffer that the caller made large enough. The forms are Trino's.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <string_view>

namespace tarn::engine {

// No value but texts needs more bytes than this.
inline constexpr std::size_t kLongestValue = 96;

__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;

// Each writes at `to` and gives the end of what it wrote.
template <std::integral T>
char* WriteInteger(char* to, T value) {
  return std::to_chars(to, to + kLongestValue, value).ptr;
}
char* WriteText(char* to, std::string_view text);
char* WriteInt128(char* to, Int128 value);
// `unscaled` / 10^scale with all digits of the scale.
char* WriteDecimal(char* to, std::int64_t unscaled, int scale);
char* WriteDecimal(char* to, Int128 unscaled, int scale);
// As Java's Double.toString: 669.74, 1.0, 1.254740786E7, NaN, Infinity.
char* WriteDouble(char* to, double value);
char* WriteReal(char* to, float value);
// As Trino's CAST(x AS varchar): 6.6974E2, 1.0E0.
char* WriteDoubleScientific(char* to, double value);
char* WriteRealScientific(char* to, float value);

// Days since 1970-01-01; years beyond four digits get a sign.
char* WriteDate(char* to, std::int64_t days);
// `precision` digits of fraction, 0 to 9, from nanoseconds of the day; no rounding.
char* WriteTimeOfDay(char* to, std::int64_t nanoseconds, int precision);
// Microseconds since the epoch, precision 0 to 6.
char* WriteTimestamp(char* to, std::int64_t microseconds, int precision);
char* WriteTimestampNanos(char* to, std::int64_t nanoseconds, int precision);
// "+03:00"; seconds of an offset are dropped, as no zone of today has any.
char* WriteOffset(char* to, std::int64_t seconds);
// "1 02:03:04.500"; the sign stands in front.
char* WriteDayToSecond(char* to, std::int32_t days, std::int64_t microseconds);
// "1-2".
char* WriteYearToMonth(char* to, std::int32_t months);
// Sixteen bytes, the first one highest.
char* WriteUuid(char* to, UInt128 value);

}  // namespace tarn::engine
