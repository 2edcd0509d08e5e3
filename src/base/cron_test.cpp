#include "base/cron.h"

#include <gtest/gtest.h>

#include "base/clock.h"

namespace tarn::base {
namespace {

std::string NextOf(std::string_view expression, std::string_view after, std::string_view zone = "UTC") {
  const auto cron = Cron::Parse(expression);
  if (!cron) return cron.error().message;
  const auto next = cron->Next(ParseTime(after).value(), zone);
  return next ? FormatTime(*next) : next.error().message;
}

TEST(CronTest, FieldsAreListsRangesAndSteps) {
  EXPECT_EQ(NextOf("0 0 * * *", "2026-03-04T10:00:00Z"), "2026-03-05T00:00:00.000000Z");
  EXPECT_EQ(NextOf("*/20 * * * *", "2026-03-04T10:20:00Z"), "2026-03-04T10:40:00.000000Z");
  EXPECT_EQ(NextOf("5/20 9-17/4 * * *", "2026-03-04T09:45:00Z"), "2026-03-04T13:05:00.000000Z");
  EXPECT_EQ(NextOf("30 6 1,15 jan,Jul *", "2026-01-15T06:30:00Z"), "2026-07-01T06:30:00.000000Z");
  EXPECT_EQ(NextOf("0 0 29 2 *", "2096-03-01T00:00:00Z"), "2104-02-29T00:00:00.000000Z");
}

TEST(CronTest, SundayHasTwoNumbers) {
  EXPECT_EQ(NextOf("0 12 * * 7", "2026-03-04T00:00:00Z"), "2026-03-08T12:00:00.000000Z");
  EXPECT_EQ(NextOf("0 12 * * sun", "2026-03-04T00:00:00Z"), "2026-03-08T12:00:00.000000Z");
  EXPECT_EQ(NextOf("0 12 * * 5-7", "2026-03-07T13:00:00Z"), "2026-03-08T12:00:00.000000Z");
}

TEST(CronTest, OneOfTwoRestrictedDaysIsEnough) {
  EXPECT_EQ(NextOf("0 0 13 * 5", "2026-03-04T00:00:00Z"), "2026-03-06T00:00:00.000000Z");
  EXPECT_EQ(NextOf("0 0 13 * 5", "2026-04-11T00:00:00Z"), "2026-04-13T00:00:00.000000Z");
}

TEST(CronTest, ClocksOfTheZoneCount) {
  EXPECT_EQ(NextOf("0 9 * * *", "2026-03-04T00:00:00Z", "Europe/Istanbul"), "2026-03-04T06:00:00.000000Z");
  EXPECT_EQ(NextOf("0 9 * * *", "2026-07-04T00:00:00Z", "America/New_York"), "2026-07-04T13:00:00.000000Z");
}

TEST(CronTest, SkippedTimesComeWhenTheClocksAreChanged) {
  // On 29 March 2026 the clocks of Berlin go from 2:00 to 3:00, which is 1:00 in UTC.
  EXPECT_EQ(NextOf("30 2 * * *", "2026-03-28T12:00:00Z", "Europe/Berlin"), "2026-03-29T01:00:00.000000Z");
  EXPECT_EQ(NextOf("30 2 * * *", "2026-03-29T01:00:00Z", "Europe/Berlin"), "2026-03-30T00:30:00.000000Z");
}

TEST(CronTest, TimesShownTwiceComeOnce) {
  // On 25 October 2026 they go from 3:00 back to 2:00.
  EXPECT_EQ(NextOf("30 2 * * *", "2026-10-24T12:00:00Z", "Europe/Berlin"), "2026-10-25T00:30:00.000000Z");
  EXPECT_EQ(NextOf("30 2 * * *", "2026-10-25T00:30:00Z", "Europe/Berlin"), "2026-10-26T01:30:00.000000Z");
}

TEST(CronTest, WhatIsNoExpressionIsRefused) {
  for (const char* text : {"", "every day", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *",
                           "* * 32 * *", "* * * 13 *", "* * * * 8", "5-1 * * * *", "*/0 * * * *", "1//2 * * * *",
                           "a * * * *", "-1 * * * *", "1, * * * *", "0 0 30 2 *"}) {
    EXPECT_FALSE(Cron::Parse(text)) << text;
  }
}

TEST(CronTest, ZonesGoByTheirNames) {
  EXPECT_TRUE(IsZoneName("Europe/Istanbul"));
  EXPECT_TRUE(IsZoneName("UTC"));
  EXPECT_FALSE(IsZoneName("Mars/Base"));
  EXPECT_FALSE(IsZoneName(""));
}

}  // namespace
}  // namespace tarn::base
