// Functions whose meaning differs from the engine's own of like names.
#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

#include "engine/database.h"

namespace tarn::engine {
namespace {

class FunctionsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    database_ = Database::Open({.threads = 2}).value().release();
    session_ = database_->Connect().value().release();
  }
  static void TearDownTestSuite() {
    delete session_;
    delete database_;
  }

  // The value as text, "CODE" of an error.
  static std::string Eval(const std::string& expression) {
    const auto rows = session_->Rows("SELECT " + expression + " FROM range(1)");
    if (!rows) return rows.error().code.empty() ? rows.error().message : rows.error().code;
    return rows->front()[0].value_or("NULL");
  }
  static void Check(const std::vector<std::pair<std::string, std::string>>& cases) {
    for (const auto& [expression, expected] : cases) EXPECT_EQ(Eval(expression), expected) << expression;
  }

  static Database* database_;
  static Session* session_;
};
Database* FunctionsTest::database_ = nullptr;
Session* FunctionsTest::session_ = nullptr;

TEST_F(FunctionsTest, DoublesFollowIeee) {
  Check({{"trino_acos(2e0)", "nan"},
         {"trino_power(1e0, 'nan'::DOUBLE)", "nan"},
         {"trino_power(-1e0, 'inf'::DOUBLE)", "nan"},
         {"trino_sin('inf'::DOUBLE)", "nan"},
         {"trino_sign('nan'::DOUBLE)", "nan"},
         {"trino_log(2e0, 8e0)", "3.0"}});
}

TEST_F(FunctionsTest, ShiftsKeepTheWidth) {
  Check({{"trino_shift_left(1::BIGINT, -1::INTEGER)", "-9223372036854775808"},
         {"trino_shift_left(1::BIGINT, 100::INTEGER)", "0"},
         {"trino_shift_left(127::TINYINT, 1::INTEGER)", "-2"},
         {"trino_shift_right(-8::INTEGER, 1::INTEGER)", "2147483644"},
         {"trino_shift_right_arithmetic(-8::INTEGER, 100::INTEGER)", "-1"},
         {"trino_bit_count(-7::BIGINT, 8::BIGINT)", "6"},
         {"trino_bit_count(1000::BIGINT, 8::BIGINT)", "INVALID_FUNCTION_ARGUMENT"}});
}

TEST_F(FunctionsTest, TextsCountByCharacter) {
  Check({{"trino_levenshtein_distance('é', 'e')", "1"},
         {"trino_hamming_distance('é', 'e')", "1"},
         {"trino_hamming_distance('ab', 'a')", "INVALID_FUNCTION_ARGUMENT"},
         {"trino_lpad('é', 3::BIGINT, 'xy')", "xyé"},
         {"trino_lpad('a', 3::BIGINT, '')", "INVALID_FUNCTION_ARGUMENT"},
         {"trino_rpad('\\x01'::BLOB, 3::BIGINT, '\\xAB'::BLOB)", "\\x01\\xAB\\xAB"},
         {"trino_replace('ab', '', '-')", "-a-b-"},
         {"trino_translate('abcd', 'abc', 'xy')", "xyd"},
         {"trino_strpos('high-high', 'h', -1::BIGINT)", "9"},
         {"trino_split('a,b,c', ',', 2::BIGINT)", "[a, 'b,c']"},
         {"trino_split('a', '')", "INVALID_FUNCTION_ARGUMENT"},
         {"trino_split_part('a,b', ',', 3::BIGINT)", "NULL"},
         {"trino_soundex('Ashcraft')", "A261"},
         {"trino_word_stem('flies')", "fli"},
         {"trino_word_stem('x', 'zz')", "INVALID_FUNCTION_ARGUMENT"},
         {"trino_normalize('é', 'NFD') = 'é'", "false"},
         {"trino_format_number(123456e0)", "123K"},
         {"trino_from_utf8('\\x61\\xFF'::BLOB, '?')", "a?"}});
}

TEST_F(FunctionsTest, RegularExpressions) {
  Check({{"trino_regexp_extract('b', '(a)?b', 1::BIGINT)", "NULL"},
         {"trino_regexp_extract('b', '(a)?b', 2::BIGINT)", "INVALID_FUNCTION_ARGUMENT"},
         {"trino_regexp_replace('a1', '(?<l>[a-z])', '${l}${l}')", "aa1"},
         {"trino_regexp_replace('abc', '(b)', '$2')", "INVALID_FUNCTION_ARGUMENT"},
         {"trino_regexp_replace('abc', 'b', '\\$')", "a$c"},
         {"trino_regexp_count('abc', '')", "4"},
         {"trino_regexp_position('ñ1', '\\d')", "2"},
         {"trino_regexp_like('a', '(?=a)')", "NOT_SUPPORTED"},
         {"trino_regexp_like('a', '(')", "INVALID_FUNCTION_ARGUMENT"}});
}

