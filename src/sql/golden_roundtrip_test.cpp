// Every statement of tests/golden, what a real Trino was asked: printing a parsed query and parsing the print gives the
// same tree, seen by its print.
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "sql/fixture_test.h"
#include "sql/parser.h"
#include "sql/printer.h"
#include "sql/text.h"

namespace tarn::sql {
namespace {

// The text of "sql" in an item's line of JSON. The items escape as Python's json does.
std::optional<std::string> StatementOf(std::string_view line) {
  static constexpr std::string_view kField = "\"sql\": \"";
  const std::size_t start = line.find(kField);
  if (start == std::string_view::npos) return std::nullopt;
  std::string text;
  for (std::size_t i = start + kField.size(); i < line.size() && line[i] != '"'; ++i) {
    if (line[i] != '\\') {
      text += line[i];
      continue;
    }
    const char escaped = line[++i];
    if (escaped != 'u') {
      text += escaped == 'n'   ? '\n'
              : escaped == 't' ? '\t'
              : escaped == 'r' ? '\r'
              : escaped == 'b' ? '\b'
              : escaped == 'f' ? '\f'
                               : escaped;
      continue;
    }
    std::uint32_t code_point = static_cast<std::uint32_t>(std::stoul(std::string(line.substr(i + 1, 4)), nullptr, 16));
    i += 4;
    if (code_point >= 0xD800 && code_point < 0xDC00) {
      code_point = 0x10000 + ((code_point - 0xD800) << 10U) +
                   (static_cast<std::uint32_t>(std::stoul(std::string(line.substr(i + 3, 4)), nullptr, 16)) - 0xDC00);
      i += 6;
    }
    AppendUtf8(text, code_point);
  }
  return text;
}

int CheckFile(const std::string& name) {
  const std::string items = ReadText(SourceFolder().parent_path().parent_path() / "tests" / "golden" / name);
  int count = 0;
  for (std::size_t at = 0; at < items.size();) {
    const std::size_t end = std::min(items.find('\n', at), items.size());
    const auto text = StatementOf(std::string_view(items).substr(at, end - at));
    at = end + 1;
    if (!text) continue;
    const auto first = Parser(*text).ParseStatement(true);
    if (!first || (*first)->query == nullptr) continue;
    const std::string print = ToSql(*(*first)->query);
    const auto second = Parser(print).ParseStatement(false);
    if (!second || (*second)->query == nullptr) {
      ADD_FAILURE() << *text << "\n" << print << "\n" << ErrorText(second);
      continue;
    }
    EXPECT_EQ(ToSql(*(*second)->query), print) << *text;
    ++count;
  }
  return count;
}

TEST(GoldenRoundTrip, PrintsAreStable) {
  EXPECT_GT(CheckFile("golden.jsonl"), 4800);
  EXPECT_GT(CheckFile("corpus.jsonl"), 350);
}

}  // namespace
}  // namespace tarn::sql
