// The page that shows the REST API and lets it be tried: Swagger UI over the served OpenAPI document.
#pragma once

#include <filesystem>
#include <vector>

#include "http/door.h"

namespace tarn::server {

// Where Swagger UI's files lie: named by TARN_EXPLORER_DIR, else beside the program as it is installed, else where
// set-up left them. Empty where they are not.
[[nodiscard]] std::filesystem::path ExplorerFolder();

// /docs and what it loads, all of it from `folder`; where that is empty, /docs says so with 404.
[[nodiscard]] std::vector<http::RawRoute> ExplorerRoutes(const std::filesystem::path& folder);

}  // namespace tarn::server
