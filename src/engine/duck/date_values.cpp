#include "engine/duck/date_values.h"

#include <algorithm>
#include <duckdb.hpp>

namespace tarn::engine {
namespace {

constexpr std::int64_t kMicrosPerDay = 86'400'000'000;

std::int64_t FloorDays(std::int64_t microseconds) {
  const auto days = microseconds / kMicrosPerDay;
  return microseconds % kMicrosPerDay < 0 ? days - 1 : days;
}

std::optional<std::int64_t> DaysOf(int year, int month, int day) {
  duckdb::date_t date;
  if (!duckdb::Date::TryFromDate(year, month, day, date)) return std::nullopt;
  return date.days;
}

// The Monday of the first week of a week-based year.
std::optional<std::int64_t> FirstMonday(int week_year) {
  const auto fourth = DaysOf(week_year, 1, 4);
  if (!fourth) return std::nullopt;
  return *fourth - (CalendarDay(*fourth * kMicrosPerDay).day_of_week() - 1);
}

}  // namespace

CalendarDay::CalendarDay(std::int64_t microseconds)
    : days_(FloorDays(microseconds)), micros_of_day_(microseconds - days_ * kMicrosPerDay) {
  duckdb::Date::Convert(duckdb::date_t(static_cast<std::int32_t>(days_)), year_, month_, day_);
}

int CalendarDay::day_of_week() const {
  // The epoch's day is a Thursday.
  const auto day = (days_ + 3) % 7;
  return static_cast<int>(day < 0 ? day + 7 : day) + 1;
}

int CalendarDay::day_of_year() const { return static_cast<int>(days_ - DaysOf(year_, 1, 1).value_or(days_)) + 1; }

// The year of the week's Thursday.
int CalendarDay::week_year() const { return CalendarDay((days_ + 4 - day_of_week()) * kMicrosPerDay).year(); }

int CalendarDay::week() const {
  const auto first = FirstMonday(week_year()).value_or(days_);
  return static_cast<int>((days_ - first) / 7) + 1;
}

std::optional<std::int64_t> ParsedDate::Days() const {
  const bool below = month || day_of_year || week || day || day_of_week;
  const std::optional<int> first = year || week_year || !below ? year : std::optional(2000);
  std::int64_t days = 0;
  // Joda sets all fields twice; the second time nothing is started anew, and all of them must still fit.
  for (const bool anew : {true, false}) {
    const auto now = [&] { return CalendarDay(days * kMicrosPerDay); };
    const auto put = [&](std::optional<std::int64_t> changed) {
      if (changed) days = *changed;
      return changed.has_value();
    };
    const auto in_month = [&](int of_year, int of_month) {
      if (anew) return DaysOf(of_year, of_month, 1);
      const int wanted = now().day();
      for (int last = wanted; last > 28; --last) {
        if (const auto found = DaysOf(of_year, of_month, last)) return found;
      }
      return DaysOf(of_year, of_month, std::min(wanted, 28));
    };
    if (first && !put(in_month(*first, anew ? 1 : now().month()))) return std::nullopt;
    if (week_year) {
      const auto monday = FirstMonday(*week_year);
      const auto kept = anew ? 0 : (now().week() - 1) * 7 + now().day_of_week() - 1;
      if (!monday || !put(*monday + kept)) return std::nullopt;
    }
    if (month && !put(in_month(now().year(), *month))) return std::nullopt;
    if (day_of_year) {
      const int before = now().year();
      put(days + *day_of_year - now().day_of_year());
      if (now().year() != before) return std::nullopt;
    }
    if (week) {
      const int before = now().week_year();
      put(days + std::int64_t{*week - now().week()} * 7 - (anew ? now().day_of_week() - 1 : 0));
      if (now().week_year() != before) return std::nullopt;
    }
    if (day && !put(DaysOf(now().year(), now().month(), *day))) return std::nullopt;
    if (day_of_week) put(days + *day_of_week - now().day_of_week());
  }
  return days;
}

}  // namespace tarn::engine
