// What happens by itself: at start, and when something is due.
#include <algorithm>

#include "base/log.h"
#include "catalog/definitions.h"
#include "query/materialized/query_schedule.h"
#include "query/materialized/state.h"

namespace tarn::query {

namespace {

constexpr auto kTick = std::chrono::milliseconds(200);
constexpr auto kCleaning = std::chrono::hours(1);

// How many stored results lie between a query and the sources at most; `within` guards against cycles, of which there
// are none.
int DepthOf(const store::MaterializationRepository& results, const std::string& query_id,
            std::set<std::string>& within) {
  if (!within.insert(query_id).second) return 0;
  int depth = 0;
  for (const auto& read : QueriesRead(results, query_id)) depth = std::max(depth, 1 + DepthOf(results, read, within));
  within.erase(query_id);
  return depth;
}

}  // namespace

base::Result<void> MaterializedQueries::Impl::Recover() {
  const auto is_active = [this](const std::string& query_id) {  // by a user's wish, while this was not possible yet
    const std::lock_guard lock(active_mutex);
    return active.contains(query_id);
  };
  std::set<std::string> again;
  for (const auto& left : cut_off) {
    if (left.run.scheduled) again.insert(left.id);
    const auto state = parts.store.Find(left.id);
    if (!state || state->run.id != left.run.id || state->run.status != store::RunStatus::kRunning) continue;
    auto run = state->run;
    run.status = store::RunStatus::kFailed;
    run.error_code = "SERVER_STOPPED";
    run.error_message = "The server stopped while the query ran";
    run.ended_at = Now();
    TARN_RETURN_IF_ERROR(parts.store.SaveRun(state->id, run));
  }
  for (const auto& query : parts.queries.ListByType(store::kMaterializedType)) {
    const auto state = parts.store.Find(query.id);
    const bool has_result = parts.generations.Current(catalog::Definitions::KeyOf(query.id)).has_value();
    // One whose last run failed or was cancelled waits for its next.
    const bool never_ran = !state || (!has_result && (state->result || state->run.id.empty()));
    const bool wanted = never_ran || state->pending || again.contains(query.id) ||
                        (!has_result && state->run.error_code == "SERVER_STOPPED");
    if (!wanted || is_active(query.id)) continue;
    TARN_RETURN_IF_ERROR(Trigger(query, again.contains(query.id)));
    if (state) continue;
    TARN_ASSIGN_OR_RETURN(const auto schedule, ReadSchedule(query.schedule));
    const auto next = FirstRun(schedule, Now(), query.id, parts.settings.schedule_jitter);
    const std::lock_guard lock(schedule_mutex);
    TARN_RETURN_IF_ERROR(parts.store.SetNextRun(query.id, next));
    if (next) due.Set(query.id, *next);
  }
  cut_off.clear();
  return {};
}

// What is due at a time runs in the order in which it reads each other.
void MaterializedQueries::Impl::Fire(std::vector<std::pair<std::string, base::SystemTime>> fired) {
  std::ranges::stable_sort(fired, {}, [&](const auto& entry) {
    std::set<std::string> within;
    return DepthOf(parts.store, entry.first, within);
  });
  for (const auto& [query_id, due_at] : fired) {
    const auto state = parts.store.Find(query_id);
    if (!state) continue;
    const auto query = Materialized(state->project_id, query_id);
    if (!query) continue;
    // The run first: the wish for it is what a restart finds, should the server end in between.
    if (const auto triggered = Trigger(*query, true); !triggered)
      base::log::Error("scheduled run not started", {{"query", query_id}, {"reason", triggered.error().message}});
    const std::lock_guard lock(schedule_mutex);
    const auto present = parts.store.Find(query_id);
    if (!present || present->next_run != due_at) continue;  // changed meanwhile
    const auto schedule = ReadSchedule(query->schedule);
    const auto next = schedule ? NextRun(*schedule, due_at, Now()) : std::nullopt;
    if (const auto saved = parts.store.SetNextRun(query_id, next); !saved)
      base::log::Error("next due time not saved", {{"query", query_id}, {"reason", saved.error().message}});
    if (next) due.Set(query_id, *next);
  }
}

void MaterializedQueries::Impl::Tick() {
  std::vector<std::pair<std::string, base::SystemTime>> fired;
  {
    const std::lock_guard lock(schedule_mutex);
    fired = due.TakeDue(Now());
  }
  if (!stopping) Fire(std::move(fired));
  if (!recovered) recovered = Recover().has_value();
  std::vector<std::pair<std::string, store::QueryRun>> again;
  {
    const std::lock_guard lock(unsaved_mutex);
    again.swap(unsaved);
  }
  for (const auto& [query_id, run] : again) SaveEnd(query_id, run);
}

void MaterializedQueries::Impl::RunTimer() {
  auto clean_at = parts.clock.SteadyNow() + kCleaning;
  std::unique_lock lock(timer_mutex);
  while (!stopping) {
    lock.unlock();
    Tick();
    if (parts.clock.SteadyNow() >= clean_at) {
      clean_at = parts.clock.SteadyNow() + kCleaning;
      ForgetGone();
      CollectGarbage();
    }
    lock.lock();
    timer_wake.wait_for(lock, kTick, [this] { return stopping.load(); });
  }
}

}  // namespace tarn::query
