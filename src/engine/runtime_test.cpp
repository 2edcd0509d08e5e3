// The trino_* functions: values, types and errors, alone and inside TRY.
#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

#include "engine/database.h"

namespace tarn::engine {
namespace {

class RuntimeTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    database_ = Database::Open({.threads = 2}).value().release();
    session_ = database_->Connect().value().release();
  }
  static void TearDownTestSuite() {
    delete session_;
    delete database_;
  }

  // "value type" of an expression, or "CODE" of its error.
  static std::string Eval(const std::string& expression) {
    const auto rows = session_->Rows("SELECT v, trino_typeof(v) FROM (SELECT " + expression + " AS v)");
    if (!rows) return rows.error().code.empty() ? rows.error().message : rows.error().code;
    const auto& row = rows->front();
    return row[0].value_or("NULL") + " " + row[1].value_or("NULL");
  }
  static void Check(const std::vector<std::pair<std::string, std::string>>& cases) {
    for (const auto& [expression, expected] : cases) EXPECT_EQ(Eval(expression), expected) << expression;
  }

  static Database* database_;
  static Session* session_;
};
Database* RuntimeTest::database_ = nullptr;
Session* RuntimeTest::session_ = nullptr;

TEST_F(RuntimeTest, IntegerArithmetic) {
  Check({{"trino_div(5, 2)", "2 integer"},
         {"trino_div(-7, 2)", "-3 integer"},
         {"trino_div(7::TINYINT, 2::BIGINT)", "3 bigint"},
         {"trino_div(1, 0)", "DIVISION_BY_ZERO"},
         {"trino_mod(7, -2)", "1 integer"},
         {"trino_mod(1, 0)", "DIVISION_BY_ZERO"},
         {"trino_add(127::TINYINT, 1::TINYINT)", "NUMERIC_VALUE_OUT_OF_RANGE"},
         {"trino_add(9223372036854775807, 1)", "NUMERIC_VALUE_OUT_OF_RANGE"},
         {"trino_mul(2147483647, 2)", "NUMERIC_VALUE_OUT_OF_RANGE"},
         {"trino_sub(1, NULL)", "NULL integer"},
         {"trino_neg(5)", "-5 integer"},
         {"trino_div(NULL::INTEGER, 0)", "NULL integer"}});
}

TEST_F(RuntimeTest, JsonPathsLaxAndStrict) {
  const auto query = [](const std::string& json, const std::string& path) {
    return "trino_json_query('" + json + "', '" + path + "', 'unconditional keep null null')";
  };
  const std::string nested = R"({"a":[{"b":1},{"b":"x"},{"c":null}]})";
  Check({{query(nested, "lax $.a.b"), "[1,\"x\"] varchar"},
         {query(nested, "strict $.a.b"), "NULL varchar"},
         {query(nested, "strict $.a[*].b"), "NULL varchar"},
         {query(nested, "strict $.a[0 to 1].b"), "[1,\"x\"] varchar"},
         {query(nested, "lax $.a[last].c"), "[null] varchar"},
         {query(nested, "lax $.a[last - 1].b"), "[\"x\"] varchar"},
         {query(nested, "lax $.a ? (@.b == 1)"), "[{\"b\":1}] varchar"},
         {query(nested, "lax $.a ? (!(@.b > 0))"), "[{\"c\":null}] varchar"},
         {query(nested, "lax $.a ? ((@.b > 0) is unknown)"), "[{\"b\":\"x\"}] varchar"},
         {query(nested, "lax $.a ? (@.b like_regex \"^x\" || exists(@.c))"), "[{\"b\":\"x\"},{\"c\":null}] varchar"},
         {query(nested, "lax $..b"), "[1,\"x\"] varchar"},
         {query(nested, "lax $.a.size()"), "[3] varchar"},
         {query(nested, "strict $.size()"), "NULL varchar"},
         {query(nested, "lax $.a[9]"), "NULL varchar"},
         {query("[1,2.5,-3]", "lax $.abs()"), "[1,2.5,3] varchar"},
         {query("[1,2.5,-3]", "lax -$[1] + 1"), "[-1.5] varchar"},
         {query("[1,2]", "lax $ + 1"), "NULL varchar"},
         {query("[7,0]", "lax $[0] / $[1]"), "NULL varchar"},
         {query("[7]", "lax $[0] + 1.5"), "NOT_SUPPORTED"},
         {query("[12345678901234567890]", "lax $"), "NOT_SUPPORTED"},
         {query(R"({"a":1,"a":2})", "lax $.a"), "[2] varchar"},
         {query(R"(["\u00e9\ud83d\ude00"])", "lax $"), "[[\"\u00e9\\uD83D\\uDE00\"]] varchar"}});
}

