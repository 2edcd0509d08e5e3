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
