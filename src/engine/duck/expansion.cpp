#include "engine/duck/expansion.h"

#include <duckdb/execution/expression_executor.hpp>
#include <duckdb/function/function_binder.hpp>
#include <duckdb/planner/expression/bound_case_expression.hpp>
#include <duckdb/planner/expression/bound_cast_expression.hpp>
#include <duckdb/planner/expression/bound_comparison_expression.hpp>
#include <duckdb/planner/expression/bound_conjunction_expression.hpp>
#include <duckdb/planner/expression/bound_constant_expression.hpp>
#include <duckdb/planner/expression/bound_function_expression.hpp>
#include <duckdb/planner/expression/bound_operator_expression.hpp>

#include "engine/duck/errors.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;

void NeverRuns(duckdb::DataChunk&, duckdb::ExpressionState&, duckdb::Vector&) {
  throw duckdb::InternalException("an expander must be replaced when it is bound");
}

}  // namespace

void Fail(std::string_view code, std::string_view message) {
  throw duckdb::InvalidInputException(std::string(kNamedErrorPrefix) + std::string(code) + ":" + std::string(message));
}

Expansion::Expansion(duckdb::FunctionBindExpressionInput& input) : input_(input) {
  for (auto& child : input_.children) {
    if (child->return_type.id() == LogicalTypeId::UNKNOWN) throw duckdb::ParameterNotResolvedException();
    const auto normal = LogicalType::NormalizeType(child->return_type);
    if (normal != child->return_type) child = Cast(std::move(child), normal);
  }
}

bool Expansion::IsCallOf(std::size_t i, std::string_view name) const {
  const auto& child = *input_.children[i];
  return child.GetExpressionClass() == duckdb::ExpressionClass::BOUND_FUNCTION &&
         child.Cast<duckdb::BoundFunctionExpression>().function.name == name;
}

void Expansion::NeedCopyable(std::size_t i) const {
  if (IsVolatile(i)) Fail("NOT_SUPPORTED", "An argument that changes with every evaluation is not supported here");
}

std::optional<duckdb::Value> Expansion::Constant(std::size_t i) const {
  const auto& child = *input_.children[i];
  if (!child.IsFoldable()) return std::nullopt;
  duckdb::Value value;
  if (!duckdb::ExpressionExecutor::TryEvaluateScalar(input_.context, child, value) || value.IsNull())
    return std::nullopt;
  return value;
}

bool Expansion::IsNullConstant(std::size_t i) const {
  const auto& child = *input_.children[i];
  duckdb::Value value;
  return child.IsFoldable() && duckdb::ExpressionExecutor::TryEvaluateScalar(input_.context, child, value) &&
         value.IsNull();
}

std::string Expansion::ConstantText(std::size_t i, std::string_view what) const {
  const auto value = Constant(i);
  if (!value) Fail("NOT_SUPPORTED", std::string(what) + " must be a constant");
  return value->ToString();
}

std::int64_t Expansion::ConstantInteger(std::size_t i, std::string_view what) const {
  const auto value = Constant(i);
  if (!value) Fail("NOT_SUPPORTED", std::string(what) + " must be a constant");
  return value->GetValue<std::int64_t>();
}

Expr Expansion::Literal(duckdb::Value value) {
  return duckdb::make_uniq<duckdb::BoundConstantExpression>(std::move(value));
}

Expr Expansion::Cast(Expr value, const LogicalType& type) const {
  return duckdb::BoundCastExpression::AddCastToType(input_.context, std::move(value), type);
}

Expr Expansion::Case(Expr condition, Expr then, Expr otherwise) {
  return duckdb::make_uniq<duckdb::BoundCaseExpression>(std::move(condition), std::move(then), std::move(otherwise));
}

Expr Expansion::IsNull(Expr value) {
  auto is_null = duckdb::make_uniq<duckdb::BoundOperatorExpression>(duckdb::ExpressionType::OPERATOR_IS_NULL,
                                                                    LogicalType::BOOLEAN);
  is_null->children.push_back(std::move(value));
  return is_null;
}

Expr Expansion::Compare(duckdb::ExpressionType how, Expr left, Expr right) {
  return duckdb::make_uniq<duckdb::BoundComparisonExpression>(how, std::move(left), std::move(right));
}

Expr Expansion::Or(Expr left, Expr right) {
  return duckdb::make_uniq<duckdb::BoundConjunctionExpression>(duckdb::ExpressionType::CONJUNCTION_OR, std::move(left),
                                                               std::move(right));
}

Expr Expansion::Bind(const std::string& name, duckdb::vector<Expr> arguments, bool is_operator) const {
  duckdb::ErrorData error;
  duckdb::FunctionBinder binder(input_.context);
  auto bound = binder.BindScalarFunction(DEFAULT_SCHEMA, name, std::move(arguments), error, is_operator);
  if (!bound) error.Throw();
  return bound;
}

Expr Expansion::BindOwn(duckdb::ScalarFunction function, duckdb::vector<Expr> arguments) const {
  return duckdb::FunctionBinder(input_.context).BindScalarFunction(std::move(function), std::move(arguments));
}

LogicalType Expansion::CommonType(std::size_t a, std::size_t b) const {
  return LogicalType::MaxLogicalType(input_.context, Type(a), Type(b));
}

void RegisterExpander(duckdb::ExtensionLoader& loader, const std::string& name,
                      std::initializer_list<std::size_t> arities, Expander expander) {
  duckdb::ScalarFunctionSet set(name);
  for (const auto arity : arities) {
    duckdb::ScalarFunction function(name, duckdb::vector<LogicalType>(arity, LogicalType::ANY), LogicalType::ANY,
                                    NeverRuns);
    function.SetBindExpressionCallback(expander);
    function.SetNullHandling(duckdb::FunctionNullHandling::SPECIAL_HANDLING);
    set.AddFunction(function);
  }
  loader.RegisterFunction(std::move(set));
}

void RegisterVariadicExpander(duckdb::ExtensionLoader& loader, const std::string& name, Expander expander) {
  duckdb::ScalarFunction function(name, {LogicalType::ANY}, LogicalType::ANY, NeverRuns);
  function.varargs = LogicalType::ANY;
  function.SetBindExpressionCallback(expander);
  function.SetNullHandling(duckdb::FunctionNullHandling::SPECIAL_HANDLING);
  loader.RegisterFunction(std::move(function));
}

}  // namespace tarn::engine
