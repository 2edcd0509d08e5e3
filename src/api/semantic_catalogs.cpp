// Semantic catalogs: each of their tables is a saved query under a name of its own.
#include <boost/algorithm/string/predicate.hpp>

#include "api/areas.h"
#include "api/catalog_view.h"
#include "api/dto_semantic.h"
#include "api/saved_query.h"
#include "api/sharing.h"
#include "base/ids.h"

namespace tarn::api {

using http::Method;
using http::NoBody;
using http::NoContent;

namespace {

http::OperationInfo Info(std::string id, Method method, const std::string& path, std::string summary) {
  return {.id = std::move(id),
          .method = method,
          .path = "/data/projects/{projectId}/semantic-catalogs" + path,
          .area = "Data: Semantic Catalogs",
          .summary = std::move(summary)};
}

base::Result<Catalog> Create(const Parts& parts, const ProjectCall& call, const SemanticCatalogRequest& request) {
  const std::string name = CatalogName(request.name);
  if (IsReservedCatalogName(name) || parts.catalog_store.FindByName(call.project.id, name)) return CatalogNameTaken();
  const store::Catalog catalog = {.id = base::NewSnowflake(),
                                  .project_id = call.project.id,
                                  .name = name,
                                  .display_name = request.name,
                                  .type = catalog::kSemanticType,
                                  .connection_id = {},
                                  .options = {},
                                  .shared_from = {},
                                  .created_at = parts.clock.Now()};
  if (auto inserted = parts.catalog_store.Insert(catalog); !inserted) {
    if (inserted.error().kind == base::ErrorKind::kAlreadyExists) return CatalogNameTaken();
    return std::unexpected(std::move(inserted).error());
  }
  return ShowCatalog(catalog);
}

// A semantic catalog of the project itself. Errors: NotFound; FailedPrecondition for another kind of catalog, and for a
// window, which can only be read.
base::Result<store::Catalog> FindOwnSemantic(const Parts& parts, const ProjectCall& call) {
  TARN_ASSIGN_OR_RETURN(auto catalog, FindCatalog(parts, call.project.id, call.context.Path("catalogId")));
  if (catalog.type != catalog::kSemanticType)
    return base::FailedPrecondition(fmt::format("Catalog is not a semantic one: \"{}\"", catalog.id));
  if (!catalog.shared_from.empty())
    return base::FailedPrecondition(
        fmt::format("A catalog shared from another project can only be read: \"{}\"", catalog.id));
  return catalog;
}

base::Result<SemanticTable> CreateTable(const Parts& parts, const ProjectCall& call,
                                        const SemanticTableRequest& request) {
  TARN_ASSIGN_OR_RETURN(const store::Catalog catalog, FindOwnSemantic(parts, call));
  if (boost::algorithm::iequals(request.schemaName, "information_schema"))
    return base::InvalidArgument("Schema name is taken by SQL itself: \"information_schema\"", "schemaName");
  auto query = FindSavedQuery(parts, call.project.id, request.queryId);
  if (!query) {
    query.error().field = "queryId";
    return std::unexpected(std::move(query).error());
  }
  store::SemanticTable table{.id = base::NewSnowflake(),
                             .catalog_id = catalog.id,
                             .schema = request.schemaName,
                             .table = request.tableName,
                             .query_id = query->id,
                             .created_at = parts.clock.Now()};
  const auto same = [&](const store::SemanticTable& other) {
    return catalog::IsSameTable({.schema = other.schema, .table = other.table},
                                {.schema = table.schema, .table = table.table});
  };
  const auto taken = [&] {
    return base::AlreadyExists(
        fmt::format("The catalog has a table of this name already: \"{}.{}\"", table.schema, table.table));
  };
  if (std::ranges::any_of(parts.derived_tables.Semantic(catalog.id), same)) return taken();
  if (auto inserted = parts.derived_tables.Insert(table); !inserted) {
    if (inserted.error().kind == base::ErrorKind::kAlreadyExists) return taken();
    return std::unexpected(std::move(inserted).error());
  }
  return SemanticTable{.catalogId = catalog.id,
                       .catalogName = catalog.name,
                       .schemaName = table.schema,
                       .tableName = table.table,
                       .tableId = table.id};
}

base::Result<NoContent> Share(const Parts& parts, const ProjectCall& call, const CatalogShareRequest& request) {
  TARN_ASSIGN_OR_RETURN(const store::Catalog catalog, FindOwnSemantic(parts, call));
  TARN_RETURN_IF_ERROR(ShareCatalog(parts, call, catalog, request.target, "target"));
  return NoContent{};
}

base::Result<NoContent> DeleteTable(const Parts& parts, const ProjectCall& call) {
  TARN_ASSIGN_OR_RETURN(const store::Catalog catalog, FindOwnSemantic(parts, call));
  const std::string& id = call.context.Path("tableId");
  const auto table = parts.derived_tables.FindSemantic(id);
  if (!table || table->catalog_id != catalog.id)
    return base::NotFound(fmt::format("There is no table with id: {}", id), "TABLE_NOT_FOUND");
  TARN_RETURN_IF_ERROR(parts.derived_tables.DeleteSemantic(id));
  return NoContent{};
}

}  // namespace

void AddSemanticCatalogs(Parts& parts, OperationList& operations) {
  operations.push_back(ProjectOperation<SemanticCatalogRequest, Catalog>(
      parts, Info("createSemanticCatalog", Method::kPost, "", "Create a semantic catalog"),
      [&parts](const ProjectCall& call, const SemanticCatalogRequest& request) {
        return Create(parts, call, request);
      }));
  operations.push_back(ProjectOperation<SemanticTableRequest, SemanticTable>(
      parts, Info("createSemanticTable", Method::kPost, "/{catalogId}", "Create a semantic table"),
      [&parts](const ProjectCall& call, const SemanticTableRequest& request) {
        return CreateTable(parts, call, request);
      }));
  operations.push_back(ProjectOperation<CatalogShareRequest, NoContent>(
      parts, Info("shareSemanticTable", Method::kPost, "/{catalogId}/share", "Share Semantic Catalog"),
      [&parts](const ProjectCall& call, const CatalogShareRequest& request) { return Share(parts, call, request); }));
  operations.push_back(ProjectOperation<NoBody, NoContent>(
      parts, Info("deleteSemanticTable", Method::kDelete, "/{catalogId}/table/{tableId}", "Delete a semantic table"),
      [&parts](const ProjectCall& call, const NoBody&) { return DeleteTable(parts, call); }));
}

}  // namespace tarn::api
