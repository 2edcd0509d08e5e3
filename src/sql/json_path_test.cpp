#include "sql/json_path.h"

#include <gtest/gtest.h>

#include <string>

namespace tarn::sql {
namespace {

// "ok", or the offset of the error.
std::string Read(std::string_view text) {
  const auto path = ParseJsonPath(text);
  if (path) return path->strict ? "strict" : "lax";
  return std::to_string(path.error().offset) + (path.error().refused ? " refused" : "");
}

TEST(JsonPath, ReadsEveryAccessor) {
  for (const std::string_view text :
       {"lax $", "lax $.a.\"b c\"[0, 2 to last]", "lax $.*[*]..x",
        "lax $ ? (@.a > 1 && !(exists(@.b)) || (@.c == \"x\") is unknown)", "lax $.a ? (@ starts with $v)",
        "lax $ ? (@ like_regex \"^a\")", "lax -$.a * (1.5 + 2e3) % $n", "lax $.a.size() + $.b.type().double()",
        "lax $ ? ((@.a + 1) * 2 > 3)", "lax $.exists", "lax $.last.to"}) {
    EXPECT_EQ(Read(text), "lax") << text;
  }
  EXPECT_EQ(Read("strict $.a"), "strict");
}

TEST(JsonPath, ErrorsStandAtTheirWord) {
  EXPECT_EQ(Read("$.a"), "0");
  EXPECT_EQ(Read("bad path"), "0");
  EXPECT_EQ(Read("LAX $"), "0");
  EXPECT_EQ(Read("lax exists($.s)"), "4");
  EXPECT_EQ(Read("lax $.a[1"), "9");
  EXPECT_EQ(Read("lax $.a ? (1)"), "12");
  EXPECT_EQ(Read("lax $.a.nope()"), "8");
  EXPECT_EQ(Read("lax $ #"), "6");
  EXPECT_EQ(Read("lax 99999999999999999999"), "4");
}

TEST(JsonPath, RefusesWhatIsNotBuilt) {
  EXPECT_EQ(Read("lax $.a.datetime()"), "8 refused");
  EXPECT_EQ(Read("lax $ ? (@ like_regex \"a\" flag \"i\")"), "26 refused");
  EXPECT_TRUE(Read("lax " + std::string(5000, '(') + "1").ends_with("refused"));
  EXPECT_TRUE(Read("lax " + std::string(5000, '-') + "1").ends_with("refused"));
  std::string chain = "lax $";
  for (int i = 0; i < 5000; ++i) chain += ".a";
  EXPECT_TRUE(Read(chain).ends_with("refused"));
}

}  // namespace
}  // namespace tarn::sql
