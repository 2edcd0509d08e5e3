#include "base/clock.h"

#include "base/scan.h"

namespace tarn::base {

namespace {

class MachineClock final : public Clock {
 public:
  SystemTime Now() const override {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  }
  SteadyTime SteadyNow() const override { return std::chrono::steady_clock::now(); }
};

// "Z" or "+hh:mm" as the minutes that local time is ahead of UTC.
std::optional<std::chrono::minutes> ReadZone(Scanner& scanner) {
  if (scanner.Take('Z')) return std::chrono::minutes(0);
  const bool ahead = scanner.Take('+');
  if (!ahead && !scanner.Take('-')) return std::nullopt;
  const auto hours = scanner.TakeNumber(2);
  if (!scanner.Take(':')) return std::nullopt;
  const auto minutes = scanner.TakeNumber(2);
  if (!hours || !minutes || *hours > 18 || *minutes > 59) return std::nullopt;
  const auto offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return ahead ? offset : -offset;
}

std::optional<SystemTime> ReadTime(std::string_view text) {
  Scanner scanner(text);
  const auto year = scanner.TakeNumber(4);
  if (!year || !scanner.Take('-')) return std::nullopt;
  const auto month = scanner.TakeNumber(2);
  if (!month || !scanner.Take('-')) return std::nullopt;
  const auto day = scanner.TakeNumber(2);
  if (!day || !scanner.Take('T')) return std::nullopt;
  const auto hour = scanner.TakeNumber(2);
  if (!hour || *hour > 23 || !scanner.Take(':')) return std::nullopt;
  const auto minute = scanner.TakeNumber(2);
  if (!minute || *minute > 59 || !scanner.Take(':')) return std::nullopt;
  const auto second = scanner.TakeNumber(2);
  if (!second || *second > 59) return std::nullopt;

  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  auto fraction = std::optional(std::chrono::microseconds(0));
  if (scanner.Take('.')) fraction = scanner.TakeFraction();
  const auto zone = ReadZone(scanner);
  if (!fraction || !zone || !scanner.AtEnd()) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second) + *fraction - *zone;
}

}  // namespace

const Clock& RealClock() {
  static const MachineClock clock;
  return clock;
}

std::string FormatTime(SystemTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

Result<SystemTime> ParseTime(std::string_view text) {
  if (const auto time = ReadTime(text)) return *time;
  return InvalidArgument(
      fmt::format("Time is not an ISO-8601 date-time with a zone: \"{}\"", text.substr(0, kLongestQuote)));
}

}  // namespace tarn::base
