// The logs of changes that sources keep for copies: their end.
#include "base/ids.h"
#include "base/log.h"
#include "cache/service.h"

namespace tarn::cache {
namespace {

constexpr auto kRetry = std::chrono::seconds(30);
constexpr std::chrono::seconds kReleaseTime{20};

base::Result<void> Release(const SourceRecipe& recipe, const std::string& name, const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto source, SourceFrom(recipe));
  return source->ReleaseLog(name, limits);
}

}  // namespace

std::optional<Caches::Impl::UnusedLog> Caches::Impl::LogUsedBy(const store::Cache& cache) const {
  const auto options = ReadRefreshOptions(cache.options);
  if (!options || options->method != MethodChoice::kLog) return std::nullopt;
  const auto connection = run.ConnectionOf(cache.catalog_id);
  auto source = run.RecipeOf(cache.catalog_id);
  if (!connection || !source) return std::nullopt;
  return UnusedLog{.cache_id = cache.id, .connection_id = connection->id, .source = *std::move(source)};
}

void Caches::Impl::ReleaseLog(const UnusedLog& log) {
  // Behind the refreshes of its cache, which would make it anew.
  const auto attempt = [this, log](const std::stop_token& stop) {
    const auto present = parts.store.Find(log.cache_id);
    if (present && LogUsedBy(present->cache)) return;
    const auto name = RefreshRun::LogNameOf(log.cache_id);
    const auto released = Release(log.source, name, base::CallLimits::Within(kReleaseTime, stop));
    if (released) {
      base::log::Info("log of changes at a source ended", {{"log", name}});
      return;
    }
    // The source keeps what was not read, and grows.
    base::log::Warning("log of changes at a source not ended yet, trying again",
                       {{"log", name}, {"reason", released.error().message}});
    auto again = log;
    again.next_try = Now() + kRetry;
    const std::lock_guard lock(logs_mutex);
    unused_logs.push_back(std::move(again));
  };
  if (queue->Add({.id = base::NewUuid(), .subject = log.cache_id, .source = log.connection_id, .run = attempt})) return;
  base::log::Warning("log of changes at a source left behind", {{"log", RefreshRun::LogNameOf(log.cache_id)}});
}

void Caches::Impl::TryReleases() {
  std::vector<UnusedLog> ready;
  {
    const std::lock_guard lock(logs_mutex);
    const auto waits = [&](const UnusedLog& log) { return log.next_try > Now(); };
    const auto first = std::ranges::partition(unused_logs, waits).begin();
    ready.assign(std::make_move_iterator(first), std::make_move_iterator(unused_logs.end()));
    unused_logs.erase(first, unused_logs.end());
  }
  for (const auto& log : ready) ReleaseLog(log);
}

}  // namespace tarn::cache
