#include "cache/caches.h"

#include <thread>

#include "base/ids.h"
#include "base/log.h"
#include "cache/service.h"
#include "cache/table_lookup.h"

namespace tarn::cache {
namespace {

using store::RefreshMode;

constexpr std::chrono::milliseconds kRefreshPoll{20};
constexpr int kCreateTries = 5;  // each only fails when somebody else creates or deletes at that moment

std::unexpected<base::Error> NoSuchCache(const std::string& cache_id) {
  return base::NotFound("There is no such cache: \"" + cache_id + "\"");
}

}  // namespace

Caches::Impl::Impl(Parts given)
    : parts(std::move(given)),
      run(parts),
      queue(std::make_unique<jobs::JobQueue>(jobs::JobQueue::Limits{
          .workers = parts.settings.workers, .workers_per_source = parts.settings.workers_per_source})) {}

Caches::Impl::~Impl() {
  stopping = true;
  timer_wake.notify_all();
  if (timer.joinable()) timer.join();
  queue.reset();
}

base::Result<store::CacheState> Caches::Impl::Find(const std::string& project_id, const std::string& cache_id) const {
  auto state = parts.store.Find(cache_id);
  if (!state || state->cache.project_id != project_id) return NoSuchCache(cache_id);
  return *std::move(state);
}

Caches::Caches(Parts parts) : impl_(std::make_unique<Impl>(std::move(parts))) {}
Caches::~Caches() = default;

base::Result<void> Caches::Start() {
  std::error_code error;
  std::filesystem::create_directories(impl_->parts.settings.folder, error);
  if (error) return base::FailedPrecondition("The folder of caches cannot be made: " + error.message());
  impl_->left_behind = impl_->parts.store.Unfinished();  // before anything is begun
  impl_->CollectGarbage();
  impl_->PublishManifests();
  const auto recovered = impl_->Recover();
  impl_->recovered = recovered.has_value();
  if (!recovered) {
    base::log::Error("refreshes that the last stop cut off not ended yet", {{"reason", recovered.error().message}});
  }
  {
    const std::lock_guard lock(impl_->schedule_mutex);
    for (const auto& state : impl_->parts.store.All()) impl_->PutDue(state.cache);
  }
  impl_->timer = std::thread([impl = impl_.get()] { impl->RunTimer(); });
  return {};
}

void Caches::Stop(const base::CallLimits& limits) {
  impl_->stopping = true;
  impl_->timer_wake.notify_all();
  if (impl_->timer.joinable()) impl_->timer.join();
  impl_->queue->Stop(limits);
}

base::Result<store::Cache> Caches::Create(const std::string& project_id, const CacheRequest& request,
                                          const base::CallLimits& limits) {
  return std::move(CreateBatch(project_id, {request}, limits).front());
}

std::vector<base::Result<store::Cache>> Caches::CreateBatch(const std::string& project_id,
                                                            const std::vector<CacheRequest>& requests,
                                                            const base::CallLimits& limits) {
  TableLookup lookup(impl_->parts.catalog_store, impl_->parts.catalogs, limits);
  std::vector<base::Result<store::Cache>> results;
  results.reserve(requests.size());
  for (const auto& request : requests) results.push_back(impl_->CreateOne(project_id, request, lookup));
  return results;
}

base::Result<store::Cache> Caches::Impl::CreateOne(const std::string& project_id, const CacheRequest& request,
                                                   TableLookup& lookup) {
  TARN_RETURN_IF_ERROR(CheckSchedules(request.incremental_schedule, request.full_schedule));
  for (int i = 0; i < kCreateTries; ++i) {
    TARN_ASSIGN_OR_RETURN(const auto catalog, lookup.FindCatalog(project_id, request.catalog_id));
    auto existing = parts.store.FindByTable(catalog.id, request.schema_name, request.table_name);
    LookedUpTable table;
    if (!existing) {
      TARN_ASSIGN_OR_RETURN(table, lookup.Find(project_id, request));
      existing = parts.store.FindByTable(catalog.id, table.name.schema, table.name.table);
    }
    if (existing) {
      auto updated = UpdateSettings(existing->cache,
                                    {.incremental_schedule = request.incremental_schedule,
                                     .full_schedule = request.full_schedule,
                                     .options = request.options},
                                    lookup.limits());
      if (updated || updated.error().kind != base::ErrorKind::kNotFound) return updated;
      continue;  // deleted meanwhile
    }
    TARN_ASSIGN_OR_RETURN(const auto options, NewOptions({}, request.options, table, lookup.limits()));
    auto made = InsertCache(project_id, table, request, options);
    const bool again = !made && (made.error().kind == base::ErrorKind::kAlreadyExists ||
                                 made.error().kind == base::ErrorKind::kNotFound);  // the catalog is gone
    if (!again) return made;
  }
  return base::Unavailable("The cache is being created and deleted by others at the same time");
}

base::Result<RefreshOptions> Caches::Impl::NewOptions(const RefreshOptions& options, const RefreshOptionsChange& change,
                                                      const LookedUpTable& table,
                                                      const base::CallLimits& limits) const {
  if (change.IsEmpty()) return options;
  TARN_ASSIGN_OR_RETURN(auto changed, ChangeOptions(options, change));
  TARN_ASSIGN_OR_RETURN(const auto described, parts.catalogs.Describe(table.catalog, table.name, limits));
  TARN_RETURN_IF_ERROR(CheckOptions(changed, described));
  return changed;
}

base::Result<store::Cache> Caches::Impl::InsertCache(const std::string& project_id, const LookedUpTable& table,
                                                     const CacheRequest& request, const RefreshOptions& options) {
  store::Cache cache;
  cache.id = base::NewUuid();
  cache.project_id = project_id;
  cache.catalog_id = table.catalog.id;
  cache.schema_name = table.name.schema;
  cache.table_name = table.name.table;
  cache.options = WriteRefreshOptions(options);
  cache.created_at = Now();
  SetSchedule(cache, RefreshMode::kIncremental, request.incremental_schedule.value_or(""));
  SetSchedule(cache, RefreshMode::kFull, request.full_schedule.value_or(""));
  {
    const std::lock_guard lock(schedule_mutex);
    TARN_RETURN_IF_ERROR(parts.store.Insert(cache));
    PutDue(cache);
  }
  // Whoever removes the catalog looks for its caches before and after; this one may have come in between or later.
  if (!parts.catalog_store.Find(cache.catalog_id)) {
    IgnoreError(Delete(cache), "removed by the one who removed the catalog");
    return base::NotFound("The catalog was deleted meanwhile: \"" + table.catalog.name + "\"", "CATALOG_NOT_FOUND");
  }
  const auto triggered = Trigger(cache, FirstMode(cache), {});
  if (!triggered) {
    // The cache exists all the same, and its first load is begun later; deleted by somebody else is no fault either.
    base::log::Warning("first refresh not started yet", {{"cache", cache.id}, {"reason", triggered.error().message}});
    recovered = false;
  }
  return cache;
}

base::Result<store::Cache> Caches::UpdateSettings(const std::string& project_id, const std::string& cache_id,
                                                  const CacheSettingsChange& change, const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto state, impl_->Find(project_id, cache_id));
  return impl_->UpdateSettings(state.cache, change, limits);
}

