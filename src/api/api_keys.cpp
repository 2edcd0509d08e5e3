#include "api/areas.h"
#include "api/dto_organization.h"
#include "api/reach.h"

namespace tarn::api {

using http::KeyKind;
using http::Method;
using http::NoBody;
using http::NoContent;

namespace {

http::OperationInfo Info(std::string id, Method method, std::string path, std::string summary) {
  return {.id = std::move(id),
          .method = method,
          .path = std::move(path),
          .area = "Projects: Api Key",
          .summary = std::move(summary),
          .keys = KeyKind::kPartner};
}

// Without the key itself, which nobody knows any more.
ApiKey Show(const store::ApiKey& key) {
  ApiKey shown = {.name = key.name, .apiKey = std::nullopt, .apiKeyId = key.id, .expiresAt = std::nullopt};
  if (key.expires_at) shown.expiresAt = base::FormatTime(*key.expires_at);
  return shown;
}

base::Result<ApiKey> Create(const Parts& parts, const ProjectCall& call, const ApiKeyRequest& request) {
  std::optional<base::SystemTime> expires;
  if (request.expiresAt) {
    const auto time = base::ParseTime(*request.expiresAt);
    if (!time)
      return base::InvalidArgument(fmt::format("Time is not ISO-8601 with a zone: \"{}\"", *request.expiresAt),
                                   "expiresAt");
    expires = *time;
  }
  TARN_ASSIGN_OR_RETURN(
      const security::KeyRing::NewKey made,
      parts.key_ring.CreateProjectKey(call.project.id, call.context.caller().user_id, request.name, expires));
  ApiKey shown = Show(made.record);
  shown.apiKey = made.key;
  return shown;
}

}  // namespace

void AddApiKeys(Parts& parts, OperationList& operations) {
  operations.push_back(ProjectOperation<NoBody, std::vector<ApiKey>>(
      parts, Info("listApiKeys", Method::kGet, "/projects/{projectId}/apiKeys", "List API Keys"),
      [&parts](const ProjectCall& call, const NoBody&) -> base::Result<std::vector<ApiKey>> {
        std::vector<ApiKey> shown;
        for (const store::ApiKey& key : parts.keys.List(call.project.id)) shown.push_back(Show(key));
        return shown;
      }));

  operations.push_back(ProjectOperation<ApiKeyRequest, ApiKey>(
      parts, Info("createApiKey", Method::kPost, "/projects/{projectId}/apiKeys", "Create API Key"),
      [&parts](const ProjectCall& call, const ApiKeyRequest& request) { return Create(parts, call, request); }));

  operations.push_back(ProjectOperation<NoBody, NoContent>(
      parts, Info("deleteApiKey", Method::kDelete, "/projects/{projectId}/apiKeys/{apiKeyId}", "Delete API Key"),
      [&parts](const ProjectCall& call, const NoBody&) -> base::Result<NoContent> {
        TARN_RETURN_IF_ERROR(parts.key_ring.Revoke(call.project.id, call.context.Path("apiKeyId")));
        return NoContent{};
      }));
}

}  // namespace tarn::api
