// The areas of the contract, one file each. Each adds its operations; `parts` outlives them.
#pragma once

#include <vector>

#include "api/api.h"

namespace tarn::api {

using OperationList = std::vector<http::Operation>;

void AddOrganizations(Parts& parts, OperationList& operations);
void AddWorkspaces(Parts& parts, OperationList& operations);
void AddProjects(Parts& parts, OperationList& operations);
void AddApiKeys(Parts& parts, OperationList& operations);
void AddKeyInfo(Parts& parts, OperationList& operations);
void AddConnections(Parts& parts, OperationList& operations);
void AddCatalogs(Parts& parts, OperationList& operations);
void AddSharing(Parts& parts, OperationList& operations);
void AddTables(Parts& parts, OperationList& operations);
void AddStatistics(Parts& parts, OperationList& operations);
void AddSearch(Parts& parts, OperationList& operations);
void AddCaches(Parts& parts, OperationList& operations);
void AddCacheRefreshes(Parts& parts, OperationList& operations);
void AddCacheStatus(Parts& parts, OperationList& operations);
void AddInternalTables(Parts& parts, OperationList& operations);
void AddInternalRows(Parts& parts, OperationList& operations);
void AddImports(Parts& parts, OperationList& operations);
void AddSavedQueries(Parts& parts, OperationList& operations);
void AddMaterializedQueries(Parts& parts, OperationList& operations);
void AddSemanticCatalogs(Parts& parts, OperationList& operations);
void AddParametricTables(Parts& parts, OperationList& operations);
void AddQueryFolders(Parts& parts, OperationList& operations);
void AddSupportedDrivers(Parts& parts, OperationList& operations);
void AddExecuteQuery(Parts& parts, OperationList& operations);
void AddExports(Parts& parts, OperationList& operations);
void AddProjectMetadata(Parts& parts, OperationList& operations);
void AddMetadataRelations(Parts& parts, OperationList& operations);
void AddMetadataRefreshes(Parts& parts, OperationList& operations);
void AddGoldenQueries(Parts& parts, OperationList& operations);
void AddMetadataProposals(Parts& parts, OperationList& operations);
void AddTranspile(OperationList& operations);
// The operations of the contract that are declared and not built.
void AddNotBuilt(OperationList& operations);

}  // namespace tarn::api
