#include "trino/session_zone.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <array>
#include <boost/beast/core/string.hpp>
#include <exception>

#include "base/scan.h"

namespace tarn::trino {
namespace {

constexpr int kLargestOffset = 14 * 60;

// "+5", "+05", "+5:30", "+0530" in minutes.
std::optional<int> ReadOffset(std::string_view text) {
  base::Scanner scanner(text);
  const bool west = scanner.Take('-');
  if (!west && !scanner.Take('+')) return std::nullopt;
  auto digits = scanner.TakeDigits();
  std::string_view minutes;
  if (scanner.Take(':')) {
    minutes = scanner.TakeDigits();
    if (minutes.size() != 2 || digits.size() > 2) return std::nullopt;
  } else if (digits.size() == 4) {
    minutes = digits.substr(2);
    digits = digits.substr(0, 2);
  }
  if (digits.empty() || digits.size() > 2 || !scanner.AtEnd()) return std::nullopt;
  const auto number = [](std::string_view part) {
    int value = 0;
    for (const char digit : part) value = value * 10 + (digit - '0');
    return value;
  };
  const int total = number(digits) * 60 + number(minutes);
  if (number(minutes) > 59 || total > kLargestOffset) return std::nullopt;
  return west ? -total : total;
}

bool IsRegion(std::string_view name) {
  try {
    return date::locate_zone(name) != nullptr;
  } catch (const std::exception&) {
    return false;  // how the library says that there is none
  }
}

}  // namespace

base::Result<std::string> SessionZone(std::string_view name) {
  constexpr std::array<std::string_view, 6> kUtc = {"UTC", "Z", "UT", "GMT", "GMT0", "Zulu"};
  for (const auto utc : kUtc) {
    if (boost::beast::iequals(name, utc)) return "UTC";
  }
  auto offset = name;
  for (const std::string_view before : {"UTC", "GMT", "UT"}) {
    if (name.size() > before.size() && boost::beast::iequals(name.substr(0, before.size()), before)) {
      offset = name.substr(before.size());
      break;
    }
  }
  if (const auto minutes = ReadOffset(offset)) {
    if (*minutes == 0) return "UTC";
    const int size = std::abs(*minutes);
    return fmt::format("{}{:02}:{:02}", *minutes < 0 ? '-' : '+', size / 60, size % 60);
  }
  if (name.size() > offset.size() || !IsRegion(name)) {
    return base::NotSupported(fmt::format("Time zone not supported: {}", name.substr(0, base::kLongestQuote)));
  }
  return std::string(name);
}

}  // namespace tarn::trino
