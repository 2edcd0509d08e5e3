// Refreshes of caches: started, cancelled.
#include "api/areas.h"
#include "api/dto_cache.h"
#include "api/reach.h"

namespace tarn::api {

using http::Method;
using http::NoBody;
using http::NoContent;

namespace {

http::OperationInfo Info(std::string id, const std::string& action, std::string summary) {
  return {.id = std::move(id),
          .method = Method::kPost,
          .path = "/data/projects/{projectId}/cache/{cacheId}/" + action,
          .area = "Data: Cache",
          .summary = std::move(summary),
          .keys = http::KeyKind::kAny,
          .errors = http::ErrorShape::kService};
}

void AddTrigger(Parts& parts, http::OperationInfo info, store::RefreshMode mode, OperationList& operations) {
  operations.push_back(ProjectOperation<NoBody, JobAccepted>(
      parts, std::move(info), [&parts, mode](const ProjectCall& call, const NoBody&) -> base::Result<JobAccepted> {
        const bool audits = call.context.QueryBoolean("audit").value_or(false);
        TARN_ASSIGN_OR_RETURN(const std::string execution,
                              parts.caches.Refresh(call.project.id, call.context.Path("cacheId"), mode, audits));
        const std::string_view what = mode == store::RefreshMode::kFull ? "Full refresh" : "Incremental update";
        return JobAccepted{.status = "RUNNING", .message = fmt::format("{} is under way: \"{}\"", what, execution)};
      }));
}

void AddCancel(Parts& parts, http::OperationInfo info, store::RefreshMode mode, OperationList& operations) {
  operations.push_back(ProjectOperation<NoBody, NoContent>(
      parts, std::move(info), [&parts, mode](const ProjectCall& call, const NoBody&) -> base::Result<NoContent> {
        TARN_RETURN_IF_ERROR(parts.caches.Cancel(call.project.id, call.context.Path("cacheId"), mode));
        return NoContent{};
      }));
}

}  // namespace

void AddCacheRefreshes(Parts& parts, OperationList& operations) {
  AddTrigger(parts, Info("fullRefreshCache", "fullRefreshUpdate", "Trigger Full Refresh Cache Update"),
             store::RefreshMode::kFull, operations);
  auto incremental = Info("incrementalUpdateCache", "incrementalUpdate", "Trigger Incremental Cache Update");
  incremental.query = {{.name = "audit",
                        .type = http::QueryParameter::Type::kBoolean,
                        .description = "Compare every value of the copy with the source, too",
                        .default_value = "false"}};
  AddTrigger(parts, std::move(incremental), store::RefreshMode::kIncremental, operations);
  AddCancel(parts, Info("cancelFullRefreshCache", "cancelFullRefreshUpdate", "Cancel Running Full Refresh"),
            store::RefreshMode::kFull, operations);
  AddCancel(parts, Info("cancelIncrementalCache", "cancelIncrementalUpdate", "Cancel Running Incremental Update"),
            store::RefreshMode::kIncremental, operations);
}

}  // namespace tarn::api
