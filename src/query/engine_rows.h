// Small answers of the engine, for what Tarn itself asks it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace tarn::query {

struct StatementCall;

// All rows of a query in engine SQL, as texts; null is null.
[[nodiscard]] base::Result<std::vector<std::vector<std::optional<std::string>>>> EngineRows(const StatementCall& call,
                                                                                            const std::string& sql);

}  // namespace tarn::query
