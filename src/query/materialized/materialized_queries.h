// Stored results of saved queries: run, published, refreshed on schedules, cancelled, removed.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "catalog/generation.h"
#include "query/executor.h"
#include "store/caches.h"
#include "store/materializations.h"
#include "store/queries.h"

namespace tarn::query {

struct MaterializedSettings {
  std::filesystem::path folder;                         // <data>/materialized
  int workers = 2;                                      // runs at a time
  std::int64_t memory_bytes = std::int64_t{256} << 20;  // of the writing of one result
  std::int64_t quota_bytes_per_project = 0;             // of caches and stored results together; 0: no quota
  std::int64_t free_space_floor_bytes = std::int64_t{512} << 20;
  std::chrono::seconds run_deadline = std::chrono::hours(6);
  double schedule_jitter = 0.02;  // of the interval, at most 60 s
};

// A run from the wish for it to its end. Thread-safe.
class AwaitedRun;

// Thread-safe. The queries themselves are in the store; whoever changes or deletes one tells it here.
class MaterializedQueries final {
 public:
  struct Parts {
    store::MaterializationRepository& store;
    const store::QueryRepository& queries;
    const store::CacheRepository& caches;  // tells which inputs are complete
    catalog::Generations& generations;
    Executor& executor;
    const base::Clock& clock;
    MaterializedSettings settings;
  };
  explicit MaterializedQueries(Parts parts);
  // Stops schedules and runs; what was running is FAILED with a reason, or runs again, after the next Start.
  ~MaterializedQueries();

  // Publishes what is stored, ends runs that a crash left, removes files that nothing names, and starts the schedules.
  [[nodiscard]] base::Result<void> Start();
  // Ends runs within the limits and stops.
  void Stop(const base::CallLimits& limits);

  // Begins a run of a materialized query, or joins one that has not begun. Its result replaces the one before when it
  // is complete; a run that fails leaves that.
  [[nodiscard]] base::Result<std::shared_ptr<AwaitedRun>> Run(const store::SavedQuery& query);
  // How a run ended; nullopt: it is under way still when the limits are over.
  // Errors: those of the query; INPUT_INCOMPLETE; Cancelled; ResourceExhausted.
  [[nodiscard]] static std::optional<base::Result<void>> Wait(AwaitedRun& run, const base::CallLimits& limits);
  // Stops what runs or waits to; nothing else when there is nothing.
  void Cancel(const std::string& query_id);
  // Takes over the schedule of a query that was made or changed. Errors: NotFound.
  [[nodiscard]] base::Result<void> Reschedule(const store::SavedQuery& query);
  // Removes the results of queries that are gone or no longer materialized, and stops their runs.
  void ForgetGone();

  // nullopt where the query has never been materialized.
  [[nodiscard]] std::optional<store::Materialization> Find(const std::string& query_id) const;
  // Whether a run was asked for and has not begun.
  [[nodiscard]] bool IsWaiting(const std::string& query_id) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tarn::query
