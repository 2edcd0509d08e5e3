// Organizations, workspaces and projects in the control store.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"

namespace tarn::store {

class Database;

struct Organization {
  std::string id;  // UUID
  std::string name;
  std::string owner;  // user id
  base::SystemTime created_at{};
  std::string description;
  bool operator==(const Organization&) const = default;
};

struct Workspace {
  std::string id;  // UUID
  std::string name;
  std::string created_by;  // user id
  std::string organization_id;
  std::string description;
  base::SystemTime created_at{};
  bool is_default = false;
  bool operator==(const Workspace&) const = default;
};

struct Project {
  std::string id;  // eight characters
  std::string name;
  std::optional<std::string> description;
  std::string domain;
  base::SystemTime created_at{};
  std::string owner;  // user id
  std::string workspace_id;
  bool operator==(const Project&) const = default;
};

// Thread-safe. Reads come from memory; writes go to the store first. Lists are in the order of creation.
class AccountRepository final {
 public:
  explicit AccountRepository(Database& database);
  ~AccountRepository();

  [[nodiscard]] base::Result<void> InsertOrganization(const Organization& organization);
  // Errors: NotFound.
  [[nodiscard]] base::Result<void> UpdateOrganization(const Organization& organization);
  // Removes it with its default workspace. Errors: NotFound; FailedPrecondition while it has projects or
  // other workspaces.
  [[nodiscard]] base::Result<void> DeleteOrganization(const std::string& id);
  [[nodiscard]] std::optional<Organization> FindOrganization(const std::string& id) const;
  [[nodiscard]] std::vector<Organization> ListOrganizations() const;

  // Errors: FailedPrecondition when the organization does not exist; AlreadyExists for a second default workspace.
  [[nodiscard]] base::Result<void> InsertWorkspace(const Workspace& workspace);
  // Changes name and description. Errors: NotFound.
  [[nodiscard]] base::Result<void> UpdateWorkspace(const Workspace& workspace);
  // Errors: NotFound; FailedPrecondition while it has projects, and always for a default workspace.
  [[nodiscard]] base::Result<void> DeleteWorkspace(const std::string& id);
  [[nodiscard]] std::optional<Workspace> FindWorkspace(const std::string& id) const;
  [[nodiscard]] std::vector<Workspace> ListWorkspaces(const std::string& organization_id) const;
  [[nodiscard]] std::optional<Workspace> DefaultWorkspace(const std::string& organization_id) const;

  // Errors: FailedPrecondition when the workspace does not exist.
  [[nodiscard]] base::Result<void> InsertProject(const Project& project);
  // Changes name, description and domain. Errors: NotFound.
  [[nodiscard]] base::Result<void> UpdateProject(const Project& project);
  // Removes the project with everything that the store has of it, in one transaction; its keys are refused
  // from then on. Files of its caches become garbage. Errors: NotFound.
  [[nodiscard]] base::Result<void> DeleteProject(const std::string& id);
  [[nodiscard]] std::optional<Project> FindProject(const std::string& id) const;
  [[nodiscard]] std::vector<Project> ListProjects(const std::string& workspace_id) const;
  // All projects that a user owns, by themselves or through an organization.
  [[nodiscard]] std::vector<Project> ListReachableProjects(const std::string& user_id) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tarn::store