TEST_F(RuntimeTest, JsonPathAnswers) {
  Check({{"trino_json_exists('[]', 'strict $.a', 'unknown')", "NULL boolean"},
         {"trino_json_exists('[]', 'strict $.a', 'error')", "PATH_EVALUATION_ERROR"},
         {"trino_json_exists('{', 'lax $.a', 'error')", "JSON_INPUT_CONVERSION_ERROR"},
         {"trino_json_exists('{}', 'lax $.a', 'false')", "false boolean"},
         {"trino_json_exists(NULL, 'lax $.a', 'true')", "NULL boolean"},
         {"trino_json_exists('\"k\"'::BLOB, 'lax $ ? (@ == $v)', 'false', 'vv', 'k')", "true boolean"},
         {"trino_json_exists(1, 'lax $', 'true')", "TYPE_MISMATCH"},
         {"trino_json_exists('1', 'lax $', 'true', 'vd', DATE '2020-01-01')", "NOT_SUPPORTED"},
         {"trino_json_query('[1]', 'lax $v', 'none keep null error', 'jv', '{\"x\": [ 1 ]}')", "{\"x\":[1]} varchar"},
         {"trino_json_query('\"a\"', 'lax $', 'none omit null null')", "a varchar"},
         {"trino_json_query('[]', 'lax $.a', 'none keep array null')", "[] varchar"},
         {"trino_json_query('[1,2]', 'lax $[*]', 'none keep null object')", "{} varchar"},
         {"trino_json_value('[1.5]', 'lax $[0]', 'text null null')", "1.5E0 varchar"},
         {"trino_json_value('[2.5]', 'lax $[0]', 'integer null null')", "3 varchar"},
         {"trino_json_value('[true]', 'lax $[0]', 'integer null null')", "1 varchar"},
         {"trino_json_value('[1]', 'lax $[0]', 'char null null')", "NULL varchar"},
         {"trino_json_value('[1]', 'lax $', 'text null error')", "JSON_VALUE_RESULT_ERROR"},
         {"trino_json_value('{}', 'lax $.a', 'text default null')", "e varchar"},
         {"trino_json_value('{', 'lax $.a', 'text null default')", "x varchar"},
         {"trino_json_value('[1]', 'lax $[0]', 'text null default')", "v1 varchar"}});
}

TEST_F(RuntimeTest, JsonIsBuilt) {
  Check({{"trino_json_array('a-vvv', 1, NULL, 'x\"')", "[1,\"x\\\"\"] varchar"},
         {"trino_json_array('n-vj', NULL, '[ 1 ]')", "[null,[1]] varchar"},
         {"trino_json_array('n-j', '[')", "JSON_INPUT_CONVERSION_ERROR"},
         {"trino_json_array('n-')", "[] varchar"},
         {"trino_json_array('n-v', [1])", "NOT_SUPPORTED"},
         {"trino_json_array('n-vv', DATE '2020-01-01', 1.50)", "[\"2020-01-01\",1.50] varchar"},
         {"trino_json_object('n-vvv', 'd', 1e0, 'r', 2, 'n', NULL)",
          "{\"r\":2,\"d\":1.0,\"n\":null} varchar"},  // as Java's HashMap orders them
         {"trino_json_object('a-vv', 'a', 1, 'b', NULL)", "{\"a\":1} varchar"},
         {"trino_json_object('n-vv', 'a', 1, 'a', 2)", "NOT_SUPPORTED"},
         {"trino_json_object('nuvv', 'a', 1, 'a', 2)", "INVALID_FUNCTION_ARGUMENT"}});
}

TEST_F(RuntimeTest, DecimalArithmetic) {
  Check({{"trino_div(2::DECIMAL(1,0), 3::DECIMAL(1,0))", "0.666667 decimal(7,6)"},
         {"trino_div(5.00::DECIMAL(3,2), 2)", "2.5000000000000 decimal(14,13)"},
         {"trino_div(1.0::DECIMAL(2,1), 8)", "0.125000000000 decimal(13,12)"},
         {"trino_div(1.0::DECIMAL(2,1), 3)", "0.333333333333 decimal(13,12)"},
         {"trino_div(100.0::DECIMAL(4,1), 7.00::DECIMAL(3,2))", "14.285714 decimal(11,6)"},
         {"trino_div(-2::DECIMAL(1,0), 3::DECIMAL(1,0))", "-0.666667 decimal(7,6)"},
         {"trino_div(1234567890123456789012345678.0123456789::DECIMAL(38,10), 123456789012345678::DECIMAL(18,0))",
          "10000000000.0000000730 decimal(38,10)"},
         {"trino_div(1.5::DECIMAL(2,1), 0)", "DIVISION_BY_ZERO"},
         {"trino_mod(5.5::DECIMAL(2,1), 2.0::DECIMAL(2,1))", "1.5 decimal(2,1)"},
         {"trino_mod(-5.5::DECIMAL(2,1), 2.00::DECIMAL(3,2))", "-1.50 decimal(3,2)"},
         {"trino_add(1.5::DECIMAL(2,1), 1)", "2.5 decimal(12,1)"},
         {"trino_mul(1.5::DECIMAL(2,1), 1.25::DECIMAL(3,2))", "1.875 decimal(5,3)"}});
}

