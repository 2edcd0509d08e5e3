// JSON by path and position. What reads SQL/JSON paths is syntax of its own.
#include <algorithm>
#include <array>

#include "sql/function_table.h"

namespace tarn::sql {
namespace {

// clang-format off
constexpr auto kFunctions = std::to_array<ScalarFunction>({
    {"is_json_scalar", "boolean", "json", "trino_is_json_scalar"},
    {"is_json_scalar", "boolean", "varchar(x)", "trino_is_json_scalar"},
    {"json_array_contains", "boolean", "json, bigint", "trino_json_array_contains"},
    {"json_array_contains", "boolean", "json, boolean", "trino_json_array_contains"},
    {"json_array_contains", "boolean", "json, double", "trino_json_array_contains"},
    {"json_array_contains", "boolean", "json, varchar(x)", "trino_json_array_contains"},
    {"json_array_contains", "boolean", "varchar(x), bigint", "trino_json_array_contains"},
    {"json_array_contains", "boolean", "varchar(x), boolean", "trino_json_array_contains"},
    {"json_array_contains", "boolean", "varchar(x), double", "trino_json_array_contains"},
    {"json_array_contains", "boolean", "varchar(x), varchar(y)", "trino_json_array_contains"},
    {"json_array_get", "json", "json, bigint", "trino_json_array_get"},
    {"json_array_get", "json", "varchar(x), bigint", "trino_json_array_get"},
    {"json_array_length", "bigint", "json", "trino_json_array_length"},
    {"json_array_length", "bigint", "varchar(x)", "trino_json_array_length"},
    {"json_extract", "json", "json, jsonpath", "trino_json_extract"},
    {"json_extract", "json", "varchar(x), jsonpath", "trino_json_extract"},
    {"json_extract_scalar", "varchar", "json, jsonpath", "trino_json_extract_scalar"},
    {"json_extract_scalar", "varchar(x)", "varchar(x), jsonpath", "trino_json_extract_scalar"},
    {"json_format", "varchar", "json", "trino_json_format"},
    {"json_parse", "json", "varchar(x)", "trino_json_parse"},
    {"json_size", "bigint", "json, jsonpath", "trino_json_size"},
    {"json_size", "bigint", "varchar(x), jsonpath", "trino_json_size"},
});
// clang-format on

static_assert(std::ranges::is_sorted(kFunctions, {}, &ScalarFunction::name));

}  // namespace

std::span<const ScalarFunction> JsonFunctions() { return kFunctions; }

}  // namespace tarn::sql
