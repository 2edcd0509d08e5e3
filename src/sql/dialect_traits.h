// What sets the dialects apart where it can be said in a table.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/ast_query.h"
#include "sql/dialect.h"

namespace tarn::sql {

enum class Folding { kNone, kLower, kUpper };  // of names without quotes

struct DialectTraits {
  std::string_view title;
  char open_quote = '"';
  char close_quote = '"';
  Folding folding = Folding::kNone;
  bool backslash_escapes = false;  // in literals
  bool doubled_quotes = true;      // in literals
  std::size_t most_name_parts = 3;
  bool nulls_order = true;  // ORDER BY … NULLS LAST
  bool booleans = true;
  bool parameters = true;  // `?`
  bool full_join = true;
  bool using_columns = true;
  bool natural = true;
  bool grouping_sets = true;
  bool named_windows = true;
  bool filter = true;  // f(x) FILTER (WHERE …)
  bool values = true;
  bool with_columns = true;  // WITH t (a, b) AS
  bool recursive = true;
  bool set_all = true;             // INTERSECT ALL, EXCEPT ALL
  bool set_distinct_word = false;  // UNION DISTINCT
  bool nested_sets = true;
  bool integers_divide = true;  // 1 / 2 is 0
  bool casts_round = true;      // CAST(1.6 AS integer) is 2
  bool distinct_from = true;
  bool quantified = true;
  std::string_view no_limit = {};  // what OFFSET needs where nothing limits; empty: nothing
  std::string_view tail = {};      // behind the whole text
};

[[nodiscard]] const DialectTraits& TraitsOf(Dialect dialect);

// The type of a CAST; nullopt where the dialect has none of this meaning.
[[nodiscard]] std::optional<std::string> DialectType(Dialect dialect, const Type& type);

// A function of plain arguments; nullopt where the dialect has none of this meaning. `name` is in lower case.
[[nodiscard]] std::optional<std::string> DialectCall(Dialect dialect, const std::string& name, const Call& call,
                                                     const std::vector<std::string>& arguments);

}  // namespace tarn::sql
