// Functions that are expressions over native ones. An argument that is named twice is evaluated twice, which shows only
// where it changes with every evaluation, as random() does.
#include <array>
#include <duckdb/catalog/default/default_functions.hpp>
#include <duckdb/parser/parsed_data/create_macro_info.hpp>

#include "engine/duck/functions.h"

namespace tarn::engine {
namespace {

using duckdb::DefaultMacro;

// clang-format off
constexpr auto kMacros = std::to_array<DefaultMacro>({
    // Comparison of arrays: NULL where an element is NULL and no other pair decides.
    {DEFAULT_SCHEMA, "trino_array_eq", {"a", "b", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN len(a) <> len(b) THEN FALSE ELSE trino_list_all(list_transform(list_zip(a, b), lambda p: p[1] = p[2])) END"},
    {DEFAULT_SCHEMA, "trino_array_equal_parts", {"a", "b", "parts", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN len(a) <> len(b) THEN FALSE ELSE trino_list_all(parts) END"},
    {DEFAULT_SCHEMA, "trino_array_ne", {"a", "b", nullptr}, {{nullptr, nullptr}},
     "NOT trino_array_eq(a, b)"},
    {DEFAULT_SCHEMA, "trino_array_lt", {"a", "b", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN len(a) = len(b) AND trino_array_eq(a, b) IS NULL THEN NULL ELSE a < b END"},
    {DEFAULT_SCHEMA, "trino_array_le", {"a", "b", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN len(a) = len(b) AND trino_array_eq(a, b) IS NULL THEN NULL ELSE a <= b END"},
    {DEFAULT_SCHEMA, "trino_array_gt", {"a", "b", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN len(a) = len(b) AND trino_array_eq(a, b) IS NULL THEN NULL ELSE a > b END"},
    {DEFAULT_SCHEMA, "trino_array_ge", {"a", "b", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN len(a) = len(b) AND trino_array_eq(a, b) IS NULL THEN NULL ELSE a >= b END"},
    // Arrays.
    {DEFAULT_SCHEMA, "trino_contains", {"a", "x", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN a IS NULL OR x IS NULL THEN NULL WHEN list_contains(a, x) THEN true "
     "WHEN len(a) <> list_count(a) THEN NULL ELSE false END"},
    {DEFAULT_SCHEMA, "trino_array_distinct", {"a", nullptr}, {{nullptr, nullptr}},
     "list_filter(a, lambda v, i: CASE WHEN v IS NULL THEN len(list_filter(list_slice(a, 1, i - 1), lambda w: w IS NULL)) = 0 "
     "ELSE list_position(a, v) = i END)"},
    {DEFAULT_SCHEMA, "trino_array_max", {"a", nullptr}, {{nullptr, nullptr}}, "CASE WHEN len(a) <> list_count(a) THEN NULL ELSE list_max(a) END"},
    {DEFAULT_SCHEMA, "trino_array_min", {"a", nullptr}, {{nullptr, nullptr}}, "CASE WHEN len(a) <> list_count(a) THEN NULL ELSE list_min(a) END"},
    {DEFAULT_SCHEMA, "trino_array_position", {"a", "x", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN a IS NULL OR x IS NULL THEN NULL ELSE CAST(coalesce(list_position(a, x), 0) AS BIGINT) END"},
    {DEFAULT_SCHEMA, "trino_array_remove", {"a", "x", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN x IS NULL THEN NULL ELSE list_filter(a, lambda v: v IS NULL OR v <> x) END"},
    {DEFAULT_SCHEMA, "trino_array_union", {"a", "b", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE trino_array_distinct(list_concat(a, b)) END"},
    {DEFAULT_SCHEMA, "trino_array_intersect", {"a", "b", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE trino_array_distinct(list_filter(a, lambda v: CASE WHEN v IS NULL "
     "THEN len(b) <> list_count(b) ELSE list_contains(b, v) END)) END"},
    {DEFAULT_SCHEMA, "trino_array_except", {"a", "b", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE trino_array_distinct(list_filter(a, lambda v: CASE WHEN v IS NULL "
     "THEN len(b) = list_count(b) ELSE NOT list_contains(b, v) END)) END"},
    {DEFAULT_SCHEMA, "trino_arrays_overlap", {"a", "b", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN list_has_any(a, b) THEN true "
     "WHEN len(a) > 0 AND len(b) > 0 AND (len(a) <> list_count(a) OR len(b) <> list_count(b)) THEN NULL ELSE false END"},
    {DEFAULT_SCHEMA, "trino_list_any", {"a", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN a IS NULL THEN NULL WHEN list_contains(a, true) THEN true WHEN len(a) <> list_count(a) THEN NULL ELSE false END"},
    {DEFAULT_SCHEMA, "trino_list_all", {"a", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN a IS NULL THEN NULL WHEN list_contains(a, false) THEN false WHEN len(a) <> list_count(a) THEN NULL ELSE true END"},
    {DEFAULT_SCHEMA, "trino_repeat", {"x", "n", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN n < 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT', 'count argument of repeat function must be greater than or equal to 0') "
     "WHEN n > 10000 THEN trino_fail('INVALID_FUNCTION_ARGUMENT', 'count argument of repeat function must be less than or equal to 10000') "
     "ELSE list_transform(range(n), lambda v: x) END"},
    {DEFAULT_SCHEMA, "trino_slice", {"a", "s", "n", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN s = 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT', 'SQL array indices start at 1') "
     "WHEN n < 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT', 'length must be greater than or equal to 0') "
     "WHEN n = 0 OR abs(s) > len(a) THEN list_slice(a, 1, 0) WHEN s > 0 THEN list_slice(a, s, s + n - 1) "
     "ELSE list_slice(a, len(a) + s + 1, len(a) + s + n) END"},
    // Arrays and maps, continued.
    // Each element is counted from the start, as months differ in length.
    {DEFAULT_SCHEMA, "trino_month_sequence", {"a", "b", "m", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN m = 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT', 'step must not be zero') "
     "WHEN (m > 0 AND b < a) OR (m < 0 AND b > a) THEN trino_fail('INVALID_FUNCTION_ARGUMENT', 'step of the sequence leads away from its stop value') "
     "WHEN abs(date_diff('month', a, b)) // abs(m) >= 10000 "
     "THEN trino_fail('INVALID_FUNCTION_ARGUMENT', 'result of sequence function must not have more than 10000 entries') "
     "ELSE list_filter(list_transform(range(0, abs(date_diff('month', a, b)) // abs(m) + 1), lambda i: a + to_months(CAST(m * i AS INTEGER))), "
     "lambda v: CASE WHEN m > 0 THEN v <= b ELSE v >= b END) END"},
    {DEFAULT_SCHEMA, "trino_ngrams", {"a", "n", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN n <= 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT', 'N must be positive') "
     "ELSE list_transform(range(1, greatest(2, len(a) - n + 2)), lambda i: list_slice(a, i, i + n - 1)) END"},
    {DEFAULT_SCHEMA, "trino_contains_sequence", {"a", "b", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN len(b) = 0 THEN true "
     "ELSE coalesce(list_bool_or(list_transform(range(1, len(a) - len(b) + 2), lambda i: list_slice(a, i, i + len(b) - 1) IS NOT DISTINCT FROM b)), false) END"},
    {DEFAULT_SCHEMA, "trino_trim_array", {"a", "n", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN n < 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT', 'size must not be negative: ' || n) "
     "WHEN n > len(a) THEN trino_fail('INVALID_FUNCTION_ARGUMENT', 'size must not exceed array cardinality ' || len(a) || ': ' || n) "
     "ELSE list_slice(a, 1, len(a) - n) END"},
    {DEFAULT_SCHEMA, "trino_map_concat", {"a", "b", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE trino_map_of_last(list_concat(map_entries(a), map_entries(b))) END"},
    {DEFAULT_SCHEMA, "trino_parse_data_size", {"t", nullptr}, {{nullptr, nullptr}}, "CAST(trino_data_size_text(t) AS DECIMAL(38, 0))"},
    // Vectors.
    {DEFAULT_SCHEMA, "trino_map_norm", {"a", nullptr}, {{nullptr, nullptr}}, "sqrt(list_sum(list_transform(map_values(a), lambda v: v * v)))"},
    {DEFAULT_SCHEMA, "trino_map_cosine_similarity", {"a", "b", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN len(map_values(a)) <> list_count(map_values(a)) OR len(map_values(b)) <> list_count(map_values(b)) THEN NULL "
     "ELSE list_sum(list_transform(map_keys(a), lambda k: coalesce(map_extract_value(a, k) * map_extract_value(b, k), 0))) "
     "/ (trino_map_norm(a) * trino_map_norm(b)) END"},
    {DEFAULT_SCHEMA, "trino_map_cosine_distance", {"a", "b", nullptr}, {{nullptr, nullptr}}, "1 - trino_map_cosine_similarity(a, b)"},
    {DEFAULT_SCHEMA, "trino_dot_product", {"a", "b", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN len(a) <> len(b) THEN trino_fail('INVALID_FUNCTION_ARGUMENT', 'Both arguments must have the same length') "
     "WHEN len(a) <> list_count(a) OR len(b) <> list_count(b) THEN NULL ELSE list_inner_product(a, b) END"},
    {DEFAULT_SCHEMA, "trino_euclidean_distance", {"a", "b", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN len(a) <> len(b) THEN trino_fail('INVALID_FUNCTION_ARGUMENT', 'Both arguments must have the same length') "
     "WHEN len(a) <> list_count(a) OR len(b) <> list_count(b) THEN NULL ELSE list_distance(a, b) END"},
    {DEFAULT_SCHEMA, "trino_cosine_similarity", {"a", "b", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN len(a) <> len(b) THEN trino_fail('INVALID_FUNCTION_ARGUMENT', 'Both arrays must have the same length') "
     "WHEN len(a) <> list_count(a) OR len(b) <> list_count(b) THEN NULL "
     "WHEN list_inner_product(a, a) = 0 OR list_inner_product(b, b) = 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT', 'Vector magnitude cannot be zero') "
     "ELSE list_inner_product(a, b) / (sqrt(list_inner_product(a, a)) * sqrt(list_inner_product(b, b))) END"},
    {DEFAULT_SCHEMA, "trino_cosine_distance", {"a", "b", nullptr}, {{nullptr, nullptr}}, "1 - trino_cosine_similarity(a, b)"},
});

// Functions that take different numbers of arguments.
constexpr std::array<DefaultMacro, 2> kArrayJoin = {{
    {DEFAULT_SCHEMA, "trino_array_join", {"a", "d", nullptr}, {{nullptr, nullptr}},
     "array_to_string(list_transform(list_filter(a, lambda v: v IS NOT NULL), lambda v: trino_cast_varchar(v)), d)"},
    {DEFAULT_SCHEMA, "trino_array_join", {"a", "d", "n", nullptr}, {{nullptr, nullptr}},
     "array_to_string(list_transform(a, lambda v: coalesce(trino_cast_varchar(v), n)), d)"},
}};
// clang-format on

template <std::size_t N>
void RegisterOverloads(duckdb::ExtensionLoader& loader, const std::array<DefaultMacro, N>& macros) {
  auto info = duckdb::DefaultFunctionGenerator::CreateInternalMacroInfo(
      duckdb::array_ptr<const DefaultMacro>(macros.data(), macros.size()));
  loader.RegisterFunction(*info);
}

}  // namespace

void RegisterMacros(duckdb::ExtensionLoader& loader) {
  for (const auto& macro : kMacros) {
    loader.RegisterFunction(*duckdb::DefaultFunctionGenerator::CreateInternalMacroInfo(macro));
  }
  RegisterOverloads(loader, kArrayJoin);
}

}  // namespace tarn::engine
