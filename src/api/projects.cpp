// Projects, under their workspace and under the older addresses without it.
#include "api/areas.h"
#include "api/dto_organization.h"
#include "api/project_removal.h"
#include "api/reach.h"
#include "base/ids.h"

namespace tarn::api {

using http::Context;
using http::KeyKind;
using http::Method;
using http::NoBody;
using http::NoContent;

namespace {

// The two sets of addresses differ in how they name a workspace.
struct Addresses {
  std::string id_suffix;
  std::string area;
  std::string list;  // where projects are listed and created
  bool deprecated;
};

const Addresses kInWorkspace = {"_1", "Organization: Projects",
                                "/organizations/{organizationId}/workspaces/{workspaceId}/projects", false};
const Addresses kDeprecated = {"", "Projects (Deprecated)", "/projects", true};

Project Show(const store::Project& project) {
  return {.id = project.id,
          .name = project.name,
          .description = project.description,
          .domain = project.domain,
          .webhookBaseUrl = std::nullopt,
          .createdAt = base::FormatTime(project.created_at),
          .owner = project.owner,
          .workspaceId = project.workspace_id};
}

std::vector<Project> ShowAll(const std::vector<store::Project>& projects) {
  std::vector<Project> shown;
  shown.reserve(projects.size());
  for (const store::Project& project : projects) shown.push_back(Show(project));
  return shown;
}

// The workspace that the address names, or the user's default one where it names none.
base::Result<store::Workspace> WorkspaceOf(const Parts& parts, const Context& context, const Addresses& addresses) {
  if (!addresses.deprecated)
    return FindWorkspace(parts, context.caller(), context.Path("organizationId"), context.Path("workspaceId"));
  for (const store::Organization& organization : parts.accounts.ListOrganizations()) {
    if (organization.owner != context.caller().user_id) continue;
    if (auto workspace = parts.accounts.DefaultWorkspace(organization.id)) return *std::move(workspace);
  }
  return base::FailedPrecondition("There is no default workspace to create a project in");
}

base::Result<store::Project> Find(const Parts& parts, const Context& context, const Addresses& addresses) {
  TARN_ASSIGN_OR_RETURN(store::Project project, FindProject(parts, context.caller(), context.Path("projectId")));
  if (addresses.deprecated) return project;
  TARN_ASSIGN_OR_RETURN(const store::Workspace workspace, WorkspaceOf(parts, context, addresses));
  if (project.workspace_id != workspace.id)
    return base::NotFound(fmt::format("Project does not exist in this workspace: \"{}\"", project.id));
  return project;
}

base::Result<Project> Create(const Parts& parts, const Context& context, const Addresses& addresses,
                             const ProjectRequest& request) {
  TARN_ASSIGN_OR_RETURN(const store::Workspace workspace, WorkspaceOf(parts, context, addresses));
  const store::Project project = {.id = base::NewProjectId(),
                                  .name = request.name,
                                  .description = request.description,
                                  .domain = ProjectDomain(request.name),
                                  .created_at = parts.clock.Now(),
                                  .owner = context.caller().user_id,
                                  .workspace_id = workspace.id};
  TARN_RETURN_IF_ERROR(parts.accounts.InsertProject(project));
  return Show(project);
}

base::Result<Project> Update(const Parts& parts, const Context& context, const Addresses& addresses,
                             const ProjectRequest& request) {
  TARN_ASSIGN_OR_RETURN(store::Project project, Find(parts, context, addresses));
  project.name = request.name;
  if (request.description) project.description = request.description;
  TARN_RETURN_IF_ERROR(parts.accounts.UpdateProject(project));
  return Show(project);
}

base::Result<std::vector<Project>> List(const Parts& parts, const Context& context, const Addresses& addresses) {
  if (addresses.deprecated) return ShowAll(parts.accounts.ListReachableProjects(context.caller().user_id));
  TARN_ASSIGN_OR_RETURN(const store::Workspace workspace, WorkspaceOf(parts, context, addresses));
  return ShowAll(parts.accounts.ListProjects(workspace.id));
}

void AddAt(const Addresses& addresses, Parts& parts, OperationList& operations) {
  const auto info = [&addresses](const std::string& id, Method method, const std::string& path,
                                 const std::string& summary) {
    return http::OperationInfo{.id = id + addresses.id_suffix,
                               .method = method,
                               .path = path,
                               .area = addresses.area,
                               .summary = summary,
                               .keys = KeyKind::kPartner,
                               .deprecated = addresses.deprecated};
  };
  const std::string one = addresses.list + "/{projectId}";

  operations.push_back(http::MakeOperation<NoBody, std::vector<Project>>(
      info("listProjects", Method::kGet, addresses.list, "List Projects"),
      [&parts, &addresses](const Context& context, const NoBody&) { return List(parts, context, addresses); }));
  operations.push_back(http::MakeOperation<ProjectRequest, Project>(
      info("createProject", Method::kPost, addresses.list, "Create Project"),
      [&parts, &addresses](const Context& context, const ProjectRequest& request) {
        return Create(parts, context, addresses, request);
      }));
  operations.push_back(http::MakeOperation<NoBody, Project>(
      info("readProject", Method::kGet, one, "Read Project"),
      [&parts, &addresses](const Context& context, const NoBody&) -> base::Result<Project> {
        TARN_ASSIGN_OR_RETURN(const store::Project project, Find(parts, context, addresses));
        return Show(project);
      }));
  operations.push_back(http::MakeOperation<ProjectRequest, Project>(
      info("updateProject", Method::kPut, one, "Update Project"),
      [&parts, &addresses](const Context& context, const ProjectRequest& request) {
        return Update(parts, context, addresses, request);
      }));
  operations.push_back(http::MakeOperation<NoBody, NoContent>(
      info("deleteProject", Method::kDelete, one, "Delete Project"),
      [&parts, &addresses](const Context& context, const NoBody&) -> base::Result<NoContent> {
        TARN_ASSIGN_OR_RETURN(const store::Project project, Find(parts, context, addresses));
        TARN_RETURN_IF_ERROR(RemoveProject(parts, project));
        return NoContent{};
      }));
}

}  // namespace

void AddProjects(Parts& parts, OperationList& operations) {
  AddAt(kInWorkspace, parts, operations);
  AddAt(kDeprecated, parts, operations);
}

}  // namespace tarn::api
