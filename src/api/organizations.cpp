#include "api/areas.h"
#include "api/dto_organization.h"
#include "api/reach.h"

namespace tarn::api {

using http::Context;
using http::KeyKind;
using http::Method;
using http::NoBody;

namespace {

constexpr const char* kArea = "Organization: Organizations";

Organization Show(const store::Organization& organization) {
  return {.id = organization.id,
          .name = organization.name,
          .owner = organization.owner,
          .createdAt = base::FormatTime(organization.created_at),
          .iconFileId = std::nullopt,
          .description = organization.description};
}

}  // namespace

void AddOrganizations(Parts& parts, OperationList& operations) {
  operations.push_back(http::MakeOperation<NoBody, std::vector<Organization>>(
      {.id = "listOrganizations",
       .method = Method::kGet,
       .path = "/organizations",
       .area = kArea,
       .summary = "List Organizations",
       .keys = KeyKind::kPartner},
      [&parts](const Context& context, const NoBody&) -> base::Result<std::vector<Organization>> {
        std::vector<Organization> shown;
        for (const store::Organization& organization : parts.accounts.ListOrganizations())
          if (organization.owner == context.caller().user_id) shown.push_back(Show(organization));
        return shown;
      }));

  operations.push_back(http::MakeOperation<NoBody, Organization>(
      {.id = "getOrganization",
       .method = Method::kGet,
       .path = "/organizations/{organizationId}",
       .area = kArea,
       .summary = "Read Organization",
       .keys = KeyKind::kPartner},
      [&parts](const Context& context, const NoBody&) -> base::Result<Organization> {
        TARN_ASSIGN_OR_RETURN(const store::Organization organization,
                              FindOrganization(parts, context.caller(), context.Path("organizationId")));
        return Show(organization);
      }));
}

}  // namespace tarn::api