TEST_F(RuntimeTest, LongDecimals) {
  Check({{"trino_mul(123456789012345678::DECIMAL(18,0), 123456789012345678::DECIMAL(18,0))",
          "15241578753238836527968299765279684 decimal(36,0)"},
         {"trino_mul(123456789012345678::DECIMAL(18,0), 7::TINYINT)", "864197523086419746 decimal(21,0)"},
         {"trino_mul(0.0000005::DECIMAL(38,7), -1::DECIMAL(38,0))", "-0.000001 decimal(38,6)"},
         {"trino_mul(9e27::DECIMAL(38,10), 1e11::DECIMAL(38,10))", "NUMERIC_VALUE_OUT_OF_RANGE"},
         {"trino_add(0.5::DECIMAL(38,1), 1::DECIMAL(38,0))", "2 decimal(38,0)"},
         {"trino_sub(0.25::DECIMAL(38,2), 0.3::DECIMAL(38,1))", "-0.1 decimal(38,1)"},
         {"trino_add(-0.5::DECIMAL(38,1), -1::DECIMAL(38,0))", "-2 decimal(38,0)"},
         {"trino_add(-0.01::DECIMAL(2,2), 123456789012345678::DECIMAL(18,0))", "123456789012345677.99 decimal(21,2)"},
         {"trino_sub(123456789012345678::DECIMAL(18,0), 7::TINYINT)", "123456789012345671 decimal(19,0)"},
         {"trino_cast_integer(123456789012345678::DECIMAL(18,0))", "NUMERIC_VALUE_OUT_OF_RANGE"},
         {"trino_cast_integer(-2.5::DECIMAL(2,1))", "-3 integer"}});
}

TEST_F(RuntimeTest, ZonesOfInstants) {
  const std::string text = "trino_zoned_text(trino_local_to_instant(TIMESTAMP '";
  Check({{text + "2020-10-25 02:30:00', 'Europe/Paris', TRUE), 0, 'UTC')", "2020-10-25 00:30:00 UTC varchar"},
         {text + "2020-03-29 02:30:00', 'Europe/Paris', FALSE), 3, 'Europe/Paris')",
          "2020-03-29 03:30:00.000 Europe/Paris varchar"},
         {text + "2020-03-29 02:30:00', 'Europe/Paris', TRUE), 0, 'UTC')", "INVALID_LITERAL"},
         {text + "2020-01-01 00:00:00', '+05:45', FALSE), 0, '-09:30')", "2019-12-31 08:45:00 -09:30 varchar"},
         {text + "2020-01-01 00:00:00', 'No/Where', FALSE), 0, 'UTC')", "INVALID_FUNCTION_ARGUMENT"},
         {"trino_instant_to_local(TIMESTAMPTZ '2020-07-01 12:00:00+00', 'Asia/Kathmandu')",
          "2020-07-01 17:45:00 timestamp(6)"},
         {"trino_add(TIMESTAMP_NS '2020-02-29 10:20:30.999999999', INTERVAL 1 DAY)",
          "2020-03-01 10:20:30.999999999 timestamp(9)"}});
}

TEST_F(RuntimeTest, FloatingArithmetic) {
  Check({{"trino_div(1e0, 0)", "inf double"},
         {"trino_div(7::FLOAT, 2)", "3.5 real"},
         {"trino_div(1e0, 4)", "0.25 double"},
         {"trino_mod(5.5e0, 2)", "1.5 double"}});
}

