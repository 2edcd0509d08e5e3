// A row pattern as a program, and the search for a match by backtracking: what the pattern prefers is tried first.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

namespace tarn::engine {

// A match: the label of each row from the start on, and whether the row stands in an excluded part.
struct RowPatternMatch {
  std::vector<int> labels = {};
  std::vector<bool> excluded = {};
};

class RowPatternProgram final {
 public:
  // Instructions divided by blanks, the last of which ends a match:
  //   L3      the next row gets the label 3
  //   S7,9    go on at 7; where that fails, at 9
  //   J2      go on at 2
  //   ^ $     the start and the end of the partition
  //   { }     the start and the end of an excluded part
  //   E0 C0   remember the row; fail where no row came since
  //   M       a match
  explicit RowPatternProgram(std::string_view text);

  // Whether the row at the end of `labels` may have the label that was just put there.
  using Test = std::function<bool(const std::vector<int>& labels)>;

  // The preferred match that starts at `start`, a row of a partition of `rows`. False: there is none.
  // Errors: EXCEEDED_FUNCTION_MEMORY_LIMIT for a search without end in sight.
  [[nodiscard]] bool Match(std::size_t start, std::size_t rows, const Test& test, RowPatternMatch& match) const;

 private:
  struct Instruction {
    char code = 0;
    std::size_t first = 0;
    std::size_t second = 0;
  };
  std::vector<Instruction> instructions_;
  std::size_t registers_ = 0;
};

}  // namespace tarn::engine
