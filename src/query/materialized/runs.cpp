// Runs: asked for, ordered, run, ended, cancelled.
#include <algorithm>

#include "base/ids.h"
#include "base/log.h"
#include "query/materialized/state.h"

namespace tarn::query {

namespace {

constexpr const char* kCancelled = "The refresh was cancelled";

store::QueryRun Ended(store::QueryRun run, const base::Error& error, base::SystemTime now) {
  run.status = error.kind == base::ErrorKind::kCancelled ? store::RunStatus::kCancelled : store::RunStatus::kFailed;
  run.error_code = error.code;
  run.error_message = error.message;
  run.ended_at = now;
  return run;
}

}  // namespace

base::Result<std::shared_ptr<AwaitedRun>> MaterializedQueries::Impl::Trigger(const store::SavedQuery& query,
                                                                             bool scheduled) {
  const std::lock_guard lock(active_mutex);
  auto& runs = active[query.id];
  for (const auto& one : runs) {
    if (one.phase != Phase::kRunning) return one.run;
  }
  const auto refuse = [&](std::unexpected<base::Error> error) {
    if (runs.empty()) active.erase(query.id);
    return error;
  };
  if (!parts.store.Find(query.id)) {
    const auto inserted = parts.store.Insert(
        {.id = query.id, .project_id = query.project_id, .created_at = Now(), .next_run = {}, .pending = true});
    if (!inserted) return refuse(std::unexpected(inserted.error()));
  } else if (const auto saved = parts.store.SetPending(query.id, true); !saved) {
    return refuse(std::unexpected(saved.error()));
  }
  const Active one{.run = std::make_shared<AwaitedRun>(base::NewUuid(), scheduled, ++asked)};
  runs.push_back(one);
  if (!Enqueue(query.project_id, query.id, one)) {
    runs.pop_back();
    return refuse(base::Unavailable("The server is stopping"));
  }
  return one.run;
}

bool MaterializedQueries::Impl::Enqueue(const std::string& project_id, const std::string& query_id, const Active& one) {
  return queue->Add({.id = one.run->id(),
                     .subject = query_id,
                     .source = project_id,
                     .run = [this, project_id, query_id, run = one.run](const std::stop_token& stop) {
                       RunJob(project_id, query_id, run, stop);
                     }});
}

// A query is run after the runs of what it reads that were asked for before it; so none waits for itself.
bool MaterializedQueries::Impl::IsBlocked(const std::string& query_id, const AwaitedRun& run) const {
  const auto read = QueriesRead(parts.store, query_id);
  return std::ranges::any_of(read, [&](const std::string& other) {
    const auto found = active.find(other);
    return found != active.end() && other != query_id &&
           std::ranges::any_of(found->second, [&](const Active& one) { return one.run->number() < run.number(); });
  });
}

void MaterializedQueries::Impl::TakeOut(const std::string& query_id, const std::string& run_id) {
  const std::lock_guard lock(active_mutex);
  if (const auto found = active.find(query_id); found != active.end()) {
    std::erase_if(found->second, [&](const Active& one) { return one.run->id() == run_id; });
    if (found->second.empty()) active.erase(found);
  }
  for (auto& [other_id, runs] : active) {
    for (auto& one : runs) {
      if (one.phase != Phase::kWaiting || IsBlocked(other_id, *one.run)) continue;
      const auto state = parts.store.Find(other_id);
      one.phase = Phase::kQueued;
      if (!Enqueue(state ? state->project_id : "", other_id, one)) return;  // stopping: the next start runs it
    }
  }
}

void MaterializedQueries::Impl::Cancel(const std::string& query_id) {
  std::vector<std::shared_ptr<AwaitedRun>> never_began;
  {
    const std::lock_guard lock(active_mutex);
    const auto found = active.find(query_id);
    if (found == active.end()) return;
    for (const auto& one : found->second) {
      const bool waits = one.phase == Phase::kWaiting;
      if (waits || queue->Cancel(one.run->id()) == jobs::JobQueue::CancelOutcome::kRemoved)
        never_began.push_back(one.run);
    }
  }
  for (const auto& run : never_began) {
    store::QueryRun ended{.id = run->id(), .scheduled = run->scheduled()};
    if (const auto state = parts.store.Find(query_id)) ended.started_at = state->run.started_at;
    const auto error = base::Cancelled(kCancelled).error();
    SaveEnd(query_id, Ended(std::move(ended), error, Now()));
    IgnoreError(parts.store.SetPending(query_id, false), "a run too many after a restart does no harm");
    TakeOut(query_id, run->id());
    run->End(std::unexpected(error));
  }
}

void MaterializedQueries::Impl::RunJob(const std::string& project_id, const std::string& query_id,
                                       const std::shared_ptr<AwaitedRun>& awaited, const std::stop_token& stop) {
  {
    const std::lock_guard lock(active_mutex);
    const auto found = active.find(query_id);
    if (found == active.end()) return;
    const auto one = std::ranges::find_if(found->second, [&](const Active& each) { return each.run == awaited; });
    if (one == found->second.end()) return;
    one->phase = IsBlocked(query_id, *awaited) ? Phase::kWaiting : Phase::kRunning;
    if (one->phase == Phase::kWaiting) return;
  }
  const auto query = Materialized(project_id, query_id);
  store::QueryRun run{.id = awaited->id(),
                      .status = store::RunStatus::kRunning,
                      .scheduled = awaited->scheduled(),
                      .started_at = Now()};
  base::Result<void> ended = base::NotFound("The materialized query does not exist");
  if (query) {
    const base::CallLimits limits = {.deadline = std::chrono::steady_clock::now() + parts.settings.run_deadline,
                                     .cancel = stop};
    ended = parts.store.SaveRun(query_id, run);
    if (ended) ended = RunQuery(*query, run, limits);
  }
  // What the stopping server cuts off stays as it is in the store: the next start ends it.
  const bool left = stopping && stop.stop_requested();
  if (!ended && !left) {
    if (ended.error().kind != base::ErrorKind::kCancelled)
      base::log::Warning("run of a materialized query failed",
                         {{"query", query_id}, {"run", run.id}, {"reason", ended.error().message}});
    if (query) SaveEnd(query_id, Ended(run, ended.error(), Now()));
  }
  TakeOut(query_id, run.id);
  awaited->End(std::move(ended));
  if (!Materialized(project_id, query_id)) ForgetGone();
}

base::Result<void> MaterializedQueries::Impl::RunQuery(const store::SavedQuery& query, store::QueryRun& run,
                                                       const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(auto result, Fill(query, run, limits));
  auto completed = run;
  completed.status = store::RunStatus::kCompleted;
  completed.ended_at = result.published_at = Now();
  if (auto published = Publish(query, result, completed); !published) {
    std::error_code ignored;  // garbage otherwise
    std::filesystem::remove(parts.settings.folder / result.file, ignored);
    return published;
  }
  run = completed;
  return {};
}

void MaterializedQueries::Impl::SaveEnd(const std::string& query_id, const store::QueryRun& run) {
  const auto saved = parts.store.SaveRun(query_id, run);
  if (saved || saved.error().kind == base::ErrorKind::kNotFound) return;
  base::log::Error("end of a run not saved yet", {{"query", query_id}, {"reason", saved.error().message}});
  const std::lock_guard lock(unsaved_mutex);
  unsaved.emplace_back(query_id, run);
}

}  // namespace tarn::query
