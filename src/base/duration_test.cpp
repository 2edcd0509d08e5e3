#include "base/duration.h"

#include <gtest/gtest.h>

#include "base/clock.h"

namespace tarn::base {
namespace {

using namespace std::chrono_literals;

SystemTime At(std::string_view text) { return ParseTime(text).value(); }

std::string After(std::string_view duration, std::string_view start) {
  return FormatTime(CalendarDuration::Parse(duration).value().AddTo(At(start)));
}

TEST(CalendarDuration, AddsExactUnits) {
  EXPECT_EQ(After("PT15M", "2026-06-10T23:50:00Z"), "2026-06-11T00:05:00.000000Z");
  EXPECT_EQ(After("P1D", "2026-06-10T12:00:00Z"), "2026-06-11T12:00:00.000000Z");
  EXPECT_EQ(After("P2W", "2026-06-10T12:00:00Z"), "2026-06-24T12:00:00.000000Z");
  EXPECT_EQ(After("PT24H", "2026-06-10T12:00:00Z"), "2026-06-11T12:00:00.000000Z");
  EXPECT_EQ(After("PT1.5S", "2026-06-10T12:00:00Z"), "2026-06-10T12:00:01.500000Z");
  EXPECT_EQ(After("PT0,000001S", "2026-06-10T12:00:00Z"), "2026-06-10T12:00:00.000001Z");
}

TEST(CalendarDuration, AddsCalendarMonthsClampedToTheMonthsEnd) {
  EXPECT_EQ(After("P1M", "2026-01-31T08:00:00Z"), "2026-02-28T08:00:00.000000Z");
  EXPECT_EQ(After("P1M", "2028-01-31T08:00:00Z"), "2028-02-29T08:00:00.000000Z");
  EXPECT_EQ(After("P1Y", "2028-02-29T08:00:00Z"), "2029-02-28T08:00:00.000000Z");
  EXPECT_EQ(After("P13M", "2026-11-30T00:00:00Z"), "2027-12-30T00:00:00.000000Z");
  EXPECT_EQ(After("P1Y2M10DT2H30M", "2026-01-01T00:00:00Z"), "2027-03-11T02:30:00.000000Z");
  EXPECT_EQ(After("P1M", "1969-12-31T23:59:59.999999Z"), "1970-01-31T23:59:59.999999Z");
}

TEST(CalendarDuration, RefusesWhatIsNoIsoDuration) {
  for (const char* text : {"",
                           "P",
                           "PT",
                           "P1",
                           "1D",
                           "PT5",
                           "P5",
                           "5 minutes",
                           "6 hours",
                           "p1d",
                           "pt5m",
                           "PT5m",
                           "P1DT",
                           "P1H",
                           "PT1D",
                           "PT1M1H",
                           "P1D1Y",
                           "P1D1D",
                           "P-1D",
                           "-P1D",
                           "+P1D",
                           "P+1D",
                           "P1.5D",
                           "PT1.5M",
                           "PT1.S",
                           "PT.5S",
                           "PT1.0000000001S",
                           "P 1D",
                           " P1D",
                           "P1D ",
                           "P1DT1H ",
                           "PT1H30",
                           "P1D\n",
                           "*/5 * * * *",
                           "PTT5M",
                           "P\xD9\xA1"
                           "D"}) {
    const auto duration = CalendarDuration::Parse(text);
    ASSERT_FALSE(duration.has_value()) << text;
    EXPECT_EQ(duration.error().kind, ErrorKind::kInvalidArgument);
    EXPECT_TRUE(duration.error().message.starts_with("Schedule expression is not an ISO-8601 duration: \""));
  }
  EXPECT_LT(CalendarDuration::Parse(std::string(10'000, 'P')).error().message.size(), 200U);
}

TEST(CalendarDuration, RefusesZeroAndMoreThanAHundredYears) {
  for (const char* text : {"PT0S", "P0D", "P0Y0M0DT0H0M0.000S", "PT0.0000009S"}) {
    EXPECT_TRUE(CalendarDuration::Parse(text).error().message.starts_with("Duration must be longer than zero")) << text;
  }
  for (const char* text :
       {"P101Y", "P1201M", "P100Y1D", "P36600D", "P6000W", "PT900000H", "PT3155760000S", "P99999999999D",
        "PT9999999999H", "P18446744073709551617M", "P99999999999Y", "PT99999999999999999999.9S"}) {
    EXPECT_TRUE(CalendarDuration::Parse(text).error().message.starts_with("Duration must not be longer")) << text;
  }
  for (const char* text : {"P100Y", "P1200M", "P36524D", "PT876000H"}) {
    EXPECT_TRUE(CalendarDuration::Parse(text).has_value()) << text;
  }
}

TEST(CalendarDuration, KnowsItsShortestLength) {
  const auto at_least = [](std::string_view text, std::chrono::seconds length) {
    return CalendarDuration::Parse(text).value().IsAtLeast(length);
  };
  EXPECT_TRUE(at_least("PT1M", 1min));
  EXPECT_FALSE(at_least("PT59.999999S", 1min));
  EXPECT_TRUE(at_least("P1M", 24h * 28));
  EXPECT_FALSE(at_least("P1M", 24h * 28 + 1s));
  EXPECT_TRUE(at_least("P1Y", 24h * 365));
  EXPECT_FALSE(at_least("P1Y", 24h * 365 + 1s));
  EXPECT_TRUE(at_least("P1MT1S", 24h * 28 + 1s));
}

}  // namespace
}  // namespace tarn::base
