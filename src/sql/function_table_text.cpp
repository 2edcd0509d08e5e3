// Texts: characters, patterns, addresses of the web.
#include <algorithm>
#include <array>

#include "sql/function_table.h"

namespace tarn::sql {
namespace {

// What Trino's trim takes for blanks: Java's white space.
#define TARN_BLANKS                                                                                                  \
  "' \t\n\v\f\r\x1c\x1d\x1e\x1f\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u2028\u2029\u205f" \
  "\u3000'"

// clang-format off
constexpr auto kFunctions = std::to_array<ScalarFunction>({
    {"chr", "varchar(1)", "bigint", "trino_chr"},
    {"codepoint", "integer", "varchar(1)", "trino_codepoint"},
    {"concat", "array(E)", "E, array(E)", "CASE WHEN $2 IS NULL THEN NULL ELSE list_prepend($1, $2) END"},
    {"concat", "array(E)", "array(E), array(E)...", "&trino_concat"},
    {"concat", "array(E)", "array(E), E", "CASE WHEN $1 IS NULL THEN NULL ELSE list_append($1, $2) END"},
    {"concat", "char(x + y)", "char(x), char(y)", "rtrim(rpad($1, #x, ' ') || rpad($2, #y, ' '), ' ')"},
    {"concat", "varbinary", "varbinary, varbinary...", "&trino_concat"},
    {"concat", "varchar", "varchar, varchar...", "&trino_concat"},
    {"concat_ws", "varchar", "varchar, array(varchar)", "trino_concat_ws"},
    {"concat_ws", "varchar", "varchar, varchar...", "trino_concat_ws"},
    {"ends_with", "boolean", "varchar(x), varchar(y)", "suffix"},
    {"format", "varchar", "varchar, any...", "trino_format"},
    {"format_number", "varchar", "bigint", "trino_format_number"},
    {"format_number", "varchar", "double", "trino_format_number"},
    {"from_utf8", "varchar", "varbinary", "trino_from_utf8"},
    {"from_utf8", "varchar", "varbinary, bigint", "trino_from_utf8"},
    {"from_utf8", "varchar", "varbinary, varchar(x)", "trino_from_utf8"},
    {"hamming_distance", "bigint", "varchar(x), varchar(y)", "trino_hamming_distance"},
    {"length", "bigint", "char(x)", "CASE WHEN $1 IS NULL THEN NULL ELSE CAST(#x AS BIGINT) END"},
    {"length", "bigint", "varbinary", "trino_length"},
    {"length", "bigint", "varchar(x)", "trino_length"},
    {"levenshtein_distance", "bigint", "varchar(x), varchar(y)", "trino_levenshtein_distance"},
    {"lower", "char(x)", "char(x)", "lower"},
    {"lower", "varchar(x)", "varchar(x)", "lower"},
    {"lpad", "varbinary", "varbinary, bigint, varbinary", "trino_lpad"},
    {"lpad", "varchar", "char(x), bigint, varchar(y)", "trino_lpad(rpad($1, #x, ' '), $2, $3)"},
    {"lpad", "varchar", "varchar(x), bigint, varchar(y)", "trino_lpad"},
    {"ltrim", "varchar(x)", "char(x)", "ltrim($1, " TARN_BLANKS ")"},
    {"ltrim", "varchar(x)", "char(x), codepoints", "ltrim"},
    {"ltrim", "varchar(x)", "varchar(x)", "ltrim($1, " TARN_BLANKS ")"},
    {"ltrim", "varchar(x)", "varchar(x), codepoints", "ltrim"},
    {"luhn_check", "boolean", "varchar", "trino_luhn_check"},
    {"normalize", "varchar", "varchar(x), varchar(y)", "trino_normalize"},
    {"overlay", "varchar(min(x+y,2147483647))", "varchar(x), varchar(y), bigint", "trino_overlay"},
    {"overlay", "varchar(min(x+y,2147483647))", "varchar(x), varchar(y), bigint, bigint", "trino_overlay"},
    {"parse_data_size", "decimal(38,0)", "varchar(x)", "trino_parse_data_size"},
    {"parse_presto_data_size", "decimal(38,0)", "varchar(x)", "trino_parse_data_size"},
    {"regexp_count", "bigint", "varchar(x), joniregexp", "trino_regexp_count"},
    {"regexp_extract", "varchar(x)", "varchar(x), joniregexp", "trino_regexp_extract"},
    {"regexp_extract", "varchar(x)", "varchar(x), joniregexp, bigint", "trino_regexp_extract"},
    {"regexp_extract_all", "array(varchar(x))", "varchar(x), joniregexp", "trino_regexp_extract_all"},
    {"regexp_extract_all", "array(varchar(x))", "varchar(x), joniregexp, bigint", "trino_regexp_extract_all"},
    {"regexp_like", "boolean", "varchar(x), joniregexp", "trino_regexp_like"},
    {"regexp_position", "integer", "varchar(x), joniregexp", "trino_regexp_position"},
    {"regexp_position", "integer", "varchar(x), joniregexp, integer", "trino_regexp_position"},
    {"regexp_position", "integer", "varchar(x), joniregexp, integer, integer", "trino_regexp_position"},
    {"regexp_replace", "varchar", "varchar, joniregexp, function(array(varchar),varchar)",
     "array_to_string(list_transform(trino_regexp_parts($1, $2), (lambda @e: struct_extract(@e, 'before') || CASE WHEN struct_extract(@e, 'groups') IS NULL "
     "THEN '' ELSE coalesce($3{struct_extract(@e, 'groups')}, '') END)), '')"},
    {"regexp_replace", "varchar(x)", "varchar(x), joniregexp", "trino_regexp_replace"},
    {"regexp_replace", "varchar(min(2147483647, x + max(x * y / 2, y) * (x + 1)))", "varchar(x), joniregexp, varchar(y)", "trino_regexp_replace"},
    {"regexp_split", "array(varchar(x))", "varchar(x), joniregexp", "trino_regexp_split"},
    {"replace", "varchar(min(2147483647, x + z * (x + 1)))", "varchar(x), varchar(y), varchar(z)", "trino_replace"},
    {"replace", "varchar(x)", "varchar(x), varchar(y)", "trino_replace"},
    {"reverse", "array(E)", "array(E)", "trino_reverse"},
    {"reverse", "char(x)", "char(x)", "rtrim(trino_reverse(rpad($1, #x, ' ')), ' ')"},
    {"reverse", "varbinary", "varbinary", "trino_reverse"},
    {"reverse", "varchar(x)", "varchar(x)", "trino_reverse"},
    {"rpad", "varbinary", "varbinary, bigint, varbinary", "trino_rpad"},
    {"rpad", "varchar", "varchar(x), bigint, varchar(y)", "trino_rpad"},
    {"rtrim", "varchar(x)", "char(x)", "rtrim($1, " TARN_BLANKS ")"},
    {"rtrim", "varchar(x)", "char(x), codepoints", "rtrim"},
    {"rtrim", "varchar(x)", "varchar(x)", "rtrim($1, " TARN_BLANKS ")"},
    {"rtrim", "varchar(x)", "varchar(x), codepoints", "rtrim"},
    {"soundex", "varchar(4)", "varchar", "trino_soundex"},
    {"split", "array(varchar(x))", "varchar(x), varchar(y)", "trino_split"},
    {"split", "array(varchar(x))", "varchar(x), varchar(y), bigint", "trino_split"},
    {"split_part", "varchar(x)", "varchar(x), varchar(y), bigint", "trino_split_part"},
    {"split_to_map", "map(varchar,varchar)", "varchar, varchar, varchar", "trino_split_to_map"},
    {"split_to_multimap", "map(varchar,array(varchar))", "varchar, varchar, varchar", "trino_split_to_multimap"},
    {"starts_with", "boolean", "varchar(x), varchar(y)", "starts_with"},
    {"strpos", "bigint", "varchar(x), varchar(y)", "trino_strpos"},
    {"strpos", "bigint", "varchar(x), varchar(y), bigint", "trino_strpos"},
    {"substr", "varbinary", "varbinary, bigint", "trino_substr"},
    {"substr", "varbinary", "varbinary, bigint, bigint", "trino_substr"},
    {"substr", "varchar(x)", "char(x), bigint", "trino_substr(rpad($1, #x, ' '), $2)"},
    {"substr", "varchar(x)", "char(x), bigint, bigint", "trino_substr(rpad($1, #x, ' '), $2, $3)"},
    {"substr", "varchar(x)", "varchar(x), bigint", "trino_substr"},
    {"substr", "varchar(x)", "varchar(x), bigint, bigint", "trino_substr"},
    {"substring", "varchar(x)", "char(x), bigint", "trino_substr(rpad($1, #x, ' '), $2)"},
    {"substring", "varchar(x)", "char(x), bigint, bigint", "trino_substr(rpad($1, #x, ' '), $2, $3)"},
    {"substring", "varchar(x)", "varchar(x), bigint", "trino_substr"},
    {"substring", "varchar(x)", "varchar(x), bigint, bigint", "trino_substr"},
    {"title_case", "char(x)", "char(x)", "trino_title_case"},
    {"title_case", "varchar(x)", "varchar(x)", "trino_title_case"},
    {"to_utf8", "varbinary", "char(x)", "encode(rpad($1, #x, ' '))"},
    {"to_utf8", "varbinary", "varchar(x)", "encode"},
    {"translate", "varchar", "varchar(x), varchar(y), varchar(z)", "trino_translate"},
    {"trim", "varchar(x)", "char(x)", "trim($1, " TARN_BLANKS ")"},
    {"trim", "varchar(x)", "char(x), codepoints", "trim"},
    {"trim", "varchar(x)", "varchar(x)", "trim($1, " TARN_BLANKS ")"},
    {"trim", "varchar(x)", "varchar(x), codepoints", "trim"},
    {"typeof", "varchar", "T", "trino_typeof"},
    {"upper", "char(x)", "char(x)", "upper"},
    // The engine makes the capital letter of a sharp s, which stays as it is here.
    {"upper", "varchar(x)", "varchar(x)",
     "CASE WHEN contains($1, 'ß') THEN array_to_string(list_transform(string_split($1, 'ß'), (lambda @p: upper(@p))), 'ß') ELSE upper($1) END"},
    {"url_decode", "varchar(x)", "varchar(x)", "trino_url_decode"},
    {"url_encode", "varchar(min(2147483647, x * 12))", "varchar(x)", "trino_url_encode"},
    {"url_extract_fragment", "varchar(x)", "varchar(x)", "trino_url_fragment"},
    {"url_extract_host", "varchar(x)", "varchar(x)", "trino_url_host"},
    {"url_extract_parameter", "varchar(x)", "varchar(x), varchar(y)", "trino_url_parameter"},
    {"url_extract_path", "varchar(x)", "varchar(x)", "trino_url_path"},
    {"url_extract_port", "bigint", "varchar(x)", "trino_url_port"},
    {"url_extract_protocol", "varchar(x)", "varchar(x)", "trino_url_protocol"},
    {"url_extract_query", "varchar(x)", "varchar(x)", "trino_url_query"},
    {"uuid", "uuid", "", "uuid"},
    {"word_stem", "varchar(x)", "varchar(x)", "trino_word_stem"},
    {"word_stem", "varchar(x)", "varchar(x), varchar(2)", "trino_word_stem"},
});
// clang-format on

static_assert(std::ranges::is_sorted(kFunctions, {}, &ScalarFunction::name));

}  // namespace

std::span<const ScalarFunction> TextFunctions() { return kFunctions; }

}  // namespace tarn::sql
