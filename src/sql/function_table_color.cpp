// Colors of a terminal.
#include <algorithm>
#include <array>

#include "sql/function_table.h"

namespace tarn::sql {
namespace {

// clang-format off
constexpr auto kFunctions = std::to_array<ScalarFunction>({
    {"bar", "varchar", "double, bigint", "trino_bar"},
    {"bar", "varchar", "double, bigint, color, color", "trino_bar"},
    {"color", "color", "double, color, color", "trino_color"},
    {"color", "color", "double, double, double, color, color", "trino_color"},
    {"color", "color", "varchar(x)", "trino_color"},
    {"render", "varchar(16)", "boolean", "trino_render"},
    {"render", "varchar(35)", "bigint, color", "trino_render"},
    {"render", "varchar(41)", "double, color", "trino_render"},
    {"render", "varchar(min(x+15,2147483647))", "varchar(x), color", "trino_render"},
    {"rgb", "color", "bigint, bigint, bigint", "trino_rgb"},
});
// clang-format on

static_assert(std::ranges::is_sorted(kFunctions, {}, &ScalarFunction::name));

}  // namespace

std::span<const ScalarFunction> ColorFunctions() { return kFunctions; }

}  // namespace tarn::sql
