// Full-text search in a few thousand short texts, by BM25.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tarn::metadata {

// The words of a text: letters of any script in lower case and digits; parts of names in camel or snake case are words,
// plurals lose their s, and words that say nothing ("the", "how") are left out.
[[nodiscard]] std::vector<std::string> Words(std::string_view text);

class Ranking final {
 public:
  struct Part {
    std::string text;
    double weight = 1;
  };
  void Add(const std::vector<Part>& document);
  // The numbers of the documents that have a word of the question, in the order of adding from 0, the nearest first.
  [[nodiscard]] std::vector<std::size_t> Nearest(std::string_view question, std::size_t most) const;

 private:
  struct Document {
    std::map<std::string, double, std::less<>> counts;  // of words, weighted
    double length = 0;
  };
  std::vector<Document> documents_;
};

// The cosine of the angle between two vectors, -1 to 1; 0 where their lengths differ or one is nothing but zeros.
[[nodiscard]] double Cosine(std::span<const float> a, std::span<const float> b);

// The places of the largest values, the largest first.
[[nodiscard]] std::vector<std::size_t> Largest(const std::vector<double>& values, std::size_t most);

// One order of two, by reciprocal ranks (Cormack, Clarke and Büttcher 2009): what stands high in both stands highest.
[[nodiscard]] std::vector<std::size_t> Fused(const std::vector<std::size_t>& first,
                                             const std::vector<std::size_t>& second, std::size_t most);

}  // namespace tarn::metadata
