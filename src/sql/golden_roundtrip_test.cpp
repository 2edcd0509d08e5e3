// Every statement of tests/golden and tests/statements, what a real Trino was asked: printing a parsed statement and
// parsing the print gives the same tree. The tree is seen by its print, and that of a query also by its translation,
// which looks at everything that has a meaning: what the printer loses would be missing there.
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

// The engine SQL and the names of the columns, or the error's name.
std::string Meaning(const std::string& text) {
  const auto translation = TranslateText(text);
  if (!translation) return translation.error().code + ": " + translation.error().message;
  std::string meaning = translation->engine_sql;
  for (const OutputColumn& column : translation->columns) meaning += "\n" + column.name + " " + column.type;
  return meaning;
}

int CheckFile(const std::string& name) {
  const std::string items = ReadText(SourceFolder().parent_path().parent_path() / "tests" / name);
  int count = 0;
  for (std::size_t at = 0; at < items.size();) {
    const std::size_t end = std::min(items.find('\n', at), items.size());
    const auto text = StatementOf(std::string_view(items).substr(at, end - at));
    at = end + 1;
    if (!text) continue;
    const auto first = Parser(*text).ParseStatement(true);
    if (!first) continue;
    const std::string print = ToSql(**first);
    const auto second = Parser(print).ParseStatement(false);
    if (!second) {
      ADD_FAILURE() << *text << "\n" << print << "\n" << ErrorText(second);
      continue;
    }
    EXPECT_EQ(ToSql(**second), print) << *text;
    EXPECT_EQ((*second)->kind, (*first)->kind) << *text;
    EXPECT_EQ((*second)->parameter_count, (*first)->parameter_count) << *text;
    if ((*first)->query != nullptr) {
      EXPECT_EQ(Meaning(print), Meaning(*text)) << *text << "\n" << print;
    }
    ++count;
  }
  return count;
}

TEST(GoldenRoundTrip, PrintsAreStable) {
  EXPECT_GT(CheckFile("golden/golden.jsonl"), 4800);
  EXPECT_GT(CheckFile("golden/corpus.jsonl"), 350);
  EXPECT_GT(CheckFile("statements/statements.jsonl"), 150);
}

}  // namespace
}  // namespace tarn::sql
