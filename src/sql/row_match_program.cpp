#include "sql/row_match_program.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace tarn::sql {
namespace {

constexpr std::size_t kMostInstructions = 20'000;

class Compiler final {
 public:
  explicit Compiler(const std::function<int(const Name&)>& label) : label_(label) {}

  std::optional<std::string> Compile(const RowPattern& pattern) {
    Add(pattern);
    Emit('M');
    if (too_long()) return std::nullopt;
    std::string text;
    for (const auto& [code, first, second] : instructions_) {
      text += (text.empty() ? "" : " ") + std::string(1, code);
      if (code == 'L' || code == 'S' || code == 'J' || code == 'E' || code == 'C') text += std::to_string(first);
      if (code == 'S') text += "," + std::to_string(second);
    }
    return text;
  }

 private:
  struct Instruction {
    char code = 0;
    std::size_t first = 0;
    std::size_t second = 0;
  };

  [[nodiscard]] bool too_long() const { return instructions_.size() > kMostInstructions; }
  std::size_t Emit(char code, std::size_t first = 0) {
    instructions_.push_back({code, first, 0});
    return instructions_.size() - 1;
  }
  [[nodiscard]] std::size_t here() const { return instructions_.size(); }

  static bool CanBeEmpty(const RowPattern& pattern) {
    using Kind = RowPattern::Kind;
    switch (pattern.kind) {
      case Kind::kLabel: return false;
      case Kind::kAlternation: return std::ranges::any_of(pattern.parts, CanBeEmpty);
      case Kind::kRepeat: return pattern.least == 0 || CanBeEmpty(pattern.parts[0]);
      default: return std::ranges::all_of(pattern.parts, CanBeEmpty);
    }
  }

  void Add(const RowPattern& pattern) {
    using Kind = RowPattern::Kind;
    if (too_long()) return;
    switch (pattern.kind) {
      case Kind::kLabel: Emit('L', static_cast<std::size_t>(label_(pattern.label))); break;
      case Kind::kEmpty: break;
      case Kind::kStart: Emit('^'); break;
      case Kind::kEnd: Emit('$'); break;
      case Kind::kSequence:
        for (const RowPattern& part : pattern.parts) Add(part);
        break;
      case Kind::kAlternation: {
        std::vector<std::vector<const RowPattern*>> choices;
        for (const RowPattern& part : pattern.parts) choices.push_back({&part});
        AddChoices(choices);
        break;
      }
      case Kind::kPermute: AddPermutations(pattern); break;
      case Kind::kExcluded:
        Emit('{');
        Add(pattern.parts[0]);
        Emit('}');
        break;
      case Kind::kRepeat: AddRepeat(pattern); break;
    }
  }

  // One of several sequences, the first preferred.
  void AddChoices(const std::vector<std::vector<const RowPattern*>>& choices) {
    std::vector<std::size_t> ends;
    for (std::size_t i = 0; i < choices.size() && !too_long(); ++i) {
      const bool last = i + 1 == choices.size();
      const std::size_t split = last ? 0 : Emit('S', here() + 1);
      for (const RowPattern* part : choices[i]) Add(*part);
      if (last) break;
      ends.push_back(Emit('J'));
      instructions_[split].second = here();
    }
    for (const std::size_t end : ends) instructions_[end].first = here();
  }

  // All orders, those with the first parts in front preferred.
  void AddPermutations(const RowPattern& pattern) {
    if (pattern.parts.size() > 7) {
      instructions_.resize(kMostInstructions + 1);
      return;
    }
    std::vector<std::size_t> order(pattern.parts.size());
    std::iota(order.begin(), order.end(), 0);
    std::vector<std::vector<const RowPattern*>> choices;
    do {
      choices.emplace_back();
      for (const std::size_t i : order) choices.back().push_back(&pattern.parts[i]);
    } while (std::next_permutation(order.begin(), order.end()));
    AddChoices(choices);
  }

  void AddRepeat(const RowPattern& repeat) {
    const RowPattern& body = repeat.parts[0];
    for (std::int64_t i = 0; i < repeat.least && !too_long(); ++i) {
      const std::size_t before = here();
      Add(body);
      if (here() == before) break;  // nothing, however often
    }
    const bool empty = CanBeEmpty(body);
    const std::int64_t more = repeat.most ? *repeat.most - repeat.least : 1;
    std::vector<std::size_t> splits;
    const std::size_t start = here();
    for (std::int64_t i = 0; i < more && !too_long(); ++i) {
      splits.push_back(Emit('S'));
      const std::size_t place = registers_;
      registers_ += empty ? 1 : 0;
      if (empty) Emit('E', place);
      Add(body);
      if (empty) Emit('C', place);
    }
    if (!repeat.most) Emit('J', start);
    for (const std::size_t split : splits) {
      instructions_[split].first = repeat.greedy ? split + 1 : here();
      instructions_[split].second = repeat.greedy ? here() : split + 1;
    }
  }

  const std::function<int(const Name&)>& label_;
  std::vector<Instruction> instructions_;
  std::size_t registers_ = 0;
};

}  // namespace

std::optional<std::string> RowPatternProgramOf(const RowPattern& pattern,
                                               const std::function<int(const Name&)>& label) {
  return Compiler(label).Compile(pattern);
}

}  // namespace tarn::sql
