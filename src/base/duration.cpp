#include "base/duration.h"

#include <array>

#include "base/scan.h"

namespace tarn::base {

namespace {

using std::chrono::days;
using std::chrono::microseconds;
using std::chrono::months;

constexpr int kLongestYears = 100;

struct Components {
  std::int64_t months = 0;
  microseconds time{0};
  int count = 0;
};

// What one unit letter adds, in the order in which the letters must come.
struct Unit {
  char letter;
  std::int64_t months;
  microseconds time;
};
constexpr std::array kDateUnits = {Unit{'Y', 12, {}}, Unit{'M', 1, {}}, Unit{'W', 0, days(7)}, Unit{'D', 0, days(1)}};
constexpr std::array kTimeUnits = {Unit{'H', 0, std::chrono::hours(1)}, Unit{'M', 0, std::chrono::minutes(1)},
                                   Unit{'S', 0, std::chrono::seconds(1)}};

// Reads digits; what is larger than any duration can be stays at a number that no unit makes overflow.
std::int64_t ToNumber(std::string_view digits) {
  constexpr std::int64_t kHuge = 1'000'000'000'000;
  std::int64_t number = 0;
  for (const char digit : digits) number = std::min(number * 10 + (digit - '0'), kHuge);
  return number;
}

// A number of units as long as a hundred years and more is as good as any other: it is refused later.
std::int64_t Capped(std::int64_t number, const Unit& unit) {
  const std::int64_t most = unit.months != 0 ? kLongestYears * 12 : days(kLongestYears * 366) / unit.time;
  return std::min(number, most + 1);
}

// Reads the components of one part, date or time. False when the text breaks the format.
template <std::size_t N>
bool ReadPart(Scanner& scanner, const std::array<Unit, N>& units, Components& sum) {
  auto unit = units.begin();
  while (!scanner.AtEnd()) {
    const auto digits = scanner.TakeDigits();
    if (digits.empty()) return true;  // whoever called finds out what stands here instead
    const bool has_fraction = scanner.Take('.') || scanner.Take(',');
    const auto fraction = has_fraction ? scanner.TakeFraction() : microseconds(0);
    if (!fraction) return false;

    while (unit != units.end() && !scanner.Take(unit->letter)) ++unit;
    if (unit == units.end()) return false;
    if (has_fraction && unit->letter != 'S') return false;
    const std::int64_t number = Capped(ToNumber(digits), *unit);
    sum.months += number * unit->months;
    sum.time += number * unit->time + *fraction;
    ++sum.count;
    ++unit;
  }
  return true;
}

std::optional<Components> Read(std::string_view text) {
  Scanner scanner(text);
  Components sum;
  if (!scanner.Take('P') || !ReadPart(scanner, kDateUnits, sum)) return std::nullopt;
  if (scanner.Take('T')) {
    const int before = sum.count;
    if (!ReadPart(scanner, kTimeUnits, sum) || sum.count == before) return std::nullopt;
  }
  if (!scanner.AtEnd() || sum.count == 0) return std::nullopt;
  return sum;
}

SystemTime AddMonths(SystemTime start, int count) {
  const auto day = std::chrono::floor<days>(start);
  std::chrono::year_month_day date = std::chrono::year_month_day(day) + months(count);
  if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
  return std::chrono::sys_days(date) + (start - day);
}

// The least number of days that adding this many months can move a date.
days ShortestMonths(int count) {
  auto shortest = days::max();
  for (std::chrono::year_month month = std::chrono::year(2000) / 1; month.year() < std::chrono::year(2400);
       month += months(1)) {
    const std::chrono::sys_days start(month / std::chrono::last);
    shortest = std::min(shortest, std::chrono::floor<days>(AddMonths(start, count) - start));
  }
  return shortest;
}

}  // namespace

Result<CalendarDuration> CalendarDuration::Parse(std::string_view text) {
  const auto quoted = text.substr(0, kLongestQuote);
  const auto sum = Read(text);
  if (!sum) return InvalidArgument(fmt::format("Schedule expression is not an ISO-8601 duration: \"{}\"", quoted));
  if (sum->months == 0 && sum->time == microseconds::zero()) {
    return InvalidArgument(fmt::format("Duration must be longer than zero: \"{}\"", quoted));
  }
  const auto length =
      sum->months * std::chrono::seconds(months(1)) + std::chrono::ceil<std::chrono::seconds>(sum->time);
  if (sum->months > kLongestYears * 12 || length > std::chrono::years(kLongestYears)) {
    return InvalidArgument(fmt::format("Duration must not be longer than 100 years: \"{}\"", quoted));
  }
  CalendarDuration duration;
  duration.months_ = static_cast<int>(sum->months);
  duration.time_ = sum->time;
  return duration;
}

SystemTime CalendarDuration::AddTo(SystemTime start) const {
  return (months_ == 0 ? start : AddMonths(start, months_)) + time_;
}

bool CalendarDuration::IsAtLeast(std::chrono::seconds length) const {
  if (days(28) * months_ + time_ >= length) return true;
  return months_ != 0 && ShortestMonths(months_) + time_ >= length;
}

}  // namespace tarn::base
