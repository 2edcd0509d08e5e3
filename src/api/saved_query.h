// Looking up and checking saved queries.
#pragma once

#include <string>

#include "api/reach.h"

namespace tarn::api {

// Errors: InvalidArgument "There is no query with id: …", as the contract answers.
[[nodiscard]] base::Result<store::SavedQuery> FindSavedQuery(const Parts& parts, const std::string& project_id,
                                                             const std::string& id);

// Whether the catalogs and schemas that a query names exist. Whatever else may be wrong with the text shows when it
// runs. Errors: InvalidArgument with CATALOG_NOT_FOUND or SCHEMA_NOT_FOUND and a position.
[[nodiscard]] base::Result<void> CheckSchemasExist(const Parts& parts, const ProjectCall& call,
                                                   const std::string& text);

}  // namespace tarn::api
