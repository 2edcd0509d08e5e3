// Evaluates SQL/JSON paths (ISO/IEC 9075-2, 9.46) as Trino does.
#pragma once

#include <map>
#include <string>

#include "engine/duck/json_item.h"
#include "sql/json_path.h"

namespace tarn::engine {

// The path does not fit the value: a strict path met another structure, an operator another type. ON ERROR decides.
struct JsonPathFailure {
  std::string message;
};

// Variables of PASSING; one without a value is an empty sequence.
using JsonVariables = std::map<std::string, JsonSequence, std::less<>>;

// Throws JsonPathFailure, and engine errors for what is not supported.
[[nodiscard]] JsonSequence EvaluateJsonPath(const sql::JsonPath& path, const JsonItemPtr& context,
                                            const JsonVariables& variables);

}  // namespace tarn::engine
