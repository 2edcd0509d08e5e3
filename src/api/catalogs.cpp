#include <boost/json/serialize.hpp>

#include "api/areas.h"
#include "api/builtin_catalogs.h"
#include "api/catalog_view.h"
#include "api/dto_catalog.h"
#include "api/project_removal.h"
#include "api/reach.h"
#include "base/ids.h"

namespace tarn::api {

using http::Method;
using http::NoBody;
using http::NoContent;

namespace {

constexpr const char* kCatalogs = "/data/projects/{projectId}/catalogs";
constexpr const char* kCatalog = "/data/projects/{projectId}/catalogs/{catalogId}";

http::OperationInfo Info(std::string id, Method method, std::string path, std::string summary) {
  return {.id = std::move(id),
          .method = method,
          .path = std::move(path),
          .area = "Data: Catalogs",
          .summary = std::move(summary)};
}

// Errors: InvalidArgument for parameters that the connector does not know.
base::Result<void> CheckOptions(const Parts& parts, const store::Connection& connection,
                                const connector::ConnectorSpec& spec, const std::string& options) {
  TARN_ASSIGN_OR_RETURN(const base::SecretString text, parts.vault.Open(connection.sealed_credential, connection.id));
  TARN_ASSIGN_OR_RETURN(const connector::Credential credential, connector::ReadCredential(spec, text.Reveal()));
  if (auto source = connector::MakeSource(spec, credential, options, parts.connector_settings); !source)
    return std::unexpected(std::move(source).error());
  return {};
}

base::Result<Catalog> Create(const Parts& parts, const ProjectCall& call, const CatalogRequest& request) {
  const std::string name = CatalogName(request.name);
  if (IsReservedCatalogName(name) || parts.catalog_store.FindByName(call.project.id, name)) return CatalogNameTaken();
  TARN_ASSIGN_OR_RETURN(const store::Connection connection,
                        FindConnection(parts, call.project.id, request.connectionId));
  const connector::ConnectorSpec* spec = connector::FindSpec(connection.type);
  if (spec == nullptr)
    return base::NotSupported(fmt::format("Connection type is not available: \"{}\"", connection.type));
  const std::string options = request.extraParameters ? boost::json::serialize(*request.extraParameters) : "";
  TARN_RETURN_IF_ERROR(CheckOptions(parts, connection, *spec, options));

  const store::Catalog catalog = {.id = base::NewSnowflake(),
                                  .project_id = call.project.id,
                                  .name = name,
                                  .display_name = request.name,
                                  .type = spec->catalog_type,
                                  .connection_id = connection.id,
                                  .options = options,
                                  .shared_from = {},
                                  .created_at = parts.clock.Now()};
  if (auto inserted = parts.catalog_store.Insert(catalog); !inserted) {
    if (inserted.error().kind == base::ErrorKind::kAlreadyExists) return CatalogNameTaken();
    return std::unexpected(std::move(inserted).error());
  }
  return ShowCatalog(catalog);
}

std::vector<Catalog> List(const Parts& parts, const std::string& project_id) {
  std::vector<Catalog> shown = BuiltinCatalogs();
  for (const store::Catalog& catalog : parts.catalog_store.List(project_id)) shown.push_back(ShowCatalog(catalog));
  return shown;
}

base::Result<Catalog> Read(const Parts& parts, const ProjectCall& call) {
  const std::string& id = call.context.Path("catalogId");
  if (IsBuiltinCatalog(id)) return BuiltinCatalog(id);
  TARN_ASSIGN_OR_RETURN(const store::Catalog catalog, FindCatalog(parts, call.project.id, id));
  return ShowCatalog(catalog);
}

base::Result<NoContent> Delete(Parts& parts, const ProjectCall& call) {
  const std::string& id = call.context.Path("catalogId");
  if (IsBuiltinCatalog(id))
    return base::FailedPrecondition(fmt::format("A built-in catalog cannot be deleted: \"{}\"", id));
  TARN_ASSIGN_OR_RETURN(const store::Catalog catalog, FindCatalog(parts, call.project.id, id));
  TARN_RETURN_IF_ERROR(RemoveCatalog(parts, catalog));
  return NoContent{};
}

}  // namespace

void AddCatalogs(Parts& parts, OperationList& operations) {
  operations.push_back(ProjectOperation<NoBody, std::vector<Catalog>>(
      parts, Info("listCatalogs", Method::kGet, kCatalogs, "List Catalogs"),
      [&parts](const ProjectCall& call, const NoBody&) -> base::Result<std::vector<Catalog>> {
        return List(parts, call.project.id);
      }));
  operations.push_back(ProjectOperation<CatalogRequest, Catalog>(
      parts, Info("createCatalog", Method::kPost, kCatalogs, "Create Catalog"),
      [&parts](const ProjectCall& call, const CatalogRequest& request) { return Create(parts, call, request); }));
  operations.push_back(ProjectOperation<NoBody, Catalog>(
      parts, Info("readCatalog", Method::kGet, kCatalog, "Read Catalog"),
      [&parts](const ProjectCall& call, const NoBody&) { return Read(parts, call); }));
  operations.push_back(ProjectOperation<NoBody, NoContent>(
      parts, Info("deleteCatalog", Method::kDelete, kCatalog, "Delete Catalog"),
      [&parts](const ProjectCall& call, const NoBody&) { return Delete(parts, call); }));
}

}  // namespace tarn::api