TEST_F(RuntimeTest, DatesAndIntervals) {
  Check({{"trino_add(DATE '1994-01-01', INTERVAL 1 YEAR)", "1995-01-01 date"},
         {"trino_add(INTERVAL 1 MONTH, DATE '2020-01-31')", "2020-02-29 date"},
         {"trino_sub(DATE '2012-08-08', INTERVAL 2 DAY)", "2012-08-06 date"},
         {"trino_add(DATE '2012-08-08', INTERVAL 2 HOUR)", "INVALID_FUNCTION_ARGUMENT"},
         {"trino_sub(DATE '2020-01-03', DATE '2020-01-01')", "2 days interval day to second"},
         {"trino_add(TIMESTAMP '2020-01-01 00:00:00', INTERVAL 90 MINUTE)", "2020-01-01 01:30:00 timestamp(6)"},
         {"trino_mul(to_days(2), 3)", "6 days interval day to second"},
         {"trino_mul(1.5e0, to_months(14))", "1 year 9 months interval day to second"},
         {"trino_date_add('month', 1, DATE '2020-01-31')", "2020-02-29 date"},
         {"trino_date_add('hour', 1, DATE '2020-01-31')", "INVALID_FUNCTION_ARGUMENT"},
         {"trino_date_add('millisecond', 1500, TIMESTAMP '2020-01-01 00:00:00')", "2020-01-01 00:00:01.5 timestamp(6)"},
         {"trino_date_diff('day', TIMESTAMP '2020-03-01 23:00:00', TIMESTAMP '2020-03-02 01:00:00')", "0 bigint"},
         {"trino_date_diff('month', DATE '2020-01-31', DATE '2020-02-29')", "1 bigint"},
         {"trino_date_trunc('month', DATE '2020-02-15')", "2020-02-01 date"},
         {"trino_date_trunc('hour', TIMESTAMP '2020-02-15 10:20:30')", "2020-02-15 10:00:00 timestamp(6)"},
         {"trino_date_trunc('hour', TIME '10:20:30')", "10:00:00 time(6)"},
         {"trino_extract('dow', DATE '2020-03-01')", "7 bigint"},
         {"trino_extract('year_of_week', DATE '2019-12-30')", "2020 bigint"},
         {"trino_extract('millisecond', TIMESTAMP '2020-01-01 00:00:05.678')", "678 bigint"},
         {"trino_extract('hour', DATE '2020-01-01')", "TYPE_MISMATCH"},
         {"trino_to_iso8601(TIMESTAMP '2020-05-11 11:15:05.123', 3)", "2020-05-11T11:15:05.123 varchar"},
         {"trino_to_iso8601(TIMESTAMPTZ '2020-05-11 11:15:05.123+00', 3)", "2020-05-11T11:15:05.123Z varchar"},
         {"trino_date_format(TIMESTAMP '2020-03-04 05:06:07', '%Y-%m-%d %H:%i:%s 100%%')",
          "2020-03-04 05:06:07 100% varchar"},
         {"trino_date_format(TIMESTAMP '2020-03-04 05:06:07', '%D')", "INVALID_FUNCTION_ARGUMENT"},
         {"trino_date_parse('2020-03-04 05:06', '%Y-%m-%d %H:%i')", "2020-03-04 05:06:00 timestamp(6)"},
         {"trino_format_datetime(DATE '2020-03-04', 'yyyy''y'' MMM d')", "2020y Mar 4 varchar"},
         {"trino_from_unixtime(1.5e0)", "1970-01-01 00:00:01.5+00 timestamp(6) with time zone"}});
}

TEST_F(RuntimeTest, CastsToNumbers) {
  Check({{"trino_cast_integer(' 12 ')", "12 integer"},
         {"trino_cast_integer('1e3')", "INVALID_CAST_ARGUMENT"},
         {"trino_cast_integer('')", "INVALID_CAST_ARGUMENT"},
         {"trino_cast_tinyint('-128')", "-128 tinyint"},
         {"trino_cast_integer(2.5e0)", "3 integer"},
         {"trino_cast_integer(-2.5::DECIMAL(2,1))", "-3 integer"},
         {"trino_cast_integer('nan'::DOUBLE)", "INVALID_CAST_ARGUMENT"},
         {"trino_cast_bigint('inf'::DOUBLE)", "NUMERIC_VALUE_OUT_OF_RANGE"},
         {"trino_cast_bigint(9223372036854775807e0)", "NUMERIC_VALUE_OUT_OF_RANGE"},
         {"trino_cast_tinyint(300)", "NUMERIC_VALUE_OUT_OF_RANGE"},
         {"trino_cast_bigint(true)", "1 bigint"},
         {"trino_cast_integer('12.7'::JSON)", "13 integer"},
         {"trino_cast_integer('{}'::JSON)", "INVALID_CAST_ARGUMENT"},
         {"trino_cast_bigint(DATE '2020-01-01')", "TYPE_MISMATCH"},
         {"trino_cast_double(' 1.5 ')", "1.5 double"},
         {"trino_cast_double('5.')", "5.0 double"},
         {"trino_cast_double('+Infinity')", "inf double"},
         {"trino_cast_double('1e')", "INVALID_CAST_ARGUMENT"},
         {"trino_cast_real(-1e300)", "-inf real"},
         {"trino_cast_decimal('1.255', 5, 2)", "1.26 decimal(5,2)"},
         {"trino_cast_decimal(' 1', 5, 2)", "INVALID_CAST_ARGUMENT"},
         {"trino_cast_decimal(123456, 5, 2)", "NUMERIC_VALUE_OUT_OF_RANGE"},
         {"trino_cast_decimal(1, 5, 6)", "INVALID_FUNCTION_ARGUMENT"},
         {"trino_cast_boolean('T')", "true boolean"},
         {"trino_cast_boolean('yes')", "INVALID_CAST_ARGUMENT"},
         {"trino_cast_boolean(0.5e0)", "true boolean"},
         {"trino_cast_sum(9223372036854775807::HUGEINT)", "9223372036854775807 bigint"},
         {"trino_cast_sum(9223372036854775808::HUGEINT)", "NUMERIC_VALUE_OUT_OF_RANGE"},
         {"trino_cast_integer(NULL)", "NULL integer"}});
}

