// Functions over types that Tarn does not have: colours, sketches, variants. They are known, so that a wrong call is
// told from a refused one.
#include <algorithm>
#include <array>

#include "sql/function_table.h"

namespace tarn::sql {
namespace {

// clang-format off
constexpr auto kFunctions = std::to_array<ScalarFunction>({
    {"bar", "varchar", "double, bigint", ""},
    {"bar", "varchar", "double, bigint, color, color", ""},
    {"color", "color", "double, color, color", ""},
    {"color", "color", "double, double, double, color, color", ""},
    {"color", "color", "varchar(x)", ""},
    {"current_groups", "array(varchar)", "", ""},
    {"empty_approx_set", "hyperloglog", "", ""},
    {"hash_counts", "map(bigint,smallint)", "setdigest", ""},
    {"intersection_cardinality", "bigint", "setdigest, setdigest", ""},
    {"jaccard_index", "double", "setdigest, setdigest", ""},
    {"quantile_at_value", "double", "qdigest(bigint), bigint", ""},
    {"quantile_at_value", "double", "qdigest(double), double", ""},
    {"quantile_at_value", "double", "qdigest(real), real", ""},
    {"render", "varchar(16)", "boolean", ""},
    {"render", "varchar(35)", "bigint, color", ""},
    {"render", "varchar(41)", "double, color", ""},
    {"render", "varchar(y)", "varchar(x), color", ""},
    {"rgb", "color", "bigint, bigint, bigint", ""},
    {"value_at_quantile", "bigint", "qdigest(bigint), double", ""},
    {"value_at_quantile", "double", "qdigest(double), double", ""},
    {"value_at_quantile", "double", "tdigest, double", ""},
    {"value_at_quantile", "real", "qdigest(real), double", ""},
    {"values_at_quantiles", "array(bigint)", "qdigest(bigint), array(double)", ""},
    {"values_at_quantiles", "array(double)", "qdigest(double), array(double)", ""},
    {"values_at_quantiles", "array(double)", "tdigest, array(double)", ""},
    {"values_at_quantiles", "array(real)", "qdigest(real), array(double)", ""},
    {"variant_is_null", "boolean", "variant", ""},
});
// clang-format on

static_assert(std::ranges::is_sorted(kFunctions, {}, &ScalarFunction::name));

}  // namespace

std::span<const ScalarFunction> RefusedFunctions() { return kFunctions; }

}  // namespace tarn::sql
