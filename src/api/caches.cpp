// Caches: created one by one or in batches, their schedules changed, deleted.
#include "api/areas.h"
#include "api/cache_schedule.h"
#include "api/cache_view.h"
#include "api/reach.h"
#include "http/error_answer.h"

namespace tarn::api {

using http::Method;
using http::NoBody;
using http::NoContent;

namespace {

constexpr const char* kCaches = "/data/projects/{projectId}/cache";
constexpr const char* kCache = "/data/projects/{projectId}/cache/{cacheId}";
constexpr std::size_t kLargestBatch = 1000;
constexpr std::chrono::seconds kBatchDeadline{120};

using BatchItem = boost::json::object;

http::OperationInfo Info(std::string id, Method method, std::string path, std::string summary) {
  return {.id = std::move(id),
          .method = method,
          .path = std::move(path),
          .area = "Data: Cache",
          .summary = std::move(summary),
          .keys = http::KeyKind::kAny,
          .errors = http::ErrorShape::kService};
}

base::Result<Cache> Create(Parts& parts, const ProjectCall& call, const CacheRequest& request) {
  TARN_ASSIGN_OR_RETURN(const cache::CacheRequest read, ReadCacheRequest(request));
  TARN_ASSIGN_OR_RETURN(const store::Cache made,
                        NamedInBody(parts.caches.Create(call.project.id, read, call.context.limits())));
  return ShowCache(made);
}

CacheCreateStatus ShowFailure(base::Error error, std::size_t index) {
  error.field = fmt::format("[{}]{}{}", index, error.field.empty() ? "" : ".", error.field);
  return {.success = false, .error = http::MessageFor(error), .cache = std::nullopt};
}

base::Result<cache::CacheRequest> ReadItem(const BatchItem& item) {
  TARN_ASSIGN_OR_RETURN(const CacheRequest request, http::ReadJson<CacheRequest>(item));
  return ReadCacheRequest(request);
}

// Items that cannot be read fail by themselves; the others are made together.
std::vector<CacheCreateStatus> CreateBatch(Parts& parts, const ProjectCall& call, const std::vector<BatchItem>& items) {
  std::vector<CacheCreateStatus> results(items.size());
  std::vector<cache::CacheRequest> requests;
  std::vector<std::size_t> places;  // of the requests among the items
  for (std::size_t i = 0; i < items.size(); ++i) {
    auto read = ReadItem(items[i]);
    if (!read) {
      results[i] = ShowFailure(std::move(read).error(), i);
      continue;
    }
    requests.push_back(*std::move(read));
    places.push_back(i);
  }
  auto made = parts.caches.CreateBatch(call.project.id, requests, call.context.limits());
  for (std::size_t i = 0; i < places.size(); ++i) {
    results[places[i]] = made[i]
                             ? CacheCreateStatus{.success = true, .error = std::nullopt, .cache = ShowCache(*made[i])}
                             : ShowFailure(std::move(made[i]).error(), places[i]);
  }
  return results;
}

base::Result<Cache> Update(Parts& parts, const ProjectCall& call, const CacheSettingsUpdateRequest& request) {
  TARN_ASSIGN_OR_RETURN(const auto incremental,
                        ReadSchedule(request.incrementalCacheSchedule, "incrementalCacheSchedule"));
  TARN_ASSIGN_OR_RETURN(const auto full, ReadSchedule(request.fullRefreshCacheSchedule, "fullRefreshCacheSchedule"));
  const cache::CacheSettingsChange change{
      .incremental_schedule = incremental, .full_schedule = full, .options = ReadOptions(request)};
  TARN_ASSIGN_OR_RETURN(
      const store::Cache updated,
      parts.caches.UpdateSettings(call.project.id, call.context.Path("cacheId"), change, call.context.limits()));
  return ShowCache(updated);
}

}  // namespace

void AddCaches(Parts& parts, OperationList& operations) {
  operations.push_back(ProjectOperation<CacheRequest, Cache>(
      parts, Info("createCache", Method::kPost, kCaches, "Create Cache"),
      [&parts](const ProjectCall& call, const CacheRequest& request) { return Create(parts, call, request); }));

  http::OperationInfo batch =
      Info("createBatchCache", Method::kPost, "/data/projects/{projectId}/cache/batch", "Create Batch Cache");
  batch.max_items = kLargestBatch;
  batch.deadline = kBatchDeadline;
  operations.push_back(ProjectOperation<std::vector<BatchItem>, std::vector<CacheCreateStatus>>(
      parts, std::move(batch),
      [&parts](const ProjectCall& call, const std::vector<BatchItem>& items)
          -> base::Result<std::vector<CacheCreateStatus>> { return CreateBatch(parts, call, items); }));

  http::OperationInfo read = Info("getCacheSettings", Method::kGet, kCache, "Get Cache Settings");
  read.fast = true;
  operations.push_back(ProjectOperation<NoBody, Cache>(
      parts, std::move(read), [&parts](const ProjectCall& call, const NoBody&) -> base::Result<Cache> {
        TARN_ASSIGN_OR_RETURN(const store::CacheState state,
                              parts.caches.Find(call.project.id, call.context.Path("cacheId")));
        return ShowCache(state.cache);
      }));

  operations.push_back(ProjectOperation<CacheSettingsUpdateRequest, Cache>(
      parts, Info("updateCacheSettings", Method::kPut, kCache, "Update Cache Settings"),
      [&parts](const ProjectCall& call, const CacheSettingsUpdateRequest& request) {
        return Update(parts, call, request);
      }));

  operations.push_back(ProjectOperation<NoBody, NoContent>(
      parts, Info("deleteCache", Method::kDelete, kCache, "Delete Cache"),
      [&parts](const ProjectCall& call, const NoBody&) -> base::Result<NoContent> {
        TARN_RETURN_IF_ERROR(parts.caches.Delete(call.project.id, call.context.Path("cacheId")));
        return NoContent{};
      }));
}

}  // namespace tarn::api
