// How a statement's own thread waits while its last tasks run on other threads. Nothing tells it when they are done,
// and asking without a pause would keep the processor from them.
#pragma once

#include <algorithm>
#include <chrono>
#include <thread>

namespace tarn::engine {

class TaskPause {
 public:
  void Wait() {
    std::this_thread::sleep_for(length_);
    length_ = std::min(length_ * 2, kLongest);
  }

 private:
  static constexpr std::chrono::microseconds kLongest{500};

  std::chrono::microseconds length_{5};
};

}  // namespace tarn::engine
