#include "engine/duck/t_digest.h"

#include <algorithm>
#include <cmath>

#include "engine/duck/sketch_bytes.h"

namespace tarn::engine {
namespace {

constexpr char kKind = 't';
constexpr double kCompression = 100;
constexpr std::size_t kMostAdded = 1000;

}  // namespace

TDigest::TDigest(std::string_view bytes) {
  SketchReader reader(bytes, kKind);
  total_ = reader.Next<double>();
  least_ = reader.Next<double>();
  greatest_ = reader.Next<double>();
  while (!reader.done()) {
    const auto mean = reader.Next<double>();
    centroids_.push_back({.mean = mean, .weight = reader.Next<double>()});
  }
}

void TDigest::Add(double value, double weight) {
  if (std::isnan(value)) Fail("INVALID_FUNCTION_ARGUMENT", "A t-digest takes no NaN");
  if (!(weight > 0)) Fail("INVALID_FUNCTION_ARGUMENT", "The weight in a t-digest must be above 0");
  added_.push_back({.mean = value, .weight = weight});
  total_ += weight;
  least_ = std::min(least_, value);
  greatest_ = std::max(greatest_, value);
  if (added_.size() >= kMostAdded) Settle();
}

void TDigest::Merge(const TDigest& other) {
  added_.insert(added_.end(), other.centroids_.begin(), other.centroids_.end());
  added_.insert(added_.end(), other.added_.begin(), other.added_.end());
  total_ += other.total_;
  least_ = std::min(least_, other.least_);
  greatest_ = std::max(greatest_, other.greatest_);
  if (added_.size() >= kMostAdded) Settle();
}

// Neighbours become one where it weighs no more than 4 q (1 - q) / compression of all, q being where it lies.
void TDigest::Settle() {
  if (added_.empty()) return;
  centroids_.insert(centroids_.end(), added_.begin(), added_.end());
  added_.clear();
  std::ranges::stable_sort(centroids_, {}, &Centroid::mean);
  std::vector<Centroid> merged;
  double before = 0;  // the weight left of the last of `merged`
  for (const Centroid& next : centroids_) {
    if (!merged.empty()) {
      Centroid& last = merged.back();
      const double together = last.weight + next.weight;
      const double low = before / total_;
      const double high = (before + together) / total_;
      const double limit = total_ * 4 * std::min(low * (1 - low), high * (1 - high)) / kCompression;
      if (together <= limit) {
        last.mean += (next.mean - last.mean) * next.weight / together;
        last.weight = together;
        continue;
      }
      before += last.weight;
    }
    merged.push_back(next);
  }
  centroids_ = std::move(merged);
}

double TDigest::ValueAt(double quantile) {
  Settle();
  if (centroids_.empty()) return std::numeric_limits<double>::quiet_NaN();
  if (centroids_.size() == 1) return centroids_[0].mean;
  const double offset = quantile * total_;
  const Centroid& first = centroids_.front();
  const Centroid& last = centroids_.back();
  if (offset < 1) return least_;
  // The least and the greatest value are known, so what a heavy centroid at an end holds lies between it and them.
  if (first.weight > 1 && offset < first.weight / 2)
    return least_ + (offset - 1) / (first.weight / 2 - 1) * (first.mean - least_);
  if (offset > total_ - 1) return greatest_;
  if (last.weight > 1 && total_ - offset <= last.weight / 2)
    return greatest_ - (total_ - offset - 1) / (last.weight / 2 - 1) * (greatest_ - last.mean);
  return Between(offset);
}

// A centroid of one value is that value for half a unit on both sides.
double TDigest::Between(double offset) const {
  double before = centroids_[0].weight / 2;
  for (std::size_t i = 0; i + 1 < centroids_.size(); ++i) {
    const Centroid& left = centroids_[i];
    const Centroid& right = centroids_[i + 1];
    const double width = (left.weight + right.weight) / 2;
    if (before + width > offset) {
      const double left_unit = left.weight == 1 ? 0.5 : 0;
      const double right_unit = right.weight == 1 ? 0.5 : 0;
      if (left_unit > 0 && offset - before < 0.5) return left.mean;
      if (right_unit > 0 && before + width - offset <= 0.5) return right.mean;
      const double from_left = offset - before - left_unit;
      const double from_right = before + width - offset - right_unit;
      const double mean = (left.mean * from_right + right.mean * from_left) / (from_left + from_right);
      return std::clamp(mean, left.mean, right.mean);
    }
    before += width;
  }
  return centroids_.back().mean;
}

std::string TDigest::ToBytes() {
  Settle();
  SketchWriter writer(kKind);
  writer.Add(total_);
  writer.Add(least_);
  writer.Add(greatest_);
  for (const Centroid& centroid : centroids_) {
    writer.Add(centroid.mean);
    writer.Add(centroid.weight);
  }
  return writer.Take();
}

}  // namespace tarn::engine
