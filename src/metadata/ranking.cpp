#include "metadata/ranking.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <set>

#include "sql/text.h"

namespace tarn::metadata {
namespace {

// The usual constants of BM25: how soon repetition stops counting, and how much long documents are discounted.
constexpr double kRepetition = 1.2;
constexpr double kLength = 0.75;
constexpr std::size_t kShortestPlural = 4;

bool IsStopWord(const std::string& word) {
  static const std::set<std::string, std::less<>> kWords = {
      "a",    "an",   "and", "are",  "as",   "at",   "be",    "by",    "did",   "do",    "does",  "for",
      "from", "give", "had", "has",  "how",  "i",    "in",    "is",    "it",    "many",  "me",    "much",
      "of",   "on",   "or",  "our",  "per",  "show", "that",  "the",   "their", "there", "these", "this",
      "to",   "was",  "we",  "were", "what", "when", "where", "which", "who",   "with",  "select"};
  return kWords.contains(word);
}

bool IsWordByte(unsigned char c) { return c >= 0x80 || std::isalnum(c) != 0; }

}  // namespace

std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  const auto finish = [&] {
    auto lower = sql::ToLower(word);
    word.clear();
    if (lower.size() >= kShortestPlural && lower.ends_with('s') && !lower.ends_with("ss")) lower.pop_back();
    if (!lower.empty() && !IsStopWord(lower)) words.push_back(std::move(lower));
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool hump = i > 0 && std::isupper(c) != 0 && std::islower(static_cast<unsigned char>(text[i - 1])) != 0;
    if (hump || !IsWordByte(c)) finish();
    if (IsWordByte(c)) word += text[i];
  }
  finish();
  return words;
}

void Ranking::Add(const std::vector<Part>& document) {
  Document counted;
  for (const auto& part : document) {
    for (auto& word : Words(part.text)) {
      counted.counts[std::move(word)] += part.weight;
      counted.length += part.weight;
    }
  }
  documents_.push_back(std::move(counted));
}

std::vector<std::size_t> Ranking::Nearest(std::string_view question, std::size_t most) const {
  auto asked = Words(question);
  std::ranges::sort(asked);
  const auto repeated = std::ranges::unique(asked);
  asked.erase(repeated.begin(), repeated.end());
  double total = 0;
  for (const auto& document : documents_) total += document.length;
  const auto count = static_cast<double>(documents_.size());
  std::vector<double> scores(documents_.size(), 0);
  for (const auto& word : asked) {
    const auto with = static_cast<double>(
        std::ranges::count_if(documents_, [&](const Document& document) { return document.counts.contains(word); }));
    const double rarity = std::log(1 + (count - with + 0.5) / (with + 0.5));
    for (std::size_t i = 0; i < documents_.size(); ++i) {
      const auto found = documents_[i].counts.find(word);
      if (found == documents_[i].counts.end()) continue;
      const double relative = total > 0 ? documents_[i].length * count / total : 1;
      scores[i] += rarity * found->second * (kRepetition + 1) /
                   (found->second + kRepetition * (1 - kLength + kLength * relative));
    }
  }
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (scores[i] > 0) order.push_back(i);
  }
  std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t i) { return scores[i]; });
  order.resize(std::min(order.size(), most));
  return order;
}

double Cosine(std::span<const float> a, std::span<const float> b) {
  if (a.size() != b.size()) return 0;
  double product = 0, length_a = 0, length_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    product += static_cast<double>(a[i]) * b[i];
    length_a += static_cast<double>(a[i]) * a[i];
    length_b += static_cast<double>(b[i]) * b[i];
  }
  if (length_a == 0 || length_b == 0) return 0;
  return product / std::sqrt(length_a * length_b);
}

std::vector<std::size_t> Largest(const std::vector<double>& values, std::size_t most) {
  std::vector<std::size_t> places(values.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  std::ranges::stable_sort(places, std::ranges::greater(), [&](std::size_t place) { return values[place]; });
  places.resize(std::min(most, places.size()));
  return places;
}

std::vector<std::size_t> Fused(const std::vector<std::size_t>& first, const std::vector<std::size_t>& second,
                               std::size_t most) {
  constexpr double kFlattening = 60;  // as its authors take it
  std::map<std::size_t, double> scores;
  for (const auto* order : {&first, &second}) {
    for (std::size_t rank = 0; rank < order->size(); ++rank)
      scores[(*order)[rank]] += 1 / (kFlattening + static_cast<double>(rank + 1));
  }
  std::vector<std::size_t> places;
  for (const auto& [place, score] : scores) places.push_back(place);
  std::ranges::stable_sort(places, std::ranges::greater(), [&](std::size_t place) { return scores[place]; });
  places.resize(std::min(most, places.size()));
  return places;
}

}  // namespace tarn::metadata
