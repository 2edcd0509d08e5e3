#include "engine/duck/row_pattern.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "engine/duck/expansion.h"

namespace tarn::engine {
namespace {

constexpr std::size_t kMostSteps = 50'000'000;

}  // namespace

RowPatternProgram::RowPatternProgram(std::string_view text) {
  const auto number = [](std::string_view& from) {
    std::size_t value = 0;
    const auto [end, failure] = std::from_chars(from.data(), from.data() + from.size(), value);
    from.remove_prefix(failure == std::errc{} ? static_cast<std::size_t>(end - from.data()) : 0);
    return value;
  };
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    Instruction instruction{.code = word[0]};
    word.remove_prefix(1);
    instruction.first = number(word);
    if (word.starts_with(',')) {
      word.remove_prefix(1);
      instruction.second = number(word);
    }
    if (instruction.code == 'E') registers_ = std::max(registers_, instruction.first + 1);
    instructions_.push_back(instruction);
  }
}

bool RowPatternProgram::Match(std::size_t start, std::size_t rows, const Test& test, RowPatternMatch& match) const {
  struct Choice {
    std::size_t at;
    std::size_t length;
    bool excluding;
    std::vector<std::size_t> registers;
  };
  std::vector<Choice> choices;
  std::vector<std::size_t> registers(registers_);
  match = {};
  std::size_t at = 0;
  bool excluding = false;
  for (std::size_t steps = 0; steps < kMostSteps; ++steps) {
    const Instruction& instruction = instructions_[at];
    bool good = true;
    switch (instruction.code) {
      case 'L':
        good = start + match.labels.size() < rows;
        if (!good) break;
        match.labels.push_back(static_cast<int>(instruction.first));
        match.excluded.push_back(excluding);
        good = test(match.labels);
        ++at;
        break;
      case 'S':
        choices.push_back({instruction.second, match.labels.size(), excluding, registers});
        at = instruction.first;
        break;
      case 'J': at = instruction.first; break;
      case '^':
        good = start + match.labels.size() == 0;
        ++at;
        break;
      case '$':
        good = start + match.labels.size() == rows;
        ++at;
        break;
      case '{':
      case '}':
        excluding = instruction.code == '{';
        ++at;
        break;
      case 'E':
        registers[instruction.first] = match.labels.size();
        ++at;
        break;
      case 'C':
        good = registers[instruction.first] < match.labels.size();
        ++at;
        break;
      default: return true;
    }
    if (good) continue;
    if (choices.empty()) return false;
    at = choices.back().at;
    match.labels.resize(choices.back().length);
    match.excluded.resize(choices.back().length);
    excluding = choices.back().excluding;
    registers = std::move(choices.back().registers);
    choices.pop_back();
  }
  Fail("EXCEEDED_FUNCTION_MEMORY_LIMIT",
       "The search for a match of a row pattern takes more steps than " + std::to_string(kMostSteps));
}

}  // namespace tarn::engine
