// What a start finds: manifests to serve, executions that a crash left, files that nothing names.
#include <set>

#include "base/log.h"
#include "cache/executions.h"
#include "cache/garbage.h"
#include "cache/service.h"

namespace tarn::cache {

using store::RefreshMode;

namespace {

// Ends and beginnings, collected.
class Recovery final {
 public:
  explicit Recovery(base::SystemTime now) : now_(now) {}

  void End(store::Execution execution) {
    const base::Error stopped = {
        .kind = base::ErrorKind::kUnavailable, .message = "The server stopped while it ran", .retryable = true};
    const auto log = EndWithError(execution, stopped, now_);
    steps_.push_back({.execution = execution, .log = log});
  }

  // Once for each cache and mode.
  void Begin(const store::Cache& cache, RefreshMode mode, bool scheduled) {
    if (!seen_.emplace(cache.id, mode).second) return;
    const auto execution = NewExecution(cache.id, mode, scheduled, now_);
    const auto log = LogOf(execution, "STARTED", ModeName(mode) + " refresh started", now_);
    steps_.push_back({.execution = execution, .log = log});
    begun_.emplace_back(cache, execution);
  }

  [[nodiscard]] const std::vector<store::ExecutionStep>& steps() const { return steps_; }
  [[nodiscard]] const std::vector<std::pair<store::Cache, store::Execution>>& begun() const { return begun_; }

 private:
  base::SystemTime now_;
  std::set<std::pair<std::string, RefreshMode>> seen_;
  std::vector<store::ExecutionStep> steps_;
  std::vector<std::pair<store::Cache, store::Execution>> begun_;
};

}  // namespace

void Caches::Impl::PublishManifests() {
  for (const auto& state : parts.store.All()) {
    if (!state.manifest) continue;
    const auto file = parts.settings.folder / state.manifest->file;
    const auto version = ReadTableVersion(state.manifest->table);
    std::error_code error;
    if (!version || !std::filesystem::is_regular_file(file, error)) {
      // Reads go to the source until it is loaded again.
      base::log::Error("file of a cache missing, loading it again", {{"cache", state.cache.id}});
      continue;
    }
    parts.generations.Publish(KeyOf(state.cache), {.id = state.manifest->generation,
                                                   .file = file,
                                                   .table = version->table,
                                                   .row_count = state.manifest->row_count,
                                                   .as_of = state.manifest->loaded_at});
  }
}

base::Result<void> Caches::Impl::Recover() {
  const std::lock_guard lock(active_mutex);
  Recovery recovery(Now());
  const auto is_active = [&](const store::Cache& cache) {  // by a user's wish, while this was not possible yet
    return active.contains({cache.id, RefreshMode::kFull}) || active.contains({cache.id, RefreshMode::kIncremental});
  };
  for (const auto& execution : left_behind) {
    const auto state = parts.store.Find(execution.cache_id);
    if (!state) continue;
    recovery.End(execution);
    if (is_active(state->cache)) continue;
    if (!state->manifest || execution.scheduled) recovery.Begin(state->cache, execution.mode, execution.scheduled);
  }
  for (const auto& state : parts.store.All()) {
    if (is_active(state.cache)) continue;
    if (state.manifest && !parts.generations.Current(KeyOf(state.cache))) {  // its file is missing
      recovery.Begin(state.cache, RefreshMode::kFull, false);
    } else if (!state.manifest && !state.last_full && !state.last_incremental) {  // made, but its first load not begun
      recovery.Begin(state.cache, FirstMode(state.cache), false);
    }
  }
  TARN_RETURN_IF_ERROR(parts.store.Record(recovery.steps()));
  left_behind.clear();
  for (const auto& [cache, execution] : recovery.begun()) {
    if (!Enqueue(cache, execution)) return {};  // stopping: the next start ends it
  }
  return {};
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