TEST_F(RuntimeTest, CastsToTimes) {
  Check({{"trino_cast_date('2020-2-9')", "2020-02-09 date"},
         {"trino_cast_date('2020')", "INVALID_CAST_ARGUMENT"},
         {"trino_cast_date('2020-02-30')", "INVALID_CAST_ARGUMENT"},
         {"trino_cast_date(TIMESTAMP '1969-12-31 23:59:59.999')", "1969-12-31 date"},
         {"trino_cast_date(1)", "TYPE_MISMATCH"},
         {"trino_cast_timestamp('2020-01-01 00:00:00.1236', 3)", "2020-01-01 00:00:00.124 timestamp(6)"},
         {"trino_cast_timestamp(DATE '2020-01-01', 3)", "2020-01-01 00:00:00 timestamp(6)"},
         {"trino_cast_timestamp('x', 3)", "INVALID_CAST_ARGUMENT"},
         {"trino_cast_timestamptz('2020-01-01 10:00:00 +05:30', 3)",
          "2020-01-01 04:30:00+00 timestamp(6) with time zone"},
         {"trino_cast_time('10:20:30.1239', 3)", "10:20:30.124 time(6)"}});
}

TEST_F(RuntimeTest, CastsToText) {
  Check({{"trino_cast_varchar(1e0)", "1.0E0 varchar"},
         {"trino_cast_varchar(669.74e0)", "6.6974E2 varchar"},
         {"trino_cast_varchar('nan'::DOUBLE)", "NaN varchar"},
         {"trino_cast_varchar(true)", "true varchar"},
         {"trino_cast_varchar(1.50::DECIMAL(3,2))", "1.50 varchar"},
         {"trino_cast_varchar(TIMESTAMP '2020-01-01 01:02:03')", "2020-01-01 01:02:03 varchar"},
         {"trino_cast_varchar(TIMESTAMP '2020-01-01 01:02:03.120')", "2020-01-01 01:02:03.120 varchar"},
         {"trino_cast_varchar(TIMESTAMPTZ '2020-01-01 01:02:03+00')", "2020-01-01 01:02:03 UTC varchar"},
         {"trino_cast_varchar('\"x\"'::JSON)", "x varchar"},
         {"trino_cast_varchar('[1]'::JSON)", "INVALID_CAST_ARGUMENT"},
         {"trino_cast_varchar('a'::BLOB)", "TYPE_MISMATCH"},
         {"trino_cast_varchar_n('abcdef', 3)", "abc varchar"},
         {"trino_cast_varchar_n(1234, 3)", "INVALID_CAST_ARGUMENT"},
         {"trino_cast_varchar_n(123, 3)", "123 varchar"},
         {"trino_char('ab  c', 4)", "ab varchar"},
         {"trino_cast_json('x\"')", "\"x\\\"\" json"},
         {"trino_cast_json(-1e300)", "-1.0E300 json"},
         {"trino_cast_json([1, NULL])", "[1,null] json"},
         {"trino_cast_json({'p': 1, 'q': DATE '2020-01-01'})", "{\"p\":1,\"q\":\"2020-01-01\"} json"},
         {"trino_cast_json(NULL::INTEGER)", "NULL json"},
         {"trino_typeof(NULL)", "unknown varchar"},
         {"trino_typeof(MAP {'a': [1.5]})", "map(varchar,array(decimal(2,1))) varchar"}});
}

