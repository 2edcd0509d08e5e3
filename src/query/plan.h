// How a query would run: what is read from where, and what is sent there.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "sql/translate_query.h"

namespace tarn::query {

struct StatementCall;

// What serves a table of a plan.
struct ServedTable {
  enum class By { kSource, kCopy, kView, kTarn };
  By by = By::kSource;
  std::string catalog_type = {};
  std::int64_t rows = -1;  // as far as they are known
};

// A query that goes to a source.
struct SentQuery {
  std::string catalog;
  std::string text;
};

struct Plan {
  sql::Translation translation;               // its engine SQL has the tables' names in place of what they are read by
  std::map<std::string, ServedTable> served;  // by the table's name as text
  std::vector<SentQuery> sent = {};
  std::int64_t estimated_rows = -1;  // of the answer
};

// Resolves and plans a query as running it would; nothing is read.
// Errors: as of the query itself.
[[nodiscard]] base::Result<Plan> PlanOf(const StatementCall& call, const sql::Query& query);

}  // namespace tarn::query
