// One value between Tarn's own storage and the engine's columns.
#pragma once

#include <cstdint>
#include <string_view>

namespace tarn::engine {

__extension__ using WideInteger = __int128;

// Numbers by the Trino type of their column: bigint itself; boolean 0 or 1; decimal(p,s) unscaled; date days and
// timestamp(6) microseconds since 1970; time(6) microseconds since midnight; uuid its 128 bits. A text does not own
// its bytes, which are UTF-8.
struct Cell {
  enum class Kind : std::uint8_t { kNull, kNumber, kText };

  [[nodiscard]] static Cell Number(WideInteger value) {
    return {.kind = Kind::kNumber, .size = 0, .bytes = nullptr, .number = value};
  }
  [[nodiscard]] static Cell Text(std::string_view text) {
    return {.kind = Kind::kText, .size = static_cast<std::uint32_t>(text.size()), .bytes = text.data(), .number = 0};
  }
  [[nodiscard]] bool is_null() const { return kind == Kind::kNull; }
  [[nodiscard]] std::string_view text() const { return {bytes, size}; }

  Kind kind = Kind::kNull;
  std::uint32_t size = 0;
  const char* bytes = nullptr;
  WideInteger number = 0;
};

}  // namespace tarn::engine