TEST_F(RuntimeTest, Rounding) {
  Check({{"trino_round(2.5e0)", "3.0 double"},
         {"trino_round(-2.5e0)", "-3.0 double"},
         {"trino_round(1.255::DECIMAL(4,3), 2)", "1.260 decimal(5,3)"},
         {"trino_round(9.5::DECIMAL(2,1))", "10 decimal(2,0)"},
         {"trino_round(-9.5::DECIMAL(2,1))", "-10 decimal(2,0)"},
         {"trino_round(155, -1)", "160 integer"},
         {"trino_truncate(1.259::DECIMAL(4,3), 2)", "1.250 decimal(4,3)"},
         {"trino_truncate(-1.9e0)", "-1.0 double"},
         {"trino_ceiling(-7.25::DECIMAL(3,2))", "-7 decimal(2,0)"},
         {"trino_floor(-0.50::DECIMAL(2,2))", "-1 decimal(1,0)"},
         {"trino_ceiling(5)", "5 integer"},
         {"trino_sign(-5.5::DECIMAL(2,1))", "-1 decimal(1,0)"},
         {"trino_ln(0)", "-inf double"},
         {"trino_sqrt(-1)", "nan double"},
         {"trino_greatest(1, 2, 3)", "3 integer"},
         {"trino_least(1, NULL)", "NULL integer"},
         {"trino_to_base(255, 16)", "ff varchar"},
         {"trino_from_base('ff', 16)", "255 bigint"},
         {"trino_from_base('z', 16)", "INVALID_FUNCTION_ARGUMENT"},
         {"trino_width_bucket(5e0, 0e0, 10e0, 4)", "3 bigint"}});
}

TEST_F(RuntimeTest, Texts) {
  Check({{"trino_length('aü☃')", "3 bigint"},
         {"trino_length('\\xFF\\x00'::BLOB)", "2 bigint"},
         {"trino_substr('hello', 0)", " varchar"},
         {"trino_substr('hello', -3, 2)", "ll varchar"},
         {"trino_substr('hello', -9)", " varchar"},
         {"trino_substr('aü☃x', 2, 2)", "ü☃ varchar"},
         {"trino_substr('hello', 2, 9223372036854775807)", "ello varchar"},
         {"trino_reverse('abc')", "cba varchar"},
         {"trino_reverse('ae' || chr(769) || chr(128512))",
          "\xF0\x9F\x98\x80\xCC\x81"
          "ea varchar"},
         {"trino_reverse([1, 2])", "[2, 1] array(integer)"},
         {"trino_reverse(CAST([] AS INTEGER[]))", "[] array(integer)"},
         {"trino_array_eq(NULL::INTEGER[], NULL::INTEGER[])", "NULL boolean"},
         {"trino_concat('a', NULL)", "NULL varchar"},
         {"trino_concat('a', 'b')", "ab varchar"},
         {"trino_concat([1], 2)", "[1, 2] array(integer)"},
         {"trino_concat(2, [1])", "[2, 1] array(integer)"},
         {"trino_concat([1], [2])", "[1, 2] array(integer)"},
         {"trino_split('a,b,c', ',', 2)", "[a, 'b,c'] array(varchar)"},
         {"trino_split_part('a,b,c', ',', 5)", "NULL varchar"},
         {"trino_split_part('a,b,c', ',', 0)", "INVALID_FUNCTION_ARGUMENT"},
         {"trino_strpos('high-high', 'h', 2)", "4 bigint"},
         {"trino_strpos('high-high', 'h', -1)", "9 bigint"},
         {"trino_title_case('hello wORLD')", "Hello World varchar"},
         {"trino_concat_ws('-', 'a', NULL, 'b')", "a-b varchar"},
         {"trino_concat_ws('-', ['a', 'b'])", "a-b varchar"},
         {"trino_from_utf8('a\\xFFb'::BLOB)",
          "a\xEF\xBF\xBD"
          "b varchar"},
         {"trino_format_number(123456)", "123K varchar"},
         {"trino_regexp_like('1a 2b 14m', '\\d+b')", "true boolean"},
         {"trino_regexp_extract('abc', '\\d+')", "NULL varchar"},
         {"trino_regexp_extract('1a 2b', '(\\d)([a-z])', 2)", "a varchar"},
         {"trino_regexp_replace('1a 2b 14m', '(\\d+)([ab]) ', '3c$2 ')", "3ca 3cb 14m varchar"},
         {"trino_regexp_replace('1a 2b', '\\d')", "a b varchar"},
         {"trino_regexp_count('1a 2b 14m', '\\d+')", "3 bigint"}});
}

