// A tree back to Trino SQL, in one canonical form: what parses to equal trees prints to equal texts, and printing the
// parsed print gives the same text again.
#pragma once

#include <string>

#include "sql/ast_query.h"
#include "sql/ast_statement.h"

namespace tarn::sql {

[[nodiscard]] std::string ToSql(const Expression& expression);
[[nodiscard]] std::string ToSql(const Query& query);
[[nodiscard]] std::string ToSql(const Statement& statement);

}  // namespace tarn::sql
