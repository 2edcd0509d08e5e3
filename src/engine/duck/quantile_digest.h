// Where values lie among others, within a share of their number: the q-digest of Shrivastava and others ("Medians and
// beyond", 2004) over 64-bit keys. Nodes of a binary tree over all keys hold weights; light ones are merged into their
// parents, so few values are exact.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tarn::engine {

class QuantileDigest final {
 public:
  static constexpr double kUsualError = 0.01;

  explicit QuantileDigest(double error = kUsualError) : error_(error) {}
  explicit QuantileDigest(std::string_view bytes);

  // Keys compare as the values do.
  void Add(std::uint64_t key, double weight);
  void Merge(const QuantileDigest& other);
  // The value below or at which this share of the weight lies; nullopt when there are none.
  [[nodiscard]] std::optional<std::uint64_t> ValueAt(double quantile) const;
  // The share of the weight that lies below the value; nullopt outside of all values.
  [[nodiscard]] std::optional<double> QuantileAt(std::uint64_t key) const;
  [[nodiscard]] std::string ToBytes() const;

 private:
  using Node = std::pair<int, std::uint64_t>;  // height, and the key's bits above it

  void CompressWhenLarge();
  void Compress();

  double error_;
  double total_ = 0;
  std::uint64_t least_ = UINT64_MAX;
  std::uint64_t greatest_ = 0;
  std::map<Node, double> weights_;
  std::size_t limit_ = 0;  // of nodes, when next to compress
};

// Keys of values that compare as they do: of integers, doubles and reals.
[[nodiscard]] std::uint64_t ToKey(std::int64_t value);
[[nodiscard]] std::uint64_t ToKey(double value);
[[nodiscard]] std::uint64_t ToKey(float value);
void FromKey(std::uint64_t key, std::int64_t& value);
void FromKey(std::uint64_t key, double& value);
void FromKey(std::uint64_t key, float& value);

}  // namespace tarn::engine
