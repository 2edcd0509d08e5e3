// Who may run now: bounded in all and for each project, first in first out within a project, in turn between projects.
// A statement whose rows nobody takes gives its place to those that wait, and gets one again when its client comes
// back.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/limits.h"

namespace tarn::query {

struct AdmissionLimits {
  int running = 8;  // statements at work at once
  int running_per_project = 8;
  int queued_per_project = 200;  // further ones are refused
  int parked = 32;               // statements that gave their place up for a while; further ones keep theirs
  // A statement that nobody takes rows of for so long gives up its place, where another one waits for it.
  std::chrono::milliseconds idle{1000};
};

// Thread-safe. Outlives its places. What it calls back is called without its lock, by any thread.
class Admission final {
  struct Waiter;

 public:
  // The right to run one statement; destroying it lets the next one in. WhenReady, Work and Rest are called by one
  // thread at a time. At work at first.
  class Place final {
   public:
    Place(Admission& admission, std::string project) : admission_(admission), project_(std::move(project)) {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place();

    // Goes to work again, and calls `ready` then: at once, or when there is room. It is also called when the limits
    // end the wait; whoever works then without a place finds that out from the same limits.
    void WhenReady(const base::CallLimits& limits, std::move_only_function<void()> ready);
    // Goes to work again; waits for room. Errors: Cancelled, DeadlineExceeded.
    [[nodiscard]] base::Result<void> Work(const base::CallLimits& limits);
    // Rests until it is to work again: from now on its place may be given to others.
    void Rest();

   private:
    friend class Admission;
    enum class State { kWorking, kResting, kParked };

    Admission& admission_;
    const std::string project_;
    State state_ = State::kWorking;
    base::SteadyTime since_{};  // of resting
    std::shared_ptr<Waiter> returning_ = {};
  };
  using Entered = std::move_only_function<void(base::Result<std::unique_ptr<Place>>)>;

  explicit Admission(AdmissionLimits limits);
  ~Admission();
  Admission(const Admission&) = delete;
  Admission& operator=(const Admission&) = delete;

  // Calls `entered` once, at once or when it is the statement's turn. Errors: ResourceExhausted with QUERY_QUEUE_FULL;
  // Cancelled and DeadlineExceeded while waiting.
  void Enter(const std::string& project, const base::CallLimits& limits, Entered entered);
  // The same, waiting. For those that have a thread to wait on.
  [[nodiscard]] base::Result<std::unique_ptr<Place>> Wait(const std::string& project, const base::CallLimits& limits);

  struct Load {
    int running = 0;
    int queued = 0;
    int parked = 0;
  };
  [[nodiscard]] Load load() const;

 private:
  struct Waiter {
    std::string project;
    base::CallLimits limits;
    Place* returning = nullptr;  // the place that wants to go on; null: a new statement
    Entered entered = {};
    std::move_only_function<void()> ready = {};
    base::Result<std::unique_ptr<Place>> outcome = {};
    std::optional<std::stop_callback<std::function<void()>>> on_stop = {};
  };
  using Waiters = std::vector<std::shared_ptr<Waiter>>;
  struct Project {
    std::deque<std::shared_ptr<Waiter>> queue = {};
    int running = 0;
  };

  // Tells waiters how it went with them. Without the lock.
  static void Tell(const Waiters& finished);
  void WatchStop(const std::shared_ptr<Waiter>& waiter);
  void GiveUp(const std::shared_ptr<Waiter>& waiter);
  void Run(const std::stop_token& stop);

  // These need the lock. Who is let in, to be told.
  void LetIn(Waiters& finished);
  [[nodiscard]] std::shared_ptr<Waiter> NextNew();
  [[nodiscard]] std::shared_ptr<Waiter> NextReturning();
  // Takes a waiter out of its queue; false when it is no longer there.
  bool Remove(const std::shared_ptr<Waiter>& waiter);
  void EndLate(Waiters& finished);
  // Parks one place that rests for long and that a waiter could have; false when there is none.
  bool ParkOne(base::SteadyTime now);
  [[nodiscard]] bool HasRoom(const std::string& project) const;
  [[nodiscard]] bool SomebodyWantsPlaceOf(const std::string& project) const;

  const AdmissionLimits limits_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<std::string, Project> projects_;
  std::list<std::string> turns_;  // the projects that have a queue, next one first
  std::deque<std::shared_ptr<Waiter>> returning_;
  std::list<Place*> places_;
  int running_ = 0;
  int queued_ = 0;
  int parked_ = 0;
  std::jthread watch_;  // ends waits that take too long, and parks
};

}  // namespace tarn::query
