#include "server/routes.h"

#include <boost/json.hpp>

#include "http/open_api.h"

namespace tarn::server {

namespace {

http::Reply Text(std::string text) {
  return {.status = 200, .content_type = "text/plain; charset=utf-8", .body = std::move(text)};
}

}  // namespace

std::vector<http::RawRoute> RawRoutes(const std::vector<http::Operation>& operations, const Readiness& readiness,
                                      const base::Metrics& metrics) {
  std::vector<http::RawRoute> routes;
  routes.push_back({.id = "healthz",
                    .path = "/healthz",
                    .run = [](const http::Context&) -> base::Result<http::Reply> { return Text("ok\n"); },
                    .fast = true});
  routes.push_back({.id = "readyz",
                    .path = "/readyz",
                    .run = [&readiness](const http::Context&) -> base::Result<http::Reply> {
                      TARN_RETURN_IF_ERROR(readiness.Check());
                      return Text("ready\n");
                    },
                    .fast = true});
  routes.push_back(
      {.id = "metrics", .path = "/metrics", .run = [&metrics](const http::Context&) -> base::Result<http::Reply> {
         return http::Reply{
             .status = 200, .content_type = "text/plain; version=0.0.4; charset=utf-8", .body = metrics.Render()};
       }});
  routes.push_back(
      {.id = "apiDocs",
       .path = "/v3/api-docs",
       .run = [document = boost::json::serialize(http::OpenApiDocument(operations, "/api/v1", TARN_VERSION))](
                  const http::Context&) -> base::Result<http::Reply> {
         return http::Reply{.status = 200, .content_type = "application/json", .body = document};
       }});
  return routes;
}

}  // namespace tarn::server
