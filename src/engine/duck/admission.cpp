#include "engine/duck/admission.h"

#include <algorithm>

namespace tarn::engine {

base::Result<std::unique_ptr<Admission::Ticket>> Admission::Enter(const std::string& project,
                                                                  const base::CallLimits& limits) {
  TARN_RETURN_IF_ERROR(limits.Check());
  std::unique_lock lock(mutex_);
  if (running_ < running_limit_ && queued_ == 0) {
    ++running_;
    return std::make_unique<Ticket>(*this);
  }
  if (queued_ >= queue_limit_) {
    auto full = base::ResourceExhausted("Too many statements are waiting: \"" + std::to_string(queued_) + "\"");
    full.error().code = "QUERY_QUEUE_FULL";
    return full;
  }

  Waiter waiter;
  auto& queue = waiting_[project];
  if (queue.empty()) turns_.push_back(project);
  queue.push_back(&waiter);
  ++queued_;
  const auto admitted = [&waiter] { return waiter.admitted; };
  if (limits.deadline == base::SteadyTime::max()) {
    waiter.woken.wait(lock, limits.cancel, admitted);
  } else {
    waiter.woken.wait_until(lock, limits.cancel, limits.deadline, admitted);
  }
  if (waiter.admitted) return std::make_unique<Ticket>(*this);
  Leave(project, waiter);
  if (limits.cancel.stop_requested()) return base::Cancelled("The statement was cancelled while it waited");
  return base::DeadlineExceeded("The statement ran out of time while it waited");
}

void Admission::Leave(const std::string& project, Waiter& waiter) {
  auto& queue = waiting_[project];
  std::erase(queue, &waiter);
  if (queue.empty()) {
    waiting_.erase(project);
    turns_.remove(project);
  }
  --queued_;
}

void Admission::Release() {
  const std::lock_guard lock(mutex_);
  --running_;
  LetIn();
}

void Admission::LetIn() {
  while (running_ < running_limit_ && !turns_.empty()) {
    const auto project = std::move(turns_.front());
    turns_.pop_front();
    auto& queue = waiting_[project];
    auto& waiter = *queue.front();
    queue.pop_front();
    if (queue.empty()) {
      waiting_.erase(project);
    } else {
      turns_.push_back(project);
    }
    --queued_;
    ++running_;
    waiter.admitted = true;
    waiter.woken.notify_all();
  }
}

Admission::Load Admission::load() const {
  const std::lock_guard lock(mutex_);
  return {.running = running_, .queued = queued_};
}

}  // namespace tarn::engine
