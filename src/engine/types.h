// Type names of the two languages, as text: Trino's ("decimal(12,2)", "array(varchar)") and the engine's
// ("DECIMAL(12,2)", "VARCHAR[]").
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace tarn::engine {

// The Trino type that holds the values of an engine type: lower case, no blanks after commas. Unsigned
// integers become wider ones, HUGEINT decimal(38,0); what Trino has no type for becomes varchar.
[[nodiscard]] std::string TrinoTypeOf(std::string_view engine_type);

// The engine type for a CAST to a Trino type. Lengths and precisions that the engine does not keep
// (varchar(10), timestamp(3)) are dropped.
// Errors: InvalidArgument with the code TYPE_NOT_FOUND; NotSupported for types that Trino has and the engine does not.
[[nodiscard]] base::Result<std::string> EngineTypeOf(std::string_view trino_type);

}  // namespace tarn::engine
