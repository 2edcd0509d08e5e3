#include "base/limits.h"

namespace tarn::base {

std::chrono::milliseconds CallLimits::Left() const {
  if (deadline == SteadyTime::max()) return std::chrono::milliseconds::max();
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return std::max(left, std::chrono::milliseconds::zero());
}

Result<void> CallLimits::Check() const {
  if (cancel.stop_requested()) return Cancelled("The call was cancelled");
  if (deadline != SteadyTime::max() && std::chrono::steady_clock::now() >= deadline) {
    return DeadlineExceeded("The call ran out of time");
  }
  return {};
}

}  // namespace tarn::base
