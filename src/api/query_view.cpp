#include "api/query_view.h"

namespace tarn::api {

Query ShowQuery(const store::SavedQuery& query, const FolderTree& folders) {
  return {.id = query.id,
          .displayName = query.display_name,
          .name = query.name,
          .inputQuery = query.input_query,
          .queryType = QueryType::PLAIN,
          .path = folders.PathOf(query.folder_id),
          .folderId = query.folder_id.empty() ? std::nullopt : std::optional(query.folder_id)};
}

}  // namespace tarn::api
