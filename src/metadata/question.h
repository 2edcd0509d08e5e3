// What the metadata asks the project's data: small answers of statements, run like any other of the project.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "query/executor.h"

namespace tarn::metadata {

using TextRow = std::vector<std::optional<std::string>>;

// The first rows of a query's answer, each value as CAST(… AS varchar) gives it. Errors: those of the statement.
[[nodiscard]] base::Result<std::vector<TextRow>> Ask(query::Executor& executor, const std::string& project_id,
                                                     const std::string& statement, std::size_t most,
                                                     const base::CallLimits& limits);

}  // namespace tarn::metadata
