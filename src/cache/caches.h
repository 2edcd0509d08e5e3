// Copies of source tables: created, refreshed on schedules, cancelled, deleted.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "cache/refresh_options.h"
#include "catalog/catalogs.h"
#include "connector/registry.h"
#include "security/vault.h"
#include "store/caches.h"
#include "store/catalogs.h"
#include "store/connections.h"

namespace tarn::cache {

struct CacheSettings {
  std::filesystem::path folder;          // <data>/cache
  std::filesystem::path worker_program;  // run as `<program> worker`
  int workers = 2;                       // refreshes at a time
  int workers_per_source = 2;            // of them on one connection
  std::int64_t worker_memory_bytes = std::int64_t{768} << 20;
  int worker_threads = 2;
  std::int64_t quota_bytes_per_project = 0;  // 0: no quota
  std::int64_t free_space_floor_bytes = std::int64_t{512} << 20;
  std::chrono::seconds refresh_deadline = std::chrono::hours(6);
  std::chrono::seconds audit_interval = std::chrono::hours(24 * 7);  // 0: only when asked for
  std::chrono::seconds heartbeat_timeout = std::chrono::seconds(10);
  double schedule_jitter = 0.02;  // of the interval, at most 60 s
};

// One item of a batch. A schedule is an ISO-8601 duration; empty: none; nullopt: not said.
struct CacheRequest {
  std::string catalog_id;
  std::string schema_name;
  std::string table_name;
  std::optional<std::string> incremental_schedule;
  std::optional<std::string> full_schedule;
  RefreshOptionsChange options = {};
};

struct CacheSettingsChange {
  std::optional<std::string> incremental_schedule = {};
  std::optional<std::string> full_schedule = {};
  RefreshOptionsChange options = {};
};

// Thread-safe.
class Caches final {
 public:
  struct Parts {
    store::CacheRepository& store;
    catalog::Catalogs& catalogs;
    catalog::Generations& generations;
    store::CatalogRepository& catalog_store;
    store::ConnectionRepository& connections;
    security::Vault& vault;  // opens credentials for the workers
    const base::Clock& clock;
    connector::ConnectorSettings connector_settings;
    CacheSettings settings;
    // Bytes of a project's other stored files, which count towards its quota; empty: there are none.
    std::function<std::int64_t(const std::string& project_id)> other_bytes = {};
  };
  explicit Caches(Parts parts);
  // Stops schedules and workers; what was running is FAILED with a reason, or starts again, at the next Start.
  ~Caches();

  // Publishes the manifests' generations, ends executions that a crash left, collects garbage files
  // and starts the schedules.
  [[nodiscard]] base::Result<void> Start();
  // Ends workers within the limits and stops.
  void Stop(const base::CallLimits& limits);

  // Get-or-create; schedules and options that the request names replace those of an existing cache. The first
  // refresh starts by itself: incremental where only that schedule is given, else full.
  // Errors: InvalidArgument (unknown catalog, schema or table, bad schedule with its field),
  // FailedPrecondition with code TABLE_NOT_CACHEABLE; InvalidArgument for options that the table does not allow.
  [[nodiscard]] base::Result<store::Cache> Create(const std::string& project_id, const CacheRequest& request,
                                                  const base::CallLimits& limits);
  // One result per request, in order, independent of each other; the catalogs' tables are looked up together.
  [[nodiscard]] std::vector<base::Result<store::Cache>> CreateBatch(const std::string& project_id,
                                                                    const std::vector<CacheRequest>& requests,
                                                                    const base::CallLimits& limits);
  // Schedules and options not said keep their value; an empty schedule removes it. Errors: NotFound; InvalidArgument;
  // those of describing the table where options are named.
  [[nodiscard]] base::Result<store::Cache> UpdateSettings(const std::string& project_id, const std::string& cache_id,
                                                          const CacheSettingsChange& change,
                                                          const base::CallLimits& limits);
  // Stops its refreshes, removes it and its files. Errors: NotFound.
  [[nodiscard]] base::Result<void> Delete(const std::string& project_id, const std::string& cache_id);
  // With all caches of a catalog or of a project.
  [[nodiscard]] base::Result<void> DeleteByCatalog(const std::string& catalog_id);
  [[nodiscard]] base::Result<void> DeleteByProject(const std::string& project_id);

  // Starts a refresh, or joins one of the same mode that is queued and not yet running. Gives the execution's id.
  // An incremental one may be asked to audit the copy, as it does by itself when the last audit is long ago.
  [[nodiscard]] base::Result<std::string> Refresh(const std::string& project_id, const std::string& cache_id,
                                                  store::RefreshMode mode, bool audits = false);
  // Refreshes a table's copy incrementally, and waits for the end. Errors: NotFound where it has none; what the refresh
  // failed of; those of the limits, while the refresh goes on.
  [[nodiscard]] base::Result<void> RefreshTable(const std::string& catalog_id, const connector::TableName& table,
                                                const base::CallLimits& limits);
  // Errors: NotFound when there is no such cache or nothing of this mode is queued or running.
  [[nodiscard]] base::Result<void> Cancel(const std::string& project_id, const std::string& cache_id,
                                          store::RefreshMode mode);

  // Since the start: audits, and rows that they found to differ.
  struct AuditCounts {
    std::uint64_t audits = 0;
    std::uint64_t repaired_rows = 0;
  };
  [[nodiscard]] AuditCounts audit_counts() const;

  // Errors: NotFound, also for a cache of another project.
  [[nodiscard]] base::Result<store::CacheState> Find(const std::string& project_id, const std::string& cache_id) const;
  [[nodiscard]] const store::CacheRepository& store() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The door of a worker process: reads a RefreshSpec from standard input, writes progress and the
// outcome to standard output, one JSON object per line. Gives the process's exit status.
int WorkerMain();

}  // namespace tarn::cache
