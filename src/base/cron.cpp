#include "base/cron.h"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <vector>

namespace tarn::base {

namespace {

// Every expression that some day fits, fits one within these: the 29th of February on a given day of the week is the
// rarest, and a century without a leap day may lie in between.
constexpr int kYearsAhead = 44;

constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

// One of the five fields: its numbers, and their names where it has such.
struct Field {
  std::string_view what;
  unsigned lowest;
  unsigned highest;
  const std::string_view* names = nullptr;
  unsigned name_count = 0;
};

std::vector<std::string_view> Split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto at = text.find(by);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::unexpected<Error> Malformed(const Field& field, std::string_view text) {
  return InvalidArgument("Cron expression has a malformed " + std::string(field.what) + ": \"" + std::string(text) +
                         "\"");
}

std::optional<unsigned> ReadNumber(const Field& field, std::string_view text) {
  unsigned number = 0;
  const auto* end = text.data() + text.size();
  if (const auto [at, error] = std::from_chars(text.data(), end, number); error == std::errc() && at == end)
    return number >= field.lowest && number <= field.highest ? std::optional(number) : std::nullopt;
  std::string name(text);
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  for (unsigned i = 0; i < field.name_count; ++i) {
    if (field.names[i] == name) return i + field.lowest;
  }
  return std::nullopt;
}

// "*", "5", "1-5", each with "/step" behind.
template <class Set>
Result<void> ReadItem(const Field& field, std::string_view item, Set& set) {
  const auto parts = Split(item, '/');
  if (parts.size() > 2) return Malformed(field, item);
  unsigned first = field.lowest;
  unsigned last = field.highest;
  if (parts[0] != "*") {
    const auto bounds = Split(parts[0], '-');
    const auto from = ReadNumber(field, bounds[0]);
    const auto to = bounds.size() == 2 ? ReadNumber(field, bounds[1]) : from;
    if (bounds.size() > 2 || !from || !to || *from > *to) return Malformed(field, item);
    first = *from;
    // "5/10" begins at 5 and goes on to the end.
    last = bounds.size() == 1 && parts.size() == 2 ? field.highest : *to;
  }
  unsigned step = 1;
  if (parts.size() == 2) {
    const auto* end = parts[1].data() + parts[1].size();
    const auto [at, error] = std::from_chars(parts[1].data(), end, step);
    if (error != std::errc() || at != end || step == 0) return Malformed(field, item);
  }
  for (unsigned value = first; value <= last; value += step) {
    set.set(value % set.size());  // of days of the week, 7 is 0
    if (step > last) break;
  }
  return {};
}

template <class Set>
Result<void> ReadField(const Field& field, std::string_view text, Set& set) {
  for (const auto item : Split(text, ',')) TARN_RETURN_IF_ERROR(ReadItem(field, item, set));
  return {};
}

const date::time_zone* FindZone(std::string_view name) {
  try {
    return date::locate_zone(std::string(name));
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

}  // namespace

Result<Cron> Cron::Parse(std::string_view text) {
  std::vector<std::string_view> fields;
  for (const auto part : Split(text, ' ')) {
    if (!part.empty()) fields.push_back(part);
  }
  if (fields.size() != 5)
    return InvalidArgument("Cron expression does not have five fields: \"" + std::string(text) + "\"");
  Cron cron;
  TARN_RETURN_IF_ERROR(ReadField({"minute", 0, 59}, fields[0], cron.minutes_));
  TARN_RETURN_IF_ERROR(ReadField({"hour", 0, 23}, fields[1], cron.hours_));
  TARN_RETURN_IF_ERROR(ReadField({"day of the month", 1, 31}, fields[2], cron.days_));
  TARN_RETURN_IF_ERROR(ReadField({"month", 1, 12, kMonths.data(), 12}, fields[3], cron.months_));
  TARN_RETURN_IF_ERROR(ReadField({"day of the week", 0, 7, kWeekdays.data(), 7}, fields[4], cron.weekdays_));
  cron.any_day_ = fields[2].starts_with('*');
  cron.any_weekday_ = fields[4].starts_with('*');
  if (!cron.Next(SystemTime{}, "UTC"))
    return InvalidArgument("Cron expression fits no day: \"" + std::string(text) + "\"");
  return cron;
}

bool Cron::FitsDay(unsigned month, unsigned day, unsigned weekday) const {
  if (!months_.test(month)) return false;
  // A field that begins with a star does not restrict by itself, but its step does.
  if (any_day_ || any_weekday_) return days_.test(day) && weekdays_.test(weekday);
  return days_.test(day) || weekdays_.test(weekday);
}

Result<SystemTime> Cron::Next(SystemTime time, std::string_view zone) const {
  using namespace std::chrono_literals;
  const auto* clocks = FindZone(zone);
  if (clocks == nullptr) return InvalidArgument("Time zone is not known: \"" + std::string(zone) + "\"");
  const auto after = date::floor<std::chrono::seconds>(time);
  // From the day before: what its clocks skipped or showed twice may come after `time`.
  auto day = date::floor<date::days>(clocks->to_local(after)) - date::days(1);
  const auto last = day + date::days(366 * kYearsAhead);
  for (; day <= last; day += date::days(1)) {
    const date::year_month_day named(day);
    if (!FitsDay(static_cast<unsigned>(named.month()), static_cast<unsigned>(named.day()),
                 date::weekday(day).c_encoding()))
      continue;
    std::optional<SystemTime> first;
    for (unsigned hour = 0; hour < 24; ++hour) {
      if (!hours_.test(hour)) continue;
      for (unsigned minute = 0; minute < 60; ++minute) {
        if (!minutes_.test(minute)) continue;
        const auto local = date::local_seconds(day) + std::chrono::hours(hour) + std::chrono::minutes(minute);
        const auto info = clocks->get_info(local);
        const auto moment = info.result == date::local_info::nonexistent
                                ? date::sys_seconds(info.second.begin)
                                : date::sys_seconds(local.time_since_epoch() - info.first.offset);
        if (moment > after && (!first || moment < *first)) first = SystemTime(moment);
      }
    }
    if (first) return *first;
  }
  return InvalidArgument("Cron expression fits no day");
}

bool IsZoneName(std::string_view name) { return FindZone(name) != nullptr; }

}  // namespace tarn::base
