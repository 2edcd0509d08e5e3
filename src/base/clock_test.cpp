#include "base/clock.h"

#include <gtest/gtest.h>

#include <random>

namespace tarn::base {
namespace {

using std::chrono::microseconds;

TEST(FormatTime, HasMicrosecondsAndZone) {
  EXPECT_EQ(FormatTime(SystemTime()), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(FormatTime(SystemTime(microseconds(1781094248000125))), "2026-06-10T12:24:08.000125Z");
  EXPECT_EQ(FormatTime(SystemTime(microseconds(-1))), "1969-12-31T23:59:59.999999Z");
}

TEST(ParseTime, ReadsZonesAndFractions) {
  EXPECT_EQ(ParseTime("2026-06-10T12:24:08Z").value(), SystemTime(microseconds(1781094248000000)));
  EXPECT_EQ(ParseTime("2026-06-10T14:24:08.000125+02:00").value(), SystemTime(microseconds(1781094248000125)));
  EXPECT_EQ(ParseTime("2026-06-10T06:54:08.1-05:30").value(), SystemTime(microseconds(1781094248100000)));
  EXPECT_EQ(ParseTime("2024-09-10T10:11:02.385253956Z").value(), ParseTime("2024-09-10T10:11:02.385253Z").value());
  EXPECT_TRUE(ParseTime("2024-02-29T00:00:00Z").has_value());
}

TEST(ParseTime, RefusesTheRest) {
  for (const char* text :
       {"", "2026-06-10", "2026-06-10T12:24:08", "2026-06-10 12:24:08Z", "2026-6-10T12:24:08Z", "2026-02-30T00:00:00Z",
        "2025-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-06-10T24:00:00Z", "2026-06-10T12:60:00Z",
        "2026-06-10T12:24:60Z", "2026-06-10T12:24:08.Z", "2026-06-10T12:24:08.1234567890Z", "2026-06-10T12:24:08+0200",
        "2026-06-10T12:24:08+19:00", "2026-06-10T12:24:08Zjunk", "2026-06-10t12:24:08z", "-026-06-10T12:24:08Z"}) {
    const auto time = ParseTime(text);
    ASSERT_FALSE(time.has_value()) << text;
    EXPECT_EQ(time.error().kind, ErrorKind::kInvalidArgument);
  }
}

TEST(ParseTime, ReadsBackWhatFormatTimeWrote) {
  const auto seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  std::uniform_int_distribution<std::int64_t> micros(-60'000'000'000'000'000, 250'000'000'000'000'000);
  for (int round = 0; round < 2000; ++round) {
    const SystemTime time{microseconds(micros(random))};
    ASSERT_EQ(ParseTime(FormatTime(time)).value(), time) << FormatTime(time);
  }
}

TEST(RealClock, MovesForward) {
  const auto before = RealClock().SteadyNow();
  EXPECT_GT(RealClock().Now(), ParseTime("2024-01-01T00:00:00Z").value());
  EXPECT_GE(RealClock().SteadyNow(), before);
}

}  // namespace
}  // namespace tarn::base
