// The server's side of a refresh: what the worker is told, and its process.
#pragma once

#include <functional>
#include <string>

#include "base/error.h"
#include "base/limits.h"
#include "cache/caches.h"
#include "cache/refresh_json.h"
#include "security/vault.h"
#include "store/caches.h"
#include "store/catalogs.h"
#include "store/connections.h"

namespace tarn::cache {

class RefreshRun final {
 public:
  explicit RefreshRun(const Caches::Parts& parts) : parts_(parts) {}

  // The connection behind a catalog, also behind a shared one; the cap of refreshes for each source counts by it.
  // Errors: FailedPrecondition when the catalog or its connection is gone.
  [[nodiscard]] base::Result<store::Connection> ConnectionOf(const std::string& catalog_id) const;

  // Runs the execution's worker; one that dies or hangs is started again, three times in all, with
  // `execution.attempt` counted up. Leaves nothing behind but the outcome's file.
  // Errors: ResourceExhausted when the quota or the free space does not even allow the present size;
  // Cancelled; DeadlineExceeded; Unavailable when the workers died; and those of Refresh.
  [[nodiscard]] base::Result<RefreshOutcome> Run(const store::CacheState& state, store::Execution& execution,
                                                 const base::CallLimits& limits) const;

  // What a worker needs to make the source of a catalog. Errors: as ConnectionOf.
  [[nodiscard]] base::Result<SourceRecipe> RecipeOf(const std::string& catalog_id) const;

  // The name of the log of changes that a source keeps for a cache that chose it.
  [[nodiscard]] static std::string LogNameOf(const std::string& cache_id);

  // The cache's own folder.
  [[nodiscard]] std::filesystem::path FolderOf(const store::Cache& cache) const;
  // Bytes that the project may still use for this cache's file; zero: no quota.
  // Errors: ResourceExhausted when the others alone fill it.
  [[nodiscard]] base::Result<std::int64_t> BudgetOf(const store::Cache& cache) const;

 private:
  [[nodiscard]] base::Result<WorkerInput> InputFor(const store::CacheState& state, const store::Execution& execution,
                                                   const std::string& generation) const;
  [[nodiscard]] bool AuditIsDue(const Audit& last) const;
  // The worker's word, or nullopt when it ended without one.
  [[nodiscard]] base::Result<std::optional<WorkerMessage>> RunOnce(const WorkerInput& input,
                                                                   const store::Execution& execution,
                                                                   const base::CallLimits& limits) const;

  const Caches::Parts& parts_;
};

}  // namespace tarn::cache
