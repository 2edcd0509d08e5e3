#include "engine/duck/quantile_digest.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

#include "engine/duck/sketch_bytes.h"

namespace tarn::engine {
namespace {

constexpr char kKind = 'q';
constexpr int kHeight = 64;
constexpr std::uint64_t kSign = std::uint64_t{1} << 63;

std::uint64_t Parent(std::uint64_t prefix) { return prefix >> 1; }

// The greatest key below a node.
std::uint64_t LastKey(int height, std::uint64_t prefix) {
  if (height >= kHeight) return UINT64_MAX;
  return (prefix << height) | ((std::uint64_t{1} << height) - 1);
}
std::uint64_t FirstKey(int height, std::uint64_t prefix) { return height >= kHeight ? 0 : prefix << height; }

}  // namespace

QuantileDigest::QuantileDigest(std::string_view bytes) : error_(0) {
  SketchReader reader(bytes, kKind);
  error_ = reader.Next<double>();
  total_ = reader.Next<double>();
  least_ = reader.Next<std::uint64_t>();
  greatest_ = reader.Next<std::uint64_t>();
  while (!reader.done()) {
    const auto height = reader.Next<std::int32_t>();
    const auto prefix = reader.Next<std::uint64_t>();
    weights_[{height, prefix}] = reader.Next<double>();
  }
}

void QuantileDigest::Add(std::uint64_t key, double weight) {
  weights_[{0, key}] += weight;
  total_ += weight;
  least_ = std::min(least_, key);
  greatest_ = std::max(greatest_, key);
  CompressWhenLarge();
}

void QuantileDigest::Merge(const QuantileDigest& other) {
  for (const auto& [node, weight] : other.weights_) weights_[node] += weight;
  error_ = std::max(error_, other.error_);
  total_ += other.total_;
  least_ = std::min(least_, other.least_);
  greatest_ = std::max(greatest_, other.greatest_);
  CompressWhenLarge();
}

// After it a digest has about 3 · height / error nodes at most.
void QuantileDigest::CompressWhenLarge() {
  const auto least = static_cast<std::size_t>(3 * kHeight / error_);
  if (weights_.size() <= std::max(least, limit_)) return;
  Compress();
  limit_ = 2 * weights_.size();
}

// A node and its sibling go into their parent where the three are light together: what a leaf can be misplaced by is
// the weight of the nodes above it.
void QuantileDigest::Compress() {
  const double light = std::floor(error_ * total_ / kHeight);
  for (auto at = weights_.begin(); at != weights_.end();) {
    const auto [height, prefix] = at->first;
    if (height >= kHeight) break;
    const auto find = [&](int level, std::uint64_t bits) { return weights_.find({level, bits}); };
    const auto sibling = find(height, prefix ^ 1);
    const auto parent = find(height + 1, Parent(prefix));
    double together = at->second;
    if (sibling != weights_.end()) together += sibling->second;
    if (parent != weights_.end()) together += parent->second;
    if (together > light) {
      ++at;
      continue;
    }
    weights_[{height + 1, Parent(prefix)}] = together;
    auto next = std::next(at);
    if (sibling != weights_.end()) {
      if (next == sibling) ++next;
      weights_.erase(sibling);
    }
    weights_.erase(at);
    at = next;
  }
}

// Nodes by where their keys end, the lower of two first, as a walk over the tree meets them.
std::optional<std::uint64_t> QuantileDigest::ValueAt(double quantile) const {
  if (weights_.empty()) return std::nullopt;
  struct Entry {
    std::uint64_t last;
    int height;
    double weight;
  };
  std::vector<Entry> entries;
  for (const auto& [node, weight] : weights_) entries.push_back({LastKey(node.first, node.second), node.first, weight});
  std::ranges::sort(
      entries, [](const Entry& a, const Entry& b) { return a.last != b.last ? a.last < b.last : a.height < b.height; });
  double sum = 0;
  for (const Entry& entry : entries) {
    sum += entry.weight;
    if (sum > quantile * total_) return std::min(entry.last, greatest_);
  }
  return greatest_;
}

std::optional<double> QuantileDigest::QuantileAt(std::uint64_t key) const {
  if (weights_.empty() || key < least_ || key > greatest_) return std::nullopt;
  double below = 0;
  for (const auto& [node, weight] : weights_) {
    const std::uint64_t last = LastKey(node.first, node.second);
    const std::uint64_t first = FirstKey(node.first, node.second);
    if (last < key)
      below += weight;
    else if (first < key)
      below += weight * (static_cast<double>(key - first) / static_cast<double>(last - first));
  }
  return below / total_;
}

std::string QuantileDigest::ToBytes() const {
  SketchWriter writer(kKind);
  writer.Add(error_);
  writer.Add(total_);
  writer.Add(least_);
  writer.Add(greatest_);
  for (const auto& [node, weight] : weights_) {
    writer.Add<std::int32_t>(node.first);
    writer.Add(node.second);
    writer.Add(weight);
  }
  return writer.Take();
}

std::uint64_t ToKey(std::int64_t value) { return static_cast<std::uint64_t>(value) ^ kSign; }
std::uint64_t ToKey(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}
std::uint64_t ToKey(float value) { return ToKey(static_cast<double>(value)); }
void FromKey(std::uint64_t key, std::int64_t& value) { value = static_cast<std::int64_t>(key ^ kSign); }
void FromKey(std::uint64_t key, double& value) {
  value = std::bit_cast<double>((key & kSign) != 0 ? key & ~kSign : ~key);
}
void FromKey(std::uint64_t key, float& value) {
  double wide = 0;
  FromKey(key, wide);
  value = static_cast<float>(wide);
}

}  // namespace tarn::engine
