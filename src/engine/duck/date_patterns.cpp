#include "engine/duck/date_patterns.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdlib>

#include "engine/duck/date_values.h"
#include "engine/duck/expansion.h"
#include "engine/duck/zone_clock.h"

namespace tarn::engine {
namespace {

[[noreturn]] void Refuse(const std::string& message) { Fail("INVALID_FUNCTION_ARGUMENT", message); }

bool IsLetter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

void AppendPadded(std::string& out, std::int64_t value, int width) {
  if (value < 0) out += '-';
  const auto digits = std::to_string(value < 0 ? -value : value);
  if (digits.size() < static_cast<std::size_t>(width)) out.append(static_cast<std::size_t>(width) - digits.size(), '0');
  out += digits;
}

std::string OffsetText(std::int64_t seconds, bool colon) {
  std::string out = seconds < 0 ? "-" : "+";
  const auto minutes = std::abs(seconds) / 60;
  AppendPadded(out, minutes / 60, 2);
  if (colon) out += ':';
  AppendPadded(out, minutes % 60, 2);
  return out;
}

// Joda's letters that stand for a number, which decide how many digits the one before them takes.
bool IsNumberToken(char letter, int count) {
  return std::string_view("CYxwedDyKhHkmsS").find(letter) != std::string_view::npos || (letter == 'M' && count <= 2);
}

int CurrentYear() {
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
  return static_cast<int>(today.year());
}

}  // namespace

void DatePattern::AddLiteral(char c) {
  if (parts_.empty() || parts_.back().field != Field::kLiteral) parts_.push_back({});
  parts_.back().literal += c;
}

DatePattern DatePattern::OfMysql(std::string_view pattern) {
  if (pattern.empty()) Refuse("Date pattern is empty");
  DatePattern compiled;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] != '%') {
      compiled.AddLiteral(pattern[at]);
      continue;
    }
    if (++at == pattern.size()) Refuse("Date pattern ends within a field: \"" + std::string(pattern) + "\"");
    compiled.AddMysql(pattern[at], pattern);
  }
  return compiled;
}

void DatePattern::AddMysql(char letter, std::string_view pattern) {
  const auto add = [this](Field field, int width = 1, int most = 2) {
    parts_.push_back({.field = field, .width = width, .most = most});
  };
  const auto all = [this, pattern](std::string_view letters) {
    for (const char c : letters) {
      if (IsLetter(c))
        AddMysql(c, pattern);
      else
        AddLiteral(c);
    }
  };
  switch (letter) {
    case 'a': return add(Field::kDayOfWeekText, 3);
    case 'b': return add(Field::kMonthText, 3);
    case 'c': return add(Field::kMonth);
    case 'd': return add(Field::kDay, 2);
    case 'e': return add(Field::kDay);
    case 'f': return add(Field::kFraction, 6, 9);
    case 'H': return add(Field::kHour, 2);
    case 'h':
    case 'I': return add(Field::kHalfClockHour, 2);
    case 'i': return add(Field::kMinute, 2);
    case 'j': return add(Field::kDayOfYear, 3, 3);
    case 'k': return add(Field::kHour);
    case 'l': return add(Field::kHalfClockHour);
    case 'M': return add(Field::kMonthText, 4);
    case 'm': return add(Field::kMonth, 2);
    case 'p': return add(Field::kHalfDay);
    case 'r': return all("h:i:S p");
    case 'S':
    case 's': return add(Field::kSecond, 2);
    case 'T': return all("H:i:S");
    case 'v': return add(Field::kWeek, 2);
    case 'W': return add(Field::kDayOfWeekText, 4);
    case 'x': return add(Field::kWeekYear, 4, 4);
    case 'Y': return add(Field::kYear, 4, 4);
    case 'y': parts_.push_back({.field = Field::kTwoDigitYear, .width = 2, .pivot = 2020}); return;
    default: break;
  }
  if (std::string_view("DUuVwX").find(letter) != std::string_view::npos)
    Refuse("%" + std::string(1, letter) + " is not supported in a date pattern: \"" + std::string(pattern) + "\"");
  AddLiteral(letter);
}

