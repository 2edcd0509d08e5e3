#include "sql/parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sql/fixture_test.h"
#include "sql/printer.h"

namespace tarn::sql {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

std::string Printed(const std::string& text) {
  const auto statement = Parser(text).ParseStatement(false);
  return statement ? ToSql(*(*statement)->query) : ErrorText(statement);
}

std::string PrintedExpression(const std::string& text) {
  const auto expression = Parser(text).ParseOneExpression();
  return expression ? ToSql(**expression) : ErrorText(expression);
}

std::string KindOf(const std::string& text) {
  const auto statement = Parse(text);
  return statement ? std::string(statement->kind()) : ErrorText(statement);
}

std::string Repeat(const std::string& part, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += part;
  return text;
}

TEST(Parser, ClimbsByPrecedence) {
  EXPECT_EQ(PrintedExpression("1 + 2 * 3 - -x"), "((1 + (2 * 3)) - (- x))");
  EXPECT_EQ(PrintedExpression("a || b + c"), "(a || (b + c))");
  EXPECT_EQ(PrintedExpression("NOT a = 1 AND b OR c"), "(((NOT (a = 1)) AND b) OR c)");
  EXPECT_EQ(PrintedExpression("a BETWEEN 1 AND 2 AND b"), "((a BETWEEN 1 AND 2) AND b)");
  EXPECT_EQ(PrintedExpression("-1 - -2"), "(-1 - -2)");
  EXPECT_EQ(PrintedExpression("x AT TIME ZONE 'UTC' + y"), "((x AT TIME ZONE 'UTC') + y)");
}

TEST(Parser, TellsQueriesFromExpressionsInParentheses) {
  EXPECT_EQ(PrintedExpression("((SELECT 1) + 1)"), "((SELECT 1) + 1)");
  EXPECT_EQ(PrintedExpression("((SELECT 1))"), "((SELECT 1))");
  EXPECT_EQ(PrintedExpression("((SELECT 1) UNION (SELECT 2))"), "((SELECT 1) UNION (SELECT 2))");
  EXPECT_EQ(PrintedExpression("(a, b) -> a + b"), "((a, b) -> (a + b))");
  EXPECT_EQ(PrintedExpression("(a, b)"), "ROW (a, b)");
  EXPECT_EQ(Printed("SELECT * FROM ((SELECT 1) a CROSS JOIN b)"), "SELECT * FROM (SELECT 1) AS a CROSS JOIN b");
}

TEST(Parser, ReadsClauseWordsAsNamesWhereTheyAre) {
  EXPECT_EQ(Printed("SELECT limit FROM offset LIMIT 1"), "SELECT limit FROM offset LIMIT 1");
  EXPECT_EQ(Printed("SELECT date, DATE '2020-01-01' first FROM t"), "SELECT date, date '2020-01-01' AS first FROM t");
}

TEST(Parser, RefusesClausesInTheWrongOrder) {
  EXPECT_EQ(Printed("SELECT 1 LIMIT 2 OFFSET 1"), "1:18 SYNTAX_ERROR mismatched input 'OFFSET'. Expecting: <EOF>");
  EXPECT_THAT(Printed("SELECT 1 ORDER BY 1 UNION SELECT 2"), HasSubstr("mismatched input 'UNION'"));
}

TEST(Parser, NamesWhatItExpected) {
  EXPECT_EQ(Printed("SELECT"),
            "1:7 SYNTAX_ERROR mismatched input '<EOF>'. Expecting: '*', 'ALL', 'DISTINCT', <expression>");
  EXPECT_EQ(Printed("SELECT 'abc"),
            "1:8 SYNTAX_ERROR mismatched input '''. Expecting: '*', 'ALL', 'DISTINCT', <expression>");
  EXPECT_THAT(Printed("SELECT \"x\" FROM "),
              EndsWith("Expecting: '(', 'JSON_TABLE', 'LATERAL', 'TABLE', 'UNNEST', <identifier>"));
  EXPECT_THAT(KindOf("SELEC 1"),
              HasSubstr("1:1 SYNTAX_ERROR mismatched input 'SELEC'. Expecting: '(', 'ALTER', 'ANALYZE', 'CALL'"));
}

TEST(Parser, TakesExactlyOneStatement) {
  EXPECT_THAT(KindOf("SELECT 1; SELECT 2"), HasSubstr("1:9 SYNTAX_ERROR mismatched input ';'"));
  EXPECT_EQ(KindOf("SELECT 1;"), "Query");
  EXPECT_THAT(ErrorText(Parse("SELECT 1;", false)), HasSubstr("1:9 SYNTAX_ERROR mismatched input ';'"));
  EXPECT_THAT(KindOf("DROP TABLE a; DROP TABLE b"), HasSubstr("mismatched input ';'"));
}

TEST(Parser, KnowsTheClassOfEveryStatement) {
  const std::vector<std::pair<std::string, std::string>> statements = {
      {"INSERT INTO t VALUES (1)", "Insert"},
      {"UPDATE t SET a = 1", "Update"},
      {"DELETE FROM t WHERE a = 1", "Delete"},
      {"CREATE TABLE t AS SELECT 1 AS a", "CreateTableAsSelect"},
      {"CREATE TABLE t (a bigint)", "CreateTable"},
      {"DROP TABLE t", "DropTable"},
      {"DROP SCHEMA s", "DropSchema"},
      {"CREATE OR REPLACE VIEW v AS SELECT 1", "CreateView"},
      {"SET SESSION a = 1", "SetSession"},
      {"SHOW TABLES FROM s", "ShowTables"},
      {"EXPLAIN SELECT 1", "Explain"},
      {"EXPLAIN ANALYZE SELECT 1", "ExplainAnalyze"},
      {"DESCRIBE t", "ShowColumns"},
      {"MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DELETE", "Merge"},
      {"ALTER TABLE t RENAME TO u", "RenameTable"},
      {"ALTER TABLE t ADD COLUMN b bigint", "AddColumn"},
      {"CALL system.runtime.kill_query('a')", "Call"},
      {"USE a.b", "Use"},
      {"PREPARE p FROM SELECT 1", "Prepare"},
      {"EXECUTE p USING 1", "Execute"},
      {"GRANT SELECT ON t TO USER u", "Grant"},
      {"TRUNCATE TABLE t", "TruncateTable"},
      {"START TRANSACTION", "StartTransaction"},
      {"TABLE t", "Query"},
      {"VALUES 1", "Query"},
      {"(SELECT 1)", "Query"}};
  for (const auto& [text, kind] : statements) EXPECT_EQ(KindOf(text), kind) << text;
}

// However deep, wide or long a statement is: an answer or a clear error.
TEST(Parser, SurvivesHugeStatements) {
  EXPECT_THAT(KindOf("SELECT " + Repeat("(", 10'000) + "1" + Repeat(")", 10'000)), HasSubstr("nested deeper than"));
  EXPECT_THAT(KindOf("SELECT " + Repeat("(", 100'000)), HasSubstr("SYNTAX_ERROR"));
  EXPECT_THAT(KindOf("SELECT " + Repeat("NOT ", 10'000) + "true"), HasSubstr("nested deeper than"));
  EXPECT_THAT(KindOf("SELECT " + Repeat("- ", 10'000) + "x"), HasSubstr("nested deeper than"));
  EXPECT_THAT(KindOf("SELECT " + Repeat("f(", 10'000)), HasSubstr("SYNTAX_ERROR"));
  EXPECT_THAT(KindOf("SELECT " + Repeat("1 + ", 10'000) + "1"), HasSubstr("operators in a chain"));
  EXPECT_THAT(KindOf("SELECT a" + Repeat("[1]", 10'000)), HasSubstr("operators in a chain"));
  EXPECT_THAT(KindOf(Repeat("SELECT 1 UNION ALL ", 10'000) + "SELECT 1"), HasSubstr("terms of one set operation"));
  EXPECT_THAT(KindOf("SELECT 1 FROM a" + Repeat(" CROSS JOIN b", 10'000)), HasSubstr("operators in a chain"));
  EXPECT_THAT(KindOf("SELECT * FROM " + Repeat("(SELECT * FROM ", 10'000) + "t" + Repeat(")", 10'000)),
              HasSubstr("nested deeper than"));
  EXPECT_THAT(KindOf("SELECT CAST(1 AS " + Repeat("array(", 10'000)), HasSubstr("SYNTAX_ERROR"));
  EXPECT_EQ(KindOf("SELECT '" + Repeat("a", 1'000'000) + "'"), "Query");
  EXPECT_EQ(KindOf("SELECT 1 WHERE " + Repeat("a = 1 OR ", 100'000) + "b = 2"), "Query");
  EXPECT_EQ(KindOf("VALUES 1" + Repeat(", 1", 300'000)), "Query");
}

}  // namespace
}  // namespace tarn::sql
