#include "engine/csv.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>

#include "engine/duck_engine.h"
#include "engine/encode.h"

namespace tarn::engine {
namespace {

class CsvTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { engine_ = DuckEngine::Open({.database = {.threads = 2}}).value().release(); }
  static void TearDownTestSuite() { delete engine_; }

  static std::string Csv(const std::string& sql, const CsvForm& form = {}, bool header = false) {
    const auto stream = engine_->Run({.sql = sql}, {});
    if (!stream) return stream.error().message;
    CsvEncoder encoder((*stream)->columns(), form);
    std::string out;
    if (header) encoder.AppendHeader(out);
    for (;;) {
      const auto chunk = (*stream)->Next();
      if (!chunk) return chunk.error().message;
      if (!*chunk) return out;
      encoder.Append(**chunk, out);
    }
  }
  static std::string Rows(const EngineStatement& statement) {
    const auto stream = engine_->Run(statement, {});
    if (!stream) return "error: " + stream.error().message;
    RowEncoder encoder((*stream)->columns(), RowFormat::kPage);
    std::string out;
    for (;;) {
      const auto chunk = (*stream)->Next();
      if (!chunk) return "error: " + chunk.error().message;
      if (!*chunk) return out;
      encoder.Append(**chunk, out);
    }
  }

  static DuckEngine* engine_;
};
DuckEngine* CsvTest::engine_ = nullptr;

TEST_F(CsvTest, WritesValuesAsTheirTexts) {
  EXPECT_EQ(
      Csv("SELECT 1 AS a, 9007199254740993 AS b, 12.50 AS c, true AS d, DATE '2024-02-29' AS e, 1e7::double AS f, "
          "'ü' AS g, TIMESTAMP '2024-01-01 10:00:00' AS h, 12345678901234567890.5::decimal(38,1) AS i",
          {}, true),
      "a,b,c,d,e,f,g,h,i\n1,9007199254740993,12.50,true,2024-02-29,1.0E7,ü,2024-01-01 10:00:00.000000,"
      "12345678901234567890.5\n");
  EXPECT_EQ(Csv("SELECT [1, 2] AS a, {'x': 1} AS b"), "\"[1,2]\",\"{\"\"x\"\":1}\"\n");
}

TEST_F(CsvTest, QuotesWhatWouldBeReadAsSomethingElse) {
  EXPECT_EQ(Csv(R"(SELECT 'a,b', 'say "x"', E'two\nlines', E'cr\r', ' plain ')"),
            "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\"cr\r\", plain \n");
  EXPECT_EQ(Csv("SELECT 1 AS \"a,\"\"b\"", {}, true), "\"a,\"\"b\"\n1\n");
}

TEST_F(CsvTest, TellsNullFromItsText) {
  EXPECT_EQ(Csv("SELECT NULL::varchar, '', 1"), ",\"\",1\n");
  EXPECT_EQ(Csv("SELECT NULL::integer, 'NULL', ''", {.null_text = "NULL"}), "NULL,\"NULL\",\n");
  EXPECT_EQ(Csv("SELECT 1, NULL", {.null_text = "1"}), "\"1\",1\n");
  EXPECT_EQ(Csv("SELECT NULL::integer"), "\"\"\n");
  EXPECT_EQ(Csv("SELECT NULL"), "\"\"\n");
}

TEST_F(CsvTest, FollowsItsForm) {
  EXPECT_EQ(Csv("SELECT 1, 'a;b', 'it''s'", {.delimiter = ";", .quote = "'", .record_separator = "\r\n"}),
            "1;'a;b';'it''s'\r\n");
  EXPECT_EQ(Csv("SELECT 1.5, -1, DATE '2024-01-02'", {.delimiter = "-"}), "1.5-\"-1\"-\"2024-01-02\"\n");
}

TEST_F(CsvTest, RefusesFormsThatNobodyCouldRead) {
  const auto field = [](const CsvForm& form) {
    const auto checked = CsvEncoder::Check(form);
    return checked ? std::string("good") : checked.error().field;
  };
  EXPECT_EQ(field({}), "good");
  EXPECT_EQ(field({.delimiter = "||", .quote = "§", .record_separator = "\r\n", .null_text = "\\N"}), "good");
  EXPECT_EQ(field({.delimiter = ""}), "csvOptions.delimiter");
  EXPECT_EQ(field({.delimiter = "\n"}), "csvOptions.delimiter");
  EXPECT_EQ(field({.delimiter = "\""}), "csvOptions.delimiter");
  EXPECT_EQ(field({.quote = ""}), "csvOptions.quoteChar");
  EXPECT_EQ(field({.quote = "ab"}), "csvOptions.quoteChar");
  EXPECT_EQ(field({.record_separator = ""}), "csvOptions.recordSeparator");
  EXPECT_EQ(field({.null_text = "a,b"}), "csvOptions.nullValue");
}

TEST_F(CsvTest, LinesOfJsonAreObjectsWithTypedValues) {
  const auto stream = engine_->Run({.sql = "SELECT 1 AS a, 'x\"y' AS \"b c\", 1.50 AS d, NULL AS e FROM range(2)"}, {});
  ASSERT_TRUE(stream);
  RowEncoder encoder((*stream)->columns(), RowFormat::kLines);
  std::string out;
  encoder.Append(**(*stream)->Next(), out);
  const std::string line = R"({"a":1,"b c":"x\"y","d":"1.50","e":null})";
  EXPECT_EQ(out, line + "\n" + line + "\n");
}