TEST_F(FunctionsTest, Urls) {
  Check({{"trino_url_host('https://u:p@ex.org:8080/')", "ex.org"},
         {"trino_url_host('not a url')", "NULL"},
         {"trino_url_port('http://ex.org/')", "NULL"},
         {"trino_url_path('http://ex.org/a%20b')", "/a b"},
         {"trino_url_parameter('http://ex.org/?k=v&x=1&k=w', 'k')", "v"},
         {"trino_url_encode('a b~')", "a+b%7E"},
         {"trino_url_decode('%zz')", "INVALID_FUNCTION_ARGUMENT"}});
}

TEST_F(FunctionsTest, Bytes) {
  Check({{"hex(trino_xxhash64(''::BLOB))", "EF46DB3751D8E999"},
         {"hex(trino_murmur3(''::BLOB))", "00000000000000000000000000000000"},
         {"hex(trino_checksum_bytes(trino_checksum_term(NULL::BIGINT)::HUGEINT))", "87CAEB85B179379E"},
         {"trino_checksum_term(0e0) = trino_checksum_term(-0e0)", "true"},
         {"trino_checksum_term('ab') = trino_checksum_term('ab'::BLOB)", "true"},
         {"trino_crc32('abc'::BLOB)", "891568578"},
         {"trino_from_base64('YWJj')", "abc"},
         {"trino_from_base64('Y')", "INVALID_FUNCTION_ARGUMENT"},
         {"trino_from_hex('6')", "INVALID_FUNCTION_ARGUMENT"},
         {"trino_to_base32('a'::BLOB)", "ME======"},
         {"trino_from_big_endian_32('\\x00'::BLOB)", "INVALID_FUNCTION_ARGUMENT"}});
}

TEST_F(FunctionsTest, JsonKeepsNumbersAsWritten) {
  Check({{"trino_json_parse('{\"b\": 1, \"a\": 1.50, \"b\": 2}')", "{\"a\":1.50,\"b\":2}"},
         {"trino_json_parse('1e2')", "1E+2"},
         {"trino_json_parse('x')", "INVALID_FUNCTION_ARGUMENT"},
         {"trino_json_extract_scalar('{\"a\": 1.50}', '$.a')", "1.50"},
         {"trino_json_extract_scalar('{\"a\": [1]}', '$.a')", "NULL"},
         {"trino_json_extract('not json', '$.a')", "NULL"},
         {"trino_json_extract('{}', '$..a')", "INVALID_FUNCTION_ARGUMENT"},
         {"trino_json_extract('{\"a\\u00e9\": 7}', '$[\"aé\"]')", "7"},
         {"trino_json_array_get('[1, \"a\"]', -1::BIGINT)", "a"},
         {"trino_json_array_length('{}')", "NULL"},
         {"trino_json_size('{\"a\": {\"x\": 1, \"y\": 2}}', '$.a')", "2"}});
}

TEST_F(FunctionsTest, MapsOfEntries) {
  Check({{"trino_map_of_first([{'key': 1, 'value': 'a'}, {'key': 1, 'value': 'b'}])", "{1=a}"},
         {"trino_map_of_last([{'key': 1, 'value': 'a'}, {'key': 1, 'value': 'b'}])", "{1=b}"},
         {"trino_multimap_from_entries([{'key': 1, 'value': 'a'}, {'key': 2, 'value': 'x'}, {'key': 1, 'value': 'b'}])",
          "{1=[a, b], 2=[x]}"},
         {"trino_histogram(['a', 'b', 'a'])", "{a=2, b=1}"},
         {"trino_map_of_first([{'key': NULL::INTEGER, 'value': 1}])", "INVALID_FUNCTION_ARGUMENT"},
         {"trino_combinations([1, 2, 3], 2)", "[[1, 2], [1, 3], [2, 3]]"},
         {"trino_combinations([1], 6)", "INVALID_FUNCTION_ARGUMENT"}});
}

TEST_F(FunctionsTest, ManyRowsAtOnce) {
  EXPECT_EQ(Eval("(SELECT sum(cardinality(m)) FROM (SELECT trino_map_of_first(list({'key': i % 7, 'value': i})) AS m "
                 "FROM range(100000) t(i) GROUP BY i % 1000))"),
            "7000");
}

TEST_F(FunctionsTest, IsoDates) {
  Check({{"trino_from_iso8601_date('2020-W10-3')", "2020-03-04"},
         {"trino_from_iso8601_date('2020-060')", "2020-02-29"},
         {"trino_from_iso8601_date('2020-02')", "2020-02-01"},
         {"trino_from_iso8601_date('2020-13')", "INVALID_FUNCTION_ARGUMENT"},
         {"trino_from_iso8601_timestamp('2020-01-31T24:00:00')", "INVALID_FUNCTION_ARGUMENT"},
         {"(SELECT trino_date_add(u, 1, DATE '2020-01-31') FROM (VALUES ('month'), (NULL)) t(u) WHERE u IS NOT NULL)",
          "2020-02-29"},
         {"trino_month_sequence(DATE '2020-01-31', DATE '2020-03-31', 1)",
          "['2020-01-31 00:00:00', '2020-02-29 00:00:00', '2020-03-31 00:00:00']"}});
}

}  // namespace
}  // namespace tarn::engine
