#include "api/catalog_name.h"

#include <array>

namespace tarn::api {

namespace {

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

std::string CatalogName(std::string_view display_name) { return Derive(display_name, true); }

std::string QueryName(std::string_view display_name) { return Derive(display_name, false); }

bool IsReservedCatalogName(std::string_view name) {
  static constexpr std::array<std::string_view, 6> kReserved = {"peaka", "system", "information_schema",
                                                                "pg_catalog", "temp", "memory"};
  return std::ranges::find(kReserved, name) != kReserved.end();
}

std::string FreeName(const std::string& wanted, const std::function<bool(const std::string&)>& taken) {
  if (!taken(wanted)) return wanted;
  int number = 2;
  while (taken(fmt::format("{}_{}", wanted, number))) ++number;
  return fmt::format("{}_{}", wanted, number);
}

}  // namespace tarn::api
