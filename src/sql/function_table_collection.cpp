// Arrays and maps, with lambdas.
#include <algorithm>
#include <array>

#include "sql/function_table.h"

namespace tarn::sql {
namespace {

// clang-format off
constexpr auto kFunctions = std::to_array<ScalarFunction>({
    {"all_match", "boolean", "array(T), function(T,boolean)", "trino_list_all(list_transform($1, $2))"},
    {"any_match", "boolean", "array(T), function(T,boolean)", "trino_list_any(list_transform($1, $2))"},
    {"array_distinct", "array(E)", "array(E)", "trino_array_distinct"},
    {"array_except", "array(E)", "array(E), array(E)", "trino_array_except"},
    {"array_first", "E", "array(E)", "list_extract($1, 1)"},
    {"array_first", "E", "array(E), function(E,boolean)", "list_extract(list_filter($1, $2), 1)"},
    {"array_histogram", "map(T,bigint)", "array(T)", "trino_histogram(list_filter($1, (lambda @e: @e IS NOT NULL)))"},
    {"array_intersect", "array(E)", "array(E), array(E)", "trino_array_intersect"},
    {"array_join", "varchar", "array(E), varchar", "trino_array_join"},
    {"array_join", "varchar", "array(E), varchar, varchar", "trino_array_join"},
    {"array_last", "E", "array(E)", "list_extract($1, -1)"},
    {"array_max", "T", "array(T)", "trino_array_max"},
    {"array_min", "T", "array(T)", "trino_array_min"},
    {"array_position", "bigint", "array(T), T", "trino_array_position"},
    {"array_remove", "array(E)", "array(E), E", "trino_array_remove"},
    {"array_sort", "array(E)", "array(E)", "list_sort($1, 'ASC', 'NULLS LAST')"},
    {"array_sort", "array(T)", "array(T), function(T,T,integer)", "list_transform(list_sort(list_transform($1, (lambda @x, @i: struct_pack(r := len(list_filter($1, (lambda @y, @j: CASE WHEN $2{@y;@x} BETWEEN -1 AND 1 THEN $2{@y;@x} ELSE trino_fail('INVALID_FUNCTION_ARGUMENT', 'Lambda comparator must return either -1, 0, or 1') END < CAST(@j < @i AS INTEGER)))), v := @x)))), (lambda @s: struct_extract(@s, 'v')))"},
    {"array_union", "array(E)", "array(E), array(E)", "trino_array_union"},
    {"arrays_overlap", "boolean", "array(E), array(E)", "trino_arrays_overlap"},
    {"cardinality", "bigint", "array(E)", "trino_cardinality"},
    {"cardinality", "bigint", "hyperloglog", "trino_set_cardinality"},
    {"cardinality", "bigint", "map(K,V)", "trino_cardinality"},
    {"cardinality", "bigint", "setdigest", "trino_set_digest_cardinality"},
    {"combinations", "array(array(T))", "array(T), integer", "trino_combinations"},
    {"contains", "boolean", "array(T), T", "trino_contains"},
    {"contains", "boolean", "varchar, ipaddress", "trino_network_contains"},
    {"contains_sequence", "boolean", "array(T), array(T)", "trino_contains_sequence"},
    {"element_at", "E", "array(E), bigint", "trino_element_at"},
    {"element_at", "V", "map(K,V), K", "trino_element_at"},
    {"filter", "array(T)", "array(T), function(T,boolean)", "list_filter"},
    {"flatten", "array(E)", "array(array(E))", "flatten"},
    {"map", "map(K,V)", "array(K), array(V)", "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL ELSE map($1, $2) END"},
    {"map", "map(unknown,unknown)", "", "MAP {}"},
    {"map_concat", "map(K,V)", "map(K,V)...", "&trino_map_concat"},
    {"map_entries", "array(row(K,V))", "map(K,V)", "list_transform(map_entries($1), (lambda @e: row(struct_extract(@e, 'key'), struct_extract(@e, 'value'))))"},
    {"map_filter", "map(K,V)", "map(K,V), function(K,V,boolean)", "map_from_entries(list_filter(map_entries($1), (lambda @e: $2{struct_extract(@e, 'key');struct_extract(@e, 'value')})))"},
    {"map_from_entries", "map(K,V)", "array(row(K,V))", "map_from_entries"},
    {"map_keys", "array(K)", "map(K,V)", "map_keys"},
    {"map_values", "array(V)", "map(K,V)", "map_values"},
    {"map_zip_with", "map(K,V3)", "map(K,V1), map(K,V2), function(K,V1,V2,V3)", "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL ELSE map_from_entries(list_transform(list_distinct(list_concat(map_keys($1), map_keys($2))), (lambda @k: struct_pack(key := @k, value := $3{@k;map_extract_value($1, @k);map_extract_value($2, @k)})))) END"},
    {"multimap_from_entries", "map(K,array(V))", "array(row(K,V))", "trino_multimap_from_entries"},
    {"ngrams", "array(array(T))", "array(T), integer", "trino_ngrams"},
    {"none_match", "boolean", "array(T), function(T,boolean)", "(NOT trino_list_any(list_transform($1, $2)))"},
    {"reduce", "R", "array(T), S, function(S,T,S), function(S,R)", "list_extract(list_transform([struct_extract(list_reduce(list_transform($1, (lambda @e: struct_pack(s := CAST(NULL AS %S), x := @e))), (lambda @a, @b: struct_pack(s := $3{struct_extract(@a, 's');struct_extract(@b, 'x')}, x := struct_extract(@b, 'x'))), struct_pack(s := CAST($2 AS %S), x := CAST(NULL AS %T))), 's')], (lambda @o: $4{@o})), 1)"},
    {"repeat", "array(T)", "T, bigint", "trino_repeat"},
    {"sequence", "array(bigint)", "bigint, bigint", "trino_sequence"},
    {"sequence", "array(bigint)", "bigint, bigint, bigint", "trino_sequence"},
    {"sequence", "array(date)", "date, date", "trino_sequence"},
    {"sequence", "array(date)", "date, date, interval day to second",
     "CASE WHEN epoch_us($3) % 86400000000 <> 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT', 'sequence step must be a day interval if start and end values are dates') "
     "ELSE trino_sequence($1, $2, $3) END"},
    {"sequence", "array(date)", "date, date, interval year to month", "CAST(trino_month_sequence($1, $2, datepart('year', $3) * 12 + datepart('month', $3)) AS DATE[])"},
    {"sequence", "array(timestamp(p))", "timestamp(p), timestamp(p), interval day to second", "trino_sequence"},
    {"sequence", "array(timestamp(p))", "timestamp(p), timestamp(p), interval year to month", "trino_month_sequence($1, $2, datepart('year', $3) * 12 + datepart('month', $3))"},
    {"shuffle", "array(E)", "array(E)", "list_transform(list_sort(list_transform($1, (lambda @e: struct_pack(r := random(), v := @e)))), (lambda @s: struct_extract(@s, 'v')))"},
    {"slice", "array(E)", "array(E), bigint, bigint", "trino_slice"},
    {"transform", "array(U)", "array(T), function(T,U)", "list_transform"},
    {"transform_keys", "map(K2,V)", "map(K1,V), function(K1,V,K2)", "map_from_entries(list_transform(map_entries($1), (lambda @e: struct_pack(key := $2{struct_extract(@e, 'key');struct_extract(@e, 'value')}, value := struct_extract(@e, 'value')))))"},
    {"transform_values", "map(K,V2)", "map(K,V1), function(K,V1,V2)", "map_from_entries(list_transform(map_entries($1), (lambda @e: struct_pack(key := struct_extract(@e, 'key'), value := $2{struct_extract(@e, 'key');struct_extract(@e, 'value')}))))"},
    {"trim_array", "array(E)", "array(E), bigint", "trino_trim_array"},
    {"zip", "array(row(T1,T2))", "array(T1), array(T2)", "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL ELSE list_zip($*) END"},
    {"zip", "array(row(T1,T2,T3))", "array(T1), array(T2), array(T3)", "CASE WHEN $1 IS NULL OR $2 IS NULL OR $3 IS NULL THEN NULL ELSE list_zip($*) END"},
    {"zip", "array(row(T1,T2,T3,T4))", "array(T1), array(T2), array(T3), array(T4)", "CASE WHEN $1 IS NULL OR $2 IS NULL OR $3 IS NULL OR $4 IS NULL THEN NULL ELSE list_zip($*) END"},
    {"zip", "array(row(T1,T2,T3,T4,T5))", "array(T1), array(T2), array(T3), array(T4), array(T5)", "CASE WHEN $1 IS NULL OR $2 IS NULL OR $3 IS NULL OR $4 IS NULL OR $5 IS NULL THEN NULL ELSE list_zip($*) END"},
    {"zip_with", "array(R)", "array(T), array(U), function(T,U,R)", "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL ELSE list_transform(list_zip($1, $2), (lambda @e: $3{struct_extract_at(@e, 1);struct_extract_at(@e, 2)})) END"},
});
// clang-format on

static_assert(std::ranges::is_sorted(kFunctions, {}, &ScalarFunction::name));

}  // namespace

std::span<const ScalarFunction> CollectionFunctions() { return kFunctions; }

}  // namespace tarn::sql
