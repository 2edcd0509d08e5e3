// Pieces that the printers of expressions, queries and statements share.
#pragma once

#include <string>
#include <vector>

#include "sql/ast_json.h"
#include "sql/ast_query.h"
#include "sql/ast_row_match.h"
#include "sql/token.h"
#include "sql/translate.h"

namespace tarn::sql {

[[nodiscard]] std::string Print(const Name& name);
[[nodiscard]] std::string Print(const std::vector<ExpressionPtr>& expressions);
[[nodiscard]] std::string Print(const TableName& name);
[[nodiscard]] std::string PrintNames(const std::vector<Name>& names);  // " (a, b)"
[[nodiscard]] std::string PrintRelation(const Relation& relation);
[[nodiscard]] std::string PrintRowMatch(const RowMatch& match);
[[nodiscard]] std::string PrintOrderBy(const std::vector<SortItem>& items);
[[nodiscard]] std::string PrintJsonPathCall(const JsonPathCall& call);
[[nodiscard]] std::string PrintJsonTable(const JsonTable& table);
[[nodiscard]] std::string PrintJsonArray(const JsonArray& array);
[[nodiscard]] std::string PrintJsonObject(const JsonObject& object);
[[nodiscard]] std::string PrintWindow(const WindowSpecification& window);

}  // namespace tarn::sql
