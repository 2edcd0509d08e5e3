// Saved queries as the wire shows them.
#pragma once

#include "api/dto_query.h"
#include "api/folder_tree.h"
#include "store/queries.h"

namespace tarn::api {

[[nodiscard]] Query ShowQuery(const store::SavedQuery& query, const FolderTree& folders);

}  // namespace tarn::api