TEST_F(RuntimeTest, ArraysMapsAndRows) {
  Check({{"trino_subscript([1, 2, 3], 3)", "3 integer"},
         {"trino_subscript([1, 2, 3], 5)", "INVALID_FUNCTION_ARGUMENT"},
         {"trino_subscript([1], 0)", "INVALID_FUNCTION_ARGUMENT"},
         {"trino_subscript(MAP {'a': 1}, 'a')", "1 integer"},
         {"trino_subscript(MAP {'a': 1}, 'z')", "INVALID_FUNCTION_ARGUMENT"},
         {"trino_subscript(MAP {'a': NULL::INTEGER}, 'a')", "NULL integer"},
         {"trino_subscript(row(1, 'x'), 2)", "x varchar"},
         {"trino_element_at([1, 2], -1)", "2 integer"},
         {"trino_element_at([1, 2], 5)", "NULL integer"},
         {"trino_element_at([1, 2], 0)", "INVALID_FUNCTION_ARGUMENT"},
         {"trino_element_at(MAP {'a': 1}, 'z')", "NULL integer"},
         {"trino_cardinality([1, NULL])", "2 bigint"},
         {"trino_cardinality(MAP {'a': 1})", "1 bigint"},
         {"trino_contains([1, NULL], 2)", "NULL boolean"},
         {"trino_contains([1, 2], 2)", "true boolean"},
         {"trino_contains([1, 2], 3)", "false boolean"},
         {"trino_array_distinct([2, NULL, 1, 2, NULL])", "[2, NULL, 1] array(integer)"},
         {"trino_array_max([1, NULL])", "NULL integer"},
         {"trino_array_position([1, 2], 5)", "0 bigint"},
         {"trino_array_remove([1, 2, 1], 1)", "[2] array(integer)"},
         {"trino_array_union([1, 2], [2, 3])", "[1, 2, 3] array(integer)"},
         {"trino_array_intersect([1, 2, 2], [2, 3])", "[2] array(integer)"},
         {"trino_array_except([1, 2, 2], [1])", "[2] array(integer)"},
         {"trino_arrays_overlap([1, 2], [2])", "true boolean"},
         {"trino_array_join([1, NULL, 3], ',')", "1,3 varchar"},
         {"trino_array_join([1, NULL], ',', 'x')", "1,x varchar"},
         {"trino_list_any([false, NULL])", "NULL boolean"},
         {"trino_list_all([]::BOOLEAN[])", "true boolean"},
         {"trino_sequence(3, 1)", "[3, 2, 1] array(bigint)"},
         {"trino_sequence(DATE '2020-01-01', DATE '2020-01-03')", "[2020-01-01, 2020-01-02, 2020-01-03] array(date)"},
         {"trino_sequence(5, 1, -2)", "[5, 3, 1] array(bigint)"},
         {"trino_sequence(1, NULL, 1)", "NULL array(bigint)"},
         {"trino_rpad('ab', 4, 'x')", "abxx varchar"},
         {"trino_lpad('ab', 1, 'x')", "a varchar"},
         {"trino_repeat('a', 2)", "[a, a] array(varchar)"},
         {"trino_slice([1, 2, 3, 4], -2, 2)", "[3, 4] array(integer)"},
         {"trino_slice([1, 2, 3, 4], 2, 2)", "[2, 3] array(integer)"}});
}

TEST_F(RuntimeTest, Json) {
  Check({{"trino_json_extract('{\"a\": {\"b\": [1, 2]}}', '$.a.b[1]')", "2 json"},
         {"trino_json_extract('bad', '$.a')", "NULL json"},
         {"trino_json_extract_scalar('{\"a\": [1]}', '$.a')", "NULL varchar"},
         {"trino_json_extract_scalar('{\"a\": \"x\"}', '$[\"a\"]')", "x varchar"},
         {"trino_json_extract('{}', '$..a')", "INVALID_FUNCTION_ARGUMENT"},
         {"trino_json_array_get('[1, 2, 3]', -1)", "3 json"},
         {"trino_json_array_contains('[1, 2]', 2)", "true boolean"},
         {"trino_json_array_length('[1, 2]')", "2 bigint"},
         {"trino_json_size('{\"a\": {\"b\": 1, \"c\": 2}}', '$.a')", "2 bigint"},
         {"trino_json_parse('bad')", "INVALID_FUNCTION_ARGUMENT"},
         {"trino_is_json_scalar('1')", "true boolean"}});
}

