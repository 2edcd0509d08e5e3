// The operations of the contract that are not built: declared, so that clients are told so clearly and the list in
// docs/api-coverage.md is complete.
#include "api/areas.h"

namespace tarn::api {

using http::Method;

namespace {

struct Declared {
  const char* id;
  Method method;
  const char* path;
  const char* area;
};

constexpr Declared kNotBuilt[] = {
    // Embedded Peaka Api
    {"initSession_1", Method::kGet, "/ui/initSession", "Embedded Peaka Api"},
    {"initSession", Method::kPost, "/ui/initSession", "Embedded Peaka Api"},
    // Data: Metadata
    {"getProjectMetadata", Method::kGet, "/metadata/{projectId}", "Data: Metadata"},
    {"generateCategoricalColumnValues", Method::kPut,
     "/metadata/{projectId}/categorical/{catalogId}/{schemaName}/{tableName}/{columnName}", "Data: Metadata"},
    {"deleteCategoricalColumnValues", Method::kDelete,
     "/metadata/{projectId}/categorical/{catalogId}/{schemaName}/{tableName}/{columnName}", "Data: Metadata"},
    {"queryGoldenSqls", Method::kGet, "/metadata/{projectId}/golden-sql/query", "Data: Metadata"},
    {"listGoldenSqls", Method::kGet, "/metadata/{projectId}/golden-sqls", "Data: Metadata"},
    {"addGoldenSql", Method::kPost, "/metadata/{projectId}/golden-sqls", "Data: Metadata"},
    {"deleteGoldenSql", Method::kDelete, "/metadata/{projectId}/golden-sqls/{id}", "Data: Metadata"},
    {"queryMetadata", Method::kGet, "/metadata/{projectId}/query", "Data: Metadata"},
    {"generateSampleQuestions", Method::kGet, "/metadata/{projectId}/questions/generate", "Data: Metadata"},
    {"refreshMetadata", Method::kPost, "/metadata/{projectId}/refresh", "Data: Metadata"},
    {"getMetadataRefreshCallback", Method::kGet, "/metadata/{projectId}/refresh/callback", "Data: Metadata"},
    {"registerMetadatRefreshCallback", Method::kPost, "/metadata/{projectId}/refresh/callback", "Data: Metadata"},
    {"unRegisterMetadatRefreshCallback", Method::kDelete, "/metadata/{projectId}/refresh/callback", "Data: Metadata"},
    {"getRefreshMetadataJobStatus", Method::kGet, "/metadata/{projectId}/refresh/{catalogId}", "Data: Metadata"},
    {"getProjectCatalogMetadataRelations", Method::kGet, "/metadata/{projectId}/relations/{catalogId}",
     "Data: Metadata"},
    {"addRelation", Method::kPost, "/metadata/{projectId}/relations/{catalogId}/{schemaName}/{tableName}/{columnName}",
     "Data: Metadata"},
    {"updateRelation", Method::kPut,
     "/metadata/{projectId}/relations/{catalogId}/{schemaName}/{tableName}/{relationId}", "Data: Metadata"},
    {"deleteRelation", Method::kDelete,
     "/metadata/{projectId}/relations/{catalogId}/{schemaName}/{tableName}/{relationId}", "Data: Metadata"},
    {"generateSemantics", Method::kPost, "/metadata/{projectId}/semantics/{catalogId}/{schemaName}/{tableName}",
     "Data: Metadata"},
    {"updateMetadataWithCatalogId", Method::kPut, "/metadata/{projectId}/{catalogId}", "Data: Metadata"},
    {"updateMetadataWithCatalogIdAndSchemaName", Method::kPut, "/metadata/{projectId}/{catalogId}/{schemaName}",
     "Data: Metadata"},
    {"updateMetadata", Method::kPut, "/metadata/{projectId}/{catalogId}/{schemaName}/{tableName}", "Data: Metadata"},
    // AI: AgentV2
    {"getWorkflowImage", Method::kGet, "/ai-agent/workflow/png", "AI: AgentV2"},
    {"chat", Method::kPost, "/ai-agent/{projectId}/chat", "AI: AgentV2"},
    {"chatStream", Method::kPost, "/ai-agent/{projectId}/chat/stream", "AI: AgentV2"},
    {"listThreads", Method::kGet, "/ai-agent/{projectId}/threads", "AI: AgentV2"},
    {"getThread", Method::kGet, "/ai-agent/{projectId}/threads/{threadId}", "AI: AgentV2"},
    {"updateThread", Method::kPut, "/ai-agent/{projectId}/threads/{threadId}", "AI: AgentV2"},
    {"deleteThread", Method::kDelete, "/ai-agent/{projectId}/threads/{threadId}", "AI: AgentV2"},
};

}  // namespace

void AddNotBuilt(OperationList& operations) {
  for (const Declared& declared : kNotBuilt)
    operations.push_back(http::NotBuilt({.id = declared.id,
                                         .method = declared.method,
                                         .path = declared.path,
                                         .area = declared.area,
                                         .keys = http::KeyKind::kAny}));
}

}  // namespace tarn::api
