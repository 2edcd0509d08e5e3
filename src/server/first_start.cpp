#include "server/first_start.h"

#include "base/ids.h"

namespace tarn::server {

namespace {

// The organization of this server, made on the first start. A start that was cut short is completed.
base::Result<store::Organization> EnsureOrganization(store::AccountRepository& accounts, const base::Clock& clock) {
  const auto now = clock.Now();
  const auto known = accounts.ListOrganizations();
  auto organization = known.empty() ? store::Organization{.id = base::NewUuid(),
                                                          .name = "Default Organization",
                                                          .owner = base::NewUuid(),
                                                          .created_at = now,
                                                          .description = ""}
                                    : known.front();
  if (known.empty()) TARN_RETURN_IF_ERROR(accounts.InsertOrganization(organization));
  if (!accounts.DefaultWorkspace(organization.id)) {
    TARN_RETURN_IF_ERROR(accounts.InsertWorkspace({.id = base::NewUuid(),
                                                   .name = "Default Workspace",
                                                   .created_by = organization.owner,
                                                   .organization_id = organization.id,
                                                   .description = "",
                                                   .created_at = now,
                                                   .is_default = true}));
  }
  return organization;
}

}  // namespace

base::Result<std::optional<std::string>> PrepareStore(store::AccountRepository& accounts,
                                                      const store::KeyRepository& known_keys, security::KeyRing& keys,
                                                      const base::Clock& clock, const base::SecretString& given_key) {
  TARN_ASSIGN_OR_RETURN(const auto organization, EnsureOrganization(accounts, clock));
  if (!given_key.empty()) {
    if (keys.Authenticate(given_key.Reveal())) return std::nullopt;
    TARN_RETURN_IF_ERROR(keys.CreatePartnerKey(organization.owner, "given at start", given_key.Reveal()));
    return std::nullopt;
  }
  if (!known_keys.List("").empty()) return std::nullopt;
  TARN_ASSIGN_OR_RETURN(auto made, keys.CreatePartnerKey(organization.owner, "first start"));
  return std::move(made.key);
}

}  // namespace tarn::server
