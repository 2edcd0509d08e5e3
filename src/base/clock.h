// Time as a seam: schedules, expiry and history ask a Clock, so their tests do not sleep.
#pragma once

#include <chrono>
#include <string>

#include "base/error.h"
#include "base/limits.h"

namespace tarn::base {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  // Wall time in UTC, in microseconds; may jump.
  [[nodiscard]] virtual SystemTime Now() const = 0;
  // Monotonic.
  [[nodiscard]] virtual SteadyTime SteadyNow() const = 0;
};

// The machine's own clocks; lives as long as the process.
[[nodiscard]] const Clock& RealClock();

// ISO-8601 in UTC with microseconds, such as "2026-06-10T12:24:08.000125Z".
[[nodiscard]] std::string FormatTime(SystemTime time);

// Reads ISO-8601 date-times with a zone ("Z" or "+hh:mm"); up to nine digits of fraction, cut at six.
// Errors: InvalidArgument.
[[nodiscard]] Result<SystemTime> ParseTime(std::string_view text);

}  // namespace tarn::base
