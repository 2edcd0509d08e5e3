// Tools of the trino_* functions: an expander looks at the real types of a call's arguments when the statement is
// bound and answers with native expressions, so that the call itself costs nothing at run time.
#pragma once

#include <duckdb.hpp>
#include <duckdb/common/vector_operations/generic_executor.hpp>
#include <duckdb/function/scalar_function.hpp>
#include <duckdb/main/extension/extension_loader.hpp>
#include <duckdb/planner/expression.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tarn::engine {

using Expr = duckdb::unique_ptr<duckdb::Expression>;

// Raises an error that becomes base::Error with this code.
[[noreturn]] void Fail(std::string_view code, std::string_view message);

// One call that is being bound.
class Expansion final {
 public:
  // Literals get the types that Trino gives them. An untyped parameter has the statement bound again once it has a
  // type.
  explicit Expansion(duckdb::FunctionBindExpressionInput& input);

  [[nodiscard]] std::size_t size() const { return input_.children.size(); }
  [[nodiscard]] const duckdb::LogicalType& Type(std::size_t i) const { return input_.children[i]->return_type; }
  [[nodiscard]] duckdb::LogicalTypeId Id(std::size_t i) const { return Type(i).id(); }
  // Each argument may be taken once; what is wanted twice is copied, which NeedCopyable must have allowed.
  [[nodiscard]] Expr Take(std::size_t i) { return std::move(input_.children[i]); }
  [[nodiscard]] Expr Copy(std::size_t i) const { return input_.children[i]->Copy(); }
  // Whether the argument is a call of this function.
  [[nodiscard]] bool IsCallOf(std::size_t i, std::string_view name) const;
  [[nodiscard]] bool IsVolatile(std::size_t i) const { return input_.children[i]->IsVolatile(); }
  // Errors: NOT_SUPPORTED where the argument would give another value each time, as random() does.
  void NeedCopyable(std::size_t i) const;

  // The argument's value where it is constant and not NULL.
  [[nodiscard]] std::optional<duckdb::Value> Constant(std::size_t i) const;
  [[nodiscard]] bool IsNullConstant(std::size_t i) const;
  [[nodiscard]] std::string ConstantText(std::size_t i, std::string_view what) const;
  [[nodiscard]] std::int64_t ConstantInteger(std::size_t i, std::string_view what) const;

  [[nodiscard]] static Expr Literal(duckdb::Value value);
  [[nodiscard]] Expr Cast(Expr value, const duckdb::LogicalType& type) const;
  // A native function or operator.
  template <class... Exprs>
  [[nodiscard]] Expr Call(const std::string& name, Exprs... arguments) const {
    return Bind(name, List(std::move(arguments)...), false);
  }
  template <class... Exprs>
  [[nodiscard]] Expr Operator(const std::string& name, Exprs... arguments) const {
    return Bind(name, List(std::move(arguments)...), true);
  }
  // A function of ours that has no entry in the catalog. Calls with equal names and arguments must mean the same.
  template <class... Exprs>
  [[nodiscard]] Expr Run(duckdb::ScalarFunction function, Exprs... arguments) const {
    return BindOwn(std::move(function), List(std::move(arguments)...));
  }
  [[nodiscard]] static Expr Case(Expr condition, Expr then, Expr otherwise);
  [[nodiscard]] static Expr IsNull(Expr value);
  [[nodiscard]] static Expr Compare(duckdb::ExpressionType how, Expr left, Expr right);
  [[nodiscard]] static Expr Or(Expr left, Expr right);

  [[nodiscard]] Expr Bind(const std::string& name, duckdb::vector<Expr> arguments, bool is_operator) const;
  [[nodiscard]] Expr BindOwn(duckdb::ScalarFunction function, duckdb::vector<Expr> arguments) const;
  [[nodiscard]] duckdb::LogicalType CommonType(std::size_t a, std::size_t b) const;
  [[nodiscard]] duckdb::ClientContext& context() const { return input_.context; }

 private:
  template <class... Exprs>
  static duckdb::vector<Expr> List(Exprs... arguments) {
    duckdb::vector<Expr> list;
    (list.push_back(std::move(arguments)), ...);
    return list;
  }

  duckdb::FunctionBindExpressionInput& input_;
};

using Expander = duckdb::function_bind_expression_t;

// Registers `name` for calls with `arity` arguments of any type.
void RegisterExpander(duckdb::ExtensionLoader& loader, const std::string& name,
                      std::initializer_list<std::size_t> arities, Expander expander);
// For one argument or more.
void RegisterVariadicExpander(duckdb::ExtensionLoader& loader, const std::string& name, Expander expander);

// Wraps `expand(Expansion&)` as an Expander.
template <Expr (*expand)(Expansion&)>
Expr Expanding(duckdb::FunctionBindExpressionInput& input) {
  Expansion expansion(input);
  return expand(expansion);
}

// Scalar functions of ours from plain lambdas. They may fail, which TRY must know.
template <class A, class R, class F>
duckdb::ScalarFunction Unary(std::string name, duckdb::LogicalType a, duckdb::LogicalType r, F f) {
  duckdb::ScalarFunction function(std::move(name), {std::move(a)}, std::move(r),
                                  [f](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
                                    duckdb::UnaryExecutor::Execute<A, R>(in.data[0], out, in.size(), f);
                                  });
  function.SetFallible();
  return function;
}
template <class A, class B, class R, class F>
duckdb::ScalarFunction Binary(std::string name, duckdb::LogicalType a, duckdb::LogicalType b, duckdb::LogicalType r,
                              F f) {
  duckdb::ScalarFunction function(std::move(name), {std::move(a), std::move(b)}, std::move(r),
                                  [f](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
                                    duckdb::BinaryExecutor::Execute<A, B, R>(in.data[0], in.data[1], out, in.size(), f);
                                  });
  function.SetFallible();
  return function;
}
// Texts in and out: f(std::string_view) -> std::string.
template <class F>
duckdb::ScalarFunction TextToText(std::string name, F f) {
  duckdb::ScalarFunction function(std::move(name), {duckdb::LogicalType::VARCHAR}, duckdb::LogicalType::VARCHAR,
                                  [f](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
                                    duckdb::UnaryExecutor::Execute<duckdb::string_t, duckdb::string_t>(
                                        in.data[0], out, in.size(), [&](duckdb::string_t text) {
                                          return duckdb::StringVector::AddStringOrBlob(
                                              out, f(std::string_view(text.GetData(), text.GetSize())));
                                        });
                                  });
  function.SetFallible();
  return function;
}

[[nodiscard]] inline std::string_view View(const duckdb::string_t& text) { return {text.GetData(), text.GetSize()}; }

}  // namespace tarn::engine
