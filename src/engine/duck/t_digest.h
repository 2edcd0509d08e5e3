// Quantiles of doubles that are most exact at both ends: Dunning's merging t-digest ("Computing extremely accurate
// quantiles using t-digests", 2019). Few values are kept each by itself.
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace tarn::engine {

class TDigest final {
 public:
  TDigest() = default;
  explicit TDigest(std::string_view bytes);

  // Errors: INVALID_FUNCTION_ARGUMENT for NaN, and for a weight that is not above 0.
  void Add(double value, double weight);
  void Merge(const TDigest& other);
  // NaN where there are no values. Not const: what was added last is sorted in first.
  [[nodiscard]] double ValueAt(double quantile);
  [[nodiscard]] std::string ToBytes();
  [[nodiscard]] bool empty() const { return centroids_.empty() && added_.empty(); }

 private:
  struct Centroid {
    double mean = 0;
    double weight = 0;
  };

  void Settle();
  [[nodiscard]] double Between(double offset) const;

  double total_ = 0;
  double least_ = std::numeric_limits<double>::infinity();
  double greatest_ = -std::numeric_limits<double>::infinity();
  std::vector<Centroid> centroids_;  // by mean
  std::vector<Centroid> added_;
};

}  // namespace tarn::engine
