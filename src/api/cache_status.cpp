// What caches are doing and have done.
#include "api/areas.h"
#include "api/builtin_catalogs.h"
#include "api/cache_view.h"
#include "api/table_address.h"

namespace tarn::api {

using http::Method;
using http::NoBody;
using http::QueryParameter;

namespace {

constexpr int kLogsShown = 100;
constexpr std::int64_t kLargestPage = 1000;

http::OperationInfo Info(std::string id, std::string path, std::string summary) {
  return {.id = std::move(id),
          .method = Method::kGet,
          .path = "/data/projects/{projectId}" + std::move(path),
          .area = "Data: Cache",
          .summary = std::move(summary),
          .keys = http::KeyKind::kAny,
          .errors = http::ErrorShape::kService};
}

std::vector<CacheStatus> ShowAll(const std::vector<store::CacheState>& states) {
  std::vector<CacheStatus> shown;
  shown.reserve(states.size());
  for (const store::CacheState& state : states) shown.push_back(ShowStatus(state));
  return shown;
}

base::Result<CacheStatus> ReadStatus(const Parts& parts, const ProjectCall& call) {
  TARN_ASSIGN_OR_RETURN(const store::CacheState state,
                        parts.caches.Find(call.project.id, call.context.Path("cacheId")));
  CacheStatus shown = ShowStatus(state);
  if (call.context.QueryBoolean("excludeLogs").value_or(false)) return shown;
  TARN_ASSIGN_OR_RETURN(const std::vector<store::ActionLog> logs,
                        parts.caches.store().Logs(state.cache.id, kLogsShown));
  shown.cacheActionLogs.emplace();
  for (const store::ActionLog& log : logs) shown.cacheActionLogs->push_back(ShowLog(log));
  return shown;
}

base::Result<std::vector<CacheExecutionInfo>> ReadHistory(const Parts& parts, const ProjectCall& call) {
  const std::int64_t limit = call.context.QueryInteger("limit").value_or(10);
  const std::int64_t offset = call.context.QueryInteger("offset").value_or(0);
  if (limit < 0) return base::InvalidArgument(fmt::format("Limit is negative: \"{}\"", limit), "limit");
  if (offset < 0 || !std::in_range<int>(offset))
    return base::InvalidArgument(fmt::format("Offset is out of range: \"{}\"", offset), "offset");
  TARN_ASSIGN_OR_RETURN(const store::CacheState state,
                        parts.caches.Find(call.project.id, call.context.Path("cacheId")));
  TARN_ASSIGN_OR_RETURN(const std::vector<store::Execution> executions,
                        parts.caches.store().History(state.cache.id, static_cast<int>(std::min(limit, kLargestPage)),
                                                     static_cast<int>(offset)));
  std::vector<CacheExecutionInfo> shown;
  for (const store::Execution& execution : executions) shown.push_back(ShowExecution(execution));
  return shown;
}

base::Result<std::vector<CacheStatus>> ReadByCatalog(const Parts& parts, const ProjectCall& call) {
  const std::string& id = call.context.Path("catalogId");
  if (IsBuiltinCatalog(id)) return std::vector<CacheStatus>{};
  TARN_ASSIGN_OR_RETURN(const store::Catalog catalog, FindCatalog(parts, call.project.id, id));
  return ShowAll(parts.caches.store().ListByCatalog(catalog.id));
}

// The source is asked whether there is such a schema only when no cache of it proves so.
base::Result<std::vector<CacheStatus>> ReadBySchema(const Parts& parts, const ProjectCall& call) {
  const std::string& schema = call.context.Path("schemaName");
  const std::string& id = call.context.Path("catalogId");
  if (IsBuiltinCatalog(id)) {
    if (std::ranges::find(BuiltinSchemas(id), schema) == BuiltinSchemas(id).end()) return NoSchema(schema);
    return std::vector<CacheStatus>{};
  }
  TARN_ASSIGN_OR_RETURN(const store::Catalog catalog, FindCatalog(parts, call.project.id, id));
  std::vector<store::CacheState> states = parts.caches.store().ListByCatalog(catalog.id);
  std::erase_if(states, [&](const store::CacheState& state) { return state.cache.schema_name != schema; });
  if (states.empty()) TARN_RETURN_IF_ERROR(CheckSchemaExists(parts, catalog, schema, call.context.limits()));
  return ShowAll(states);
}

void AddLists(Parts& parts, OperationList& operations) {
  using Statuses = std::vector<CacheStatus>;
  operations.push_back(ProjectOperation<NoBody, Statuses>(
      parts, Info("getCacheStatusByProject", "/cache/status", "Get All Cache Statuses of a Project"),
      [&parts](const ProjectCall& call, const NoBody&) -> base::Result<Statuses> {
        return ShowAll(parts.caches.store().List(call.project.id));
      }));
  operations.push_back(ProjectOperation<NoBody, Statuses>(
      parts,
      Info("getCacheStatusByCatalog", "/catalog/{catalogId}/cache/status", "Get All Cache Statuses of a Catalog"),
      [&parts](const ProjectCall& call, const NoBody&) { return ReadByCatalog(parts, call); }));
  operations.push_back(ProjectOperation<NoBody, Statuses>(
      parts,
      Info("getCacheStatusBySchema", "/catalog/{catalogId}/schema/{schemaName}/cache/status",
           "Get All Cache Statuses of a Schema"),
      [&parts](const ProjectCall& call, const NoBody&) { return ReadBySchema(parts, call); }));
}

}  // namespace

void AddCacheStatus(Parts& parts, OperationList& operations) {
  AddLists(parts, operations);

  http::OperationInfo status = Info("getCacheStatus", "/cache/{cacheId}/status", "Get Cache Status");
  status.query = {{.name = "excludeLogs",
                   .type = QueryParameter::Type::kBoolean,
                   .description = "Leave out the action logs",
                   .default_value = "false"}};
  operations.push_back(ProjectOperation<NoBody, CacheStatus>(
      parts, std::move(status), [&parts](const ProjectCall& call, const NoBody&) { return ReadStatus(parts, call); }));

  http::OperationInfo history =
      Info("getCacheExecutionHistory", "/cache/{cacheId}/executionHistory", "Get Cache Execution History");
  history.query = {{.name = "limit", .type = QueryParameter::Type::kInteger, .default_value = "10"},
                   {.name = "offset", .type = QueryParameter::Type::kInteger, .default_value = "0"}};
  operations.push_back(ProjectOperation<NoBody, std::vector<CacheExecutionInfo>>(
      parts, std::move(history),
      [&parts](const ProjectCall& call, const NoBody&) { return ReadHistory(parts, call); }));
}

}  // namespace tarn::api
