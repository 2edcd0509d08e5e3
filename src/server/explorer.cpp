#include "server/explorer.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <system_error>

namespace tarn::server {

namespace {

namespace fs = std::filesystem;

constexpr const char* kBundle = "swagger-ui-bundle.js";
constexpr const char* kStyle = "swagger-ui.css";

// Addresses are relative, so that the page works behind any prefix.
constexpr const char* kPage = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tarn Partner API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="explorer"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
)";

// The document's server address has no prefix: the page knows it.
constexpr const char* kStart = R"(const prefix = location.pathname.replace(/\/docs\/?$/, "");
fetch(prefix + "/v3/api-docs").then(answer => answer.json()).then(spec => {
  spec.servers = [{url: prefix + "/api/v1"}];
  SwaggerUIBundle({spec, dom_id: "#explorer", deepLinking: true, docExpansion: "none", filter: true,
                   validatorUrl: null, persistAuthorization: false});
});
)";

http::Reply Answer(const char* content_type, std::string body) {
  return {.status = 200,
          .content_type = content_type,
          .body = std::move(body),
          .headers = {{"Cache-Control", "max-age=3600"}, {"X-Content-Type-Options", "nosniff"}}};
}

base::Result<std::string> Load(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return base::NotFound("The API explorer is not installed: run ./dev setup");
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

http::RawRoute FileRoute(const fs::path& folder, const char* name, const char* content_type) {
  return {.id = std::string("explorer.") + name,
          .path = std::string("/docs/") + name,
          .run = [file = folder / name, content_type](const http::Context&) -> base::Result<http::Reply> {
            TARN_ASSIGN_OR_RETURN(std::string text, Load(file));
            return Answer(content_type, std::move(text));
          }};
}

}  // namespace

fs::path ExplorerFolder() {
  if (const char* named = std::getenv("TARN_EXPLORER_DIR"); named != nullptr && *named != '\0') return named;
  std::error_code failed;
  const auto program = fs::read_symlink("/proc/self/exe", failed);
  for (const auto& candidate :
       {program.parent_path() / "swagger-ui", program.parent_path().parent_path() / "share/tarn/swagger-ui",
        fs::path(TARN_EXPLORER_DIR)}) {
    if (fs::is_regular_file(candidate / kBundle, failed)) return candidate;
  }
  return {};
}

std::vector<http::RawRoute> ExplorerRoutes(const fs::path& folder) {
  std::vector<http::RawRoute> routes;
  routes.push_back({.id = "explorer",
                    .path = "/docs",
                    .run = [folder](const http::Context&) -> base::Result<http::Reply> {
                      if (folder.empty()) return base::NotFound("The API explorer is not installed: run ./dev setup");
                      return Answer("text/html; charset=utf-8", kPage);
                    },
                    .fast = true});
  routes.push_back({.id = "explorer.start.js",
                    .path = "/docs/start.js",
                    .run = [](const http::Context&) -> base::Result<http::Reply> {
                      return Answer("text/javascript; charset=utf-8", kStart);
                    },
                    .fast = true});
  routes.push_back(FileRoute(folder, kBundle, "text/javascript; charset=utf-8"));
  routes.push_back(FileRoute(folder, kStyle, "text/css; charset=utf-8"));
  return routes;
}

}  // namespace tarn::server
