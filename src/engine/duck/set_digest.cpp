#include "engine/duck/set_digest.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "engine/duck/sketch_bytes.h"

namespace tarn::engine {
namespace {

constexpr std::size_t kMostHashes = 8192;
constexpr char kKind = 's';

}  // namespace

SetDigest::SetDigest(std::string_view bytes) {
  SketchReader reader(bytes, kKind);
  const auto size = reader.Next<std::uint64_t>();
  for (std::uint64_t i = 0; i < size; ++i) {
    const auto hash = reader.Next<std::int64_t>();
    counts_[hash] = reader.Next<std::int16_t>();
  }
  cardinality_ = HyperLogLog(reader.Rest());
}

bool SetDigest::exact() const { return counts_.size() < kMostHashes; }

void SetDigest::Count(std::int64_t hash, int times) {
  auto& count = counts_[hash];
  count = static_cast<std::int16_t>(std::min<int>(count + times, INT16_MAX));
  if (counts_.size() > kMostHashes) counts_.erase(std::prev(counts_.end()));
}

void SetDigest::AddHash(std::uint64_t hash) {
  cardinality_.AddHash(hash);
  Count(static_cast<std::int64_t>(hash), 1);
}

void SetDigest::Merge(const SetDigest& other) {
  cardinality_.Merge(other.cardinality_);
  for (const auto& [hash, count] : other.counts_) Count(hash, count);
}

std::int64_t SetDigest::Cardinality() const {
  return exact() ? static_cast<std::int64_t>(counts_.size()) : cardinality_.Cardinality();
}

std::string SetDigest::ToBytes() const {
  SketchWriter writer(kKind);
  writer.Add<std::uint64_t>(counts_.size());
  for (const auto& [hash, count] : counts_) {
    writer.Add(hash);
    writer.Add(count);
  }
  writer.AddBytes(cardinality_.ToBytes());
  return writer.Take();
}

// Of the smallest hashes of the union, as many as the smaller set has, those that are in both.
double SetDigest::JaccardIndex(const SetDigest& a, const SetDigest& b) {
  const std::size_t size = std::min(a.counts_.size(), b.counts_.size());
  if (size == 0) return 0;
  std::set<std::int64_t> all;
  for (const auto* counts : {&a.counts_, &b.counts_}) {
    for (const auto& [hash, count] : *counts) all.insert(hash);
  }
  std::size_t shared = 0;
  std::size_t seen = 0;
  for (const std::int64_t hash : all) {
    if (seen++ == size) break;
    if (a.counts_.contains(hash) && b.counts_.contains(hash)) ++shared;
  }
  return static_cast<double>(shared) / static_cast<double>(size);
}

std::int64_t SetDigest::IntersectionCardinality(const SetDigest& a, const SetDigest& b) {
  if (a.exact() && b.exact()) {
    return std::ranges::count_if(a.counts_, [&](const auto& entry) { return b.counts_.contains(entry.first); });
  }
  HyperLogLog all = a.cardinality_;
  all.Merge(b.cardinality_);
  const auto shared = std::llround(JaccardIndex(a, b) * static_cast<double>(all.Cardinality()));
  return std::min({static_cast<std::int64_t>(shared), a.Cardinality(), b.Cardinality()});
}

}  // namespace tarn::engine
