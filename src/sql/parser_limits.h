// What a statement may measure, so that no recursion over its tree can exhaust a thread's stack.
#pragma once

#include <cstddef>
#include <utility>

#include "sql/parser.h"

namespace tarn::sql {

inline constexpr std::size_t kMaxStatementBytes = std::size_t{16} << 20U;
inline constexpr int kMaxNesting = 300;      // parentheses, subqueries, CASE in CASE …
inline constexpr int kMaxTreeHeight = 1500;  // left-deep chains: a + b + c …, joins
inline constexpr std::size_t kMaxSetTerms = 2000;

// Counts one level of nesting while it lives, and adds its tree to the height of the level around it.
class Parser::Nested final {
 public:
  explicit Nested(Parser& parser) : parser_(parser), outer_height_(std::exchange(parser.height_, 0)) {
    if (++parser_.nesting_ > kMaxNesting) {
      parser_.Fail(parser_.Current().position,
                   "statement is too large (nested deeper than " + std::to_string(kMaxNesting) + " levels)");
    }
  }
  ~Nested() {
    --parser_.nesting_;
    parser_.GrowTree(parser_.Current().position);
    parser_.height_ = std::max(parser_.height_, outer_height_);
  }
  Nested(const Nested&) = delete;
  Nested& operator=(const Nested&) = delete;

 private:
  Parser& parser_;
  int outer_height_;
};

}  // namespace tarn::sql
