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
constexpr std::array<DefaultMacro, 42> kMacros = {{
    // Comparison of arrays: NULL where an element is NULL and no other pair decides.
    {DEFAULT_SCHEMA, "trino_array_eq", {"a", "b", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN len(a) <> len(b) THEN FALSE ELSE trino_list_all(list_transform(list_zip(a, b), lambda p: p[1] = p[2])) END"},
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
    // Text.
    {DEFAULT_SCHEMA, "trino_split", {"t", "d", "n", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN n < 1 THEN trino_fail('INVALID_FUNCTION_ARGUMENT', 'Limit must be positive') "
     "WHEN len(string_split(t, d)) <= n THEN string_split(t, d) "
     "ELSE list_append(list_slice(string_split(t, d), 1, n - 1), array_to_string(list_slice(string_split(t, d), n, len(string_split(t, d))), d)) END"},
    {DEFAULT_SCHEMA, "trino_split_part", {"t", "d", "i", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN i < 1 THEN trino_fail('INVALID_FUNCTION_ARGUMENT', 'Index must be greater than zero') "
     "ELSE list_extract(string_split(t, d), i) END"},
    {DEFAULT_SCHEMA, "trino_strpos", {"t", "p", "n", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN n = 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT', '''instance'' must not be a positive or negative number') "
     "WHEN len(string_split(t, p)) <= abs(n) THEN 0 "
     "WHEN n > 0 THEN length(array_to_string(list_slice(string_split(t, p), 1, n), p)) + 1 "
     "ELSE length(array_to_string(list_slice(string_split(t, p), 1, len(string_split(t, p)) + n), p)) + 1 END"},
    // A text is made whole in memory, outside the engine's limit, so its length is bounded.
    {DEFAULT_SCHEMA, "trino_lpad", {"t", "n", "p", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN n < 0 OR n > 1000000 THEN trino_fail('INVALID_FUNCTION_ARGUMENT', 'Target length must be in the range [0..1000000]') "
     "ELSE lpad(t, CAST(least(n, 1000000) AS INTEGER), p) END"},
    {DEFAULT_SCHEMA, "trino_rpad", {"t", "n", "p", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN n < 0 OR n > 1000000 THEN trino_fail('INVALID_FUNCTION_ARGUMENT', 'Target length must be in the range [0..1000000]') "
     "ELSE rpad(t, CAST(least(n, 1000000) AS INTEGER), p) END"},
    {DEFAULT_SCHEMA, "trino_title_case", {"t", nullptr}, {{nullptr, nullptr}},
     "array_to_string(list_transform(string_split(t, ' '), lambda w: upper(w[1]) || lower(w[2:])), ' ')"},
    {DEFAULT_SCHEMA, "trino_regexp_like", {"t", "p", nullptr}, {{nullptr, nullptr}}, "regexp_matches(t, p)"},
    {DEFAULT_SCHEMA, "trino_regexp_split", {"t", "p", nullptr}, {{nullptr, nullptr}}, "regexp_split_to_array(t, p)"},
    {DEFAULT_SCHEMA, "trino_regexp_count", {"t", "p", nullptr}, {{nullptr, nullptr}}, "len(regexp_extract_all(t, p))"},
    {DEFAULT_SCHEMA, "trino_width_bucket", {"x", "low", "high", "n", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN n <= 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT', 'bucketCount must be greater than 0') "
     "WHEN low = high THEN trino_fail('INVALID_FUNCTION_ARGUMENT', 'bounds cannot equal each other') "
     "WHEN low < high THEN CASE WHEN x < low THEN 0 WHEN x >= high THEN CAST(n AS BIGINT) + 1 "
     "ELSE CAST(floor(n * (CAST(x AS DOUBLE) - low) / (CAST(high AS DOUBLE) - low)) AS BIGINT) + 1 END "
     "ELSE CASE WHEN x > low THEN 0 WHEN x <= high THEN CAST(n AS BIGINT) + 1 "
     "ELSE CAST(floor(n * (CAST(low AS DOUBLE) - x) / (CAST(low AS DOUBLE) - high)) AS BIGINT) + 1 END END"},
    {DEFAULT_SCHEMA, "trino_format_number", {"x", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN abs(x) >= 1e15 THEN trino_short_number(x / 1e15) || 'Q' WHEN abs(x) >= 1e12 THEN trino_short_number(x / 1e12) || 'T' "
     "WHEN abs(x) >= 1e9 THEN trino_short_number(x / 1e9) || 'B' WHEN abs(x) >= 1e6 THEN trino_short_number(x / 1e6) || 'M' "
     "WHEN abs(x) >= 1e3 THEN trino_short_number(x / 1e3) || 'K' ELSE trino_short_number(CAST(x AS DOUBLE)) END"},
    {DEFAULT_SCHEMA, "trino_short_number", {"x", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN abs(x) >= 100 THEN printf('%.0f', x) WHEN abs(x) >= 10 THEN regexp_replace(printf('%.1f', x), '\\.0$', '') "
     "ELSE regexp_replace(regexp_replace(printf('%.2f', x), '0$', ''), '\\.0?$', '') END"},
    // Dates.
    {DEFAULT_SCHEMA, "trino_from_iso8601_date", {"t", nullptr}, {{nullptr, nullptr}}, "trino_cast_date(t)"},
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
     "CASE WHEN n > 10000 THEN trino_fail('INVALID_FUNCTION_ARGUMENT', 'count argument of repeat function must be less than or equal to 10000') "
     "ELSE list_transform(range(n), lambda v: x) END"},
    {DEFAULT_SCHEMA, "trino_slice", {"a", "s", "n", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN s = 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT', 'SQL array indices start at 1') "
     "WHEN n < 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT', 'length must be greater than or equal to 0') "
     "WHEN n = 0 OR abs(s) > len(a) THEN list_slice(a, 1, 0) WHEN s > 0 THEN list_slice(a, s, s + n - 1) "
     "ELSE list_slice(a, len(a) + s + 1, len(a) + s + n) END"},
    // JSON. Malformed text is NULL where Trino says so.
    {DEFAULT_SCHEMA, "trino_json_parse", {"t", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN t IS NULL THEN NULL WHEN json_valid(t) THEN CAST(t AS JSON) "
     "ELSE trino_fail('INVALID_FUNCTION_ARGUMENT', 'Cannot convert value to JSON') END"},
    {DEFAULT_SCHEMA, "trino_json_format", {"j", nullptr}, {{nullptr, nullptr}}, "CAST(json(j) AS VARCHAR)"},
    {DEFAULT_SCHEMA, "trino_json_array_length", {"j", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN json_valid(j) THEN CASE WHEN json_type(j) = 'ARRAY' THEN CAST(json_array_length(j) AS BIGINT) END END"},
    {DEFAULT_SCHEMA, "trino_is_json_scalar", {"j", nullptr}, {{nullptr, nullptr}}, "json_type(j) NOT IN ('ARRAY', 'OBJECT')"},
    {DEFAULT_SCHEMA, "trino_json_extract", {"j", "p", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN json_valid(j) THEN json_extract(j, trino_engine_json_path(p)) END"},
    {DEFAULT_SCHEMA, "trino_json_extract_scalar", {"j", "p", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN json_valid(j) AND json_type(j, trino_engine_json_path(p)) NOT IN ('ARRAY', 'OBJECT', 'NULL') "
     "THEN json_extract_string(j, trino_engine_json_path(p)) END"},
    {DEFAULT_SCHEMA, "trino_json_array_get", {"j", "i", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN json_valid(j) THEN CASE WHEN json_type(j) = 'ARRAY' THEN json_extract(j, CASE WHEN i < 0 THEN '$[#' || i || ']' "
     "ELSE '$[' || i || ']' END) END END"},
    {DEFAULT_SCHEMA, "trino_json_array_contains", {"j", "x", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN json_valid(j) THEN CASE WHEN json_type(j) = 'ARRAY' THEN "
     "list_contains(CAST(json(j) AS JSON[]), CAST(to_json(x) AS JSON)) END END"},
    {DEFAULT_SCHEMA, "trino_json_size", {"j", "p", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN json_valid(j) THEN CASE json_type(j, trino_engine_json_path(p)) "
     "WHEN 'ARRAY' THEN CAST(json_array_length(j, trino_engine_json_path(p)) AS BIGINT) "
     "WHEN 'OBJECT' THEN CAST(len(json_keys(j, trino_engine_json_path(p))) AS BIGINT) WHEN NULL THEN NULL ELSE "
     "CASE WHEN json_type(j, trino_engine_json_path(p)) IS NULL THEN NULL ELSE 0 END END END"},
}};

// Functions that take different numbers of arguments.
constexpr std::array<DefaultMacro, 2> kRegexpExtract = {{
    {DEFAULT_SCHEMA, "trino_regexp_extract", {"t", "p", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN regexp_matches(t, p) THEN regexp_extract(t, p) END"},
    {DEFAULT_SCHEMA, "trino_regexp_extract", {"t", "p", "g", nullptr}, {{nullptr, nullptr}},
     "CASE WHEN regexp_matches(t, p) THEN regexp_extract(t, p, g) END"},
}};
constexpr std::array<DefaultMacro, 2> kRegexpExtractAll = {{
    {DEFAULT_SCHEMA, "trino_regexp_extract_all", {"t", "p", nullptr}, {{nullptr, nullptr}}, "regexp_extract_all(t, p)"},
    {DEFAULT_SCHEMA, "trino_regexp_extract_all", {"t", "p", "g", nullptr}, {{nullptr, nullptr}}, "regexp_extract_all(t, p, g)"},
}};
constexpr std::array<DefaultMacro, 2> kArrayJoin = {{
    {DEFAULT_SCHEMA, "trino_array_join", {"a", "d", nullptr}, {{nullptr, nullptr}},
     "array_to_string(list_transform(list_filter(a, lambda v: v IS NOT NULL), lambda v: trino_cast_varchar(v)), d)"},
    {DEFAULT_SCHEMA, "trino_array_join", {"a", "d", "n", nullptr}, {{nullptr, nullptr}},
     "array_to_string(list_transform(a, lambda v: coalesce(trino_cast_varchar(v), n)), d)"},
}};
// clang-format on

template <std::size_t N>
void RegisterOverloads(duckdb::ExtensionLoader& loader, const std::array<DefaultMacro, N>& macros) {
  auto info = duckdb::DefaultFunctionGenerator::CreateInternalMacroInfo(duckdb::array_ptr<const DefaultMacro>(macros.data(), macros.size()));
  loader.RegisterFunction(*info);
}

}  // namespace

void RegisterMacros(duckdb::ExtensionLoader& loader) {
  for (const auto& macro : kMacros) {
    loader.RegisterFunction(*duckdb::DefaultFunctionGenerator::CreateInternalMacroInfo(macro));
  }
  RegisterOverloads(loader, kRegexpExtract);
  RegisterOverloads(loader, kRegexpExtractAll);
  RegisterOverloads(loader, kArrayJoin);
}

}  // namespace tarn::engine
