#include "api/names.h"

#include <array>

#include "base/ids.h"

namespace tarn::api {

namespace {

constexpr std::ptrdiff_t kLongestName = 255;

// Whether a byte belongs to a character beyond ASCII.
bool IsWide(char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; }

std::string Derive(std::string_view display_name, bool keep_blanks) {
  std::string name;
  for (const char c : display_name) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (blank && !keep_blanks) continue;
    if (c >= 'A' && c <= 'Z') {
      name += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || IsWide(c)) {
      name += c;
    } else {
      name += '_';
    }
  }
  return name;
}

}  // namespace

base::Result<void> CheckName(std::string_view name, std::string field) {
  // Every character has one byte that is not a continuation.
  const auto characters =
      std::ranges::count_if(name, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
  if (characters > kLongestName)
    return base::InvalidArgument(fmt::format("Name is over {} characters: \"{}\"", kLongestName, characters),
                                 std::move(field));
  if (name.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return base::InvalidArgument("Name is empty", std::move(field));
  return {};
}

std::string CatalogName(std::string_view display_name) { return Derive(display_name, true); }

std::string QueryName(std::string_view display_name) { return Derive(display_name, false); }

bool IsReservedCatalogName(std::string_view name) {
  static constexpr std::array<std::string_view, 6> kReserved = {"peaka",      "system", "information_schema",
                                                                "pg_catalog", "temp",   "memory"};
  return std::ranges::find(kReserved, name) != kReserved.end();
}

std::string ProjectDomain(std::string_view name) {
  std::string domain;
  for (const char c : Derive(name, false))
    if (c != '_' && !IsWide(c)) domain += c;
  if (domain.empty()) domain = "project";
  std::string ending;
  while (ending.size() < 4) {
    for (const char c : base::NewToken(16))
      if (c >= 'a' && c <= 'z' && ending.size() < 4) ending += c;
  }
  return domain + "-" + ending;
}

std::string FreeName(const std::string& wanted, const std::function<bool(const std::string&)>& taken) {
  if (!taken(wanted)) return wanted;
  int number = 2;
  while (taken(fmt::format("{}_{}", wanted, number))) ++number;
  return fmt::format("{}_{}", wanted, number);
}

}  // namespace tarn::api
