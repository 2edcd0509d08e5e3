#include "metadata/ranking.h"

#include <algorithm>
#include <cmath>
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

}  // namespace tarn::metadata
