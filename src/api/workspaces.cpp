#include "api/areas.h"
#include "api/dto_organization.h"
#include "api/reach.h"
#include "base/ids.h"

namespace tarn::api {

using http::Context;
using http::KeyKind;
using http::Method;
using http::NoBody;
using http::NoContent;

namespace {

constexpr const char* kWorkspaces = "/organizations/{organizationId}/workspaces";
constexpr const char* kWorkspace = "/organizations/{organizationId}/workspaces/{workspaceId}";

http::OperationInfo Info(std::string id, Method method, std::string path, std::string summary) {
  return {.id = std::move(id),
          .method = method,
          .path = std::move(path),
          .area = "Organization: Workspaces",
          .summary = std::move(summary),
          .keys = KeyKind::kPartner};
}

Workspace Show(const store::Workspace& workspace) {
  return {.id = workspace.id,
          .name = workspace.name,
          .createdBy = workspace.created_by,
          .organizationId = workspace.organization_id,
          .description = workspace.description,
          .createdAt = base::FormatTime(workspace.created_at),
          .defaultWorkspace = workspace.is_default};
}

base::Result<store::Workspace> Find(const Parts& parts, const Context& context) {
  return FindWorkspace(parts, context.caller(), context.Path("organizationId"), context.Path("workspaceId"));
}

base::Result<Workspace> Create(const Parts& parts, const Context& context, const WorkspaceRequest& request) {
  TARN_ASSIGN_OR_RETURN(const store::Organization organization,
                        FindOrganization(parts, context.caller(), context.Path("organizationId")));
  const store::Workspace workspace = {.id = base::NewUuid(),
                                      .name = request.name,
                                      .created_by = context.caller().user_id,
                                      .organization_id = organization.id,
                                      .description = request.description.value_or(""),
                                      .created_at = parts.clock.Now()};
  TARN_RETURN_IF_ERROR(parts.accounts.InsertWorkspace(workspace));
  return Show(workspace);
}

}  // namespace

void AddWorkspaces(Parts& parts, OperationList& operations) {
  operations.push_back(http::MakeOperation<NoBody, std::vector<Workspace>>(
      Info("listWorkspaces", Method::kGet, kWorkspaces, "List Workspaces"),
      [&parts](const Context& context, const NoBody&) -> base::Result<std::vector<Workspace>> {
        TARN_ASSIGN_OR_RETURN(const store::Organization organization,
                              FindOrganization(parts, context.caller(), context.Path("organizationId")));
        std::vector<Workspace> shown;
        for (const store::Workspace& workspace : parts.accounts.ListWorkspaces(organization.id))
          shown.push_back(Show(workspace));
        return shown;
      }));

  operations.push_back(http::MakeOperation<WorkspaceRequest, Workspace>(
      Info("createWorkspace", Method::kPost, kWorkspaces, "Create Workspace"),
      [&parts](const Context& context, const WorkspaceRequest& request) { return Create(parts, context, request); }));

  operations.push_back(http::MakeOperation<NoBody, Workspace>(
      Info("getWorkspace", Method::kGet, kWorkspace, "Read Workspace"),
      [&parts](const Context& context, const NoBody&) -> base::Result<Workspace> {
        TARN_ASSIGN_OR_RETURN(const store::Workspace workspace, Find(parts, context));
        return Show(workspace);
      }));

  operations.push_back(http::MakeOperation<WorkspaceRequest, Workspace>(
      Info("updateWorkspace", Method::kPut, kWorkspace, "Update Workspace"),
      [&parts](const Context& context, const WorkspaceRequest& request) -> base::Result<Workspace> {
        TARN_ASSIGN_OR_RETURN(store::Workspace workspace, Find(parts, context));
        workspace.name = request.name;
        if (request.description) workspace.description = *request.description;
        TARN_RETURN_IF_ERROR(parts.accounts.UpdateWorkspace(workspace));
        return Show(workspace);
      }));

  operations.push_back(http::MakeOperation<NoBody, NoContent>(
      Info("deleteWorkspace", Method::kDelete, kWorkspace, "Delete Workspace"),
      [&parts](const Context& context, const NoBody&) -> base::Result<NoContent> {
        TARN_ASSIGN_OR_RETURN(const store::Workspace workspace, Find(parts, context));
        TARN_RETURN_IF_ERROR(parts.accounts.DeleteWorkspace(workspace.id));
        return NoContent{};
      }));
}

}  // namespace tarn::api
