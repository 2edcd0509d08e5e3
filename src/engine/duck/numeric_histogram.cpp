#include "engine/duck/numeric_histogram.h"

#include <algorithm>

#include "engine/duck/expansion.h"

namespace tarn::engine {
namespace {

constexpr std::size_t kBuffer = 100;
constexpr std::int64_t kMostBuckets = 10'000;

// How much is lost when two buckets become one.
double Penalty(const NumericHistogram::Bucket& a, const NumericHistogram::Bucket& b) {
  const double weight = a.weight + b.weight;
  const double distance = a.value - b.value;
  return weight * distance * distance * (a.weight * b.weight / (weight * weight));
}

}  // namespace

void NumericHistogram::SetBuckets(std::int64_t buckets) {
  if (buckets < 2 || buckets > kMostBuckets)
    Fail("INVALID_FUNCTION_ARGUMENT", "numeric_histogram needs 2 to 10000 buckets: " + std::to_string(buckets));
  limit_ = static_cast<std::size_t>(buckets);
}

void NumericHistogram::Add(double value, double weight) {
  buckets_.push_back({.value = value, .weight = weight});
  if (buckets_.size() >= limit_ + kBuffer) Compact();
}

void NumericHistogram::Merge(const NumericHistogram& other) {
  limit_ = std::max(limit_, other.limit_);
  buckets_.insert(buckets_.end(), other.buckets_.begin(), other.buckets_.end());
  Compact();
}

const std::vector<NumericHistogram::Bucket>& NumericHistogram::Buckets() {
  Compact();
  return buckets_;
}

void NumericHistogram::Compact() {
  std::ranges::stable_sort(buckets_, {}, &Bucket::value);
  std::vector<Bucket> merged;
  for (const Bucket& bucket : buckets_) {
    if (!merged.empty() && merged.back().value == bucket.value)
      merged.back().weight += bucket.weight;
    else
      merged.push_back(bucket);
  }
  while (merged.size() > limit_) {
    std::size_t best = 0;
    double least = Penalty(merged[0], merged[1]);
    for (std::size_t i = 1; i + 1 < merged.size(); ++i) {
      if (const double penalty = Penalty(merged[i], merged[i + 1]); penalty < least) {
        best = i;
        least = penalty;
      }
    }
    Bucket& left = merged[best];
    const Bucket& right = merged[best + 1];
    const double weight = left.weight + right.weight;
    left.value = (left.value * left.weight + right.value * right.weight) / weight;
    left.weight = weight;
    merged.erase(merged.begin() + static_cast<std::ptrdiff_t>(best) + 1);
  }
  buckets_ = std::move(merged);
}

}  // namespace tarn::engine
