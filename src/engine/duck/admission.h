// Who may run now: bounded, first in first out within a project, in turn between projects.
#pragma once

#include <condition_variable>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/error.h"
#include "base/limits.h"

namespace tarn::engine {

// Thread-safe. Outlives its tickets.
class Admission final {
 public:
  // The right to run one statement; destroying it lets the next one in.
  class Ticket final {
   public:
    explicit Ticket(Admission& admission) : admission_(admission) {}
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;
    ~Ticket() { admission_.Release(); }

   private:
    Admission& admission_;
  };

  Admission(int running_limit, int queue_limit) : running_limit_(running_limit), queue_limit_(queue_limit) {}

  // Waits for a turn. Errors: ResourceExhausted if the queue is full; Cancelled and DeadlineExceeded
  // while waiting.
  [[nodiscard]] base::Result<std::unique_ptr<Ticket>> Enter(const std::string& project, const base::CallLimits& limits);

  struct Load {
    int running = 0;
    int queued = 0;
  };
  [[nodiscard]] Load load() const;

 private:
  struct Waiter {
    std::condition_variable_any woken;
    bool admitted = false;
  };

  void Release();
  // Lets waiters in while there is room: the first of each project in turn. Needs the lock.
  void LetIn();
  void Leave(const std::string& project, Waiter& waiter);

  const int running_limit_;
  const int queue_limit_;
  mutable std::mutex mutex_;
  std::map<std::string, std::deque<Waiter*>> waiting_;  // by project; no empty queues
  std::list<std::string> turns_;                        // the projects of waiting_, next one first
  int running_ = 0;
  int queued_ = 0;
};

}  // namespace tarn::engine
