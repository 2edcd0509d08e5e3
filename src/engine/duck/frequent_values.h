// The most frequent values of a stream in bounded memory: Metwally and others, "Efficient computation of frequent and
// top-k elements in data streams", 2005. Exact while there are no more different values than the capacity.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/duck/expansion.h"

namespace tarn::engine {

template <class Value>
class FrequentValues final {
 public:
  // Errors: INVALID_FUNCTION_ARGUMENT for fewer than two values or a capacity below their number.
  void SetSize(std::int64_t size, std::int64_t capacity) {
    if (size < 2)
      Fail("INVALID_FUNCTION_ARGUMENT",
           "approx_most_frequent bucket count must be greater than one: " + std::to_string(size));
    if (capacity < size || capacity > kMostCapacity)
      Fail("INVALID_FUNCTION_ARGUMENT",
           "Capacity of approx_most_frequent is out of range: " + std::to_string(capacity));
    size_ = static_cast<std::size_t>(size);
    capacity_ = static_cast<std::size_t>(capacity);
  }

  void Add(const Value& value, std::int64_t times) {
    const auto found = counts_.find(value);
    if (found != counts_.end()) {
      by_count_.erase({found->second, value});
      found->second += times;
      by_count_.insert({found->second, value});
      return;
    }
    std::int64_t before = 0;  // a new value may have been there as often as the one that it drives out
    if (counts_.size() >= capacity_) {
      const auto least = by_count_.begin();
      before = least->first;
      counts_.erase(least->second);
      by_count_.erase(least);
    }
    counts_[value] = before + times;
    by_count_.insert({before + times, value});
  }

  void Merge(const FrequentValues& other) {
    size_ = std::max(size_, other.size_);
    capacity_ = std::max(capacity_, other.capacity_);
    for (auto at = other.by_count_.rbegin(); at != other.by_count_.rend(); ++at) Add(at->second, at->first);
  }

  // The most frequent first.
  [[nodiscard]] std::vector<std::pair<Value, std::int64_t>> Top() const {
    std::vector<std::pair<Value, std::int64_t>> top;
    for (auto at = by_count_.rbegin(); at != by_count_.rend() && top.size() < size_; ++at)
      top.emplace_back(at->second, at->first);
    return top;
  }

 private:
  static constexpr std::int64_t kMostCapacity = 1'000'000;

  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
  std::map<Value, std::int64_t> counts_;
  std::set<std::pair<std::int64_t, Value>> by_count_;
};

}  // namespace tarn::engine