TEST_F(RuntimeTest, Averages) {
  const auto average = [](const std::string& type) {
    return Eval("(SELECT trino_avg(CAST(x AS " + type + ")) FROM (VALUES (1), (2), (2), (NULL)) t(x))");
  };
  EXPECT_EQ(average("DECIMAL(3,1)"), "1.7 decimal(3,1)");
  EXPECT_EQ(average("DECIMAL(18,2)"), "1.67 decimal(18,2)");
  EXPECT_EQ(average("DECIMAL(38,4)"), "1.6667 decimal(38,4)");
  EXPECT_EQ(average("INTEGER"), "1.6666666666666667 double");
  EXPECT_EQ(average("FLOAT"), "1.6666666 real");
  EXPECT_EQ(Eval("(SELECT trino_avg(x) FROM (VALUES (NULL::DECIMAL(3,1))) t(x))"), "NULL decimal(3,1)");
  EXPECT_EQ(Eval("(SELECT trino_avg(to_days(range::INTEGER)) FROM range(3))"), "1 day interval day to second");
  EXPECT_EQ(Eval("(SELECT max(a) FROM (SELECT trino_avg(x) OVER (ORDER BY x ROWS 1 PRECEDING) AS a "
                 "FROM (VALUES (1.0::DECIMAL(3,1)), (2.0), (4.0)) t(x)))"),
            "3.0 decimal(3,1)");
  EXPECT_EQ(Eval("(SELECT max(a) FROM (SELECT range % 3, trino_avg((range % 100)::DECIMAL(12,2)) AS a FROM "
                 "range(300000) GROUP BY 1))"),
            "49.50 decimal(12,2)");
}

TEST_F(RuntimeTest, TryTurnsErrorsIntoNull) {
  for (const auto* const failing :
       {"trino_div(1, x)", "trino_mod(1, x)", "trino_cast_integer('a' || x)", "trino_subscript([1], x)",
        "trino_div(1.5, x)", "trino_fail('DIVISION_BY_ZERO', 'no' || x)", "trino_element_at([1], x)",
        "trino_cast_tinyint(x + 300)", "trino_split_part('a', ',', x)", "trino_subscript(MAP {'a': 1}, 'k' || x)",
        "trino_json_parse('{' || x)"}) {
    const std::string from = " AS v FROM (SELECT range AS x FROM range(1))";
    const auto rows = session_->Rows("SELECT TRY(" + std::string(failing) + ")" + from);
    ASSERT_TRUE(rows) << failing << ": " << rows.error().message;
    EXPECT_EQ(rows->front()[0], std::nullopt) << failing;
    EXPECT_FALSE(session_->Rows("SELECT " + std::string(failing) + from)) << failing;
  }
  EXPECT_EQ(session_->Rows("SELECT TRY(trino_div(10, x)) FROM (SELECT range AS x FROM range(3))").value()[2][0], "5");
}

TEST_F(RuntimeTest, ErrorsCarryTrinosNameAndText) {
  const auto failed = session_->Rows("SELECT trino_subscript([1, 2, 3], range + 5) FROM range(1)");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, base::ErrorKind::kInvalidArgument);
  EXPECT_EQ(failed.error().message, "Array subscript must be less than or equal to array length: 5 > 3");
  const auto own = session_->Rows("SELECT trino_fail('NOT_SUPPORTED', 'a: b')");
  ASSERT_FALSE(own);
  EXPECT_EQ(own.error().kind, base::ErrorKind::kNotSupported);
  EXPECT_EQ(own.error().message, "a: b");
}

TEST_F(RuntimeTest, ConstantsFoldSoThatScansPrune) {
  ASSERT_TRUE(session_->Execute(
      "CREATE OR REPLACE TABLE d AS SELECT DATE '1994-01-01' + range::INTEGER AS day FROM range(1000)"));
  const auto plan =
      session_->Rows("EXPLAIN SELECT count(*) FROM d WHERE day < trino_add(DATE '1994-01-01', INTERVAL 1 YEAR)");
  ASSERT_TRUE(plan);
  EXPECT_THAT(*plan->front()[1], ::testing::HasSubstr("1995-01-01"));
  EXPECT_THAT(*plan->front()[1], ::testing::Not(::testing::HasSubstr("trino_")));
}

TEST_F(RuntimeTest, VolatileArgumentsAreEvaluatedOnce) {
  const auto rows =
      session_->Rows("SELECT count(*) FROM (SELECT trino_greatest(random(), 0.5) AS v FROM range(1000)) WHERE v < 0.5");
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ(rows->front()[0], "0");
}

}  // namespace
}  // namespace tarn::engine
