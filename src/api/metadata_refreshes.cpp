// Refreshes of metadata, and who is told of them.
#include "api/areas.h"
#include "api/metadata_view.h"

namespace tarn::api {

using http::Method;
using http::NoBody;

namespace {

http::OperationInfo Info(std::string id, Method method, const std::string& path, std::string summary) {
  return {.id = std::move(id),
          .method = method,
          .path = "/metadata/{projectId}/refresh" + path,
          .area = kMetadataArea,
          .summary = std::move(summary)};
}

base::Result<MetadataRefreshStarted> Begin(const Parts& parts, const ProjectCall& call,
                                           const std::optional<MetadataRefreshMetadataRequest>& given) {
  const auto request = given.value_or(MetadataRefreshMetadataRequest{});
  if (request.callbackToken && !request.callbackURL)
    return base::InvalidArgument("callbackToken goes with a callbackURL", "callbackURL");
  std::optional<metadata::Listener> listener;
  if (request.callbackURL)
    listener = metadata::Listener{.url = *request.callbackURL, .token = request.callbackToken.value_or("")};
  TARN_RETURN_IF_ERROR(parts.metadata.refreshes.Begin(call.project.id, request.catalogId.value_or(""), listener));
  return MetadataRefreshStarted{.status = "waiting"};
}

base::Result<MetadataRefreshJobStatusResult> State(const Parts& parts, const ProjectCall& call) {
  TARN_ASSIGN_OR_RETURN(const auto refresh,
                        parts.metadata.refreshes.StateOf(call.project.id, call.context.Path("catalogId")));
  if (!refresh) return MetadataRefreshJobStatusResult{.status = "not-active"};
  MetadataRefreshJobStatusResult shown{.status = refresh->status};
  if (!refresh->error.empty()) shown.error = refresh->error;
  return shown;
}

base::Result<RefreshCallback> Register(const Parts& parts, const ProjectCall& call,
                                       const MetadataRefreshMetadataCallbackRequest& request) {
  TARN_RETURN_IF_ERROR(parts.metadata.refreshes.Register(
      call.project.id, {.url = request.callbackURL, .token = request.callbackToken.value_or("")}));
  return RefreshCallback{.callbackURL = request.callbackURL, .callbackToken = request.callbackToken};
}

}  // namespace

void AddMetadataRefreshes(Parts& parts, OperationList& operations) {
  operations.push_back(ProjectOperation<std::optional<MetadataRefreshMetadataRequest>, MetadataRefreshStarted>(
      parts, Info("refreshMetadata", Method::kPost, "", "Refresh Project Metadata"),
      [&parts](const ProjectCall& call, const std::optional<MetadataRefreshMetadataRequest>& request) {
        return Begin(parts, call, request);
      }));
  operations.push_back(ProjectOperation<NoBody, MetadataRefreshJobStatusResult>(
      parts, Info("getRefreshMetadataJobStatus", Method::kGet, "/{catalogId}", "Get Metadata Refresh Job Status"),
      [&parts](const ProjectCall& call, const NoBody&) { return State(parts, call); }));
  operations.push_back(ProjectOperation<MetadataRefreshMetadataCallbackRequest, RefreshCallback>(
      parts,
      Info("registerMetadatRefreshCallback", Method::kPost, "/callback", "Register Metadata Refresh Job Callback"),
      [&parts](const ProjectCall& call, const MetadataRefreshMetadataCallbackRequest& request) {
        return Register(parts, call, request);
      }));
  operations.push_back(ProjectOperation<NoBody, RefreshCallback>(
      parts, Info("getMetadataRefreshCallback", Method::kGet, "/callback", "Get Metadata Refresh Job Callback"),
      [&parts](const ProjectCall& call, const NoBody&) -> base::Result<RefreshCallback> {
        TARN_ASSIGN_OR_RETURN(auto url, parts.metadata.refreshes.Registered(call.project.id));
        return RefreshCallback{.callbackURL = std::move(url)};
      }));
  operations.push_back(ProjectOperation<NoBody, RefreshCallback>(
      parts,
      Info("unRegisterMetadatRefreshCallback", Method::kDelete, "/callback",
           "Unregister Metadata Refresh Job Callback"),
      [&parts](const ProjectCall& call, const NoBody&) -> base::Result<RefreshCallback> {
        TARN_ASSIGN_OR_RETURN(auto url, parts.metadata.refreshes.Unregister(call.project.id));
        return RefreshCallback{.callbackURL = std::move(url)};
      }));
}

}  // namespace tarn::api
