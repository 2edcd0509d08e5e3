// What a start finds: manifests to serve, executions that a crash left, files that nothing names.
#include "base/log.h"
#include "cache/executions.h"
#include "cache/garbage.h"
#include "cache/service.h"

namespace tarn::cache {

using store::RefreshMode;

void Caches::Impl::TriggerAtStart(const store::Cache& cache, RefreshMode mode, bool scheduled) {
  const auto triggered = Trigger(cache, mode, scheduled);
  if (!triggered) base::log::Error("refresh not started", {{"cache", cache.id}, {"reason", triggered.error().message}});
}

void Caches::Impl::PublishManifests() {
  for (const auto& state : parts.store.All()) {
    if (!state.manifest) continue;
    const auto file = parts.settings.folder / state.manifest->file;
    const auto version = ReadTableVersion(state.manifest->table);
    std::error_code error;
    if (version && std::filesystem::is_regular_file(file, error)) {
      parts.generations.Publish(KeyOf(state.cache), {.id = state.manifest->generation,
                                                     .file = file,
                                                     .table = version->table,
                                                     .row_count = state.manifest->row_count});
      continue;
    }
    // Reads go to the source until it is loaded again.
    base::log::Error("file of a cache missing, loading it again", {{"cache", state.cache.id}});
    TriggerAtStart(state.cache, RefreshMode::kFull, false);
  }
}

void Caches::Impl::EndWhatACrashLeft(const std::vector<store::Execution>& unfinished) {
  for (auto execution : unfinished) {
    base::Error stopped = {
        .kind = base::ErrorKind::kUnavailable, .message = "The server stopped while it ran", .retryable = true};
    const auto log = EndWithError(execution, stopped, Now());
    SaveEnd(execution, log);
    const auto state = parts.store.Find(execution.cache_id);
    if (!state || (state->manifest && !execution.scheduled)) continue;
    TriggerAtStart(state->cache, execution.mode, execution.scheduled);
  }
  // A crash between making a cache and beginning its first load.
  for (const auto& state : parts.store.All()) {
    if (state.manifest || state.last_full || state.last_incremental) continue;
    const bool incremental = !state.cache.incremental_schedule.empty() && state.cache.full_schedule.empty();
    TriggerAtStart(state.cache, incremental ? RefreshMode::kIncremental : RefreshMode::kFull, false);
  }
}

void Caches::Impl::CollectGarbage() {
  const int removed = cache::CollectGarbage(parts.settings.folder, [&](const std::string& cache_id, const auto& sweep) {
    // Nothing of this cache begins while the lock is held, so what its manifest names now is all that stays.
    const std::lock_guard lock(active_mutex);
    if (queue->IsBusy(cache_id)) return;
    const auto state = parts.store.Find(cache_id);
    const bool has_file = state && state->manifest;
    sweep(has_file ? std::filesystem::path(state->manifest->file).filename().string() : std::string());
  });
  if (removed > 0) base::log::Info("files that no cache names removed", {{"count", removed}});
}

}  // namespace tarn::cache
