// MATCH_RECOGNIZE: rows of a relation that match a pattern.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sql/ast_query.h"

namespace tarn::sql {

// A row pattern as written. kExcluded, kRepeat and kPermute have their parts in `parts`.
struct RowPattern {
  enum class Kind { kLabel, kEmpty, kStart, kEnd, kSequence, kAlternation, kPermute, kExcluded, kRepeat };
  Kind kind = Kind::kEmpty;
  Name label = {};
  std::vector<RowPattern> parts = {};
  std::int64_t least = 0;  // of kRepeat
  std::optional<std::int64_t> most = {};
  bool greedy = true;
  base::SqlPosition position = {};
};

struct RowMatch final : Relation {
  using Relation::Relation;
  enum class Rows { kOne, kAllShowEmpty, kAllOmitEmpty, kAllWithUnmatched };
  enum class Skip { kPastLast, kToNext, kToFirst, kToLast };
  struct Measure {
    ExpressionPtr expression;
    Name name;
  };
  struct Subset {
    Name name;
    std::vector<Name> labels;
  };
  struct Definition {
    Name label;
    ExpressionPtr condition;
  };

  RelationPtr relation;
  std::vector<ExpressionPtr> partition_by;
  std::vector<SortItem> order_by;
  std::vector<Measure> measures;
  Rows rows = Rows::kOne;
  Skip skip = Skip::kPastLast;
  Name skip_to = {};
  RowPattern pattern;
  std::vector<Subset> subsets;
  std::vector<Definition> definitions;
};

}  // namespace tarn::sql
