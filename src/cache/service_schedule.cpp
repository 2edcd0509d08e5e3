// Schedules: checked, kept, fired.
#include "base/log.h"
#include "cache/executions.h"
#include "cache/service.h"

namespace tarn::cache {
namespace {

using store::RefreshMode;

constexpr auto kTick = std::chrono::milliseconds(200);
constexpr auto kCleaning = std::chrono::hours(1);
constexpr auto kHistory = std::chrono::days(14);

std::string& Expression(store::Cache& cache, RefreshMode mode) {
  return mode == RefreshMode::kFull ? cache.full_schedule : cache.incremental_schedule;
}

std::optional<base::SystemTime>& NextOf(store::Cache& cache, RefreshMode mode) {
  return mode == RefreshMode::kFull ? cache.next_full : cache.next_incremental;
}

base::Result<void> CheckOne(const std::optional<std::string>& expression, const char* field) {
  if (!expression || expression->empty()) return {};
  const auto parsed = jobs::Schedule::Parse(*expression);
  if (parsed) return {};
  return base::InvalidArgument(
      "The schedule's expression is not a duration of at least one minute: \"" + *expression + "\"", field);
}

}  // namespace

std::string Caches::Impl::DueKey(const std::string& cache_id, RefreshMode mode) {
  return (mode == RefreshMode::kFull ? "F" : "I") + cache_id;
}

base::Result<void> Caches::Impl::CheckSchedules(const std::optional<std::string>& incremental,
                                                const std::optional<std::string>& full) {
  TARN_RETURN_IF_ERROR(CheckOne(incremental, "incrementalCacheSchedule.expression"));
  return CheckOne(full, "fullRefreshCacheSchedule.expression");
}

RefreshMode Caches::Impl::FirstMode(const store::Cache& cache) {
  const bool only_incremental = !cache.incremental_schedule.empty() && cache.full_schedule.empty();
  return only_incremental ? RefreshMode::kIncremental : RefreshMode::kFull;
}

void Caches::Impl::SetSchedule(store::Cache& cache, RefreshMode mode, const std::string& expression) const {
  Expression(cache, mode) = expression;
  NextOf(cache, mode).reset();
  if (expression.empty()) return;
  if (const auto schedule = jobs::Schedule::Parse(expression)) {
    NextOf(cache, mode) = schedule->First(Now(), DueKey(cache.id, mode), parts.settings.schedule_jitter);
  }
}

void Caches::Impl::PutDue(const store::Cache& cache) {
  const auto put = [&](RefreshMode mode, const std::optional<base::SystemTime>& next) {
    if (next) {
      due.Set(DueKey(cache.id, mode), *next);
    } else {
      due.Remove(DueKey(cache.id, mode));
    }
  };
  put(RefreshMode::kFull, cache.next_full);
  put(RefreshMode::kIncremental, cache.next_incremental);
}

base::Result<store::Cache> Caches::Impl::UpdateSettings(store::Cache cache, const CacheSettingsChange& change,
                                                        const base::CallLimits& limits) {
  const auto& incremental = change.incremental_schedule;
  const auto& full = change.full_schedule;
  TARN_RETURN_IF_ERROR(CheckSchedules(incremental, full));
  std::optional<RefreshOptions> options;
  if (!change.options.IsEmpty()) {
    const auto catalog = parts.catalog_store.Find(cache.catalog_id);
    if (!catalog) return base::NotFound("There is no such cache: \"" + cache.id + "\"");
    TARN_ASSIGN_OR_RETURN(const auto present, ReadRefreshOptions(cache.options));
    TARN_ASSIGN_OR_RETURN(
        options,
        NewOptions(present, change.options,
                   {.catalog = *catalog, .name = {.schema = cache.schema_name, .table = cache.table_name}}, limits));
  }
  const std::lock_guard lock(schedule_mutex);
  const auto present = parts.store.Find(cache.id);
  if (!present) return base::NotFound("There is no such cache: \"" + cache.id + "\"");
  cache = present->cache;
  std::vector<store::ActionLog> logs;
  for (const auto& [mode, wanted] :
       {std::pair(RefreshMode::kIncremental, &incremental), std::pair(RefreshMode::kFull, &full)}) {
    if (!*wanted || **wanted == Expression(cache, mode)) continue;
    SetSchedule(cache, mode, **wanted);
    const auto done = (*wanted)->empty() ? " schedule removed" : " schedule changed to \"" + **wanted + "\"";
    logs.push_back({.cache_id = cache.id,
                    .timestamp = Now(),
                    .action = "SCHEDULE_CHANGED",
                    .message = ModeName(mode) + done,
                    .mode = mode});
  }
  std::optional<UnusedLog> log;
  if (options && WriteRefreshOptions(*options) != cache.options) {
    log = LogUsedBy(cache);
    cache.options = WriteRefreshOptions(*options);
    logs.push_back(
        {.cache_id = cache.id,
         .timestamp = Now(),
         .action = "OPTIONS_CHANGED",
         .message = "Options of the refresh changed to " + (cache.options.empty() ? "the usual ones" : cache.options),
         .mode = RefreshMode::kIncremental});
  }
  if (logs.empty()) return cache;
  TARN_RETURN_IF_ERROR(parts.store.UpdateSettings(cache));
  PutDue(cache);
  if (log && options->method != MethodChoice::kLog) ReleaseLog(*log);
  for (const auto& entry : logs) TARN_RETURN_IF_ERROR(parts.store.AppendLog(entry));
  return cache;
}

void Caches::Impl::Fire(const std::string& key, base::SystemTime due_at) {
  const auto mode = key[0] == 'F' ? RefreshMode::kFull : RefreshMode::kIncremental;
  const auto state = parts.store.Find(key.substr(1));
  if (!state) return;
  // The refresh first: its record is what a restart finds, should the server end in between. One that is under way
  // makes up for this one.
  if (!IsActive(state->cache.id, mode)) {
    const auto triggered = Trigger(state->cache, mode, {.scheduled = true});
    if (!triggered)
      base::log::Error("scheduled refresh not started",
                       {{"cache", state->cache.id}, {"reason", triggered.error().message}});
  }
  const std::lock_guard lock(schedule_mutex);
  auto present = parts.store.Find(state->cache.id);
  if (!present || !NextOf(present->cache, mode) || *NextOf(present->cache, mode) != due_at)
    return;  // changed meanwhile
  const auto schedule = jobs::Schedule::Parse(Expression(present->cache, mode));
  if (!schedule) return;
  NextOf(present->cache, mode) = schedule->Next(due_at, Now());
  const auto saved = parts.store.UpdateSettings(present->cache);
  if (!saved)
    base::log::Error("next due time not saved", {{"cache", present->cache.id}, {"reason", saved.error().message}});
  due.Set(key, *NextOf(present->cache, mode));
}

void Caches::Impl::Tick() {
  std::vector<std::pair<std::string, base::SystemTime>> fired;
  {
    const std::lock_guard lock(schedule_mutex);
    fired = due.TakeDue(Now());
  }
  for (const auto& [key, due_at] : fired) {
    if (stopping) return;  // what is due stays so in the store, and the next start finds it
    Fire(key, due_at);
  }
  // Set first: what is reported while it runs is for the next time.
  if (!recovered.exchange(true) && !Recover()) recovered = false;
  TryReleases();
  std::vector<std::pair<store::Execution, store::ActionLog>> again;
  {
    const std::lock_guard lock(unsaved_mutex);
    again.swap(unsaved);
  }
  for (const auto& [execution, log] : again) SaveEnd(execution, log);
}

void Caches::Impl::RunTimer() {
  auto next_cleaning = Now();
  std::unique_lock lock(timer_mutex);
  while (!stopping) {
    lock.unlock();
    Tick();
    if (Now() >= next_cleaning) {
      next_cleaning = Now() + kCleaning;
      CollectGarbage();
      const auto forgotten = parts.store.ForgetBefore(Now() - kHistory);
      if (!forgotten) base::log::Warning("old refresh history not removed", {{"reason", forgotten.error().message}});
    }
    lock.lock();
    timer_wake.wait_for(lock, kTick, [this] { return stopping.load(); });
  }
}

}  // namespace tarn::cache
