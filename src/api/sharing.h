// Sharing a catalog: the other project gets a window on it, a catalog of its own that reads through the first.
#pragma once

#include <string>

#include "api/reach.h"

namespace tarn::api {

// The id of the window of the project `target_id` on a catalog, which is made where there is none. `field` is where the
// request names the project.
// Errors: FailedPrecondition for a window; InvalidArgument for a project that the user does not reach, or the
// catalog's.
[[nodiscard]] base::Result<std::string> ShareCatalog(const Parts& parts, const ProjectCall& call,
                                                     const store::Catalog& catalog, const std::string& target_id,
                                                     const std::string& field);

}  // namespace tarn::api
