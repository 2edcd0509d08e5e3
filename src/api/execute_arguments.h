// The arguments of an Execute Query request, and its errors: what needs nothing but the request.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/dto_query.h"
#include "base/error.h"

namespace tarn::api {

// The texts of positional arguments: texts as they are, numbers and booleans as SQL writes them, null as NULL.
[[nodiscard]] base::Result<std::vector<std::optional<std::string>>> ReadArguments(const ExecuteRequest& request);

// An error as Execute Query answers it: "line 1:8: Column 'x' cannot be resolved", or without the position where the
// caller did not write the text; a table that is not found is a fault of the request.
[[nodiscard]] base::Error ShowStatementError(base::Error error, bool written_by_caller);

}  // namespace tarn::api
