#include "engine/encode.h"

#include <gmock/gmock.h>

#include <chrono>
#include <cstdio>

#include "engine/database.h"
#include "engine/duck_engine.h"

namespace tarn::engine {
namespace {

class EncodeTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { engine_ = DuckEngine::Open({.database = {.threads = 2}}).value().release(); }
  static void TearDownTestSuite() { delete engine_; }

  // The rows of `sql`; `type` replaces the type of the first column, as the query layer does.
  static std::string Encode(const std::string& sql, RowFormat format = RowFormat::kCompact,
                            const std::string& type = "", const std::string& zone = "UTC") {
    auto stream = engine_->Run({.sql = sql, .time_zone = zone}, {});
    if (!stream) return stream.error().message;
    auto columns = (*stream)->columns();
    if (!type.empty()) columns[0].type = type;
    RowEncoder encoder(columns, format);
    std::string out;
    for (;;) {
      auto chunk = (*stream)->Next();
      if (!chunk) return chunk.error().message;
      if (!*chunk) return out;
      encoder.Append(**chunk, out);
    }
  }
  // The text of one value.
  static std::string Text(const std::string& expression, const std::string& type = "",
                          const std::string& zone = "UTC") {
    const auto row = Encode("SELECT " + expression, RowFormat::kCompact, type, zone);
    return row.size() < 4 ? row : row.substr(2, row.size() - 4);
  }
  static std::string Typed(const std::string& expression) { return Encode("SELECT " + expression, RowFormat::kTyped); }

  static DuckEngine* engine_;
};
DuckEngine* EncodeTest::engine_ = nullptr;

TEST_F(EncodeTest, Formats) {
  const std::string sql = "SELECT 1 AS a, 'x' AS \"b\"\"\" UNION ALL SELECT NULL, NULL ORDER BY 1";
  EXPECT_EQ(Encode(sql), R"(["1","x"],[null,null])");
  EXPECT_EQ(Encode(sql, RowFormat::kSimple), R"({"a":"1","b\"":"x"},{"a":null,"b\"":null})");
  EXPECT_EQ(Encode(sql, RowFormat::kTyped), R"([1,"x"],[null,null])");
  EXPECT_EQ(Encode("SELECT 1 AS a, NULL AS b", RowFormat::kCellTyped),
            R"([{"name":"a","displayName":"a","dataType":"integer","order":0,"value":"1"},)"
            R"({"name":"b","displayName":"b","dataType":"integer","order":1,"value":null}])");
}

TEST_F(EncodeTest, Numbers) {
  EXPECT_EQ(Text("true"), "true");
  EXPECT_EQ(Text("(-128)::TINYINT"), "-128");
  EXPECT_EQ(Text("(-32768)::SMALLINT"), "-32768");
  EXPECT_EQ(Text("-9223372036854775807 - 1"), "-9223372036854775808");
  EXPECT_EQ(Text("(-170141183460469231731687303715884105727)::HUGEINT"), "-170141183460469231731687303715884105727");
  EXPECT_EQ(Text("18446744073709551615::UBIGINT"), "18446744073709551615");
  EXPECT_EQ(Text("1.50::DECIMAL(3,2)"), "1.50");
  EXPECT_EQ(Text("(-0.05)::DECIMAL(9,2)"), "-0.05");
  EXPECT_EQ(Text("12345678901.5::DECIMAL(18,4)"), "12345678901.5000");
  EXPECT_EQ(Text("(-0.00000000000000000001)::DECIMAL(38,20)"), "-0.00000000000000000001");
  EXPECT_EQ(Text("99999999999999999999999999999999999999::DECIMAL(38,0)"), "99999999999999999999999999999999999999");
  EXPECT_EQ(Text("100::DECIMAL(38,2)"), "100.00");
}

TEST_F(EncodeTest, FloatsAsJava) {
  EXPECT_EQ(Text("12547407.86e0"), "1.254740786E7");
  EXPECT_EQ(Text("669.74e0"), "669.74");
  EXPECT_EQ(Text("1e0"), "1.0");
  EXPECT_EQ(Text("0e0"), "0.0");
  EXPECT_EQ(Text("-0e0 * 1"), "-0.0");
  EXPECT_EQ(Text("0.001e0"), "0.001");
  EXPECT_EQ(Text("0.00012e0"), "1.2E-4");
  EXPECT_EQ(Text("9999999e0"), "9999999.0");
  EXPECT_EQ(Text("1e7"), "1.0E7");
  EXPECT_EQ(Text("1.7976931348623157e308"), "1.7976931348623157E308");
  EXPECT_EQ(Text("0.1::FLOAT"), "0.1");
  EXPECT_EQ(Text("'nan'::DOUBLE"), "NaN");
  EXPECT_EQ(Text("'-inf'::FLOAT"), "-Infinity");
}

