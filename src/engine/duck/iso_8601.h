// Dates and times of ISO 8601: 2020-02-29, 2020-02, 2020, 2020-W10-3, 2020-060, each with T10:20:30.5 and an offset.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tarn::engine {

// Days since 1970-01-01. Errors: INVALID_FUNCTION_ARGUMENT.
[[nodiscard]] std::int32_t IsoDays(std::string_view date);

// Microseconds since the epoch, rounded to milliseconds: of the instant where the text has an offset, else of the local
// time. Errors: INVALID_FUNCTION_ARGUMENT.
[[nodiscard]] std::int64_t IsoMicros(std::string_view timestamp);
// What IsoMicros leaves out of a fraction of nine digits, in nanoseconds. The text needs a time of day.
// Errors: INVALID_FUNCTION_ARGUMENT; NOT_SUPPORTED beyond nine digits.
[[nodiscard]] std::int64_t IsoNanosBelow(std::string_view timestamp);
[[nodiscard]] bool IsoHasOffset(std::string_view timestamp);
// The offset as a zone's name, such as "+02:00" or "UTC"; nullopt where the text has none.
[[nodiscard]] std::optional<std::string> IsoZone(std::string_view timestamp);

}  // namespace tarn::engine
