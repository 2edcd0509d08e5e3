#include "api/reach.h"

namespace tarn::api {

namespace {

bool UserReaches(const Parts& parts, const std::string& user_id, const store::Project& project) {
  if (project.owner == user_id) return true;
  const auto workspace = parts.accounts.FindWorkspace(project.workspace_id);
  if (!workspace) return false;
  const auto organization = parts.accounts.FindOrganization(workspace->organization_id);
  return organization && organization->owner == user_id;
}

std::unexpected<base::Error> NoProject(const std::string& id) {
  return base::NotFound(fmt::format("Project does not exist: \"{}\"", id));
}

}  // namespace

base::Result<store::Organization> FindOrganization(const Parts& parts, const security::Caller& caller,
                                                   const std::string& id) {
  auto organization = parts.accounts.FindOrganization(id);
  if (!organization || organization->owner != caller.user_id)
    return base::NotFound(fmt::format("Organization does not exist: \"{}\"", id));
  return *std::move(organization);
}

base::Result<store::Workspace> FindWorkspace(const Parts& parts, const security::Caller& caller,
                                             const std::string& organization_id, const std::string& id) {
  TARN_ASSIGN_OR_RETURN(const store::Organization organization, FindOrganization(parts, caller, organization_id));
  auto workspace = parts.accounts.FindWorkspace(id);
  if (!workspace || workspace->organization_id != organization.id)
    return base::NotFound(fmt::format("Workspace does not exist: \"{}\"", id));
  return *std::move(workspace);
}

base::Result<store::Project> FindProject(const Parts& parts, const security::Caller& caller, const std::string& id) {
  if (caller.kind == security::Caller::Kind::kPartner) return FindProjectOfUser(parts, caller.user_id, id);
  auto project = parts.accounts.FindProject(id);
  if (!project || !caller.MayReach(id)) return NoProject(id);
  return *std::move(project);
}

base::Result<store::Project> FindProjectOfUser(const Parts& parts, const std::string& user_id, const std::string& id) {
  auto project = parts.accounts.FindProject(id);
  if (!project || !UserReaches(parts, user_id, *project)) return NoProject(id);
  return *std::move(project);
}

base::Result<store::Catalog> FindCatalog(const Parts& parts, const std::string& project_id, const std::string& id) {
  auto catalog = parts.catalog_store.Find(id);
  if (!catalog || catalog->project_id != project_id)
    return base::NotFound(fmt::format("Catalog does not exist: \"{}\"", id), "CATALOG_NOT_FOUND");
  return *std::move(catalog);
}

base::Result<store::Connection> FindConnection(const Parts& parts, const std::string& project_id,
                                               const std::string& id) {
  auto connection = parts.connections.Find(id);
  if (!connection || connection->project_id != project_id) {
    base::Error error = base::InvalidArgument("invalid connection id").error();
    error.code = "INVALID_CONNECTION_ID";
    return std::unexpected(std::move(error));
  }
  return *std::move(connection);
}

}  // namespace tarn::api
