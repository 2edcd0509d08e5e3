#include "query/materialized/query_schedule.h"

#include <gtest/gtest.h>

#include "base/clock.h"

namespace tarn::query {
namespace {

using Kind = QuerySchedule::Kind;

base::SystemTime At(std::string_view text) { return base::ParseTime(text).value(); }
std::string Show(const std::optional<base::SystemTime>& time) { return time ? base::FormatTime(*time) : "never"; }

const QuerySchedule kHourly = {.kind = Kind::kInterval, .repeat_duration = "PT1H"};
const QuerySchedule kMornings = {.kind = Kind::kCron, .cron_expression = "0 6 * * 1-5", .time_zone = "Europe/Istanbul"};

TEST(QueryScheduleTest, IsReadAsItWasWritten) {
  for (const auto& schedule : {QuerySchedule{}, kHourly, kMornings}) {
    const auto read = ReadSchedule(WriteSchedule(schedule));
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, schedule);
  }
  EXPECT_FALSE(ReadSchedule("[1]"));
  EXPECT_FALSE(ReadSchedule("{"));
}

TEST(QueryScheduleTest, ErrorsNameTheField) {
  const auto field_of = [](const QuerySchedule& schedule) {
    const auto checked = CheckSchedule(schedule);
    return checked ? std::string("none") : checked.error().field;
  };
  EXPECT_EQ(field_of({}), "none");
  EXPECT_EQ(field_of(kHourly), "none");
  EXPECT_EQ(field_of(kMornings), "none");
  EXPECT_EQ(field_of({.kind = Kind::kInterval}), "schedule.repeatDuration");
  EXPECT_EQ(field_of({.kind = Kind::kInterval, .repeat_duration = "PT30S"}), "schedule.repeatDuration");
  EXPECT_EQ(field_of({.kind = Kind::kCron}), "schedule.cronExpression");
  EXPECT_EQ(field_of({.kind = Kind::kCron, .cron_expression = "0 0 * * *", .time_zone = "Mars/Base"}),
            "schedule.timezone");
}

TEST(QueryScheduleTest, CronFollowsTheClocksOfItsZone) {
  EXPECT_EQ(Show(FirstRun(kMornings, At("2026-03-06T12:00:00Z"), "1", 0.02)), "2026-03-09T03:00:00.000000Z");
  EXPECT_EQ(Show(NextRun(kMornings, At("2026-03-09T03:00:00Z"), At("2026-03-09T03:00:01Z"))),
            "2026-03-10T03:00:00.000000Z");
}

TEST(QueryScheduleTest, MissedRunsAreMadeUpForOnce) {
  EXPECT_EQ(Show(NextRun(kHourly, At("2026-03-09T03:00:00Z"), At("2026-03-09T03:00:01Z"))),
            "2026-03-09T04:00:00.000000Z");
  EXPECT_EQ(Show(NextRun(kHourly, At("2026-03-09T03:00:00Z"), At("2026-03-09T09:30:00Z"))),
            "2026-03-09T10:30:00.000000Z");
  EXPECT_EQ(Show(NextRun(kMornings, At("2026-03-02T03:00:00Z"), At("2026-03-09T09:30:00Z"))),
            "2026-03-10T03:00:00.000000Z");
  EXPECT_EQ(Show(NextRun({}, At("2026-03-02T03:00:00Z"), At("2026-03-09T09:30:00Z"))), "never");
}

TEST(QueryScheduleTest, IntervalsBeginWithAPhaseOfTheirOwn) {
  const auto now = At("2026-03-09T00:00:00Z");
  const auto first = FirstRun(kHourly, now, "1", 0.02);
  ASSERT_TRUE(first);
  EXPECT_GE(*first, now + std::chrono::hours(1));
  EXPECT_LE(*first, now + std::chrono::minutes(61));
  EXPECT_EQ(first, FirstRun(kHourly, now, "1", 0.02));
}

}  // namespace
}  // namespace tarn::query
