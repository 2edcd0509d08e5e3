#include "engine/duck/iso_8601.h"

#include <date/date.h>
#include <date/iso_week.h>

#include <optional>
#include <string>

#include "engine/duck/expansion.h"

namespace tarn::engine {
namespace {

[[noreturn]] void Refuse(std::string_view text) {
  Fail("INVALID_FUNCTION_ARGUMENT", "Invalid format: \"" + std::string(text.substr(0, 100)) + "\"");
}

// Takes exactly `count` digits off the front.
std::optional<int> Digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool Skip(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<date::sys_days> ParseDate(std::string_view text) {
  const bool negative = Skip(text, '-');
  const auto year = Digits(text, 4);
  if (!year) return std::nullopt;
  const date::year whole(negative ? -*year : *year);
  if (text.empty()) return date::sys_days(whole / 1 / 1);
  if (!Skip(text, '-')) return std::nullopt;
  if (Skip(text, 'W')) {
    const auto week = Digits(text, 2);
    std::optional<int> day = 1;
    if (!text.empty()) day = Skip(text, '-') ? Digits(text, 1) : std::nullopt;
    if (!week || !day || !text.empty() || *day < 1 || *day > 7) return std::nullopt;
    const auto named = iso_week::year(static_cast<int>(whole)) / iso_week::weeknum(static_cast<unsigned>(*week)) /
                       iso_week::weekday(static_cast<unsigned>(*day));
    return named.ok() ? std::optional(date::sys_days(named)) : std::nullopt;
  }
  if (text.size() == 3) {
    const auto day = Digits(text, 3);
    if (!day || *day < 1 || *day > (whole.is_leap() ? 366 : 365)) return std::nullopt;
    return date::sys_days(whole / 1 / 1) + date::days(*day - 1);
  }
  const auto two = [&] { return Digits(text, text.size() > 1 && text[1] != '-' ? 2 : 1); };
  const auto month = two();
  std::optional<int> day = 1;
  if (!text.empty()) day = Skip(text, '-') ? two() : std::nullopt;
  if (!month || !day || !text.empty()) return std::nullopt;
  const auto named = whole / *month / *day;
  return named.ok() ? std::optional(date::sys_days(named)) : std::nullopt;
}

struct Offset {
  std::size_t start = std::string_view::npos;  // in the text
  std::int64_t seconds = 0;
};

// The offset behind the time of day, if there is one.
std::optional<Offset> FindOffset(std::string_view text, std::size_t time) {
  if (text.ends_with('Z')) return Offset{text.size() - 1, 0};
  const auto sign = text.find_first_of("+-", time);
  if (sign == std::string_view::npos) return std::nullopt;
  auto rest = text.substr(sign + 1);
  const auto hours = Digits(rest, 2);
  Skip(rest, ':');
  const std::optional<int> minutes = rest.empty() ? 0 : Digits(rest, 2);
  if (!hours || !minutes || !rest.empty() || *hours > 14 || *minutes > 59) Refuse(text);
  return Offset{sign, (*hours * 3600 + *minutes * 60) * (text[sign] == '-' ? -1 : 1)};
}

// Microseconds into the day.
std::optional<std::int64_t> ParseTime(std::string_view text) {
  std::int64_t unit = 3600;
  std::int64_t seconds = 0;
  for (int part = 0; part < 3 && !text.empty(); ++part, unit /= 60) {
    if (part > 0 && !Skip(text, ':')) return std::nullopt;
    const auto value = Digits(text, 2);
    if (!value || *value > (part == 0 ? 23 : 59)) return std::nullopt;
    seconds += *value * unit;
    if (part == 2 && !text.empty()) {
      if (!text.starts_with('.') && !text.starts_with(',')) return std::nullopt;
      text.remove_prefix(1);
      std::int64_t micros = 0;
      std::int64_t place = 100'000;
      if (text.empty()) return std::nullopt;
      for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        micros += (c - '0') * place;
        place /= 10;
      }
      return seconds * 1'000'000 + micros / 1000 * 1000;
    }
  }
  return text.empty() ? std::optional(seconds * 1'000'000) : std::nullopt;
}

}  // namespace

std::int32_t IsoDays(std::string_view date) {
  const auto days = ParseDate(date);
  if (!days) Refuse(date);
  return static_cast<std::int32_t>(days->time_since_epoch().count());
}

bool IsoHasOffset(std::string_view timestamp) {
  const auto time = timestamp.find('T');
  return time != std::string_view::npos && FindOffset(timestamp, time).has_value();
}

std::optional<std::string> IsoZone(std::string_view timestamp) {
  const auto time = timestamp.find('T');
  const auto offset = time == std::string_view::npos ? std::nullopt : FindOffset(timestamp, time);
  if (!offset) return std::nullopt;
  const std::int64_t minutes = offset->seconds / 60;
  if (minutes == 0) return "UTC";
  const auto two = [](std::int64_t value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  const std::int64_t size = minutes < 0 ? -minutes : minutes;
  return (minutes < 0 ? "-" : "+") + two(size / 60) + ":" + two(size % 60);
}

std::int64_t IsoNanosBelow(std::string_view timestamp) {
  const auto time = timestamp.find('T');
  // This reader wants minutes, and a colon in the offset.
  const auto offset = time == std::string_view::npos ? std::nullopt : FindOffset(timestamp, time);
  const auto zone = offset ? timestamp.substr(offset->start) : std::string_view{};
  const auto clock = time == std::string_view::npos ? std::string_view{} : timestamp.substr(time + 1);
  if (clock.size() < 5 || clock[2] != ':' || (!zone.empty() && zone != "Z" && zone.size() != 6)) Refuse(timestamp);
  const auto point = timestamp.find_first_of(".,", time);
  if (point == std::string_view::npos) return 0;
  std::int64_t nanos = 0;
  std::size_t digits = 0;
  for (auto at = point + 1; at < timestamp.size() && timestamp[at] >= '0' && timestamp[at] <= '9'; ++at) {
    nanos = nanos * 10 + (timestamp[at] - '0');
    if (++digits > 9) Fail("NOT_SUPPORTED", "A text with more than nine digits of a second is not supported");
  }
  for (; digits < 9; ++digits) nanos *= 10;
  return nanos % 1'000'000;
}

std::int64_t IsoMicros(std::string_view timestamp) {
  const auto time = timestamp.find('T');
  const auto days = ParseDate(timestamp.substr(0, time));
  if (!days) Refuse(timestamp);
  const auto day = static_cast<std::int64_t>(days->time_since_epoch().count()) * 86'400'000'000;
  if (time == std::string_view::npos) return day;
  const auto offset = FindOffset(timestamp, time);
  const auto end = offset ? offset->start : timestamp.size();
  const auto micros = ParseTime(timestamp.substr(time + 1, end - time - 1));
  if (!micros || end == time + 1) Refuse(timestamp);
  return day + *micros - (offset ? offset->seconds * 1'000'000 : 0);
}

}  // namespace tarn::engine
