// The routes beside the REST API: health, readiness, metrics and the OpenAPI document.
#pragma once

#include <vector>

#include "base/metrics.h"
#include "http/door.h"
#include "http/operation.h"
#include "server/readiness.h"

namespace tarn::server {

// The parts must outlive the routes; the document is made at once.
[[nodiscard]] std::vector<http::RawRoute> RawRoutes(const std::vector<http::Operation>& operations,
                                                    const Readiness& readiness, const base::Metrics& metrics);

}  // namespace tarn::server
