// xxHash64 by Yann Collet, with the seed 0.
#pragma once

#include <cstdint>
#include <string_view>

namespace tarn::engine {

inline constexpr std::uint64_t kXxPrime1 = 0x9E3779B185EBCA87;

[[nodiscard]] std::uint64_t XxHash64(std::string_view bytes);

}  // namespace tarn::engine
