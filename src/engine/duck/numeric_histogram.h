// A histogram of a fixed number of buckets whose borders follow the values: Ben-Haim and Tom-Tov, "A streaming parallel
// decision tree algorithm", 2010.
#pragma once

#include <cstddef>
#include <vector>

namespace tarn::engine {

class NumericHistogram final {
 public:
  struct Bucket {
    double value = 0;  // the mean of what is in it
    double weight = 0;
  };

  void Add(double value, double weight);
  void Merge(const NumericHistogram& other);
  // Errors: INVALID_FUNCTION_ARGUMENT for fewer than two buckets.
  void SetBuckets(std::int64_t buckets);
  // By value.
  [[nodiscard]] const std::vector<Bucket>& Buckets();

 private:
  void Compact();

  std::size_t limit_ = 0;
  std::vector<Bucket> buckets_;
};

}  // namespace tarn::engine
