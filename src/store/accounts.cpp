#include "store/accounts.h"

#include <unordered_set>

#include "store/memory_table.h"
#include "store/session.h"

namespace tarn::store {

using soci::into;
using soci::use;

struct AccountRepository::Impl {
  explicit Impl(Database& store) : database(store) {}

  Database& database;
  MemoryTable<Organization> organizations;
  MemoryTable<Workspace> workspaces;
  MemoryTable<Project> projects;
};

namespace {

void LoadOrganizations(soci::session& session, MemoryTable<Organization>& memory) {
  Organization row;
  soci::statement rows = (session.prepare << "SELECT id, name, owner, created_at, description FROM organizations",
                          into(row.id), into(row.name), into(row.owner), into(row.created_at), into(row.description));
  rows.execute();
  while (rows.fetch()) memory.Put(row);
}

void LoadWorkspaces(soci::session& session, MemoryTable<Workspace>& memory) {
  Workspace row;
  int is_default = 0;
  soci::statement rows =
      (session.prepare
           << "SELECT id, name, created_by, organization_id, description, created_at, is_default FROM workspaces",
       into(row.id), into(row.name), into(row.created_by), into(row.organization_id), into(row.description),
       into(row.created_at), into(is_default));
  rows.execute();
  while (rows.fetch()) {
    row.is_default = is_default != 0;
    memory.Put(row);
  }
}

void LoadProjects(soci::session& session, MemoryTable<Project>& memory) {
  Project row;
  soci::statement rows =
      (session.prepare << "SELECT id, name, description, domain, created_at, owner, workspace_id FROM projects",
       into(row.id), into(row.name), into(row.description), into(row.domain), into(row.created_at), into(row.owner),
       into(row.workspace_id));
  rows.execute();
  while (rows.fetch()) memory.Put(row);
}

constexpr const char* kNoOrganization = "The organization does not exist";
constexpr const char* kNoWorkspace = "The workspace does not exist";
constexpr const char* kNoProject = "The project does not exist";

}  // namespace

AccountRepository::AccountRepository(Database& database) : impl_(std::make_unique<Impl>(database)) {
  Load(database, [this](soci::session& session) {
    LoadOrganizations(session, impl_->organizations);
    LoadWorkspaces(session, impl_->workspaces);
    LoadProjects(session, impl_->projects);
  });
}

AccountRepository::~AccountRepository() = default;

base::Result<void> AccountRepository::InsertOrganization(const Organization& organization) {
  const auto insert = [&](soci::session& session) {
    session << "INSERT INTO organizations (id, name, owner, created_at, description) "
               "VALUES (:id, :name, :owner, :created, :description)",
        use(organization.id), use(organization.name), use(organization.owner), use(organization.created_at),
        use(organization.description);
  };
  return Explain(impl_->database.Write(insert, [&] { impl_->organizations.Put(organization); }),
                 {.taken = "The organization exists already"});
}

base::Result<void> AccountRepository::UpdateOrganization(const Organization& organization) {
  const auto update = [&](soci::session& session) {
    ChangeOne((session.prepare << "UPDATE organizations SET name = :name, owner = :owner, description = :description "
                                  "WHERE id = :id",
               use(organization.name), use(organization.owner), use(organization.description), use(organization.id)),
              kNoOrganization);
  };
  return impl_->database.Write(update, [&] {
    auto changed = impl_->organizations.Find(organization.id).value_or(organization);
    changed.name = organization.name;
    changed.owner = organization.owner;
    changed.description = organization.description;
    impl_->organizations.Put(std::move(changed));
  });
}

base::Result<void> AccountRepository::DeleteOrganization(const std::string& id) {
  // Its default workspace goes with it, unless projects refer to that.
  const auto remove = [&](soci::session& session) {
    session << "DELETE FROM workspaces WHERE organization_id = :id AND is_default = 1", use(id);
    ChangeOne((session.prepare << "DELETE FROM organizations WHERE id = :id", use(id)), kNoOrganization);
  };
  const auto forget = [&] {
    impl_->workspaces.EraseIf([&](const Workspace& workspace) { return workspace.organization_id == id; });
    impl_->organizations.Erase(id);
  };
  return Explain(impl_->database.Write(remove, forget),
                 {.missing = "The organization still has projects or workspaces"});
}

std::optional<Organization> AccountRepository::FindOrganization(const std::string& id) const {
  return impl_->organizations.Find(id);
}

std::vector<Organization> AccountRepository::ListOrganizations() const {
  return impl_->organizations.List([](const Organization&) { return true; });
}

base::Result<void> AccountRepository::InsertWorkspace(const Workspace& workspace) {
  const int is_default = workspace.is_default ? 1 : 0;
  const auto insert = [&](soci::session& session) {
    session << "INSERT INTO workspaces (id, name, created_by, organization_id, description, created_at, is_default) "
               "VALUES (:id, :name, :creator, :organization, :description, :created, :is_default)",
        use(workspace.id), use(workspace.name), use(workspace.created_by), use(workspace.organization_id),
        use(workspace.description), use(workspace.created_at), use(is_default);
  };
  return Explain(impl_->database.Write(insert, [&] { impl_->workspaces.Put(workspace); }),
                 {.taken = "The workspace exists already, or the organization has a default workspace",
                  .missing = kNoOrganization});
}

base::Result<void> AccountRepository::UpdateWorkspace(const Workspace& workspace) {
  const auto update = [&](soci::session& session) {
    ChangeOne((session.prepare << "UPDATE workspaces SET name = :name, description = :description WHERE id = :id",
               use(workspace.name), use(workspace.description), use(workspace.id)),
              kNoWorkspace);
  };
  return impl_->database.Write(update, [&] {
    auto changed = impl_->workspaces.Find(workspace.id).value_or(workspace);
    changed.name = workspace.name;
    changed.description = workspace.description;
    impl_->workspaces.Put(std::move(changed));
  });
}

base::Result<void> AccountRepository::DeleteWorkspace(const std::string& id) {
  const auto remove = [&](soci::session& session) {
    int defaults = 0;
    session << "SELECT COUNT(*) FROM workspaces WHERE id = :id AND is_default = 1", use(id), into(defaults);
    if (defaults != 0) Refuse(base::FailedPrecondition("The default workspace cannot be deleted"));
    int projects = 0;
    session << "SELECT COUNT(*) FROM projects WHERE workspace_id = :id", use(id), into(projects);
    if (projects != 0) Refuse(base::FailedPrecondition("The workspace still has projects"));
    ChangeOne((session.prepare << "DELETE FROM workspaces WHERE id = :id", use(id)), kNoWorkspace);
  };
  return impl_->database.Write(remove, [&] { impl_->workspaces.Erase(id); });
}

std::optional<Workspace> AccountRepository::FindWorkspace(const std::string& id) const {
  return impl_->workspaces.Find(id);
}

std::vector<Workspace> AccountRepository::ListWorkspaces(const std::string& organization_id) const {
  return impl_->workspaces.List(
      [&](const Workspace& workspace) { return workspace.organization_id == organization_id; });
}

std::optional<Workspace> AccountRepository::DefaultWorkspace(const std::string& organization_id) const {
  return impl_->workspaces.FindIf(
      [&](const Workspace& workspace) { return workspace.is_default && workspace.organization_id == organization_id; });
}

base::Result<void> AccountRepository::InsertProject(const Project& project) {
  const auto insert = [&](soci::session& session) {
    session << "INSERT INTO projects (id, name, description, domain, created_at, owner, workspace_id) "
               "VALUES (:id, :name, :description, :domain, :created, :owner, :workspace)",
        use(project.id), use(project.name), use(project.description), use(project.domain), use(project.created_at),
        use(project.owner), use(project.workspace_id);
  };
  return Explain(impl_->database.Write(insert, [&] { impl_->projects.Put(project); }),
                 {.taken = "The project exists already", .missing = kNoWorkspace});
}

base::Result<void> AccountRepository::UpdateProject(const Project& project) {
  const auto update = [&](soci::session& session) {
    ChangeOne((session.prepare << "UPDATE projects SET name = :name, description = :description, domain = :domain "
                                  "WHERE id = :id",
               use(project.name), use(project.description), use(project.domain), use(project.id)),
              kNoProject);
  };
  return impl_->database.Write(update, [&] {
    auto changed = impl_->projects.Find(project.id).value_or(project);
    changed.name = project.name;
    changed.description = project.description;
    changed.domain = project.domain;
    impl_->projects.Put(std::move(changed));
  });
}

base::Result<void> AccountRepository::DeleteProject(const std::string& id) {
  // The references to projects delete the rest.
  const auto remove = [&](soci::session& session) {
    ChangeOne((session.prepare << "DELETE FROM projects WHERE id = :id", use(id)), kNoProject);
  };
  return impl_->database.Write(remove, [&] {
    impl_->projects.Erase(id);
    impl_->database.AnnounceProjectDeleted(id);
  });
}

std::optional<Project> AccountRepository::FindProject(const std::string& id) const { return impl_->projects.Find(id); }

std::vector<Project> AccountRepository::ListProjects(const std::string& workspace_id) const {
  return impl_->projects.List([&](const Project& project) { return project.workspace_id == workspace_id; });
}

std::vector<Project> AccountRepository::ListReachableProjects(const std::string& user_id) const {
  std::unordered_set<std::string> organizations;
  for (auto& organization :
       impl_->organizations.List([&](const Organization& each) { return each.owner == user_id; })) {
    organizations.insert(std::move(organization.id));
  }
  std::unordered_set<std::string> workspaces;
  for (auto& workspace :
       impl_->workspaces.List([&](const Workspace& each) { return organizations.contains(each.organization_id); })) {
    workspaces.insert(std::move(workspace.id));
  }
  return impl_->projects.List(
      [&](const Project& project) { return project.owner == user_id || workspaces.contains(project.workspace_id); });
}

}  // namespace tarn::store
