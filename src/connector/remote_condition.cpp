#include "connector/remote_condition.h"

#include <duckdb.hpp>
#include <duckdb/planner/expression/bound_between_expression.hpp>
#include <duckdb/planner/expression/bound_columnref_expression.hpp>
#include <duckdb/planner/expression/bound_comparison_expression.hpp>
#include <duckdb/planner/expression/bound_conjunction_expression.hpp>
#include <duckdb/planner/expression/bound_constant_expression.hpp>
#include <duckdb/planner/expression/bound_operator_expression.hpp>
#include <duckdb/planner/operator/logical_get.hpp>

#include "connector/engine_text.h"

namespace tarn::connector {
namespace {

using duckdb::Expression;
using duckdb::ExpressionType;

constexpr std::string_view kUtc = "+00";  // how the engine ends an instant

// Writes conditions of one scan as the source's over its columns. What it writes keeps at least the rows that the
// engine's condition keeps.
class ConditionWriter final {
 public:
  ConditionWriter(const duckdb::LogicalGet& get, const std::vector<RemoteColumn>& columns, const ConditionStyle& style)
      : get_(get), columns_(columns), style_(style) {}

  // nullopt where the condition cannot be sent.
  [[nodiscard]] std::optional<std::string> Write(const Expression& condition) const {
    switch (condition.GetExpressionClass()) {
      case duckdb::ExpressionClass::BOUND_COMPARISON: {
        const auto& comparison = condition.Cast<duckdb::BoundComparisonExpression>();
        if (auto direct = Compare(*comparison.left, comparison.GetExpressionType(), *comparison.right)) return direct;
        return Compare(*comparison.right, duckdb::FlipComparisonExpression(comparison.GetExpressionType()),
                       *comparison.left);
      }
      case duckdb::ExpressionClass::BOUND_BETWEEN: {
        const auto& between = condition.Cast<duckdb::BoundBetweenExpression>();
        return Both(Compare(*between.input, between.LowerComparisonType(), *between.lower),
                    Compare(*between.input, between.UpperComparisonType(), *between.upper));
      }
      case duckdb::ExpressionClass::BOUND_CONJUNCTION:
        return Conjunction(condition.Cast<duckdb::BoundConjunctionExpression>());
      case duckdb::ExpressionClass::BOUND_OPERATOR: return Operator(condition.Cast<duckdb::BoundOperatorExpression>());
      default: return std::nullopt;
    }
  }

 private:
  const RemoteColumn* ColumnOf(const Expression& expression) const {
    if (expression.GetExpressionClass() != duckdb::ExpressionClass::BOUND_COLUMN_REF) return nullptr;
    const auto& binding = expression.Cast<duckdb::BoundColumnRefExpression>().binding;
    const auto& ids = get_.GetColumnIds();
    if (binding.table_index != get_.table_index || binding.column_index >= ids.size()) return nullptr;
    const auto& id = ids[binding.column_index];
    if (id.IsVirtualColumn() || id.GetPrimaryIndex() >= columns_.size()) return nullptr;
    const auto& column = columns_[id.GetPrimaryIndex()];
    return column.filter == Filter::kNone ? nullptr : &column;
  }

  // A constant as the source reads it next to the column.
  static std::optional<std::string> Constant(const RemoteColumn& column, const Expression& expression) {
    if (expression.GetExpressionClass() != duckdb::ExpressionClass::BOUND_CONSTANT) return std::nullopt;
    const auto& value = expression.Cast<duckdb::BoundConstantExpression>().value;
    if (value.IsNull()) return std::nullopt;
    const auto text = value.ToString();
    if (text.find('\0') != std::string::npos) return std::nullopt;
    // Sources and the engine write far years, other eras and infinities differently.
    const bool time = column.filter == Filter::kTime || column.filter == Filter::kInstant;
    if (time && (text.size() < 5 || text[4] != '-' || text.back() == ')')) return std::nullopt;
    if (column.filter == Filter::kInstant) {
      if (!text.ends_with(kUtc)) return std::nullopt;
      return Literal(std::string_view(text).substr(0, text.size() - kUtc.size()));
    }
    return Literal(text);
  }

