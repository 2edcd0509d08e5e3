// Threads for work that blocks, behind a bounded queue.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace tarn::http {

// Thread-safe. Work runs in the order in which it came. The destructor runs what is queued and waits for it.
class WorkPool final {
 public:
  using Work = std::move_only_function<void()>;

  WorkPool(std::size_t threads, std::size_t queue_limit);
  ~WorkPool();
  WorkPool(const WorkPool&) = delete;
  WorkPool& operator=(const WorkPool&) = delete;

  // False, with `work` untouched, when the queue is full. Work must not throw.
  [[nodiscard]] bool TryPost(Work&& work);
  // Queues whatever the limit says: for work that continues what was already admitted.
  void Post(Work work);

  [[nodiscard]] std::size_t queued() const;

 private:
  void Run();

  const std::size_t queue_limit_;
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Work> queue_;
  bool closing_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace tarn::http