DatePattern DatePattern::OfJoda(std::string_view pattern) {
  if (pattern.empty()) Refuse("Date pattern is empty");
  DatePattern compiled;
  for (std::size_t at = 0; at < pattern.size();) {
    const char c = pattern[at];
    if (c == '\'') {
      if (pattern.substr(at, 2) == "''") {
        compiled.AddLiteral('\'');
        at += 2;
        continue;
      }
      for (++at; at < pattern.size() && (pattern[at] != '\'' || pattern.substr(at, 2) == "''"); ++at) {
        compiled.AddLiteral(pattern[at]);
        if (pattern[at] == '\'') ++at;
      }
      ++at;
      continue;
    }
    if (!IsLetter(c)) {
      compiled.AddLiteral(c);
      ++at;
      continue;
    }
    const auto end = std::min(pattern.find_first_not_of(c, at), pattern.size());
    const auto next =
        end < pattern.size() ? std::min(pattern.find_first_not_of(pattern[end], end), pattern.size()) : end;
    const bool number_follows = end < pattern.size() && IsNumberToken(pattern[end], static_cast<int>(next - end));
    compiled.AddJoda(c, static_cast<int>(end - at), number_follows);
    at = end;
  }
  return compiled;
}

void DatePattern::AddJoda(char letter, int count, bool number_follows) {
  const auto add = [&](Field field, int most = 2) { parts_.push_back({.field = field, .width = count, .most = most}); };
  const auto year = [&](Field field, Field two_digits) {
    const int most = number_follows ? count : 9;
    if (count != 2) return add(field, most);
    parts_.push_back(
        {.field = two_digits, .width = 2, .most = most, .pivot = CurrentYear() - 30, .lenient = !number_follows});
  };
  switch (letter) {
    case 'G': return add(Field::kEra);
    case 'C': return add(Field::kCentury);
    case 'y':
    case 'Y': return year(Field::kYear, Field::kTwoDigitYear);
    case 'x': return year(Field::kWeekYear, Field::kTwoDigitWeekYear);
    case 'M': return add(count >= 3 ? Field::kMonthText : Field::kMonth);
    case 'd': return add(Field::kDay);
    case 'D': return add(Field::kDayOfYear, 3);
    case 'w': return add(Field::kWeek);
    case 'e': return add(Field::kDayOfWeek, 1);
    case 'E': return add(Field::kDayOfWeekText);
    case 'a': return add(Field::kHalfDay);
    case 'H': return add(Field::kHour);
    case 'k': return add(Field::kClockHour);
    case 'K': return add(Field::kHalfHour);
    case 'h': return add(Field::kHalfClockHour);
    case 'm': return add(Field::kMinute);
    case 's': return add(Field::kSecond);
    case 'S': return add(Field::kFraction, count);
    case 'Z': return add(count <= 2 ? Field::kOffset : Field::kZone);
    case 'z': return add(Field::kZoneName);
    default: break;
  }
  Refuse("Illegal letter in a date pattern: \"" + std::string(1, letter) + "\"");
}

std::string DatePattern::Format(const ClockReading& reading) const {
  std::string out;
  for (const Part& part : parts_) FormatPart(part, reading, out);
  return out;
}

