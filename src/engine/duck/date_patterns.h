// Patterns of dates: MySQL's (%Y-%m-%d) and Joda's (yyyy-MM-dd), for writing and reading.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tarn::engine {

// A clock's reading. Without zone the pattern may not ask for one.
struct ClockReading {
  std::int64_t microseconds = 0;  // since the epoch's midnight
  std::optional<std::string> zone = {};
  std::int64_t offset_seconds = 0;
};

// What a text says: the clock in milliseconds, and the zone where the pattern has one.
struct ParsedReading {
  std::int64_t milliseconds = 0;
  std::optional<std::string> zone = {};
};

// Immutable. Errors are raised as Fail does: INVALID_FUNCTION_ARGUMENT, or NOT_SUPPORTED for what Trino knows and this
// does not.
class DatePattern final {
 public:
  [[nodiscard]] static DatePattern OfMysql(std::string_view pattern);
  [[nodiscard]] static DatePattern OfJoda(std::string_view pattern);

  [[nodiscard]] std::string Format(const ClockReading& reading) const;
  [[nodiscard]] ParsedReading Parse(std::string_view text) const;

 private:
  enum class Field : std::uint8_t {
    kLiteral,
    kEra,
    kCentury,
    kYear,
    kTwoDigitYear,
    kWeekYear,
    kTwoDigitWeekYear,
    kMonth,
    kMonthText,
    kDay,
    kDayOfYear,
    kWeek,
    kDayOfWeek,
    kDayOfWeekText,
    kHalfDay,
    kHour,       // 0 to 23
    kClockHour,  // 1 to 24
    kHalfHour,   // 0 to 11
    kHalfClockHour,
    kMinute,
    kSecond,
    kFraction,
    kOffset,
    kZoneName,
    kZone,
  };
  struct Part {
    Field field = Field::kLiteral;
    int width = 1;             // least digits written; of a text: 4 is the whole name
    int most = 2;              // digits read
    int pivot = 0;             // of two digits of a year: the middle of the hundred years
    bool lenient = false;      // of them: other numbers are years
    std::string literal = {};  // of kLiteral
  };
  struct Values;

  void AddLiteral(char c);
  void AddMysql(char letter, std::string_view pattern);
  void AddJoda(char letter, int count, bool number_follows);
  static void FormatPart(const Part& part, const ClockReading& reading, std::string& out);
  static void ParsePart(const Part& part, std::string_view& rest, Values& values);

  std::vector<Part> parts_;
};

}  // namespace tarn::engine
