#include "base/deadline_timer.h"

#include <utility>

namespace tarn::base {

DeadlineTimer::DeadlineTimer() : thread_([this] { Run(); }) {}

DeadlineTimer::~DeadlineTimer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::unique_ptr<DeadlineTimer::Alarm> DeadlineTimer::Set(SteadyTime deadline, std::function<void()> ring) {
  if (deadline == SteadyTime::max()) return nullptr;
  const std::lock_guard lock(mutex_);
  const auto place = alarms_.emplace(deadline, std::move(ring));
  changed_.notify_all();
  return std::make_unique<Alarm>(*this, place);
}

DeadlineTimer::Alarm::~Alarm() {
  const std::lock_guard lock(timer_.mutex_);
  timer_.alarms_.erase(place_);
}

void DeadlineTimer::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    // Rung alarms stay in the map until their owners go; they are skipped.
    auto next = alarms_.begin();
    while (next != alarms_.end() && !next->second) ++next;
    if (next == alarms_.end()) {
      changed_.wait(lock);
    } else if (next->first > std::chrono::steady_clock::now()) {
      // Copied: the alarm may be unset, and its place freed, during the wait.
      const auto deadline = next->first;
      changed_.wait_until(lock, deadline);
    } else {
      std::exchange(next->second, nullptr)();
    }
  }
}

}  // namespace tarn::base
