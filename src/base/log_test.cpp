#include "base/log.h"

#include <gmock/gmock.h>

#include <limits>
#include <sstream>

namespace tarn::base::log {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

static_assert(!std::is_constructible_v<Value, SecretString>, "a secret must not become a field of a log line");
static_assert(!std::is_constructible_v<Value, SecretString&>);

// Collects lines for the length of a test.
class LogTest : public testing::Test {
 protected:
  ~LogTest() override { Configure({}); }
  void Start(Format format, Level level = Level::kInfo) {
    Configure({.level = level, .format = format, .output = &lines_});
  }
  std::string lines() const { return lines_.str(); }

 private:
  std::ostringstream lines_;
};

TEST_F(LogTest, WritesText) {
  Start(Format::kText);
  Info(
      "refresh completed",
      {{"cache", "c-1"}, {"rows", 12}, {"took", std::chrono::microseconds(1500)}, {"note", "two words"}, {"ok", true}});
  EXPECT_THAT(lines(), HasSubstr(" info    refresh completed cache=c-1 rows=12 took=1.5 note=\"two words\" ok=true\n"));
}

TEST_F(LogTest, WritesJson) {
  Start(Format::kJson);
  Warning("source slow", {{"name", std::string("a\"b\\\n\x01\xC3\xA9")},
                          {"share", 0.25},
                          {"odd", std::numeric_limits<double>::quiet_NaN()}});
  EXPECT_THAT(lines(), HasSubstr(R"("level":"warning","event":"source slow")"));
  EXPECT_THAT(lines(), EndsWith("\"name\":\"a\\\"b\\\\\\n\\u0001\xC3\xA9\",\"share\":0.25,\"odd\":\"nan\"}\n"));
}

TEST_F(LogTest, KeepsALineOneLine) {
  Start(Format::kText);
  Error("bad name", {{"name", "x\n2026 info forged"}});
  EXPECT_EQ(std::ranges::count(lines(), '\n'), 1);
}

TEST_F(LogTest, LeavesOutLowerLevels) {
  Start(Format::kText, Level::kWarning);
  Debug("one");
  Info("two");
  EXPECT_EQ(lines(), "");
  Error("three");
  EXPECT_THAT(lines(), HasSubstr("three"));
}

TEST(LogLevel, IsReadByName) {
  EXPECT_EQ(ParseLevel("warning").value(), Level::kWarning);
  EXPECT_EQ(ParseLevel("loud").error().message, "Log level is not one of debug, info, warning and error: \"loud\"");
}

}  // namespace
}  // namespace tarn::base::log
