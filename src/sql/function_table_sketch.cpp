// What the digests of approx_set, qdigest_agg and the like answer.
#include <algorithm>
#include <array>

#include "sql/function_table.h"

namespace tarn::sql {
namespace {

// clang-format off
constexpr auto kFunctions = std::to_array<ScalarFunction>({
    {"empty_approx_set", "hyperloglog", "", "trino_empty_set"},
    {"hash_counts", "map(bigint,smallint)", "setdigest", "trino_hash_counts"},
    {"intersection_cardinality", "bigint", "setdigest, setdigest", "trino_intersection_cardinality"},
    {"jaccard_index", "double", "setdigest, setdigest", "trino_jaccard_index"},
    {"quantile_at_value", "double", "qdigest(bigint), bigint", "trino_qdigest_quantile_bigint"},
    {"quantile_at_value", "double", "qdigest(double), double", "trino_qdigest_quantile_double"},
    {"quantile_at_value", "double", "qdigest(real), real", "trino_qdigest_quantile_real"},
    {"value_at_quantile", "bigint", "qdigest(bigint), double", "trino_qdigest_value_bigint"},
    {"value_at_quantile", "double", "qdigest(double), double", "trino_qdigest_value_double"},
    {"value_at_quantile", "double", "tdigest, double", "trino_tdigest_value"},
    {"value_at_quantile", "real", "qdigest(real), double", "trino_qdigest_value_real"},
    {"values_at_quantiles", "array(bigint)", "qdigest(bigint), array(double)", "trino_qdigest_values_bigint"},
    {"values_at_quantiles", "array(double)", "qdigest(double), array(double)", "trino_qdigest_values_double"},
    {"values_at_quantiles", "array(double)", "tdigest, array(double)", "trino_tdigest_values"},
    {"values_at_quantiles", "array(real)", "qdigest(real), array(double)", "trino_qdigest_values_real"},
});
// clang-format on

static_assert(std::ranges::is_sorted(kFunctions, {}, &ScalarFunction::name));

}  // namespace

std::span<const ScalarFunction> SketchFunctions() { return kFunctions; }

}  // namespace tarn::sql
