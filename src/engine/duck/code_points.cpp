#include "engine/duck/code_points.h"

#include <algorithm>

namespace tarn::engine {

std::size_t WidthOf(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

std::u32string CodePoints(std::string_view text) {
  std::u32string points;
  points.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t width = std::min(WidthOf(text[at]), text.size() - at);
    char32_t point = static_cast<unsigned char>(text[at]);
    if (width > 1) point &= (0xFFU >> (width + 1));
    for (std::size_t i = 1; i < width; ++i) point = point << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3F);
    points += point;
    at += width;
  }
  return points;
}

void AppendCodePoint(std::string& out, char32_t point) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((point >> shift) & 0x3F)); };
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0 | (point >> 6));
    tail(0);
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0 | (point >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | (point >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

std::size_t CountCodePoints(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace tarn::engine
