// A set of values by their hashes: how many there are, how often each came, and how much of it another set shares.
// Exact for fewer than 8,192 values; then the smallest hashes stand for all (MinHash), and HyperLogLog counts.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "engine/duck/hyper_log_log.h"

namespace tarn::engine {

class SetDigest final {
 public:
  SetDigest() = default;
  explicit SetDigest(std::string_view bytes);

  void AddHash(std::uint64_t hash);
  void Merge(const SetDigest& other);
  [[nodiscard]] std::int64_t Cardinality() const;
  [[nodiscard]] const std::map<std::int64_t, std::int16_t>& counts() const { return counts_; }
  [[nodiscard]] std::string ToBytes() const;

  // What the two sets share of their union.
  [[nodiscard]] static double JaccardIndex(const SetDigest& a, const SetDigest& b);
  [[nodiscard]] static std::int64_t IntersectionCardinality(const SetDigest& a, const SetDigest& b);

 private:
  [[nodiscard]] bool exact() const;
  void Count(std::int64_t hash, int times);

  HyperLogLog cardinality_;
  std::map<std::int64_t, std::int16_t> counts_;
};

}  // namespace tarn::engine
