#include "sql/lexer.h"

#include <gtest/gtest.h>

namespace tarn::sql {
namespace {

std::string Kinds(std::string_view text) {
  static constexpr std::string_view kLetters = "$wqb1suxidf.?";
  std::string kinds;
  for (const Token& token : Tokenize(text)) kinds += kLetters[static_cast<std::size_t>(token.kind)];
  return kinds;
}

TEST(Lexer, KnowsTheKindsOfTokens) {
  EXPECT_EQ(Kinds("a \"b\" `c` 'd' U&'e' X'41' 1 1.5 .5 5. 1e3 1.5E-2 ||"), "wqbsuxidddff.$");
  EXPECT_EQ(Kinds("0x1F 0b101 0o17 1_000"), "iiii$");
  EXPECT_EQ(Kinds("1a 0b2 0xG 1_ 1e 1__0"), "111111$");
  EXPECT_EQ(Kinds("'never closed"), "?ww$");
  EXPECT_EQ(Kinds("@ \xC3\xA9"), "??$");
}

TEST(Lexer, SkipsCommentsThatAreClosed) {
  EXPECT_EQ(Kinds("a -- b\n c /* d */ e"), "www$");
  EXPECT_EQ(Kinds("a /* b"), "w..w$");
}

TEST(Lexer, CountsLinesAndCodePoints) {
  const std::vector<Token> tokens = Tokenize("'\xC3\xA9\xC3\xA9' a\n  b");
  EXPECT_EQ(tokens[1].position, (base::SqlPosition{1, 6}));
  EXPECT_EQ(tokens[2].position, (base::SqlPosition{2, 3}));
  EXPECT_EQ(tokens[3].position, (base::SqlPosition{2, 4}));
}

TEST(Lexer, UndoublesQuotes) {
  EXPECT_EQ(UnquotedText(Tokenize("'it''s'")[0]), "it's");
  EXPECT_EQ(UnquotedText(Tokenize("\"a\"\"b\"")[0]), "a\"b");
  EXPECT_EQ(UnquotedText(Tokenize("''''")[0]), "'");
}

}  // namespace
}  // namespace tarn::sql
