#include "query/materialized/materialized_queries.h"

#include "base/log.h"
#include "catalog/definitions.h"
#include "query/materialized/query_schedule.h"
#include "query/materialized/state.h"

namespace tarn::query {

void AwaitedRun::End(base::Result<void> result) {
  {
    const std::lock_guard lock(mutex_);
    if (!result_) result_ = std::move(result);
  }
  ended_.notify_all();
}

std::optional<base::Result<void>> AwaitedRun::Wait(const base::CallLimits& limits) {
  std::unique_lock lock(mutex_);
  const auto ended = [this] { return result_.has_value(); };
  if (limits.deadline == base::SteadyTime::max()) {
    ended_.wait(lock, limits.cancel, ended);
  } else {
    ended_.wait_until(lock, limits.cancel, limits.deadline, ended);
  }
  return result_;
}

MaterializedQueries::Impl::Impl(Parts given)
    : parts(std::move(given)),
      queue(std::make_unique<jobs::JobQueue>(
          jobs::JobQueue::Limits{.workers = parts.settings.workers, .workers_per_source = parts.settings.workers})) {}

MaterializedQueries::Impl::~Impl() {
  stopping = true;
  timer_wake.notify_all();
  if (timer.joinable()) timer.join();
  queue.reset();
}

std::optional<store::SavedQuery> MaterializedQueries::Impl::Materialized(const std::string& project_id,
                                                                         const std::string& query_id) const {
  auto query = parts.queries.Find(project_id, query_id);
  if (!query || query->query_type != store::kMaterializedType) return std::nullopt;
  return query;
}

MaterializedQueries::MaterializedQueries(Parts parts) : impl_(std::make_unique<Impl>(std::move(parts))) {}
MaterializedQueries::~MaterializedQueries() = default;

base::Result<void> MaterializedQueries::Start() {
  std::error_code error;
  std::filesystem::create_directories(impl_->parts.settings.folder, error);
  if (error) return base::FailedPrecondition("The folder of stored results cannot be made: " + error.message());
  impl_->CollectGarbage();
  for (const auto& state : impl_->parts.store.All()) impl_->PublishStored(state);
  for (const auto& state : impl_->parts.store.All()) {
    if (state.run.status == store::RunStatus::kRunning) impl_->cut_off.push_back(state);
  }
  const auto recovered = impl_->Recover();
  impl_->recovered = recovered.has_value();
  if (!recovered)
    base::log::Error("runs that the last stop cut off not ended yet", {{"reason", recovered.error().message}});
  {
    const std::lock_guard lock(impl_->schedule_mutex);
    for (const auto& state : impl_->parts.store.All()) {
      if (state.next_run) impl_->due.Set(state.id, *state.next_run);
    }
  }
  impl_->timer = std::thread([impl = impl_.get()] { impl->RunTimer(); });
  return {};
}

void MaterializedQueries::Stop(const base::CallLimits& limits) {
  impl_->stopping = true;
  impl_->timer_wake.notify_all();
  if (impl_->timer.joinable()) impl_->timer.join();
  impl_->queue->Stop(limits);
}

base::Result<std::shared_ptr<AwaitedRun>> MaterializedQueries::Run(const store::SavedQuery& query) {
  return impl_->Trigger(query, false);
}

std::optional<base::Result<void>> MaterializedQueries::Wait(AwaitedRun& run, const base::CallLimits& limits) {
  return run.Wait(limits);
}

void MaterializedQueries::Cancel(const std::string& query_id) { impl_->Cancel(query_id); }

base::Result<void> MaterializedQueries::Reschedule(const store::SavedQuery& query) {
  TARN_ASSIGN_OR_RETURN(const auto schedule, ReadSchedule(query.schedule));
  const auto next = FirstRun(schedule, impl_->Now(), query.id, impl_->parts.settings.schedule_jitter);
  const std::lock_guard lock(impl_->schedule_mutex);
  TARN_RETURN_IF_ERROR(impl_->parts.store.SetNextRun(query.id, next));
  if (next) {
    impl_->due.Set(query.id, *next);
  } else {
    impl_->due.Remove(query.id);
  }
  return {};
}

void MaterializedQueries::ForgetGone() { impl_->ForgetGone(); }

std::optional<store::Materialization> MaterializedQueries::Find(const std::string& query_id) const {
  return impl_->parts.store.Find(query_id);
}

bool MaterializedQueries::IsWaiting(const std::string& query_id) const {
  const std::lock_guard lock(impl_->active_mutex);
  const auto found = impl_->active.find(query_id);
  return found != impl_->active.end() && std::ranges::none_of(found->second, [](const Impl::Active& one) {
           return one.phase == Impl::Phase::kRunning;
         });
}

}  // namespace tarn::query
