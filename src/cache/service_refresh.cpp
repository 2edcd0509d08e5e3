// Executions: triggered, run, published, cancelled.
#include "base/log.h"
#include "cache/executions.h"
#include "cache/garbage.h"
#include "cache/service.h"

namespace tarn::cache {

using store::RefreshMode;

namespace {

// The name of the file that readers may have open; nobody but the last of them removes it.
std::string CurrentFile(const store::CacheState& state) {
  return state.manifest ? std::filesystem::path(state.manifest->file).filename().string() : std::string();
}

}  // namespace

base::Result<std::string> Caches::Impl::Trigger(const store::Cache& cache, RefreshMode mode,
                                                const TriggerOptions& options) {
  const std::lock_guard lock(active_mutex);
  if (const auto same = active.find({cache.id, mode}); same != active.end()) {
    for (const auto& execution : same->second) {
      if (queue->IsQueued(execution.id) && execution.audits >= options.audits) return execution.id;
    }
  }
  auto execution = NewExecution(cache.id, mode, options.scheduled, Now());
  execution.audits = options.audits;
  const auto log = LogOf(execution, "STARTED", ModeName(mode) + " refresh started", execution.created_at);
  TARN_RETURN_IF_ERROR(parts.store.Begin(execution, log));
  if (!Enqueue(cache, execution)) return base::Unavailable("The server is stopping");
  return execution.id;
}

bool Caches::Impl::Enqueue(const store::Cache& cache, const store::Execution& execution) {
  const auto connection = run.ConnectionOf(cache.catalog_id);
  // Without its connection the execution fails, with that reason, when it runs.
  const auto source = connection ? connection->id : cache.catalog_id;
  const bool added =
      queue->Add({.id = execution.id,
                  .subject = cache.id,
                  .source = source,
                  .run = [this, execution](const std::stop_token& stop) { RunExecution(execution, stop); }});
  // Its end waits for the lock, so it is here before it is looked for.
  if (added) active[{cache.id, execution.mode}].push_back(execution);
  return added;
}

bool Caches::Impl::IsActive(const std::string& cache_id, RefreshMode mode) {
  const std::lock_guard lock(active_mutex);
  const auto found = active.find({cache_id, mode});
  return found != active.end() && !found->second.empty();
}

void Caches::Impl::Forget(const store::Execution& execution) {
  const std::lock_guard lock(active_mutex);
  const auto found = active.find({execution.cache_id, execution.mode});
  if (found == active.end()) return;
  std::erase_if(found->second, [&](const auto& other) { return other.id == execution.id; });
  if (found->second.empty()) active.erase(found);
}

base::Result<void> Caches::Impl::Cancel(const std::string& cache_id, RefreshMode mode) {
  std::vector<store::Execution> executions;
  {
    const std::lock_guard lock(active_mutex);
    const auto found = active.find({cache_id, mode});
    if (found != active.end()) executions = found->second;
  }
  bool any = false;
  for (auto& execution : executions) {
    const auto outcome = queue->Cancel(execution.id);
    any = any || outcome != jobs::JobQueue::CancelOutcome::kUnknown;
    if (outcome != jobs::JobQueue::CancelOutcome::kRemoved) continue;
    End(execution, base::Cancelled("The refresh was cancelled").error());
  }
  if (!any) return base::NotFound("No refresh of this kind is running");
  return {};
}

void Caches::Impl::RunExecution(store::Execution execution, const std::stop_token& stop) {
  const auto state = parts.store.Find(execution.cache_id);
  if (!state) return Forget(execution);
  const base::CallLimits limits = {.deadline = std::chrono::steady_clock::now() + parts.settings.refresh_deadline,
                                   .cancel = stop};
  auto outcome = run.Run(*state, execution, limits);
  base::Result<void> published;
  if (outcome) {
    published =
        outcome->changed ? Publish(state->cache, execution, *outcome) : PublishUnchanged(*state, execution, *outcome);
  }
  if (outcome && published) TellAudit(execution, *outcome);
  const bool left = stopping && stop.stop_requested();  // stays unfinished in the store: the next start ends it
  if ((outcome && published) || left) {
    Forget(execution);
  } else {
    End(execution, outcome ? published.error() : outcome.error());
  }
  if (!parts.store.Find(execution.cache_id)) EmptyCacheFolder(run.FolderOf(state->cache), CurrentFile(*state));
}

base::Result<void> Caches::Impl::Publish(const store::Cache& cache, store::Execution& execution,
                                         const RefreshOutcome& outcome) {
  const auto file = std::filesystem::path(cache.project_id) / cache.id / outcome.file;
  const auto generation = std::filesystem::path(outcome.file).stem().string();
  const auto discard = [&] {
    std::error_code ignored;  // garbage otherwise
    std::filesystem::remove(parts.settings.folder / file, ignored);
  };
  const store::Manifest manifest = {.cache_id = cache.id,
                                    .generation = generation,
                                    .file = file.string(),
                                    .file_bytes = outcome.file_bytes,
                                    .checksum = outcome.checksum,
                                    .row_count = outcome.row_count,
                                    .deleted_rows = outcome.deleted_rows,
                                    .table = WriteTableVersion(outcome.version),
                                    .position = WritePosition(outcome.position),
                                    .loaded_at = outcome.loaded_at};
  auto ended = execution;
  const auto log = EndWithOutcome(ended, outcome, generation, Now());
  {
    const std::lock_guard lock(publish_mutex);
    const auto budget = run.BudgetOf(cache);  // again: others may have grown meanwhile
    base::Result<void> published;
    if (!budget) {
      published = std::unexpected(budget.error());
    } else if (*budget > 0 && outcome.file_bytes > *budget) {
      published = base::ResourceExhausted("The copy would pass the project's quota of cached bytes");
    } else {
      published = parts.store.Publish(manifest, ended, log);
    }
    if (!published) {
      discard();
      return published;
    }
    parts.generations.Publish(KeyOf(cache), {.id = generation,
                                             .file = parts.settings.folder / file,
                                             .table = outcome.version.table,
                                             .row_count = outcome.row_count,
                                             .as_of = outcome.loaded_at});
  }
  execution = ended;
  if (!outcome.compacted) return {};
  IgnoreError(
      parts.store.AppendLog(LogOf(execution, "COMPACTED", "The copy was rewritten without its deleted rows", Now())),
      "the copy is what counts; the log is told");
  return {};
}

base::Result<void> Caches::Impl::PublishUnchanged(const store::CacheState& state, store::Execution& execution,
                                                  const RefreshOutcome& outcome) {
  auto manifest = state.manifest.value();
  manifest.table = WriteTableVersion(outcome.version);
  manifest.position = WritePosition(outcome.position);
  manifest.loaded_at = outcome.loaded_at;
  auto ended = execution;
  const auto log = EndWithOutcome(ended, outcome, "", Now());
  TARN_RETURN_IF_ERROR(parts.store.Publish(manifest, ended, log));
  parts.generations.Confirm(KeyOf(state.cache), manifest.generation, manifest.loaded_at);
  return {};
}

void Caches::Impl::TellAudit(const store::Execution& execution, const RefreshOutcome& outcome) {
  if (!outcome.audited) return;
  const auto repaired = outcome.version.audit.repaired;
  audits.Add();
  audit_repaired_rows.Add(static_cast<std::uint64_t>(repaired));
  auto log =
      LogOf(execution, "AUDITED", "Every value of the copy was compared with the source: no row differed", Now());
  if (repaired > 0) {
    log.action = "AUDIT_REPAIRED";
    log.message = fmt::format(
        "Every value of the copy was compared with the source: {} rows differed, and were repaired", repaired);
    base::log::Warning("a copy differed from its source", {{"cache", execution.cache_id},
                                                           {"method", outcome.version.method.name},
                                                           {"repaired_rows", std::to_string(repaired)}});
  }
  IgnoreError(parts.store.AppendLog(log), "the copy is what counts; the log is told");
}

void Caches::Impl::End(store::Execution execution, const base::Error& error) {
  const auto log = EndWithError(execution, error, Now());
  if (execution.status == store::ExecutionStatus::kFailed) {
    base::log::Warning("refresh failed",
                       {{"cache", execution.cache_id}, {"execution", execution.id}, {"reason", error.message}});
  }
  SaveEnd(execution, log);
  Forget(execution);
}

void Caches::Impl::SaveEnd(const store::Execution& execution, const store::ActionLog& log) {
  const auto saved = parts.store.Finish(execution, log);
  // Not found: the cache was deleted. Failed precondition: the end was saved before.
  if (saved || saved.error().kind == base::ErrorKind::kNotFound ||
      saved.error().kind == base::ErrorKind::kFailedPrecondition)
    return;
  base::log::Error("end of a refresh not saved yet", {{"execution", execution.id}, {"reason", saved.error().message}});
  const std::lock_guard lock(unsaved_mutex);
  unsaved.emplace_back(execution, log);
}

base::Result<void> Caches::Impl::Delete(const store::Cache& cache) {
  std::string current;
  const auto log = LogUsedBy(cache);
  {
    const std::lock_guard lock(publish_mutex);
    if (const auto state = parts.store.Find(cache.id)) current = CurrentFile(*state);
    TARN_RETURN_IF_ERROR(parts.store.Delete(cache.id));
    parts.generations.Remove(KeyOf(cache));
  }
  {
    const std::lock_guard lock(schedule_mutex);
    due.Remove(DueKey(cache.id, RefreshMode::kFull));
    due.Remove(DueKey(cache.id, RefreshMode::kIncremental));
  }
  for (const auto mode : {RefreshMode::kFull, RefreshMode::kIncremental}) {
    IgnoreError(Cancel(cache.id, mode), "nothing running is what is wanted");
  }
  {
    // The current file goes with its last reader; the folder of a running refresh when that has ended.
    const std::lock_guard lock(active_mutex);
    if (!queue->IsBusy(cache.id)) EmptyCacheFolder(run.FolderOf(cache), current);
  }
  if (log) ReleaseLog(*log);
  return {};
}

}  // namespace tarn::cache
