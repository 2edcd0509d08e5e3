// Documents made from the declarations of the operations.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "http/operation.h"

namespace tarn::http {

// The OpenAPI 3.0 document. `server` is the address that paths are relative to, such as "/api/v1".
[[nodiscard]] boost::json::object OpenApiDocument(const std::vector<Operation>& operations, std::string_view server,
                                                  std::string_view version);

// The text of docs/api-coverage.md: per area, each operation with method, path and whether it is built.
[[nodiscard]] std::string CoverageDocument(const std::vector<Operation>& operations);

}  // namespace tarn::http