TEST_F(EncodeTest, DatesAndTimes) {
  EXPECT_EQ(Text("DATE '1994-02-28'"), "1994-02-28");
  EXPECT_EQ(Text("DATE '1969-12-31'"), "1969-12-31");
  EXPECT_EQ(Text("DATE '0001-01-01'"), "0001-01-01");
  EXPECT_EQ(Text("DATE '12020-03-01'"), "+12020-03-01");
  EXPECT_EQ(Text("'infinity'::DATE"), "infinity");
  EXPECT_EQ(Text("'-infinity'::TIMESTAMP"), "-infinity");
  EXPECT_EQ(Text("TIME '10:11:12.123456'"), "10:11:12.123456");
  EXPECT_EQ(Text("TIME '10:11:12.123456'", "time(3)"), "10:11:12.123");
  EXPECT_EQ(Text("TIMESTAMP '2024-01-01 00:00:00'"), "2024-01-01 00:00:00.000000");
  EXPECT_EQ(Text("TIMESTAMP '1969-12-31 23:59:59.999999'"), "1969-12-31 23:59:59.999999");
  EXPECT_EQ(Text("TIMESTAMP '2024-01-01 00:00:00.5'", "timestamp(3)"), "2024-01-01 00:00:00.500");
  EXPECT_EQ(Text("TIMESTAMP '2024-01-01 00:00:00'", "timestamp(0)"), "2024-01-01 00:00:00");
  EXPECT_EQ(Text("TIMESTAMP_NS '2024-01-01 00:00:00.123456789'"), "2024-01-01 00:00:00.123456789");
  EXPECT_EQ(Text("TIMESTAMP_S '2024-01-01 00:00:01'"), "2024-01-01 00:00:01");
  EXPECT_EQ(Text("TIMESTAMP_MS '2024-01-01 00:00:01.25'"), "2024-01-01 00:00:01.250");
  EXPECT_EQ(Text("TIMESTAMPTZ '2024-01-01 00:00:00+00'"), "2024-01-01 00:00:00.000000 UTC");
  EXPECT_EQ(Text("TIMESTAMPTZ '2024-01-01 00:00:00+00'", "timestamp(3) with time zone", "America/New_York"),
            "2023-12-31 19:00:00.000 America/New_York");
  EXPECT_EQ(Text("INTERVAL 1 DAY + INTERVAL 2 HOUR + INTERVAL 500 MILLISECOND"), "1 02:00:00.500");
  EXPECT_EQ(Text("to_hours(-3)"), "-0 03:00:00.000");
  EXPECT_EQ(Text("to_months(14)", "interval year to month"), "1-2");
  EXPECT_EQ(Text("to_months(-14)", "interval year to month"), "-1-2");
}

