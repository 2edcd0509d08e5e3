// ISO-8601 durations as schedules use them.
#pragma once

#include <string_view>

#include "base/error.h"
#include "base/limits.h"

namespace tarn::base {

// A positive ISO-8601 duration such as P1D, PT15M, P1M or P1Y2M10DT2H30M. Months and years are
// calendar ones: they are added to a date, with the day clamped to the month's end.
class CalendarDuration final {
 public:
  // Errors: InvalidArgument for anything that is not an ISO-8601 duration, has no component,
  // is zero or negative, or is too large to be added to a date (over 100 years).
  [[nodiscard]] static Result<CalendarDuration> Parse(std::string_view text);

  // The instant this long after `start`.
  [[nodiscard]] SystemTime AddTo(SystemTime start) const;

  // Whether the duration is at least this long, wherever it is added.
  [[nodiscard]] bool IsAtLeast(std::chrono::seconds length) const;

 private:
  int months_ = 0;
  std::chrono::microseconds time_{0};  // weeks, days, hours, minutes and seconds
};

}  // namespace tarn::base
