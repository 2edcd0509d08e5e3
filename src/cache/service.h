// The state behind Caches (caches.h), spread over service_*.cpp by concern.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/metrics.h"
#include "cache/caches.h"
#include "cache/refresh_run.h"
#include "cache/table_lookup.h"
#include "jobs/job_queue.h"
#include "jobs/schedule.h"

namespace tarn::cache {

// Locks are taken in the order in which they are declared here.
struct Caches::Impl {
  explicit Impl(Parts given);
  ~Impl();

  Parts parts;
  RefreshRun run;

  // Guards the read-change-write of a cache's schedules, and the list of due times.
  std::mutex schedule_mutex;
  jobs::DueList due;  // keys: see DueKey

  // Guards which executions are queued or running. Held while a record is begun, so that a cancel finds what was begun.
  std::mutex active_mutex;
  struct ActiveKey {
    std::string cache_id;
    store::RefreshMode mode;
    auto operator<=>(const ActiveKey&) const = default;
  };
  std::map<ActiveKey, std::vector<store::Execution>> active;

  // Orders publishing against deleting: what is deleted is not published afterwards.
  std::mutex publish_mutex;

  // Ends that the control store did not take (a full disk); tried again until it does.
  std::mutex unsaved_mutex;
  std::vector<std::pair<store::Execution, store::ActionLog>> unsaved;

  // Executions that the last stop cut off, until their ends are stored. Of Start, then of the timer's thread.
  std::vector<store::Execution> left_behind;
  // False: there is something to Recover; the timer tries until it succeeds.
  std::atomic<bool> recovered = false;

  // Logs of changes at sources that nobody needs any more, until they are ended.
  struct UnusedLog {
    std::string cache_id;       // which used it; its refreshes end first
    std::string connection_id;  // of its source
    SourceRecipe source;
    base::SystemTime next_try{};
  };
  std::mutex logs_mutex;
  std::vector<UnusedLog> unused_logs;

  base::Counter audits;
  base::Counter audit_repaired_rows;

  std::atomic<bool> stopping = false;
  std::mutex timer_mutex;
  std::condition_variable timer_wake;
  std::thread timer;
  std::unique_ptr<jobs::JobQueue> queue;

  [[nodiscard]] base::SystemTime Now() const { return parts.clock.Now(); }
  [[nodiscard]] static catalog::Generations::Key KeyOf(const store::Cache& cache) {
    return {.catalog_id = cache.catalog_id, .schema = cache.schema_name, .table = cache.table_name};
  }
  // Errors: NotFound.
  [[nodiscard]] base::Result<store::CacheState> Find(const std::string& project_id, const std::string& cache_id) const;

  // caches.cpp
  [[nodiscard]] base::Result<store::Cache> CreateOne(const std::string& project_id, const CacheRequest& request,
                                                     TableLookup& lookup);
  [[nodiscard]] base::Result<store::Cache> InsertCache(const std::string& project_id, const LookedUpTable& table,
                                                       const CacheRequest& request, const RefreshOptions& options);
  // The options with a change, checked against the table where there is one.
  [[nodiscard]] base::Result<RefreshOptions> NewOptions(const RefreshOptions& options,
                                                        const RefreshOptionsChange& change, const LookedUpTable& table,
                                                        const base::CallLimits& limits) const;
  [[nodiscard]] base::Result<void> DeleteAll(const std::vector<store::CacheState>& states);

  // service_refresh.cpp
  struct TriggerOptions {
    bool scheduled = false;
    bool audits = false;
  };
  [[nodiscard]] base::Result<std::string> Trigger(const store::Cache& cache, store::RefreshMode mode,
                                                  const TriggerOptions& options);
  // Precondition: active_mutex is held and the execution's beginning is stored. False: the server is stopping.
  [[nodiscard]] bool Enqueue(const store::Cache& cache, const store::Execution& execution);
  [[nodiscard]] bool IsActive(const std::string& cache_id, store::RefreshMode mode);
  [[nodiscard]] base::Result<void> Cancel(const std::string& cache_id, store::RefreshMode mode);
  void RunExecution(store::Execution execution, const std::stop_token& stop);
  [[nodiscard]] base::Result<void> Publish(const store::Cache& cache, store::Execution& execution,
                                           const RefreshOutcome& outcome);
  [[nodiscard]] base::Result<void> PublishUnchanged(const store::CacheState& state, store::Execution& execution,
                                                    const RefreshOutcome& outcome);
  // Counts and logs what an audit found.
  void TellAudit(const store::Execution& execution, const RefreshOutcome& outcome);
  void End(store::Execution execution, const base::Error& error);
  void SaveEnd(const store::Execution& execution, const store::ActionLog& log);
  void Forget(const store::Execution& execution);
  [[nodiscard]] base::Result<void> Delete(const store::Cache& cache);

  // service_log.cpp
  // The log that a cache uses, or nullopt; to be asked before the cache is deleted or changed, and given to ReleaseLog
  // afterwards.
  [[nodiscard]] std::optional<UnusedLog> LogUsedBy(const store::Cache& cache) const;
  // Ends it, unless the cache uses it again: now, or as soon as the source answers.
  void ReleaseLog(const UnusedLog& log);
  void TryReleases();

  // service_schedule.cpp
  [[nodiscard]] static std::string DueKey(const std::string& cache_id, store::RefreshMode mode);
  // What a new cache is loaded with.
  [[nodiscard]] static store::RefreshMode FirstMode(const store::Cache& cache);
  // Sets a schedule that was checked before; an empty one removes it.
  void SetSchedule(store::Cache& cache, store::RefreshMode mode, const std::string& expression) const;
  void PutDue(const store::Cache& cache);
  // Errors: InvalidArgument with the schedule's field.
  [[nodiscard]] static base::Result<void> CheckSchedules(const std::optional<std::string>& incremental,
                                                         const std::optional<std::string>& full);
  [[nodiscard]] base::Result<store::Cache> UpdateSettings(store::Cache cache, const CacheSettingsChange& change,
                                                          const base::CallLimits& limits);
  void Fire(const std::string& key, base::SystemTime due_at);
  void Tick();
  void RunTimer();

  // service_start.cpp
  void PublishManifests();
  // Ends what the last stop left behind, and begins what must run: in its place, because a file is missing, or because
  // a first load was never begun. One transaction; changes nothing when it fails, and may be tried again.
  [[nodiscard]] base::Result<void> Recover();
  void CollectGarbage();
};

}  // namespace tarn::cache
