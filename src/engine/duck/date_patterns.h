// Date patterns of MySQL and Joda as the engine's strftime patterns.
#pragma once

#include <string>
#include <string_view>

namespace tarn::engine {

// Raises INVALID_FUNCTION_ARGUMENT for what Trino refuses and NOT_SUPPORTED for what the engine cannot write.
[[nodiscard]] std::string EnginePatternOfMysql(std::string_view pattern);
[[nodiscard]] std::string EnginePatternOfJoda(std::string_view pattern);

}  // namespace tarn::engine
