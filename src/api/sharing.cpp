#include "api/sharing.h"

#include "api/areas.h"
#include "api/builtin_catalogs.h"
#include "api/dto_catalog.h"
#include "api/reach.h"
#include "base/ids.h"

namespace tarn::api {

namespace {

constexpr int kNamingAttempts = 5;

// The window on `catalog` that the project has already, or an empty text.
std::string ExistingWindow(const Parts& parts, const store::Catalog& catalog, const std::string& project_id) {
  for (const store::Catalog& other : parts.catalog_store.ListByConnection(catalog.connection_id))
    if (other.shared_from == catalog.id && other.project_id == project_id) return other.id;
  return {};
}

base::Result<std::string> MakeWindow(const Parts& parts, const store::Catalog& catalog, const std::string& project_id) {
  store::Catalog window = catalog;
  window.id = base::NewSnowflake();
  window.project_id = project_id;
  window.shared_from = catalog.id;
  window.created_at = parts.clock.Now();
  base::Result<void> inserted;
  // The name may be taken between choosing and inserting.
  for (int attempt = 0; attempt < kNamingAttempts; ++attempt) {
    window.name = FreeName(catalog.name, [&](const std::string& name) {
      return parts.catalog_store.FindByName(project_id, name).has_value();
    });
    inserted = parts.catalog_store.Insert(window);
    if (inserted) return window.id;
    if (inserted.error().kind != base::ErrorKind::kAlreadyExists) break;
  }
  return std::unexpected(std::move(inserted).error());
}

base::Result<SharedCatalogResponse> Share(const Parts& parts, const ProjectCall& call,
                                          const CatalogShareRequestV2& request) {
  const std::string& id = call.context.Path("catalogId");
  if (IsBuiltinCatalog(id))
    return base::FailedPrecondition(fmt::format("A built-in catalog cannot be shared: \"{}\"", id));
  TARN_ASSIGN_OR_RETURN(const store::Catalog catalog, FindCatalog(parts, call.project.id, id));
  TARN_ASSIGN_OR_RETURN(std::string window,
                        ShareCatalog(parts, call, catalog, request.targetProjectId, "targetProjectId"));
  return SharedCatalogResponse{.sharedCatalogId = std::move(window)};
}

}  // namespace

base::Result<std::string> ShareCatalog(const Parts& parts, const ProjectCall& call, const store::Catalog& catalog,
                                       const std::string& target_id, const std::string& field) {
  if (!catalog.shared_from.empty())
    return base::FailedPrecondition(
        fmt::format("A catalog shared from another project cannot be shared on: \"{}\"", catalog.id));
  TARN_ASSIGN_OR_RETURN(const store::Project target,
                        NamedInBody(FindProjectOfUser(parts, call.context.caller().user_id, target_id)));
  if (target.id == call.project.id)
    return base::InvalidArgument(fmt::format("Catalog is in this project already: \"{}\"", target.id), field);
  std::string window = ExistingWindow(parts, catalog, target.id);
  if (!window.empty()) return window;
  return MakeWindow(parts, catalog, target.id);
}

void AddSharing(Parts& parts, OperationList& operations) {
  operations.push_back(ProjectOperation<CatalogShareRequestV2, SharedCatalogResponse>(
      parts,
      {.id = "shareCatalog",
       .method = http::Method::kPost,
       .path = "/data/projects/{projectId}/catalogs/{catalogId}/share",
       .area = "Data: Catalogs",
       .summary = "Share Catalog"},
      [&parts](const ProjectCall& call, const CatalogShareRequestV2& request) { return Share(parts, call, request); }));
}

}  // namespace tarn::api
