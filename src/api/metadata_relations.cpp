// Relations between columns.
#include "api/areas.h"
#include "api/metadata_view.h"

namespace tarn::api {

using http::Method;
using http::NoBody;

namespace {

constexpr const char* kRelations = "/metadata/{projectId}/relations/{catalogId}";

http::OperationInfo Info(std::string id, Method method, const std::string& path, std::string summary) {
  return {.id = std::move(id),
          .method = method,
          .path = kRelations + path,
          .area = kMetadataArea,
          .summary = std::move(summary)};
}

base::Result<MetadataRelations> List(const Parts& parts, const ProjectCall& call) {
  TARN_ASSIGN_OR_RETURN(const auto relations,
                        parts.metadata.relations.OfCatalog(call.project.id, call.context.Path("catalogId")));
  MetadataRelations shown;
  for (const auto& relation : relations) shown.relations.push_back(ShowRelation(parts, relation));
  return shown;
}

base::Result<MetadataRelation> Add(const Parts& parts, const ProjectCall& call,
                                   const MetadataAddRelationRequest& request) {
  const store::ColumnAddress target{{request.targetCatalogId, request.targetSchemaName, request.targetTableName},
                                    request.targetColumnName};
  TARN_ASSIGN_OR_RETURN(const auto relation, parts.metadata.relations.Add(
                                                 call.project.id, {TableInPath(call), call.context.Path("columnName")},
                                                 target, request.type, call.context.limits()));
  parts.metadata.refreshes.MeasureSoon(relation);
  return ShowRelation(parts, relation);
}

}  // namespace

void AddMetadataRelations(Parts& parts, OperationList& operations) {
  operations.push_back(ProjectOperation<NoBody, MetadataRelations>(
      parts, Info("getProjectCatalogMetadataRelations", Method::kGet, "", "Get Project Catalog Metadata Relations"),
      [&parts](const ProjectCall& call, const NoBody&) { return List(parts, call); }));
  operations.push_back(ProjectOperation<MetadataAddRelationRequest, MetadataRelation>(
      parts, Info("addRelation", Method::kPost, "/{schemaName}/{tableName}/{columnName}", "Add Relation To Metadata"),
      [&parts](const ProjectCall& call, const MetadataAddRelationRequest& request) {
        return Add(parts, call, request);
      }));
  operations.push_back(ProjectOperation<MetadataUpdateRelationRequest, MetadataRelation>(
      parts,
      Info("updateRelation", Method::kPut, "/{schemaName}/{tableName}/{relationId}", "Update Relation From Metadata"),
      [&parts](const ProjectCall& call,
               const MetadataUpdateRelationRequest& request) -> base::Result<MetadataRelation> {
        TARN_ASSIGN_OR_RETURN(const auto relation,
                              parts.metadata.relations.Change(call.project.id, TableInPath(call),
                                                              call.context.Path("relationId"), request.type));
        return ShowRelation(parts, relation);
      }));
  operations.push_back(ProjectOperation<NoBody, MetadataRelation>(
      parts,
      Info("deleteRelation", Method::kDelete, "/{schemaName}/{tableName}/{relationId}",
           "Delete Relation From Metadata"),
      [&parts](const ProjectCall& call, const NoBody&) -> base::Result<MetadataRelation> {
        TARN_ASSIGN_OR_RETURN(const auto relation, parts.metadata.relations.Delete(call.project.id, TableInPath(call),
                                                                                   call.context.Path("relationId")));
        return ShowRelation(parts, relation);
      }));
}

}  // namespace tarn::api
