#include "jobs/schedule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/ids.h"

namespace tarn::jobs {
namespace {

using base::SystemTime;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

SystemTime At(const char* text) {
  const auto time = base::ParseTime(text);
  EXPECT_TRUE(time);
  return *time;
}

Schedule Every(const char* expression) {
  auto schedule = Schedule::Parse(expression);
  EXPECT_TRUE(schedule) << expression;
  return *schedule;
}

TEST(ScheduleTest, RefusesWhatIsNoRepetition) {
  for (const char* expression : {"5 minutes", "", "P", "PT", "PT0S", "-PT1H", "PT30S", "PT59S", "P1Y1"}) {
    EXPECT_FALSE(Schedule::Parse(expression)) << expression;
  }
  for (const char* expression : {"PT1M", "PT60S", "P1D", "P1M", "P1Y2M10DT2H30M"})
    EXPECT_TRUE(Schedule::Parse(expression)) << expression;
}

TEST(ScheduleTest, NextIsOneIntervalAfterDue) {
  const auto due = At("2026-01-31T10:00:00Z");
  EXPECT_EQ(Every("PT15M").Next(due, due + seconds(3)), due + minutes(15));
  EXPECT_EQ(Every("P1M").Next(due, due), At("2026-02-28T10:00:00Z"));
}

TEST(ScheduleTest, MissedRunsAreMadeUpOnce) {
  const auto due = At("2026-01-01T00:00:00Z");
  const auto now = due + hours(24 * 30);
  EXPECT_EQ(Every("PT1H").Next(due, now), now + hours(1));
}

TEST(ScheduleTest, NextIsAlwaysInTheFuture) {
  const auto due = At("2026-01-01T00:00:00Z");
  for (int late = 0; late < 200; ++late) {
    const auto now = due + minutes(late);
    EXPECT_GT(Every("PT15M").Next(due, now), now);
  }
}

TEST(ScheduleTest, PhaseIsBoundedAndOfTheSeed) {
  const auto now = At("2026-05-05T05:05:05Z");
  double sum = 0;
  for (int i = 0; i < 500; ++i) {
    const auto seed = base::NewUuid();
    const auto hourly = Every("PT1M").First(now, seed, 0.02);
    EXPECT_EQ(hourly, Every("PT1M").First(now, seed, 0.02));
    EXPECT_GE(hourly, now + minutes(1));
    EXPECT_LE(hourly, now + minutes(1) + std::chrono::milliseconds(1200));
    const auto daily = Every("P1D").First(now, seed, 0.02);
    EXPECT_GE(daily, now + hours(24));
    EXPECT_LE(daily, now + hours(24) + seconds(60));
    sum += std::chrono::duration<double>(daily - now - hours(24)).count();
  }
  EXPECT_NEAR(sum / 500, 30, 6);  // spread evenly over the minute
  EXPECT_EQ(Every("PT1M").First(now, "seed", 0), now + minutes(1));
}

TEST(DueListTest, TakesWhatIsDueInOrderAndOnce) {
  const auto start = At("2026-05-05T00:00:00Z");
  DueList list;
  list.Set("b", start + minutes(2));
  list.Set("a", start + minutes(1));
  list.Set("c", start + minutes(3));
  list.Set("c", start + minutes(9));  // replaced
  list.Set("d", start + minutes(1));
  list.Remove("d");
  EXPECT_TRUE(list.TakeDue(start).empty());
  const auto due = list.TakeDue(start + minutes(3));
  ASSERT_EQ(due.size(), 2U);
  EXPECT_EQ(due[0].first, "a");
  EXPECT_EQ(due[1], std::pair(std::string("b"), start + minutes(2)));
  EXPECT_TRUE(list.TakeDue(start + minutes(3)).empty());
  EXPECT_EQ(list.size(), 1U);
}

}  // namespace
}  // namespace tarn::jobs
