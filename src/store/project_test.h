// For tests: rows of the store belong to a project, and a project to a workspace.
#pragma once

#include <stdexcept>
#include <string>

#include "store/accounts.h"

namespace tarn::store {

// Adds projects of these ids, with an organization and a workspace on first use.
inline void AddTestProjects(AccountRepository& accounts, std::initializer_list<std::string> ids) {
  const auto must = [](const base::Result<void>& result) {
    if (!result) throw std::runtime_error(result.error().message);
  };
  const std::string user = "00000000-0000-4000-8000-000000000001";
  const std::string organization = "00000000-0000-4000-8000-000000000002";
  const std::string workspace = "00000000-0000-4000-8000-000000000003";
  if (!accounts.FindOrganization(organization)) {
    must(accounts.InsertOrganization({.id = organization, .name = "Test", .owner = user, .description = ""}));
    must(accounts.InsertWorkspace({.id = workspace,
                                   .name = "Default",
                                   .created_by = user,
                                   .organization_id = organization,
                                   .description = "",
                                   .is_default = true}));
  }
  for (const std::string& id : ids) {
    must(accounts.InsertProject(
        {.id = id, .name = id, .description = {}, .domain = id, .owner = user, .workspace_id = workspace}));
  }
}

}  // namespace tarn::store
