// MurmurHash3 by Austin Appleby, the variant of 128 bits for 64-bit machines, seeded with 0.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

namespace tarn::engine {

[[nodiscard]] std::pair<std::uint64_t, std::uint64_t> MurmurHash128(std::string_view bytes);

// The first half: what Trino's sketches are made of.
[[nodiscard]] inline std::uint64_t MurmurHash64(std::string_view bytes) { return MurmurHash128(bytes).first; }
[[nodiscard]] inline std::uint64_t MurmurHash64(std::int64_t value) {
  return MurmurHash64(std::string_view(reinterpret_cast<const char*>(&value), sizeof value));
}

}  // namespace tarn::engine
