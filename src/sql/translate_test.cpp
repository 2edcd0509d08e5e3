#include "sql/translate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "sql/fixture_test.h"
#include "sql/function_table.h"
#include "sql/lexer.h"
#include "sql/text.h"

namespace tarn::sql {
namespace {

using ::testing::HasSubstr;

std::string Sql(const std::string& text) {
  const auto translation = TranslateText(text);
  return translation ? translation->engine_sql : ErrorText(translation);
}

TEST(Translate, QualifiesAndQuotesEveryName) {
  EXPECT_EQ(
      Sql("SELECT n_name, N_REGIONKEY AS r FROM nation WHERE n_nationkey > 3"),
      R"(SELECT "r1"."n_name" AS "n_name", "r1"."n_regionkey" AS "r" FROM "db"."main"."nation" AS "r1" WHERE ("r1"."n_nationkey" > 3))");
  EXPECT_EQ(Sql("SELECT 1 + 2"), R"(SELECT trino_add(1, 2) AS "_col0")");
}

TEST(Translate, ExpandsStarsWithoutHiddenColumns) {
  const auto translation = TranslateText("SELECT * FROM region");
  ASSERT_TRUE(translation);
  ASSERT_EQ(translation->columns.size(), 3U);
  EXPECT_EQ(translation->columns[1].type, "varchar(25)");
  EXPECT_EQ(translation->columns[1].table, (QualifiedName{"tpch", "sf1", "region"}));
  EXPECT_THAT(Sql("SELECT \"$row\" FROM region"), HasSubstr(R"("r1"."$row")"));
}

TEST(Translate, PutsUsingColumnsFirst) {
  const auto translation =
      TranslateText("SELECT * FROM (VALUES (1, 2)) a(x, k) FULL JOIN (VALUES (3, 4)) b(k, y) USING (k)");
  ASSERT_TRUE(translation) << ErrorText(translation);
  std::string names;
  for (const OutputColumn& column : translation->columns) names += column.name;
  EXPECT_EQ(names, "kxy");
  EXPECT_THAT(translation->engine_sql, HasSubstr("coalesce("));
}

TEST(Translate, GivesTypesThatTheEngineCannotTell) {
  const auto translation = TranslateText(
      "SELECT 'abc', TIMESTAMP '2020-01-01 00:00:00', CAST('a' AS char(4)), INTERVAL '1' DAY, 1.50, DATE '2020-01-01' "
      "+ INTERVAL '1' MONTH, CAST(NULL AS time(6))");
  ASSERT_TRUE(translation);
  std::vector<std::string> types;
  for (const OutputColumn& column : translation->columns) types.push_back(column.type);
  EXPECT_THAT(types, ::testing::ElementsAre("varchar(3)", "timestamp(0)", "char(4)", "interval day to second",
                                            "decimal(3,2)", "date", "time(6)"));
}

TEST(Translate, ChecksTypes) {
  const auto expect = [](const std::string& text, const std::string& error) {
    EXPECT_THAT(ErrorText(TranslateText(text)), HasSubstr(error)) << text;
  };
  expect("SELECT '2020-01-01' = DATE '2020-01-01'", "1:21 TYPE_MISMATCH");
  expect("SELECT 1 BETWEEN 'a' AND 2", "1:10 TYPE_MISMATCH");
  expect("SELECT 1 IN (1, 'a')", "1:17 TYPE_MISMATCH");
  expect("SELECT 1 AND true", "1:8 TYPE_MISMATCH");
  expect("SELECT CASE WHEN true THEN 1 ELSE 'a' END", "1:35 TYPE_MISMATCH");
  expect("SELECT coalesce(1, 'a')", "1:20 TYPE_MISMATCH");
  expect("SELECT IF(1, 2, 3)", "1:11 TYPE_MISMATCH");
  expect("SELECT nullif(1, 'a')", "1:8 TYPE_MISMATCH");
  expect("SELECT 'a' || 1", "1:12 FUNCTION_NOT_FOUND");
  expect("SELECT INTERVAL '1' DAY + INTERVAL '1' MONTH", "1:25 TYPE_MISMATCH");
  expect("SELECT DATE '2020-01-01' + 1", "1:26 TYPE_MISMATCH");
  expect("SELECT CAST(1 AS date)", "1:8 TYPE_MISMATCH");
  expect("SELECT ARRAY[1, 'a']", "1:17 TYPE_MISMATCH");
  expect("SELECT ROW(7, 'x')[3]", "1:20 INVALID_FUNCTION_ARGUMENT");
  expect("SELECT extract(HOUR FROM DATE '2020-01-01')", "1:26 TYPE_MISMATCH");
  expect("SELECT 1 WHERE 1", "1:16 TYPE_MISMATCH");
  expect("VALUES 1, 'a'", "1:1 TYPE_MISMATCH");
  expect("SELECT 1 UNION SELECT 'a'", "1:10 TYPE_MISMATCH");
  expect("SELECT CAST(IPADDRESS '10.0.0.1' AS smallint)", "1:8 TYPE_MISMATCH");
  expect("SELECT IPADDRESS '10.0.0'", "1:8 INVALID_LITERAL");
  expect("SELECT (ARRAY 'a')[1]", "1:9 TYPE_NOT_FOUND");
  expect("SELECT ARRAY[DATE '2020-01-01', true][2]", "1:33 TYPE_MISMATCH");
}

TEST(Translate, FindsCommonTypes) {
  const auto translation = TranslateText(
      "SELECT IF(true, 1, 2.5), IF(true, DATE '2020-01-01', TIMESTAMP '2020-01-01 00:00:00.12'), coalesce('a', 'bcd'), "
      "ARRAY[1, 2e0], 1 / 2.50, 1.5 * 2.25, "
      "IF(true, CAST('a' AS char(2)), 'x')");
  ASSERT_TRUE(translation) << ErrorText(translation);
  std::vector<std::string> types;
  for (const OutputColumn& column : translation->columns) types.push_back(column.type);
  EXPECT_THAT(types, ::testing::ElementsAre("decimal(11,1)", "timestamp(2)", "varchar(3)", "array(double)",
                                            "decimal(18,6)", "decimal(5,3)", "varchar(2)"));
}

TEST(Translate, InlinesParametersAsText) {
  const auto translation =
      TranslateText("SELECT * FROM nation WHERE n_name = ? AND n_comment = ? LIMIT ?", {"it's", std::nullopt, "5"});
  ASSERT_TRUE(translation) << ErrorText(translation);
  EXPECT_THAT(translation->engine_sql, HasSubstr("= 'it''s'"));
  EXPECT_THAT(translation->engine_sql, HasSubstr("= NULL"));
  EXPECT_THAT(translation->engine_sql, HasSubstr(" LIMIT 5"));
  EXPECT_THAT(ErrorText(TranslateText("SELECT ?")),
              HasSubstr("INVALID_PARAMETER_USAGE Incorrect number of parameters: expected 1 but found 0"));
  EXPECT_THAT(ErrorText(TranslateText("SELECT 1 LIMIT ?", {"1; DROP TABLE x"})), HasSubstr("INVALID_PARAMETER_USAGE"));
}

TEST(Translate, ExpandsViewsAndStopsAtCycles) {
  const auto translation =
      TranslateText("WITH nation AS (SELECT 1 AS x) SELECT name FROM big_nations WHERE suppliers > 3");
  ASSERT_TRUE(translation) << ErrorText(translation);
  EXPECT_EQ(translation->tables.size(), 3U);
  EXPECT_THAT(Sql("SELECT * FROM loop"), HasSubstr("1:15 VIEW_IS_RECURSIVE"));
  EXPECT_THAT(Sql("SELECT 1,\n * FROM broken"), HasSubstr("2:9 COLUMN_NOT_FOUND Column 'nope' cannot be resolved"));
}

TEST(Translate, MapsOffsetsBackToTheText) {
  const auto translation = TranslateText("SELECT n_name,\n  n_nationkey / 0 FROM nation");
  ASSERT_TRUE(translation);
  const std::size_t offset = translation->engine_sql.find("trino_div");
  ASSERT_NE(offset, std::string::npos);
  EXPECT_EQ(Locate(*translation, offset + 3), (base::SqlPosition{2, 15}));
}

TEST(Translate, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(Sql("SELECT nosuch(1)"), "1:8 FUNCTION_NOT_FOUND Function 'nosuch' not registered");
  EXPECT_EQ(Sql("SELECT read_csv('/etc/passwd')"), "1:8 FUNCTION_NOT_FOUND Function 'read_csv' not registered");
  EXPECT_THAT(Sql("SELECT * FROM TABLE(read_csv('x'))"), HasSubstr("FUNCTION_NOT_FOUND"));
  EXPECT_THAT(Sql("SELECT 1 FROM nation PIVOT (count(*) FOR n_name IN ('a'))"), HasSubstr("NOT_SUPPORTED"));
  EXPECT_EQ(Sql("INSERT INTO nation VALUES (1)"), "1:1 NOT_SUPPORTED Statement type 'Insert' is not allowed");
}

TEST(Translate, ResolvesErrorsLikeTrino) {
  EXPECT_EQ(Sql("SELECT nope FROM nation"), "1:8 COLUMN_NOT_FOUND Column 'nope' cannot be resolved");
  EXPECT_EQ(Sql("SELECT n_name FROM nation a, nation b"), "1:8 AMBIGUOUS_NAME Column 'n_name' is ambiguous");
  EXPECT_EQ(Sql("SELECT 1 FROM nosuch"), "1:15 TABLE_NOT_FOUND Table 'tpch.sf1.nosuch' does not exist");
  EXPECT_EQ(Sql("SELECT 1 FROM x.nosuch"), "1:15 SCHEMA_NOT_FOUND Schema 'x' does not exist");
  EXPECT_EQ(Sql("SELECT 1 FROM x.y.nosuch"), "1:15 CATALOG_NOT_FOUND Catalog 'x' not found");
  EXPECT_EQ(Sql("SELECT n_name, count(*) FROM nation"),
            "1:8 EXPRESSION_NOT_AGGREGATE 'n_name' must be an aggregate expression or appear in GROUP BY clause");
  EXPECT_EQ(Sql("SELECT n_name AS x FROM nation WHERE x = 'a'"), "1:38 COLUMN_NOT_FOUND Column 'x' cannot be resolved");
  EXPECT_EQ(Sql("SELECT n_name AS x FROM nation GROUP BY x"), "1:41 COLUMN_NOT_FOUND Column 'x' cannot be resolved");
}

TEST(Translate, ChecksGroupingThroughExpressionsAndSubqueries) {
  EXPECT_THAT(Sql("SELECT n_regionkey + 1, count(*) FROM nation GROUP BY n_regionkey + 1"),
              HasSubstr("GROUP BY trino_add"));
  EXPECT_THAT(Sql("SELECT n_regionkey + 2, count(*) FROM nation GROUP BY n_regionkey + 1"),
              HasSubstr("1:8 EXPRESSION_NOT_AGGREGATE"));
  EXPECT_THAT(
      Sql("SELECT (SELECT r_name FROM region WHERE r_regionkey = n_nationkey) FROM nation GROUP BY n_regionkey"),
      HasSubstr("1:55 EXPRESSION_NOT_AGGREGATE"));
  EXPECT_THAT(
      Sql("SELECT (SELECT r_name FROM region WHERE r_regionkey = n_regionkey) FROM nation GROUP BY n_regionkey"),
      HasSubstr("SELECT (SELECT"));
  EXPECT_THAT(Sql("SELECT n_regionkey, rank() OVER (ORDER BY count(*)) FROM nation GROUP BY 1 ORDER BY 2"),
              HasSubstr("ORDER BY 2 ASC NULLS LAST"));
}

TEST(Translate, AllTpchQueries) {
  for (int i = 1; i <= 22; ++i) {
    const std::string name = (i < 10 ? "q0" : "q") + std::to_string(i) + ".sql";
    const auto translation =
        TranslateText(ReadText(SourceFolder().parent_path().parent_path() / "tests" / "sql" / "tpch" / name));
    EXPECT_TRUE(translation) << name << ": " << ErrorText(translation);
  }
}

// No word of the engine SQL is a name of the caller: outside quotes stand only keywords and functions of our own.
TEST(Translate, WritesNoUnquotedNames) {
  static constexpr std::string_view kMarker = "zzname";
  const auto translation = TranslateText(
      "WITH zzname1(zzname2) AS (SELECT n_name AS zzname3 FROM nation zzname4) SELECT zzname5.zzname2 AS zzname6, "
      "transform(ARRAY[1], zzname7 -> zzname7 + 1) "
      "FROM zzname1 AS zzname5 JOIN (VALUES 'a') zzname8(zzname2) USING (zzname2) WINDOW zzname9 AS (ORDER BY zzname2) "
      "ORDER BY zzname6");
  EXPECT_THAT(ErrorText(translation),
              HasSubstr("'zzname5.zzname2' cannot be resolved"));  // USING takes the qualifier away
  const auto good = TranslateText(
      "WITH zzname1(zzname2) AS (SELECT n_name AS zzname3 FROM nation zzname4) SELECT zzname5.zzname2 AS zzname6, "
      "transform(ARRAY[1], zzname7 -> zzname7 + 1) "
      "FROM zzname1 AS zzname5 ORDER BY zzname6");
  ASSERT_TRUE(good) << ErrorText(good);
  for (const Token& token : Tokenize(good->engine_sql)) {
    EXPECT_FALSE(token.kind == TokenKind::kWord && token.text.starts_with(kMarker)) << token.text;
  }
}

TEST(Translate, EngineFunctionsAreDocumented) {
  const std::string document = ReadText(SourceFolder() / "runtime_functions.md");
  std::set<std::string> used;
  const auto collect = [&used](std::string_view text) {
    for (const Token& token : Tokenize(text)) {
      if (token.kind == TokenKind::kWord && token.text.starts_with("trino_")) used.emplace(token.text);
    }
  };
  for (const auto& entry : AllScalarFunctions()) collect(entry.row.engine);
  for (const auto& entry : AllAggregateFunctions()) {
    collect(entry.row.engine);
    collect(entry.row.passed);
    collect(entry.row.wrapper);
  }
  for (const std::string& name : used) EXPECT_TRUE(document.contains(name)) << name;
}

}  // namespace
}  // namespace tarn::sql
