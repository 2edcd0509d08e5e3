// SpookyHash V2 by Bob Jenkins: 128 bits over any bytes.
#pragma once

#include <cstdint>
#include <string_view>

namespace tarn::engine {

// The first of the two halves, both seeded with 0; the 32-bit hash is its lowest part.
[[nodiscard]] std::uint64_t SpookyHash64(std::string_view bytes);

}  // namespace tarn::engine
