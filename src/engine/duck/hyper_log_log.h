// How many different values there are, within about 1.6 percent, from their hashes: exact as long as they are few.
// The registers are those of Flajolet's HyperLogLog; the estimate is Ertl's improved one ("New cardinality estimation
// algorithms for HyperLogLog sketches", 2017), which needs no tables of corrections.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tarn::engine {

class HyperLogLog final {
 public:
  HyperLogLog() = default;
  explicit HyperLogLog(std::string_view bytes);

  void AddHash(std::uint64_t hash);
  void Merge(const HyperLogLog& other);
  [[nodiscard]] std::int64_t Cardinality() const;
  [[nodiscard]] std::string ToBytes() const;

 private:
  void Spread();  // from hashes to registers
  void Register(std::uint64_t hash);

  std::set<std::uint64_t> hashes_;       // while there are few
  std::vector<std::uint8_t> registers_;  // then: the most leading zeros plus one of each index; empty before
};

}  // namespace tarn::engine