class ParquetTest : public CsvTest {
 protected:
  ParquetTest() : file_(std::filesystem::temp_directory_path() / ("tarn_parquet_test_" + std::to_string(::getpid()))) {
    std::filesystem::remove(file_);
  }
  ~ParquetTest() override { std::filesystem::remove(file_); }
  std::string Read(const std::string& what) {
    return Rows({.sql = "SELECT " + what + " FROM read_parquet('" + file_.string() + "')"});
  }

  std::filesystem::path file_;
};

TEST_F(ParquetTest, HoldsRowsInTheirOrderAndTellsTheirNumber) {
  EXPECT_EQ(Rows({.sql = "SELECT range AS n, range * 0.5 AS h FROM range(300000) ORDER BY n DESC",
                  .parquet = ParquetFile{.path = file_, .codec = "zstd"}}),
            "[300000]");
  EXPECT_EQ(Read("count(*), min(n), max(n), sum(h)::bigint"), "[300000,0,299999,22499925000]");
  EXPECT_EQ(Rows({.sql = "SELECT n FROM read_parquet('" + file_.string() + "') LIMIT 1"}), "[299999]");
}

TEST_F(ParquetTest, KeepsTypesOrWritesTheirText) {
  EXPECT_EQ(
      Rows({.sql = "SELECT 12.50::decimal(10,2) AS d, '\\x01'::blob AS b, [1, 2] AS l, INTERVAL 1 DAY AS i, NULL AS n, "
                   "12::hugeint AS h, DATE '2024-01-01' AS t, 'a' AS v",
            .parquet = ParquetFile{.path = file_}}),
      "[1]");
  EXPECT_EQ(Read("typeof(d), typeof(b), typeof(l), typeof(i), typeof(n), typeof(h), typeof(t), typeof(v)"),
            R"x(["DECIMAL(10,2)","BLOB","INTEGER[]","VARCHAR","INTEGER","DECIMAL(38,0)","DATE","VARCHAR"])x");
  EXPECT_EQ(Read("i"), R"(["1 00:00:00.000"])");
}

TEST_F(ParquetTest, AnEmptyAnswerIsAFileWithColumns) {
  EXPECT_EQ(Rows({.sql = "SELECT 1 AS a WHERE false", .parquet = ParquetFile{.path = file_}}), "[0]");
  EXPECT_EQ(Read("count(a)"), "[0]");
}

TEST_F(ParquetTest, ErrorsHaveTheStatementsOwnPlaces) {
  const auto failed = engine_->Run({.sql = "SELECT nothing", .parquet = ParquetFile{.path = file_}}, {});
  ASSERT_FALSE(failed);
  const auto plain = engine_->Run({.sql = "SELECT nothing"}, {});
  ASSERT_FALSE(plain);
  EXPECT_EQ(failed.error().position, plain.error().position);
}

}  // namespace
}  // namespace tarn::engine
