// Writes one query in another dialect.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sql/ast_query.h"
#include "sql/dialect_traits.h"

namespace tarn::sql {

// For one text. The first thing that cannot be said is kept; what is written after it is of no use.
class DialectWriter final {
 public:
  explicit DialectWriter(Dialect dialect) : dialect_(dialect), traits_(TraitsOf(dialect)) {}

  [[nodiscard]] base::Result<std::string> Whole(const Query& query);

 private:
  // Keeps the refusal, and gives an empty text.
  std::string Refuse(std::string_view what, base::SqlPosition position);

  // dialect_expression.cpp
  std::string Write(const Expression& expression);
  std::string WriteList(const std::vector<ExpressionPtr>& expressions);
  std::string WriteName(const Name& name);
  std::string WriteText(std::string_view text) const;
  std::string WriteLiteral(const Expression& expression);
  std::string WriteGeneric(const GenericLiteral& literal);
  std::string WriteArithmetic(const Arithmetic& node);
  std::string WritePredicate(const Expression& expression);
  std::string WriteDistinct(const IsDistinct& node);
  std::string WriteLike(const Like& node);
  std::string WriteCase(const Case& node);
  std::string WriteCast(const Cast& cast);
  std::string WriteCall(const Call& call);
  std::string WriteFiltered(const Call& call, const std::string& name);
  std::string WriteWindow(const Window& window);
  std::string WriteFrame(const WindowFrame& frame);
  std::string WriteOrder(const std::vector<SortItem>& items, const Select* select);

  // dialect_query.cpp
  std::string Write(const Query& query);
  std::string WriteEnd(const Query& query);
  std::string WriteCount(const RowCount& count);
  std::string WriteBody(const QueryBody& body, std::string_view top);
  std::string WriteSelect(const Select& select, std::string_view top);
  std::string WriteSets(const SetOperation& operation);
  std::string WriteGroups(const GroupBy& group_by);
  std::string WriteRelation(const Relation& relation, bool named);
  std::string WriteJoin(const Join& join);
  std::string WriteTable(const TableName& name);

  const Dialect dialect_;
  const DialectTraits& traits_;
  std::optional<base::Error> refused_;
  int derived_ = 0;  // tables that got a name, as the dialect wants one
  int depth_ = 0;    // of queries in queries
};

}  // namespace tarn::sql
