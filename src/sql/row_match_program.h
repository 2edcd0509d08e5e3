// A row pattern as the program that the engine's matcher runs (src/engine/duck/row_pattern.h).
#pragma once

#include <functional>
#include <string>

#include "sql/ast_row_match.h"

namespace tarn::sql {

// `label` gives the number of a label. nullopt: the program would be too long.
[[nodiscard]] std::optional<std::string> RowPatternProgramOf(const RowPattern& pattern,
                                                             const std::function<int(const Name&)>& label);

}  // namespace tarn::sql
