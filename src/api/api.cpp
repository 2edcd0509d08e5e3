#include "api/api.h"

#include "api/areas.h"

namespace tarn::api {

std::vector<http::Operation> Operations(Parts& parts) {
  OperationList operations;
  AddOrganizations(parts, operations);
  AddWorkspaces(parts, operations);
  AddProjects(parts, operations);
  AddApiKeys(parts, operations);
  AddKeyInfo(parts, operations);
  AddConnections(parts, operations);
  AddCatalogs(parts, operations);
  AddSharing(parts, operations);
  AddTables(parts, operations);
  AddStatistics(parts, operations);
  AddSearch(parts, operations);
  AddCaches(parts, operations);
  AddCacheRefreshes(parts, operations);
  AddCacheStatus(parts, operations);
  AddInternalTables(parts, operations);
  AddInternalRows(parts, operations);
  AddImports(parts, operations);
  AddSavedQueries(parts, operations);
  AddMaterializedQueries(parts, operations);
  AddSemanticCatalogs(parts, operations);
  AddParametricTables(parts, operations);
  AddQueryFolders(parts, operations);
  AddSupportedDrivers(parts, operations);
  AddExecuteQuery(parts, operations);
  AddExports(parts, operations);
  AddProjectMetadata(parts, operations);
  AddMetadataRelations(parts, operations);
  AddMetadataRefreshes(parts, operations);
  AddGoldenQueries(parts, operations);
  AddMetadataProposals(parts, operations);
  AddTranspile(operations);
  AddNotBuilt(operations);
  return operations;
}

}  // namespace tarn::api