void DatePattern::FormatPart(const Part& part, const ClockReading& reading, std::string& out) {
  const CalendarDay day(reading.microseconds);
  const auto hour = day.seconds() / 3600;
  const auto number = [&](std::int64_t value) { AppendPadded(out, value, part.width); };
  const auto name = [&](std::string_view whole) { out += part.width >= 4 ? whole : whole.substr(0, 3); };
  const bool of_zone = part.field >= Field::kOffset;
  if (of_zone && !reading.zone) Refuse("A date pattern asks for the zone of a timestamp without one");
  switch (part.field) {
    case Field::kLiteral: out += part.literal; break;
    case Field::kEra: out += day.year() > 0 ? "AD" : "BC"; break;
    case Field::kCentury: number((day.year() > 0 ? day.year() : 1 - day.year()) / 100); break;
    case Field::kYear: number(day.year()); break;
    case Field::kTwoDigitYear: AppendPadded(out, std::abs(day.year()) % 100, 2); break;
    case Field::kWeekYear: number(day.week_year()); break;
    case Field::kTwoDigitWeekYear: AppendPadded(out, std::abs(day.week_year()) % 100, 2); break;
    case Field::kMonth: number(day.month()); break;
    case Field::kMonthText: name(kMonthNames[static_cast<std::size_t>(day.month() - 1)]); break;
    case Field::kDay: number(day.day()); break;
    case Field::kDayOfYear: number(day.day_of_year()); break;
    case Field::kWeek: number(day.week()); break;
    case Field::kDayOfWeek: number(day.day_of_week()); break;
    case Field::kDayOfWeekText: name(kDayNames[static_cast<std::size_t>(day.day_of_week() - 1)]); break;
    case Field::kHalfDay: out += hour < 12 ? "AM" : "PM"; break;
    case Field::kHour: number(hour); break;
    case Field::kClockHour: number(hour == 0 ? 24 : hour); break;
    case Field::kHalfHour: number(hour % 12); break;
    case Field::kHalfClockHour: number(hour % 12 == 0 ? 12 : hour % 12); break;
    case Field::kMinute: number(day.seconds() / 60 % 60); break;
    case Field::kSecond: number(day.seconds() % 60); break;
    case Field::kFraction: {
      // Trino's clock has milliseconds here.
      std::string digits;
      AppendPadded(digits, day.milliseconds(), 3);
      digits.resize(static_cast<std::size_t>(part.width), '0');
      out += digits;
      break;
    }
    case Field::kOffset: out += OffsetText(reading.offset_seconds, part.width == 2); break;
    case Field::kZone: out += *reading.zone; break;
    case Field::kZoneName: {
      const bool whole = part.width >= 4;
      if (*reading.zone == "UTC") {
        out += whole ? "Coordinated Universal Time" : "UTC";
      } else if (reading.zone->find(':') != std::string::npos) {
        out += *reading.zone;
      } else {
        Fail("NOT_SUPPORTED", "Names of time zones in a date pattern are not supported: \"" + *reading.zone + "\"");
      }
      break;
    }
  }
}

// What the parts of a text said.
struct DatePattern::Values {
  ParsedDate date = {};
  std::optional<int> half = {};       // 0 or 1
  std::optional<int> half_hour = {};  // 0 to 11
  std::optional<int> hour = {};
  int minute = 0;
  int second = 0;
  int millisecond = 0;
  std::optional<std::string> zone = {};
  bool good = true;
};

namespace {

// The longest of the names, or of their first three letters, that the text begins with, taken off; -1 for none.
template <std::size_t N>
int TakeName(std::string_view& text, const std::array<std::string_view, N>& names) {
  int found = -1;
  std::size_t length = 0;
  for (std::size_t i = 0; i < N; ++i) {
    for (const auto size : {names[i].size(), std::size_t{3}}) {
      const bool same =
          size > length && text.size() >= size &&
          std::equal(
              text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size), names[i].begin(), [](char a, char b) {
                return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
              });
      if (!same) continue;
      found = static_cast<int>(i);
      length = size;
    }
  }
  text.remove_prefix(length);
  return found;
}

std::optional<int> TakeNumber(std::string_view& text, int most) {
  std::size_t count = 0;
  while (count < text.size() && count < static_cast<std::size_t>(most) && IsDigit(text[count])) ++count;
  if (count == 0) return std::nullopt;
  const int value = std::atoi(std::string(text.substr(0, count)).c_str());
  text.remove_prefix(count);
  return value;
}

// +05:30, +0530 or Z.
std::optional<std::string> TakeOffset(std::string_view& text) {
  if (text.starts_with('Z')) {
    text.remove_prefix(1);
    return "UTC";
  }
  if (!text.starts_with('+') && !text.starts_with('-')) return std::nullopt;
  std::string offset(1, text[0]);
  text.remove_prefix(1);
  for (const bool minutes : {false, true}) {
    if (minutes && text.starts_with(':')) text.remove_prefix(1);
    if (text.size() < 2 || !IsDigit(text[0]) || !IsDigit(text[1])) return std::nullopt;
    offset += (minutes ? ":" : "") + std::string(text.substr(0, 2));
    text.remove_prefix(2);
  }
  return ZoneClock::NormalName(offset);
}

std::optional<std::string> TakeZone(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && (IsLetter(text[end]) || IsDigit(text[end]) || text[end] == '/' || text[end] == '_' ||
                               text[end] == '-' || text[end] == '+' || text[end] == ':'))
    ++end;
  auto name = ZoneClock::NormalName(text.substr(0, end));
  text.remove_prefix(end);
  return name;
}

}  // namespace

