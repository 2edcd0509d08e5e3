#include "jobs/job_queue.h"

#include <condition_variable>
#include <list>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace tarn::jobs {

struct JobQueue::Impl {
  explicit Impl(Limits given) : limits(given) {}

  Limits limits;
  mutable std::mutex mutex;
  mutable std::condition_variable changed;
  bool stopped = false;
  std::list<Job> waiting;
  struct Running {
    std::string subject;
    std::stop_source stop;
  };
  std::map<std::string, Running> running;  // by job id
  std::set<std::string> busy_subjects;
  std::map<std::string, int> busy_sources;
  std::vector<std::thread> threads;

  // The first job that may start, with the mutex held.
  std::list<Job>::iterator NextReady() {
    std::set<std::string> passed_over;  // a later job of a subject must not overtake an earlier one
    for (auto job = waiting.begin(); job != waiting.end(); ++job) {
      const auto source = busy_sources.find(job->source);
      const bool source_busy = source != busy_sources.end() && source->second >= limits.workers_per_source;
      if (!source_busy && !busy_subjects.contains(job->subject) && !passed_over.contains(job->subject)) return job;
      passed_over.insert(job->subject);
    }
    return waiting.end();
  }

  void Work() {
    std::unique_lock lock(mutex);
    while (true) {
      auto next = waiting.end();
      changed.wait(lock, [&] { return stopped || (next = NextReady()) != waiting.end(); });
      if (stopped) return;
      Job job = std::move(*next);
      waiting.erase(next);
      const std::stop_source stop;
      running[job.id] = {.subject = job.subject, .stop = stop};
      busy_subjects.insert(job.subject);
      ++busy_sources[job.source];
      lock.unlock();
      job.run(stop.get_token());
      job.run = nullptr;
      lock.lock();
      running.erase(job.id);
      busy_subjects.erase(job.subject);
      if (--busy_sources[job.source] == 0) busy_sources.erase(job.source);
      changed.notify_all();
    }
  }
};

JobQueue::JobQueue(Limits limits) : impl_(std::make_unique<Impl>(limits)) {
  for (int i = 0; i < limits.workers; ++i) impl_->threads.emplace_back([impl = impl_.get()] { impl->Work(); });
}

JobQueue::~JobQueue() {
  Stop(base::CallLimits::Within(std::chrono::milliseconds(0)));
  for (auto& thread : impl_->threads) thread.join();
}

bool JobQueue::Add(Job job) {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->stopped) return false;
  impl_->waiting.push_back(std::move(job));
  impl_->changed.notify_all();
  return true;
}

JobQueue::CancelOutcome JobQueue::Cancel(const std::string& id) {
  Job removed;  // destroyed outside the lock
  std::stop_source stop(std::nostopstate);
  {
    const std::lock_guard lock(impl_->mutex);
    const auto waiting = std::ranges::find(impl_->waiting, id, &Job::id);
    if (waiting != impl_->waiting.end()) {
      removed = std::move(*waiting);
      impl_->waiting.erase(waiting);
      impl_->changed.notify_all();
      return CancelOutcome::kRemoved;
    }
    const auto running = impl_->running.find(id);
    if (running == impl_->running.end()) return CancelOutcome::kUnknown;
    stop = running->second.stop;
  }
  stop.request_stop();
  return CancelOutcome::kRequested;
}

bool JobQueue::IsQueued(const std::string& id) const {
  const std::lock_guard lock(impl_->mutex);
  return std::ranges::find(impl_->waiting, id, &Job::id) != impl_->waiting.end();
}

bool JobQueue::IsBusy(const std::string& subject) const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->busy_subjects.contains(subject) ||
         std::ranges::find(impl_->waiting, subject, &Job::subject) != impl_->waiting.end();
}

JobQueue::Load JobQueue::load() const {
  const std::lock_guard lock(impl_->mutex);
  return {.running = static_cast<int>(impl_->running.size()), .queued = static_cast<int>(impl_->waiting.size())};
}

void JobQueue::Stop(const base::CallLimits& limits) {
  std::vector<std::stop_source> stops;
  std::list<Job> dropped;
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopped = true;
    dropped.swap(impl_->waiting);
    for (auto& [id, job] : impl_->running) stops.push_back(job.stop);
    impl_->changed.notify_all();
  }
  for (auto& stop : stops) stop.request_stop();
  std::unique_lock lock(impl_->mutex);
  const auto idle = [this] { return impl_->running.empty(); };
  if (limits.deadline == base::SteadyTime::max()) {
    impl_->changed.wait(lock, idle);
  } else {
    impl_->changed.wait_until(lock, limits.deadline, idle);
  }
}

bool JobQueue::WaitIdle(const base::CallLimits& limits) const {
  std::unique_lock lock(impl_->mutex);
  const auto idle = [this] { return impl_->running.empty() && impl_->waiting.empty(); };
  if (limits.deadline == base::SteadyTime::max()) {
    impl_->changed.wait(lock, idle);
    return true;
  }
  return impl_->changed.wait_until(lock, limits.deadline, idle);
}

}  // namespace tarn::jobs
