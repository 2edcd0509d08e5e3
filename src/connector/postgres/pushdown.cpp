#include "connector/postgres/pushdown.h"

#include <charconv>
#include <duckdb.hpp>
#include <duckdb/optimizer/optimizer_extension.hpp>
#include <duckdb/parser/tableref/table_function_ref.hpp>
#include <duckdb/planner/binder.hpp>
#include <duckdb/planner/expression/bound_between_expression.hpp>
#include <duckdb/planner/expression/bound_columnref_expression.hpp>
#include <duckdb/planner/expression/bound_comparison_expression.hpp>
#include <duckdb/planner/expression/bound_conjunction_expression.hpp>
#include <duckdb/planner/expression/bound_constant_expression.hpp>
#include <duckdb/planner/expression/bound_operator_expression.hpp>
#include <duckdb/planner/operator/logical_filter.hpp>
#include <duckdb/planner/operator/logical_get.hpp>

#include "connector/engine_text.h"
#include "connector/postgres/remote_query.h"
#include "engine/duck/instance.h"

namespace tarn::connector::postgres {
namespace {

using duckdb::Expression;
using duckdb::ExpressionType;

std::optional<RemoteQuery> QueryOf(const duckdb::LogicalOperator& node) {
  if (node.type != duckdb::LogicalOperatorType::LOGICAL_GET) return std::nullopt;
  const auto& get = node.Cast<duckdb::LogicalGet>();
  if (get.function.name != "postgres_query" || get.parameters.size() < 2 || get.parameters[1].IsNull())
    return std::nullopt;
  return ReadRemoteQuery(get.parameters[1].ToString());
}

// Writes conditions of one scan as PostgreSQL conditions over the source's columns. What it writes keeps
// at least the rows that the engine's condition keeps.
class ConditionWriter final {
 public:
  ConditionWriter(const duckdb::LogicalGet& get, const RemoteQuery& query) : get_(get), query_(query) {}

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
    if (id.IsVirtualColumn() || id.GetPrimaryIndex() >= query_.columns.size()) return nullptr;
    const auto& column = query_.columns[id.GetPrimaryIndex()];
    return column.filter == Filter::kNone ? nullptr : &column;
  }

  // A constant as PostgreSQL reads it next to the column.
  static std::optional<std::string> Constant(const RemoteColumn& column, const Expression& expression) {
    if (expression.GetExpressionClass() != duckdb::ExpressionClass::BOUND_CONSTANT) return std::nullopt;
    const auto& value = expression.Cast<duckdb::BoundConstantExpression>().value;
    if (value.IsNull()) return std::nullopt;
    const auto text = value.ToString();
    if (text.find('\0') != std::string::npos) return std::nullopt;
    // PostgreSQL and the engine write far years, other eras and infinities differently.
    if (column.filter == Filter::kTime && (text.size() < 5 || text[4] != '-' || text.back() == ')'))
      return std::nullopt;
    return Literal(text);
  }

  std::optional<std::string> Compare(const Expression& left, ExpressionType type, const Expression& right) const {
    const auto* column = ColumnOf(left);
    if (column == nullptr) return std::nullopt;
    const auto constant = Constant(*column, right);
    if (!constant) return std::nullopt;
    const auto name = Name(column->source_name);
    // Equality under any of PostgreSQL's collations keeps what is equal byte for byte; order does not.
    if (type == ExpressionType::COMPARE_EQUAL) return fmt::format("{} = {}", name, *constant);
    if (column->filter == Filter::kEquality) return std::nullopt;
    const std::string_view collation = column->filter == Filter::kText ? " COLLATE \"C\"" : "";
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
    if (operation.GetExpressionType() == ExpressionType::OPERATOR_IS_NULL) return name + " IS NULL";
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
  const RemoteQuery& query_;
};

// Binds the scan again, to a narrower query with the same result columns.
void Rebind(duckdb::ClientContext& context, duckdb::LogicalGet& get, std::string sql) {
  auto parameters = get.parameters;
  parameters[1] = duckdb::Value(std::move(sql));
  auto binder = duckdb::Binder::CreateBinder(context);
  const duckdb::TableFunctionRef reference;
  duckdb::vector<duckdb::LogicalType> types;
  duckdb::vector<duckdb::string> names;
  duckdb::TableFunctionBindInput input(parameters, get.named_parameters, get.input_table_types, get.input_table_names,
                                       get.function.function_info.get(), binder.get(), get.function, reference);
  auto bound = get.function.bind(context, input, types, names);
  if (types != get.returned_types) throw duckdb::IOException("The source's table changed while the query was planned");
  get.bind_data = std::move(bound);
  get.parameters = std::move(parameters);
}

void PushFilter(duckdb::ClientContext& context, duckdb::LogicalFilter& filter) {
  auto& child = *filter.children[0];
  const auto query = QueryOf(child);
  if (!query) return;
  auto& get = child.Cast<duckdb::LogicalGet>();
  const ConditionWriter writer(get, *query);
  std::string conditions;
  for (const auto& expression : filter.expressions) {
    const auto condition = writer.Write(*expression);
    if (condition) conditions += fmt::format("{}{}", conditions.empty() ? " WHERE " : " AND ", *condition);
  }
  if (!conditions.empty()) Rebind(context, get, query->sql + conditions);
}

void PushFilters(duckdb::ClientContext& context, duckdb::LogicalOperator& node) {
  if (node.type == duckdb::LogicalOperatorType::LOGICAL_FILTER) PushFilter(context, node.Cast<duckdb::LogicalFilter>());
  for (auto& child : node.children) PushFilters(context, *child);
}

void EstimateRows(duckdb::LogicalOperator& node) {
  if (const auto query = QueryOf(node); query && query->rows >= 0) {
    node.has_estimated_cardinality = true;
    node.estimated_cardinality = static_cast<duckdb::idx_t>(std::max<std::int64_t>(query->rows, 1));
  }
  for (auto& child : node.children) EstimateRows(*child);
}

// EXPLAIN shows the text that goes to a source, and which source it is.
void ShowTexts(duckdb::LogicalOperator& node) {
  if (node.type == duckdb::LogicalOperatorType::LOGICAL_GET) {
    auto& get = node.Cast<duckdb::LogicalGet>();
    const bool remote = get.function.name == "postgres_query" || get.function.name == "sqlite_query";
    if (remote && get.parameters.size() >= 2 && !get.parameters[0].IsNull() && !get.parameters[1].IsNull()) {
      auto text = get.parameters[1].ToString();
      if (auto query = ReadRemoteQuery(text)) text = std::move(query->sql);
      if (const auto mark = MarkOf(text); !mark.empty()) text.erase(text.find(mark), mark.size() + 1);
      get.extra_info.file_filters = get.parameters[0].ToString() + "\n" + text;
    }
  }
  for (auto& child : node.children) ShowTexts(*child);
}

}  // namespace

void InstallPushdown(engine::Database& database) {
  duckdb::OptimizerExtension extension;
  extension.pre_optimize_function = [](duckdb::OptimizerExtensionInput&,
                                       duckdb::unique_ptr<duckdb::LogicalOperator>& plan) { EstimateRows(*plan); };
  extension.optimize_function = [](duckdb::OptimizerExtensionInput& input,
                                   duckdb::unique_ptr<duckdb::LogicalOperator>& plan) {
    PushFilters(input.context, *plan);
    ShowTexts(*plan);
  };
  duckdb::OptimizerExtension::Register(duckdb::DBConfig::GetConfig(*database.impl().instance->database.instance),
                                       std::move(extension));
}

}  // namespace tarn::connector::postgres
