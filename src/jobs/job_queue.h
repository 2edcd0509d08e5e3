// Background jobs on a bounded number of threads.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "base/limits.h"

namespace tarn::jobs {

struct Job {
  std::string id;       // unique
  std::string subject;  // of one subject, one job runs at a time, in the order of adding
  std::string source;   // of one source, a limited number of jobs run at a time
  // Runs on a thread of the queue. Must end soon after a stop is requested; must not throw.
  std::function<void(std::stop_token)> run;
};

// Thread-safe. Starts jobs in the order of adding, passing over those whose subject or source is busy.
class JobQueue final {
 public:
  struct Limits {
    int workers = 2;
    int workers_per_source = 2;
  };
  enum class CancelOutcome {
    kUnknown,    // no such job, or it is over
    kRemoved,    // it was waiting and never runs
    kRequested,  // it runs, and has been asked to stop
  };
  struct Load {
    int running = 0;
    int queued = 0;
  };

  explicit JobQueue(Limits limits);
  // As Stop, waiting for what runs.
  ~JobQueue();

  // False when the queue has been stopped; the job is dropped then.
  [[nodiscard]] bool Add(Job job);
  CancelOutcome Cancel(const std::string& id);
  [[nodiscard]] bool IsQueued(const std::string& id) const;
  // Whether a job of the subject is waiting or running.
  [[nodiscard]] bool IsBusy(const std::string& subject) const;
  [[nodiscard]] Load load() const;

  // Drops what waits, asks what runs to stop, and waits for it within the limits.
  void Stop(const base::CallLimits& limits);
  // Waits until nothing waits or runs. False when the limits are over first.
  [[nodiscard]] bool WaitIdle(const base::CallLimits& limits) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tarn::jobs
