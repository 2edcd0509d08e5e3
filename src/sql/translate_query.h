// Translation of a query that is part of a statement, for those who run statements.
#pragma once

#include <vector>

#include "sql/ast_statement.h"
#include "sql/translate.h"

namespace tarn::sql {

// What stands for the `?` of a statement: expressions (EXECUTE … USING), else texts.
struct Arguments {
  const std::vector<ExpressionPtr>* expressions = nullptr;
  std::vector<std::optional<std::string>> texts = {};
  [[nodiscard]] std::size_t size() const { return expressions != nullptr ? expressions->size() : texts.size(); }
};

// As Translate. Precondition: there are as many arguments as the statement has parameters.
[[nodiscard]] base::Result<Translation> TranslateQuery(const Query& query, const SessionContext& session,
                                                       TableResolver& resolver, const Arguments& arguments);

struct ColumnLineage {
  std::string name;
  Lineage lineage;
};

// Where each column of a query's answer comes from; views are looked through. Errors: as Translate.
[[nodiscard]] base::Result<std::vector<ColumnLineage>> TraceQuery(const Query& query, const SessionContext& session,
                                                                  TableResolver& resolver);

// Reads a type such as "array(varchar(3))". Errors: as Parse.
[[nodiscard]] base::Result<Type> ReadType(std::string_view text);

}  // namespace tarn::sql
