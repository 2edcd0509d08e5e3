#include "tables/value.h"

#include <charconv>
#include <chrono>
#include <limits>

#include "base/utf8.h"
#include "sql/text.h"

namespace tarn::tables {

namespace {

using engine::Cell;
using engine::WideInteger;
using Unsigned = std::make_unsigned_t<std::int64_t>;

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;
constexpr std::size_t kShownCharacters = 60;

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool ReadSign(std::string_view& text) {
  if (text.empty() || (text[0] != '-' && text[0] != '+')) return false;
  const bool negative = text[0] == '-';
  text.remove_prefix(1);
  return negative;
}

std::optional<Cell> ReadBigint(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.empty() || !sql::IsDigit(text[0])) return std::nullopt;
  }
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return Cell::Number(value);
}

std::optional<Cell> ReadBoolean(std::string_view text) {
  if (text == "1" || sql::EqualsIgnoreCase(text, "true") || sql::EqualsIgnoreCase(text, "t")) return Cell::Number(1);
  if (text == "0" || sql::EqualsIgnoreCase(text, "false") || sql::EqualsIgnoreCase(text, "f")) return Cell::Number(0);
  return std::nullopt;
}

constexpr WideInteger PowerOfTen(int exponent) {
  WideInteger power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

// Digits with a point and an exponent, exactly as many as fit.
std::optional<Cell> ReadDecimal(std::string_view text) {
  constexpr auto kBound = PowerOfTen(kDecimalPrecision);
  const bool negative = ReadSign(text);
  WideInteger value = 0;
  int digits = 0, scale = 0;
  bool point = false;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (text[at] == '.' && !point) {
      point = true;
      continue;
    }
    if (!sql::IsDigit(text[at])) break;
    ++digits;
    if (value >= kBound / 10 && text[at] != '0') return std::nullopt;
    if (value >= kBound / 10) {  // zeros behind as many digits as there may be
      if (!point) return std::nullopt;
      continue;
    }
    value = value * 10 + (text[at] - '0');
    if (point) ++scale;
  }
  if (digits == 0) return std::nullopt;
  int exponent = 0;
  if (at < text.size()) {
    if (text[at] != 'e' && text[at] != 'E') return std::nullopt;
    auto rest = text.substr(at + 1);
    if (rest.starts_with('+')) rest.remove_prefix(1);
    const auto [end, failure] = std::from_chars(rest.data(), rest.data() + rest.size(), exponent);
    if (failure != std::errc{} || end != rest.data() + rest.size() || exponent > 100 || exponent < -100)
      return std::nullopt;
  }
  int shift = kDecimalScale - scale + exponent;
  for (; shift > 0; --shift) {
    if (value >= kBound / 10) return std::nullopt;
    value *= 10;
  }
  for (; shift < 0; ++shift) {
    if (value % 10 != 0) return std::nullopt;
    value /= 10;
  }
  return Cell::Number(negative ? -value : value);
}