  std::optional<std::string> Compare(const Expression& left, ExpressionType type, const Expression& right) const {
    const auto* column = ColumnOf(left);
    if (column == nullptr) return std::nullopt;
    const auto constant = Constant(*column, right);
    if (!constant) return std::nullopt;
    const auto name = Name(column->source_name);
    // Equality under any collation keeps what is equal byte for byte; order does not.
    if (type == ExpressionType::COMPARE_EQUAL) return fmt::format("{} = {}", name, *constant);
    if (column->filter == Filter::kEquality) return std::nullopt;
    const std::string_view collation = column->filter == Filter::kText ? style_.text_order : "";
    switch (type) {
      case ExpressionType::COMPARE_LESSTHAN: return fmt::format("{}{} < {}", name, collation, *constant);
      case ExpressionType::COMPARE_LESSTHANOREQUALTO: return fmt::format("{}{} <= {}", name, collation, *constant);
      case ExpressionType::COMPARE_GREATERTHAN: return fmt::format("{}{} > {}", name, collation, *constant);
      case ExpressionType::COMPARE_GREATERTHANOREQUALTO: return fmt::format("{}{} >= {}", name, collation, *constant);
      default: return std::nullopt;
    }
  }

  static std::optional<std::string> Both(const std::optional<std::string>& left,
                                         const std::optional<std::string>& right) {
    if (left && right) return fmt::format("({} AND {})", *left, *right);
    return left ? left : right;
  }

  std::optional<std::string> Conjunction(const duckdb::BoundConjunctionExpression& conjunction) const {
    if (conjunction.GetExpressionType() == ExpressionType::CONJUNCTION_AND) {
      std::optional<std::string> all;
      for (const auto& child : conjunction.children) all = Both(all, Write(*child));
      return all;
    }
    std::string any;
    for (const auto& child : conjunction.children) {
      const auto part = Write(*child);
      if (!part) return std::nullopt;
      any += fmt::format("{}{}", any.empty() ? "" : " OR ", *part);
    }
    return fmt::format("({})", any);
  }

  std::optional<std::string> Operator(const duckdb::BoundOperatorExpression& operation) const {
    const auto* column = operation.children.empty() ? nullptr : ColumnOf(*operation.children[0]);
    if (column == nullptr) return std::nullopt;
    const auto name = Name(column->source_name);
    if (operation.GetExpressionType() == ExpressionType::OPERATOR_IS_NULL)
      return column->filter == Filter::kTime && !style_.null_times ? std::nullopt : std::optional(name + " IS NULL");
    if (operation.GetExpressionType() == ExpressionType::OPERATOR_IS_NOT_NULL) return name + " IS NOT NULL";
    if (operation.GetExpressionType() != ExpressionType::COMPARE_IN) return std::nullopt;
    std::string list;
    for (std::size_t i = 1; i < operation.children.size(); ++i) {
      const auto constant = Constant(*column, *operation.children[i]);
      if (!constant) return std::nullopt;
      list += fmt::format("{}{}", list.empty() ? "" : ", ", *constant);
    }
    return list.empty() ? std::nullopt : std::optional(fmt::format("{} IN ({})", name, list));
  }

  const duckdb::LogicalGet& get_;
  const std::vector<RemoteColumn>& columns_;
  const ConditionStyle& style_;
};

}  // namespace

std::string WhereClause(const duckdb::LogicalGet& get, const std::vector<RemoteColumn>& columns,
                        const ConditionStyle& style,
                        const duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& filters) {
  const ConditionWriter writer(get, columns, style);
  std::string clause;
  for (const auto& expression : filters) {
    const auto condition = writer.Write(*expression);
    if (condition) clause += fmt::format("{}{}", clause.empty() ? " WHERE " : " AND ", *condition);
  }
  return clause;
}

}  // namespace tarn::connector