TEST_F(EncodeTest, TextsAndBytes) {
  EXPECT_EQ(Text("'plain'"), "plain");
  EXPECT_EQ(Text(R"('a"b\c' || chr(10) || chr(1) || 'ü☃😀')"), R"(a\"b\\c\n\u0001ü☃😀)");
  EXPECT_EQ(Text(R"('\x00\xFF\x10'::BLOB)"), "AP8Q");
  EXPECT_EQ(Text(R"('\x41'::BLOB)"), "QQ==");
  EXPECT_EQ(Text("''::BLOB"), "");
  EXPECT_EQ(Text("'12151fd2-7586-11e9-8f9e-2a86e4085a59'::UUID"), "12151fd2-7586-11e9-8f9e-2a86e4085a59");
  EXPECT_EQ(Text(R"('{"a": [1, null]}'::JSON)"), R"({\"a\": [1, null]})");
  EXPECT_EQ(Text("'b'::ENUM('a', 'b')"), "b");
}

TEST_F(EncodeTest, NestedValuesAreJson) {
  EXPECT_EQ(Text("[1, NULL, 3]"), "[1,null,3]");
  EXPECT_EQ(Text("['a\"', NULL]"), R"([\"a\\\"\",null])");
  EXPECT_EQ(Typed("['a', NULL]"), R"([["a",null]])");
  EXPECT_EQ(Typed("MAP {'k': 1.50::DECIMAL(3,2), 'l': NULL}"), R"([{"k":1.50,"l":null}])");
  EXPECT_EQ(Typed("MAP {1: 2}"), R"([{"1":2}])");
  EXPECT_EQ(Typed("{'a': DATE '2024-01-01', 'b': [[1], []]}"), R"([{"a":"2024-01-01","b":[[1],[]]}])");
  EXPECT_EQ(Typed("row(1, 'x')"), R"([[1,"x"]])");
  EXPECT_EQ(Typed("[{'a': 1e300}, NULL]"), R"([[{"a":1.0E300},null]])");
  EXPECT_EQ(Typed("['nan'::DOUBLE]"), R"([["NaN"]])");
  EXPECT_EQ(Typed("[]::INTEGER[]"), "[[]]");
  EXPECT_EQ(Typed("[1, 2]::INTEGER[2]"), R"(["[1, 2]"])");
  EXPECT_EQ(Encode("SELECT [n, n + 1] FROM (SELECT unnest([1, 2, 3]) AS n) WHERE n <> 2"), R"(["[1,2]"],["[3,4]"])");
}

TEST_F(EncodeTest, TypedKeepsExactness) {
  EXPECT_EQ(Typed("9007199254740992"), "[9007199254740992]");
  EXPECT_EQ(Typed("9007199254740993"), R"(["9007199254740993"])");
  EXPECT_EQ(Typed("1.5::DECIMAL(2,1)"), R"(["1.5"])");
  EXPECT_EQ(Typed("1.5e0"), "[1.5]");
  EXPECT_EQ(Typed("'inf'::DOUBLE"), R"(["Infinity"])");
  EXPECT_EQ(Typed("false"), "[false]");
  EXPECT_EQ(Typed("'[1]'::JSON"), R"(["[1]"])");
}

std::string Json(std::string_view text) {
  std::string out;
  AppendJsonString(text, out);
  return out;
}

TEST(JsonStringTest, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(Json("a\xFF"
                 "b"),
            "\"a\xEF\xBF\xBD"
            "b\"");
  EXPECT_EQ(Json("\xC0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
  EXPECT_EQ(Json("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
  EXPECT_EQ(Json("\xF0\x9F\x98"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
  EXPECT_EQ(Json("\xF4\x8F\xBF\xBF"), "\"\xF4\x8F\xBF\xBF\"");
  EXPECT_EQ(Json(std::string_view("\0\x1F", 2)), R"("\u0000\u001f")");
  EXPECT_EQ(Json("12345678\"2345678\x7F"), "\"12345678\\\"2345678\x7F\"");
  for (int c = 1; c < 128; ++c) {
    const std::string filler(15, 'x');
    const auto text = Json(filler + static_cast<char>(c) + filler);
    EXPECT_EQ(text.size() > filler.size() * 2 + 3, c < 0x20 || c == '"' || c == '\\') << c;
  }
}

TEST(JsonStringTest, LongTextsKeepSequencesAcrossBlocks) {
  std::string text = "x";
  for (int i = 0; i < 30000; ++i) text += "ü☃";
  EXPECT_EQ(Json(text), '"' + text + '"');
}

// Prints the rate; a wrong order of magnitude fails.
TEST_F(EncodeTest, Rate) {
  const std::string sql =
      "SELECT range AS orderkey, range * 3 AS partkey, (range % 10000)::INTEGER AS suppkey, (range % 7)::INTEGER AS "
      "line,"
      " (range % 50)::DECIMAL(12,2) AS quantity, (range * 1.37)::DECIMAL(12,2) AS price, 0.05::DECIMAL(12,2) AS "
      "discount,"
      " 0.02::DECIMAL(12,2) AS tax, 'N' AS flag, 'O' AS status, DATE '1994-01-01' + (range % 1000)::INTEGER AS ship,"
      " DATE '1994-02-01' AS committed, DATE '1994-03-01' AS received, 'DELIVER IN PERSON' AS instruct, 'TRUCK' AS "
      "mode,"
      " 'carefully final deposits ' || range AS comment FROM range(500000)";
  auto stream = engine_->Run({.sql = sql}, {});
  ASSERT_TRUE(stream);
  std::vector<Chunk> chunks;
  std::size_t rows = 0;
  for (;;) {
    auto chunk = (*stream)->Next();
    ASSERT_TRUE(chunk);
    if (!*chunk) break;
    rows += (*chunk)->rows();
    chunks.push_back(**std::move(chunk));
  }
  RowEncoder encoder((*stream)->columns(), RowFormat::kCompact);
  std::size_t bytes = 0;
  const auto start = std::chrono::steady_clock::now();
  for (const auto& chunk : chunks) {
    std::string out;
    encoder.Append(chunk, out);
    bytes += out.size();
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("encoded %zu rows x 16 columns, %.1f MB in %.3f s: %.2f M rows/s\n", rows,
              static_cast<double>(bytes) / 1e6, seconds, static_cast<double>(rows) / seconds / 1e6);
  EXPECT_EQ(rows, 500000U);
}

// One value as a page of the Trino protocol has it.
class PageTest : public EncodeTest {
 protected:
  static std::string Page(const std::string& expression, const std::string& type = "",
                          const std::string& zone = "UTC") {
    const auto row = Encode("SELECT " + expression, RowFormat::kPage, type, zone);
    return row.size() < 2 ? row : row.substr(1, row.size() - 2);
  }
};

TEST_F(PageTest, NumbersAreNumbersAndDecimalsTexts) {
  EXPECT_EQ(Page("9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(Page("true"), "true");
  EXPECT_EQ(Page("1.50::DECIMAL(3,2)"), "\"1.50\"");
  EXPECT_EQ(Page("1.5e0"), "1.5");
  EXPECT_EQ(Page("1e22::DOUBLE"), "1.0E22");
  EXPECT_EQ(Page("'nan'::DOUBLE"), "\"NaN\"");
  EXPECT_EQ(Page("'-inf'::FLOAT"), "\"-Infinity\"");
  EXPECT_EQ(Page("170141183460469231731687303715884105727::HUGEINT"), "\"170141183460469231731687303715884105727\"");
  EXPECT_EQ(Page("NULL"), "null");
}

TEST_F(PageTest, TimesHaveTheDigitsOfTheirType) {
  EXPECT_EQ(Page("TIMESTAMP '2020-01-02 03:04:05.678901'", "timestamp(3)"), "\"2020-01-02 03:04:05.678\"");
  EXPECT_EQ(Page("TIMESTAMP '2020-01-02 03:04:05'", "timestamp(0)"), "\"2020-01-02 03:04:05\"");
  EXPECT_EQ(Page("TIMESTAMP '2020-01-02 03:04:05.5'", "timestamp(12)"), "\"2020-01-02 03:04:05.500000000000\"");
  EXPECT_EQ(Page("TIME '03:04:05.5'", "time(1)"), "\"03:04:05.5\"");
  EXPECT_EQ(Page("'03:04:05.5+05:30'::TIMETZ", "time(3) with time zone"), "\"03:04:05.500+05:30\"");
  EXPECT_EQ(Page("TIMESTAMPTZ '2020-07-01 00:00:00+00'", "timestamp(3) with time zone", "Europe/Istanbul"),
            "\"2020-07-01 03:00:00.000 Europe/Istanbul\"");
  EXPECT_EQ(Page("INTERVAL '90061.5' SECOND", "interval day to second"), "\"1 01:01:01.500\"");
  EXPECT_EQ(Page("INTERVAL '14' MONTH", "interval year to month"), "\"1-2\"");
}

TEST_F(PageTest, CharIsPaddedByCharacters) {
  EXPECT_EQ(Page("'é'", "char(3)"), "\"é  \"");
  EXPECT_EQ(Page("'abcd'", "char(3)"), "\"abcd\"");
  EXPECT_EQ(Page("['a', NULL]", "array(char(2))"), "[\"a \",null]");
}

TEST_F(PageTest, NestedValuesFollowTheSameRules) {
  EXPECT_EQ(Page("{'a': 9007199254740993, 'b': 1.5::DECIMAL(3,1)}", "row(a bigint,b decimal(3,1))"),
            "[9007199254740993,\"1.5\"]");
  EXPECT_EQ(Page("[TIMESTAMP '2020-01-01', NULL]", "array(timestamp(0))"), "[\"2020-01-01 00:00:00\",null]");
  EXPECT_EQ(Page("MAP([1.5e0], ['a'::BLOB])"), "{\"1.5\":\"YQ==\"}");
  EXPECT_EQ(Page("MAP([[1, 2]], [[NULL]])"), "{\"[1, 2]\":[null]}");
  EXPECT_EQ(Page("MAP([{'x': 1, 'y': 'z'}], [TRUE])"), "{\"[1, z]\":true}");
  EXPECT_EQ(Page("['{\"a\": 1}'::JSON]"), "[\"{\\\"a\\\": 1}\"]");
  EXPECT_EQ(Page("[INTERVAL '2' DAY]", "array(interval day to second)"), "[\"2 00:00:00.000\"]");
}

TEST_F(PageTest, EachListBeginsWithoutAComma) {
  auto stream = engine_->Run({.sql = "SELECT range FROM range(3000)"}, {}).value();
  RowEncoder encoder(stream->columns(), RowFormat::kPage);
  std::string first;
  encoder.Append(stream->Next().value().value(), first);
  encoder.BeginList();
  std::string second;
  encoder.Append(stream->Next().value().value(), second);
  EXPECT_EQ(first.front(), '[');
  EXPECT_EQ(second.front(), '[');
}

}  // namespace
}  // namespace tarn::engine
