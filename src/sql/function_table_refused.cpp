// Functions over what Tarn does not have, such as variants. They are known, so that a wrong call is
// told from a refused one.
#include <algorithm>
#include <array>

#include "sql/function_table.h"

namespace tarn::sql {
namespace {

// clang-format off
constexpr auto kFunctions = std::to_array<ScalarFunction>({
    {"current_groups", "array(varchar)", "", ""},
    {"variant_is_null", "boolean", "variant", ""},
});
// clang-format on

static_assert(std::ranges::is_sorted(kFunctions, {}, &ScalarFunction::name));

}  // namespace

std::span<const ScalarFunction> RefusedFunctions() { return kFunctions; }

}  // namespace tarn::sql
