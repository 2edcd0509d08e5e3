// Removal of what other things hang on: catalogs with their caches and windows, whole projects.
#pragma once

#include <string>

#include "api/api.h"

namespace tarn::api {

// With its caches, and with the windows on it that were shared into other projects and their caches.
// Errors: NotFound; those of deleting a cache.
[[nodiscard]] base::Result<void> RemoveCatalog(Parts& parts, const store::Catalog& catalog);

// Caches first, then catalogs, then everything that the store has of the project. A removal that failed
// midway can be repeated. Errors: NotFound; those of deleting a cache.
[[nodiscard]] base::Result<void> RemoveProject(Parts& parts, const store::Project& project);

}  // namespace tarn::api
