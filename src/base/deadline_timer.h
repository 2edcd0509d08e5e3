// Rings at deadlines: one thread for all of them.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "base/limits.h"

namespace tarn::base {

// Thread-safe. Outlives its alarms.
class DeadlineTimer final {
 public:
  // Keeps an alarm set; destroying it before the time unsets it. Once destroyed, `ring` does not run any more.
  class Alarm final {
   public:
    Alarm(DeadlineTimer& timer, std::multimap<SteadyTime, std::function<void()>>::iterator place)
        : timer_(timer), place_(place) {}
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;
    ~Alarm();

   private:
    DeadlineTimer& timer_;
    std::multimap<SteadyTime, std::function<void()>>::iterator place_;
  };

  DeadlineTimer();
  DeadlineTimer(const DeadlineTimer&) = delete;
  DeadlineTimer& operator=(const DeadlineTimer&) = delete;
  ~DeadlineTimer();

  // Calls `ring` once, on the timer's own thread and under its lock: it must be short and must not
  // use the timer. Gives nothing where there is no deadline.
  [[nodiscard]] std::unique_ptr<Alarm> Set(SteadyTime deadline, std::function<void()> ring);

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<SteadyTime, std::function<void()>> alarms_;  // rung ones hold an empty function
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace tarn::base
