// The state behind MaterializedQueries (materialized_queries.h), spread over the files of this folder by concern.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "jobs/job_queue.h"
#include "jobs/schedule.h"
#include "query/materialized/inputs.h"
#include "query/materialized/materialized_queries.h"

namespace tarn::query {

class AwaitedRun final {
 public:
  AwaitedRun(std::string id, bool scheduled, std::uint64_t number)
      : id_(std::move(id)), scheduled_(scheduled), number_(number) {}

  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] bool scheduled() const { return scheduled_; }
  // Runs are numbered in the order in which they were asked for.
  [[nodiscard]] std::uint64_t number() const { return number_; }

  // Only the first end counts.
  void End(base::Result<void> result);
  [[nodiscard]] std::optional<base::Result<void>> Wait(const base::CallLimits& limits);

 private:
  const std::string id_;
  const bool scheduled_;
  const std::uint64_t number_;
  std::mutex mutex_;
  std::condition_variable_any ended_;
  std::optional<base::Result<void>> result_;
};

// Locks are taken in the order in which they are declared here.
struct MaterializedQueries::Impl {
  explicit Impl(Parts given);
  ~Impl();

  Parts parts;

  // Guards the read-change-write of next runs, and the list of due times (keys: ids of queries).
  std::mutex schedule_mutex;
  jobs::DueList due;

  // Guards what is asked for and not over.
  enum class Phase { kQueued, kWaiting, kRunning };  // waiting: for runs of what the query reads
  struct Active {
    std::shared_ptr<AwaitedRun> run;
    Phase phase = Phase::kQueued;
  };
  mutable std::mutex active_mutex;
  std::map<std::string, std::vector<Active>> active;  // by query
  std::uint64_t asked = 0;

  // Orders publishing against removing; guards `published`: project by query.
  std::mutex publish_mutex;
  std::map<std::string, std::string> published;

  // Ends that the control store did not take (a full disk); tried again until it does.
  std::mutex unsaved_mutex;
  std::vector<std::pair<std::string, store::QueryRun>> unsaved;

  // Runs that the last stop cut off, until their ends are stored: of Start, then of the timer's thread.
  std::vector<store::Materialization> cut_off;
  // False: there is something to Recover; the timer tries until it succeeds.
  std::atomic<bool> recovered = false;

  std::atomic<bool> stopping = false;
  std::mutex timer_mutex;
  std::condition_variable timer_wake;
  std::thread timer;
  std::unique_ptr<jobs::JobQueue> queue;

  [[nodiscard]] base::SystemTime Now() const { return parts.clock.Now(); }
  [[nodiscard]] std::filesystem::path FolderOf(const std::string& project_id, const std::string& query_id) const {
    return parts.settings.folder / project_id / query_id;
  }
  // The query, while it is there and materialized.
  [[nodiscard]] std::optional<store::SavedQuery> Materialized(const std::string& project_id,
                                                              const std::string& query_id) const;

  // runs.cpp
  [[nodiscard]] base::Result<std::shared_ptr<AwaitedRun>> Trigger(const store::SavedQuery& query, bool scheduled);
  // Preconditions: active_mutex is held.
  [[nodiscard]] bool Enqueue(const std::string& project_id, const std::string& query_id, const Active& one);
  [[nodiscard]] bool IsBlocked(const std::string& query_id, const AwaitedRun& run) const;
  // Takes a run out, and lets those begin that waited for it.
  void TakeOut(const std::string& query_id, const std::string& run_id);
  void Cancel(const std::string& query_id);
  void RunJob(const std::string& project_id, const std::string& query_id, const std::shared_ptr<AwaitedRun>& run,
              const std::stop_token& stop);
  [[nodiscard]] base::Result<void> RunQuery(const store::SavedQuery& query, store::QueryRun& run,
                                            const base::CallLimits& limits);
  void SaveEnd(const std::string& query_id, const store::QueryRun& run);

  // results.cpp
  // Runs the query into a new file. Errors: those of the query; INPUT_INCOMPLETE; ResourceExhausted.
  [[nodiscard]] base::Result<store::StoredResult> Fill(const store::SavedQuery& query, const store::QueryRun& run,
                                                       const base::CallLimits& limits);
  [[nodiscard]] base::Result<void> Publish(const store::SavedQuery& query, const store::StoredResult& result,
                                           const store::QueryRun& run);
  void PublishStored(const store::Materialization& state);
  [[nodiscard]] base::Result<std::int64_t> BudgetOf(const store::SavedQuery& query) const;
  void ForgetGone();
  void CollectGarbage();

  // timer.cpp
  // Ends what the last stop cut off, and begins what must run: in its place, because it was asked for, or because there
  // is no result. May be tried again.
  [[nodiscard]] base::Result<void> Recover();
  void Fire(std::vector<std::pair<std::string, base::SystemTime>> fired);
  void Tick();
  void RunTimer();
};

}  // namespace tarn::query
