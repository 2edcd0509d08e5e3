// Small operations on SQL text: case folding as identifiers need it, and code points of UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tarn::sql {

// ASCII letters folded; other bytes as they are. Trino's identifiers fold ASCII letters only in practice.
[[nodiscard]] std::string ToLower(std::string_view text);
[[nodiscard]] std::string ToUpper(std::string_view text);
[[nodiscard]] constexpr bool EqualsIgnoreCase(std::string_view left, std::string_view right) {
  constexpr auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i] != right[i] && lower(left[i]) != lower(right[i])) return false;
  }
  return true;
}

// Code points of a UTF-8 text; a stray continuation byte counts as none.
[[nodiscard]] std::size_t CountCodePoints(std::string_view text);
// Appends one code point as UTF-8. Precondition: a Unicode scalar value.
void AppendUtf8(std::string& text, std::uint32_t code_point);

[[nodiscard]] constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace tarn::sql
