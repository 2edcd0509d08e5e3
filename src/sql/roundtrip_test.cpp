// Statements whose answers a real Trino gave: those that parse, and those that it refused, with name and place.
#include <gtest/gtest.h>

#include "sql/fixture_test.h"
#include "sql/parser.h"
#include "sql/printer.h"

namespace tarn::sql {
namespace {

// Printing what was parsed from a print changes nothing.
TEST(RoundTrip, PrintsAreStable) {
  int count = 0;
  for (const std::string& text : ReadBlocks(SourceFolder() / "testdata" / "roundtrip.sql")) {
    const auto first = Parser(text).ParseStatement(false);
    ASSERT_TRUE(first) << text << "\n" << ErrorText(first);
    const std::string print = ToSql(**first);
    const auto second = Parser(print).ParseStatement(false);
    ASSERT_TRUE(second) << text << "\n" << print << "\n" << ErrorText(second);
    EXPECT_EQ(ToSql(**second), print) << text;
    ++count;
  }
  EXPECT_GT(count, 300);
}

// Blocks of a statement, a line of ----, and its print: nothing that was written is lost.
TEST(RoundTrip, StatementsPrintAllThatTheySay) {
  const std::string file = ReadText(SourceFolder() / "testdata" / "statements.test");
  int count = 0;
  for (std::size_t start = 0; start < file.size(); ++count) {
    const std::size_t end = std::min(file.find("\n\n", start), file.size() - 1);
    const std::string block = file.substr(start, end - start);
    start = end + 2;
    const std::size_t divider = block.find("\n----\n");
    ASSERT_NE(divider, std::string::npos) << block;
    const std::string print = block.substr(divider + 6);
    const auto first = Parser(block.substr(0, divider)).ParseStatement(false);
    ASSERT_TRUE(first) << block << "\n" << ErrorText(first);
    EXPECT_EQ(ToSql(**first), print);
    const auto second = Parser(print).ParseStatement(false);
    ASSERT_TRUE(second) << print << "\n" << ErrorText(second);
    EXPECT_EQ(ToSql(**second), print);
    EXPECT_EQ((*second)->kind, (*first)->kind) << print;
  }
  EXPECT_GT(count, 70);
}

// Blocks of "line:column NAME" and the statement.
TEST(RoundTrip, ErrorsStandWhereTrinoPutsThem) {
  int count = 0;
  for (const std::string& block : ReadBlocks(SourceFolder() / "testdata" / "errors.sql")) {
    const std::size_t line_end = block.find('\n');
    const std::string expected = block.substr(0, line_end) + " ";
    const std::string found = ErrorText(TranslateText(block.substr(line_end + 1)));
    EXPECT_EQ(found.substr(0, expected.size()), expected) << block << "\n" << found;
    ++count;
  }
  EXPECT_GT(count, 80);
}

}  // namespace
}  // namespace tarn::sql
