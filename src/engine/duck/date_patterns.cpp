#include "engine/duck/date_patterns.h"

#include <array>
#include <utility>

#include "engine/duck/expansion.h"

namespace tarn::engine {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

constexpr std::array<Pair, 24> kMysql = {{
    {"a", "%a"},  {"b", "%b"},       {"c", "%-m"}, {"d", "%d"}, {"e", "%-d"},         {"f", "%f"},
    {"H", "%H"},  {"h", "%I"},       {"I", "%I"},  {"i", "%M"}, {"j", "%j"},          {"k", "%-H"},
    {"l", "%-I"}, {"M", "%B"},       {"m", "%m"},  {"p", "%p"}, {"r", "%I:%M:%S %p"}, {"S", "%S"},
    {"s", "%S"},  {"T", "%H:%M:%S"}, {"v", "%V"},  {"x", "%G"}, {"W", "%A"},          {"Y", "%Y"},
}};

constexpr std::array<Pair, 29> kJoda = {{
    {"yyyy", "%Y"}, {"YYYY", "%Y"},   {"y", "%-Y"}, {"yy", "%y"},   {"MMMM", "%B"}, {"MMM", "%b"},
    {"MM", "%m"},   {"M", "%-m"},     {"dd", "%d"}, {"d", "%-d"},   {"HH", "%H"},   {"H", "%-H"},
    {"hh", "%I"},   {"h", "%-I"},     {"mm", "%M"}, {"m", "%-M"},   {"ss", "%S"},   {"s", "%-S"},
    {"SSS", "%g"},  {"SSSSSS", "%f"}, {"a", "%p"},  {"EEE", "%a"},  {"E", "%a"},    {"EEEE", "%A"},
    {"D", "%-j"},   {"DDD", "%j"},    {"ww", "%V"}, {"xxxx", "%G"}, {"e", "%u"},
}};

template <std::size_t N>
std::string_view Find(const std::array<Pair, N>& table, std::string_view key) {
  for (const auto& [from, to] : table) {
    if (from == key) return to;
  }
  return {};
}

void AppendLiteral(std::string& out, char c) {
  out += c;
  if (c == '%') out += '%';
}

// The text between quotes that begins at `at`; '' is one quote. Gives where it ends.
std::size_t AppendQuoted(std::string_view pattern, std::size_t at, std::string& out) {
  if (pattern.substr(at, 2) == "''") {
    out += '\'';
    return at + 2;
  }
  for (++at; at < pattern.size(); ++at) {
    if (pattern[at] != '\'') {
      AppendLiteral(out, pattern[at]);
    } else if (pattern.substr(at, 2) == "''") {
      out += pattern[at++];
    } else {
      return at + 1;
    }
  }
  Fail("INVALID_FUNCTION_ARGUMENT", "Quote is not closed in date pattern: \"" + std::string(pattern) + "\"");
}

}  // namespace

std::string EnginePatternOfMysql(std::string_view pattern) {
  std::string out;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] == '%' && at + 1 == pattern.size()) {
      Fail("INVALID_FUNCTION_ARGUMENT", "Date format string ends within a field: \"" + std::string(pattern) + "\"");
    }
    if (pattern[at] != '%') {
      AppendLiteral(out, pattern[at]);
      continue;
    }
    const auto letter = pattern.substr(++at, 1);
    if (letter == "y") {
      out += "%y";
    } else if (std::string_view("DUuVwX").find(letter[0]) != std::string_view::npos) {
      Fail("INVALID_FUNCTION_ARGUMENT", "%" + std::string(letter) + " not currently supported in date format string");
    } else if (const auto found = Find(kMysql, letter); !found.empty()) {
      out += found;
    } else {
      AppendLiteral(out, letter[0]);
    }
  }
  return out;
}

std::string EnginePatternOfJoda(std::string_view pattern) {
  std::string out;
  for (std::size_t at = 0; at < pattern.size();) {
    const char c = pattern[at];
    if (c == '\'') {
      at = AppendQuoted(pattern, at, out);
      continue;
    }
    if (!std::isalpha(static_cast<unsigned char>(c))) {
      AppendLiteral(out, c);
      ++at;
      continue;
    }
    const auto end = std::min(pattern.find_first_not_of(c, at), pattern.size());
    const auto letters = pattern.substr(at, end - at);
    const auto found = Find(kJoda, letters);
    if (found.empty()) Fail("NOT_SUPPORTED", "Date pattern is not supported: \"" + std::string(letters) + "\"");
    out += found;
    at = end;
  }
  return out;
}

}  // namespace tarn::engine
