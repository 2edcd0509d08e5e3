#include "api/areas.h"
#include "api/dto_organization.h"
#include "api/reach.h"

namespace tarn::api {

// Tells clients what their key is for: a project key shows its project, a partner key does not.
void AddKeyInfo(Parts& parts, OperationList& operations) {
  operations.push_back(http::MakeOperation<http::NoBody, KeyInfo>(
      {.id = "info",
       .method = http::Method::kGet,
       .path = "/info",
       .area = "Key introspection",
       .summary = "What a key is for",
       .keys = http::KeyKind::kAny},
      [&parts](const http::Context& context, const http::NoBody&) -> base::Result<KeyInfo> {
        const security::Caller& caller = context.caller();
        KeyInfo info = {.projectId = std::nullopt,
                        .projectName = std::nullopt,
                        .userId = caller.user_id,
                        .email = parts.owner_email};
        if (caller.kind == security::Caller::Kind::kProject) {
          TARN_ASSIGN_OR_RETURN(const store::Project project, FindProject(parts, caller, caller.project_id));
          info.projectId = project.id;
          info.projectName = project.name;
        }
        return info;
      }));
}

}  // namespace tarn::api
