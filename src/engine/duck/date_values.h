// The calendar behind date patterns: the fields of a day, and the day that fields say.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tarn::engine {

inline constexpr std::array<std::string_view, 12> kMonthNames = {"January",   "February", "March",    "April",
                                                                 "May",       "June",     "July",     "August",
                                                                 "September", "October",  "November", "December"};
// Monday first, as ISO 8601 counts.
inline constexpr std::array<std::string_view, 7> kDayNames = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                              "Friday", "Saturday", "Sunday"};

// The fields of a clock's reading in microseconds since the epoch's midnight.
class CalendarDay final {
 public:
  explicit CalendarDay(std::int64_t microseconds);

  [[nodiscard]] int year() const { return year_; }
  [[nodiscard]] int month() const { return month_; }
  [[nodiscard]] int day() const { return day_; }
  [[nodiscard]] int day_of_year() const;
  [[nodiscard]] int day_of_week() const;  // 1 is Monday
  [[nodiscard]] int week() const;         // of week_year()
  [[nodiscard]] int week_year() const;
  [[nodiscard]] std::int64_t seconds() const { return micros_of_day_ / 1'000'000; }  // of the day
  [[nodiscard]] std::int64_t milliseconds() const { return micros_of_day_ / 1000 % 1000; }

 private:
  std::int64_t days_;
  std::int64_t micros_of_day_;
  int year_ = 0;
  int month_ = 0;
  int day_ = 0;
};

// Fields of a date that a text said. As Joda puts them together: the larger first, each starting anew what is below
// it; without a year, a month or a day is one of 2000; without any, the day is 1970-01-01.
struct ParsedDate {
  std::optional<int> year = {};
  std::optional<int> week_year = {};
  std::optional<int> month = {};
  std::optional<int> day_of_year = {};
  std::optional<int> week = {};
  std::optional<int> day = {};
  std::optional<int> day_of_week = {};

  // Days since the epoch; nullopt where there is no such day.
  [[nodiscard]] std::optional<std::int64_t> Days() const;
};

}  // namespace tarn::engine
