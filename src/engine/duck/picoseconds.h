// Times with more digits of a second than the engine's types have, counted in picoseconds.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/duck/tagged_types.h"
#include "engine/duck/value_text.h"

namespace tarn::engine {

inline constexpr std::int64_t kPicosPerMicro = 1'000'000;
inline constexpr std::int64_t kPicosPerSecond = 1'000'000'000'000;
inline constexpr std::int64_t kPicosPerDay = 86'400 * kPicosPerSecond;

[[nodiscard]] Int128 FloorDivide(Int128 value, Int128 divisor);
// Half up to so many digits of a second, 0 to 12.
[[nodiscard]] Int128 RoundPicoseconds(Int128 picoseconds, int precision);
// What is below a microsecond is cut off. Raises NUMERIC_VALUE_OUT_OF_RANGE outside the engine's timestamps.
[[nodiscard]] std::int64_t FloorToMicroseconds(Int128 picoseconds);

// "2020-01-01 10:20:30.123456789012", with any number of digits, rounded half up to the precision. Raises
// INVALID_CAST_ARGUMENT.
[[nodiscard]] Int128 PicosecondsOfText(std::string_view text, int precision);
// "10:20:30.123456789012"; what rounds to the end of the day is its start.
[[nodiscard]] std::int64_t PicosecondsOfTimeText(std::string_view text, int precision);

// Picoseconds since the epoch as HUGEINT: of dates and timestamps, also of those with a zone.
[[nodiscard]] Expr PicosecondsOf(const Expansion& e, Expr timestamp);
// The timestamp of this precision, of the type that holds it; half up.
[[nodiscard]] Expr TimestampOfPicoseconds(const Expansion& e, Expr picoseconds, std::int64_t precision);
// Picoseconds of the day as BIGINT, and back.
[[nodiscard]] Expr DayPicosecondsOf(const Expansion& e, Expr time);
[[nodiscard]] Expr TimeOfPicoseconds(const Expansion& e, Expr picoseconds, std::int64_t precision);

// Of a tagged timestamp or time the engine's own, without what is below a microsecond; other values as they are.
[[nodiscard]] Expr WithoutPicoseconds(const Expansion& e, Expr value);
// `shifted` is the engine's timestamp or time that became of WithoutPicoseconds(value): the tagged one with the digits
// below the microsecond that `value` has.
[[nodiscard]] Expr WithPicosecondsOf(const Expansion& e, Expr shifted, Expr value);

}  // namespace tarn::engine
