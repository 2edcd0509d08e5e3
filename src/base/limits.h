// How long a blocking call may take and how it is told to stop.
#pragma once

#include <chrono>
#include <stop_token>

#include "base/error.h"

namespace tarn::base {

using SteadyTime = std::chrono::steady_clock::time_point;
using SystemTime = std::chrono::sys_time<std::chrono::microseconds>;

// Passed down unchanged, so that the whole of a request shares one deadline and one stop token.
struct CallLimits {
  SteadyTime deadline = SteadyTime::max();
  std::stop_token cancel = {};

  [[nodiscard]] static CallLimits Within(std::chrono::milliseconds time, std::stop_token cancel = {}) {
    return {.deadline = std::chrono::steady_clock::now() + time, .cancel = std::move(cancel)};
  }

  // The time left, zero once it is over; milliseconds::max() where there is no deadline.
  [[nodiscard]] std::chrono::milliseconds Left() const;

  // Errors: Cancelled, DeadlineExceeded.
  [[nodiscard]] Result<void> Check() const;
};

}  // namespace tarn::base