void DatePattern::ParsePart(const Part& part, std::string_view& rest, Values& values) {
  const auto number = [&](int low, int high) -> std::optional<int> {
    const auto value = TakeNumber(rest, part.most);
    values.good = values.good && value && *value >= low && *value <= high;
    return value;
  };
  const auto named = [&](int index) -> std::optional<int> {
    values.good = values.good && index >= 0;
    return index + 1;
  };
  const auto year = [&]() -> std::optional<int> {
    const bool negative = rest.starts_with('-');
    if (negative || rest.starts_with('+')) rest.remove_prefix(1);
    const auto value = number(0, 999'999);
    return value && negative ? std::optional(-*value) : value;
  };
  const auto two_digits = [&]() -> std::optional<int> {
    std::size_t digits = 0;
    while (digits < rest.size() && IsDigit(rest[digits])) ++digits;
    const bool exact = digits == 2 || !part.lenient;
    if (!exact) return year();
    const auto value = TakeNumber(rest, 2);
    values.good = values.good && value && digits >= 2;
    if (!value) return std::nullopt;
    const int low = part.pivot - 50;
    return low + ((*value - low % 100) + 100) % 100;
  };
  ParsedDate& date = values.date;
  switch (part.field) {
    case Field::kLiteral:
      values.good = values.good && rest.starts_with(part.literal);
      if (values.good) rest.remove_prefix(part.literal.size());
      break;
    case Field::kYear: date.year = year(); break;
    case Field::kTwoDigitYear: date.year = two_digits(); break;
    case Field::kWeekYear: date.week_year = year(); break;
    case Field::kTwoDigitWeekYear: date.week_year = two_digits(); break;
    case Field::kMonth: date.month = number(1, 12); break;
    case Field::kMonthText: date.month = named(TakeName(rest, kMonthNames)); break;
    case Field::kDay: date.day = number(1, 31); break;
    case Field::kDayOfYear: date.day_of_year = number(1, 366); break;
    case Field::kWeek: date.week = number(1, 53); break;
    case Field::kDayOfWeek: date.day_of_week = number(1, 7); break;
    case Field::kDayOfWeekText: date.day_of_week = named(TakeName(rest, kDayNames)); break;
    case Field::kHalfDay: {
      static constexpr std::array<std::string_view, 2> kHalves = {"AM ", "PM "};
      std::string half(rest.substr(0, 2));
      half += ' ';
      std::string_view view = half;
      values.half = named(TakeName(view, kHalves)).value_or(0) - 1;
      rest.remove_prefix(std::min<std::size_t>(rest.size(), 2));
      break;
    }
    case Field::kHour: values.hour = number(0, 23); break;
    case Field::kClockHour: values.hour = number(1, 24).value_or(0) % 24; break;
    case Field::kHalfHour: values.half_hour = number(0, 11); break;
    case Field::kHalfClockHour: values.half_hour = number(1, 12).value_or(0) % 12; break;
    case Field::kMinute: values.minute = number(0, 59).value_or(0); break;
    case Field::kSecond: values.second = number(0, 59).value_or(0); break;
    case Field::kFraction: {
      std::string digits;
      while (!rest.empty() && IsDigit(rest[0]) && digits.size() < static_cast<std::size_t>(part.most)) {
        digits += rest[0];
        rest.remove_prefix(1);
      }
      values.good = values.good && !digits.empty();
      digits.resize(3, '0');
      values.millisecond = std::atoi(digits.c_str());
      break;
    }
    case Field::kOffset: values.zone = TakeOffset(rest); break;
    case Field::kZone: values.zone = TakeZone(rest); break;
    default: Fail("NOT_SUPPORTED", "Reading eras, centuries or names of time zones is not supported");
  }
  if (part.field == Field::kOffset || part.field == Field::kZone) values.good = values.good && values.zone.has_value();
}

ParsedReading DatePattern::Parse(std::string_view text) const {
  Values values;
  std::string_view rest = text;
  for (const Part& part : parts_) {
    ParsePart(part, rest, values);
    if (!values.good) break;
  }
  const auto days = values.good && rest.empty() ? values.date.Days() : std::nullopt;
  if (!days) Refuse("Invalid format: \"" + std::string(text.substr(0, 100)) + "\"");
  const int hour = values.hour.value_or(values.half.value_or(0) * 12 + values.half_hour.value_or(0));
  const std::int64_t seconds = ((*days * 24 + hour) * 60 + values.minute) * 60 + values.second;
  return {.milliseconds = seconds * 1000 + values.millisecond, .zone = std::move(values.zone)};
}

}  // namespace tarn::engine