base::Result<void> Caches::Delete(const std::string& project_id, const std::string& cache_id) {
  TARN_ASSIGN_OR_RETURN(const auto state, impl_->Find(project_id, cache_id));
  return impl_->Delete(state.cache);
}

base::Result<void> Caches::DeleteByCatalog(const std::string& catalog_id) {
  return impl_->DeleteAll(impl_->parts.store.ListByCatalog(catalog_id));
}

base::Result<void> Caches::DeleteByProject(const std::string& project_id) {
  return impl_->DeleteAll(impl_->parts.store.List(project_id));
}

base::Result<void> Caches::Impl::DeleteAll(const std::vector<store::CacheState>& states) {
  for (const auto& state : states) {
    const auto deleted = Delete(state.cache);
    if (!deleted && deleted.error().kind != base::ErrorKind::kNotFound) return deleted;
  }
  return {};
}

base::Result<std::string> Caches::Refresh(const std::string& project_id, const std::string& cache_id, RefreshMode mode,
                                          bool audits) {
  TARN_ASSIGN_OR_RETURN(const auto state, impl_->Find(project_id, cache_id));
  return impl_->Trigger(state.cache, mode, {.audits = audits});
}

base::Result<void> Caches::RefreshTable(const std::string& catalog_id, const connector::TableName& table,
                                        const base::CallLimits& limits) {
  const auto none = [] { return base::NotFound("The table has no cache", "CACHE_NOT_FOUND"); };
  const auto state = impl_->parts.store.FindByTable(catalog_id, table.schema, table.table);
  if (!state) return none();
  TARN_ASSIGN_OR_RETURN(const auto id, impl_->Trigger(state->cache, RefreshMode::kIncremental, {}));
  for (;; std::this_thread::sleep_for(kRefreshPoll)) {
    TARN_RETURN_IF_ERROR(limits.Check());
    const auto now = impl_->parts.store.Find(state->cache.id);
    if (!now) return none();
    const auto& last = now->last_incremental;
    if (!last || last->id != id) return {};  // another one has begun since
    if (last->status == store::ExecutionStatus::kCompleted) return {};
    if (last->finished_at) return base::FailedPrecondition(last->error_message, last->error_code);
  }
}

Caches::AuditCounts Caches::audit_counts() const {
  return {.audits = impl_->audits.value(), .repaired_rows = impl_->audit_repaired_rows.value()};
}

base::Result<void> Caches::Cancel(const std::string& project_id, const std::string& cache_id, RefreshMode mode) {
  TARN_ASSIGN_OR_RETURN(const auto state, impl_->Find(project_id, cache_id));
  return impl_->Cancel(state.cache.id, mode);
}

base::Result<store::CacheState> Caches::Find(const std::string& project_id, const std::string& cache_id) const {
  return impl_->Find(project_id, cache_id);
}

const store::CacheRepository& Caches::store() const { return impl_->parts.store; }

}  // namespace tarn::cache
