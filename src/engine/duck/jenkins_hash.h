// PostgreSQL's hashes of values, which are Bob Jenkins' lookup3 with a seed of 64 bits: what its functions
// hashint8extended, hashtextextended and hashfloat8extended answer on servers that store the low byte first.
#pragma once

#include <cstdint>
#include <string_view>

namespace tarn::engine {

[[nodiscard]] std::int64_t JenkinsHash(std::string_view bytes, std::int64_t seed);
// Folds the halves of the value, so that a number has one hash in every width that holds it.
[[nodiscard]] std::int64_t JenkinsHash(std::int64_t value, std::int64_t seed);
// One hash for both zeros, and one for all that are not numbers.
[[nodiscard]] std::int64_t JenkinsHash(double value, std::int64_t seed);

}  // namespace tarn::engine
