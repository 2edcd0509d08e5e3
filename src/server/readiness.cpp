#include "server/readiness.h"

#include <condition_variable>

#include "base/log.h"

namespace tarn::server {

namespace {

// A server whose last good query is older than this is not ready.
constexpr auto kRecently = std::chrono::seconds(30);
constexpr auto kProbeTime = std::chrono::seconds(10);

}  // namespace

Readiness::Readiness(Parts parts) : parts_(parts), thread_([this](const std::stop_token& stop) { Run(stop); }) {}
Readiness::~Readiness() = default;

base::Result<void> Readiness::Check() const {
  const std::lock_guard lock(mutex_);
  if (!last_) return last_;
  if (std::chrono::steady_clock::now() - succeeded_ > kRecently) {
    return base::Unavailable("No query has succeeded of late");
  }
  return {};
}

void Readiness::Run(const std::stop_token& stop) {
  std::mutex sleeping;
  std::condition_variable_any wake;
  while (!stop.stop_requested()) {
    auto probed = Probe();
    if (!probed) base::log::Warning("readiness probe failed", {{"reason", probed.error().message}});
    {
      const std::lock_guard lock(mutex_);
      if (probed) succeeded_ = std::chrono::steady_clock::now();
      last_ = std::move(probed);
    }
    std::unique_lock lock(sleeping);
    wake.wait_for(lock, stop, parts_.interval, [] { return false; });
  }
}

base::Result<void> Readiness::Probe() {
  auto states = parts_.caches.All();
  std::erase_if(states, [](const auto& state) { return !state.manifest; });
  if (!states.empty()) return ProbeCopy(states[turn_++ % states.size()]);
  if (parts_.accounts.ListOrganizations().empty()) return base::Unavailable("The control store has no organization");
  const auto limits = base::CallLimits::Within(kProbeTime);
  TARN_ASSIGN_OR_RETURN(const auto rows, parts_.engine.Run({.sql = "SELECT 1", .time_zone = "UTC"}, limits));
  TARN_RETURN_IF_ERROR(rows->Next());
  return {};
}

base::Result<void> Readiness::ProbeCopy(const store::CacheState& state) {
  const auto& cache = state.cache;
  TARN_ASSIGN_OR_RETURN(const auto pin,
                        parts_.generations.Acquire({cache.catalog_id, cache.schema_name, cache.table_name}));
  if (!pin) return {};  // deleted meanwhile
  const auto sql =
      "SELECT 1 FROM " + pin->relation() + " HAVING count(*) <> " + std::to_string(pin->generation().row_count);
  const auto limits = base::CallLimits::Within(kProbeTime);
  TARN_ASSIGN_OR_RETURN(const auto rows, parts_.engine.Run({.sql = sql, .time_zone = "UTC"}, limits));
  TARN_ASSIGN_OR_RETURN(const auto found, rows->Next());
  if (found && found->rows() > 0) return base::Internal("A copy has another number of rows than its manifest");
  return {};
}

}  // namespace tarn::server
