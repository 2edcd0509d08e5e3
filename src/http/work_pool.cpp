#include "http/work_pool.h"

namespace tarn::http {

WorkPool::WorkPool(std::size_t threads, std::size_t queue_limit) : queue_limit_(queue_limit) {
  threads_.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

WorkPool::~WorkPool() {
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
  }
  arrived_.notify_all();
  threads_.clear();
}

bool WorkPool::TryPost(Work&& work) {
  {
    const std::scoped_lock lock(mutex_);
    if (queue_.size() >= queue_limit_) return false;
    queue_.push_back(std::move(work));
  }
  arrived_.notify_one();
  return true;
}

void WorkPool::Post(Work work) {
  {
    const std::scoped_lock lock(mutex_);
    queue_.push_back(std::move(work));
  }
  arrived_.notify_one();
}

std::size_t WorkPool::queued() const {
  const std::scoped_lock lock(mutex_);
  return queue_.size();
}

void WorkPool::Run() {
  for (;;) {
    Work work;
    {
      std::unique_lock lock(mutex_);
      arrived_.wait(lock, [this] { return closing_ || !queue_.empty(); });
      if (queue_.empty()) return;
      work = std::move(queue_.front());
      queue_.pop_front();
    }
    work();
  }
}

}  // namespace tarn::http