// Exactly `count` digits.
std::optional<int> TakeDigits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!sql::IsDigit(text[i])) return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool Take(std::string_view& text, char mark) {
  if (!text.starts_with(mark)) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::int64_t> TakeDays(std::string_view& text) {
  const auto year = TakeDigits(text, 4);
  if (!year || !Take(text, '-')) return std::nullopt;
  const auto month = TakeDigits(text, 2);
  if (!month || !Take(text, '-')) return std::nullopt;
  const auto day = TakeDigits(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

// hh:mm[:ss[.ffffff]]; further digits only where they are zeros.
std::optional<std::int64_t> TakeMicros(std::string_view& text) {
  const auto hour = TakeDigits(text, 2);
  if (!hour || *hour > 23 || !Take(text, ':')) return std::nullopt;
  const auto minute = TakeDigits(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  std::int64_t micros = (std::int64_t{*hour} * 3600 + std::int64_t{*minute} * 60) * kMicrosPerSecond;
  if (!Take(text, ':')) return micros;
  const auto second = TakeDigits(text, 2);
  if (!second || *second > 59) return std::nullopt;
  micros += *second * kMicrosPerSecond;
  if (!Take(text, '.')) return micros;
  std::int64_t unit = kMicrosPerSecond / 10;
  std::size_t digits = 0;
  for (; digits < text.size() && sql::IsDigit(text[digits]); ++digits) {
    if (unit == 0 && text[digits] != '0') return std::nullopt;
    micros += (text[digits] - '0') * unit;
    unit /= 10;
  }
  if (digits == 0) return std::nullopt;
  text.remove_prefix(digits);
  return micros;
}

// Z, or an offset such as +03:00: what is to be taken away from the time before it.
std::optional<std::int64_t> TakeOffset(std::string_view& text) {
  if (text.empty() || Take(text, 'Z')) return 0;
  if (text[0] != '+' && text[0] != '-') return std::nullopt;
  const bool negative = ReadSign(text);
  const auto hours = TakeDigits(text, 2);
  if (!hours || *hours > 18) return std::nullopt;
  int minutes = 0;
  if (!text.empty()) {
    Take(text, ':');
    const auto given = TakeDigits(text, 2);
    if (!given || *given > 59) return std::nullopt;
    minutes = *given;
  }
  const auto micros = (std::int64_t{*hours} * 60 + minutes) * 60 * kMicrosPerSecond;
  return negative ? -micros : micros;
}

std::optional<Cell> ReadDate(std::string_view text) {
  const auto days = TakeDays(text);
  if (!days || !text.empty()) return std::nullopt;
  return Cell::Number(*days);
}

std::optional<Cell> ReadTime(std::string_view text) {
  const auto micros = TakeMicros(text);
  if (!micros || !text.empty()) return std::nullopt;
  return Cell::Number(*micros);
}

std::optional<Cell> ReadTimestamp(std::string_view text) {
  const auto days = TakeDays(text);
  if (!days) return std::nullopt;
  std::int64_t micros = *days * kMicrosPerDay;
  if (text.empty()) return Cell::Number(micros);
  if (text[0] != ' ' && text[0] != 'T') return std::nullopt;
  text.remove_prefix(1);
  const auto time = TakeMicros(text);
  if (!time) return std::nullopt;
  text = Trimmed(text);
  const auto offset = TakeOffset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return Cell::Number(micros + *time - *offset);
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<Cell> ReadUuid(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  __extension__ unsigned __int128 value = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const int digit = HexDigit(text[i]);
    if (digit < 0) return std::nullopt;
    value = value << 4 | static_cast<unsigned>(digit);
  }
  return Cell::Number(static_cast<WideInteger>(value));
}

}  // namespace

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    if (static_cast<unsigned char>(text[0]) < 0x80) {
      text.remove_prefix(1);
      continue;
    }
    const auto length = base::Utf8SequenceLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::optional<Cell> TryRead(ColumnType type, std::string_view text) {
  if (type == ColumnType::kVarchar) {
    if (text.size() > std::numeric_limits<std::uint32_t>::max() || !IsUtf8(text)) return std::nullopt;
    return Cell::Text(text);
  }
  text = Trimmed(text);
  switch (type) {
    case ColumnType::kBigint: return ReadBigint(text);
    case ColumnType::kBoolean: return ReadBoolean(text);
    case ColumnType::kDecimal: return ReadDecimal(text);
    case ColumnType::kTimestamp: return ReadTimestamp(text);
    case ColumnType::kTime: return ReadTime(text);
    case ColumnType::kDate: return ReadDate(text);
    case ColumnType::kUuid: return ReadUuid(text);
    case ColumnType::kVarchar: break;
  }
  return std::nullopt;
}

base::Result<Cell> ReadValue(ColumnType type, std::string_view text) {
  if (auto cell = TryRead(type, text)) return *cell;
  return base::InvalidArgument("Value is not a " + std::string(TrinoType(type)) + ": " + Shown(text));
}

std::string Shown(std::string_view text) {
  std::string shown = "\"";
  std::size_t characters = 0;
  while (!text.empty() && characters < kShownCharacters) {
    const auto length = base::Utf8SequenceLength(text);
    if (length == 0) {
      shown += "\uFFFD";
      text.remove_prefix(1);
    } else {
      shown += text.substr(0, length);
      text.remove_prefix(length);
    }
    ++characters;
  }
  return shown + (text.empty() ? "\"" : "…\"");
}

std::string SampleValue(ColumnType type, int index) {
  const auto digit = std::to_string(index % 10);
  switch (type) {
    case ColumnType::kVarchar: return "sample text " + std::to_string(index);
    case ColumnType::kBigint: return std::to_string(index * 37 + 1);
    case ColumnType::kBoolean: return index % 2 == 0 ? "true" : "false";
    case ColumnType::kDecimal: return std::to_string(index * 11 + 1) + ".25";
    case ColumnType::kTimestamp: return "2024-02-2" + digit + " 12:30:00.000000";
    case ColumnType::kTime: return "12:3" + digit + ":00";
    case ColumnType::kDate: return "2024-02-2" + digit;
    case ColumnType::kUuid: return "123e4567-e89b-42d3-a456-42661417400" + digit;
  }
  return {};
}

}  // namespace tarn::tables
