// Which functions exist and what they become, as data. A function that has no row does not exist. The rows lie in
// function_table_<family>.cpp; the types follow the grammar of function_signature.h.
//
// A function's `engine` is a name that is called with the arguments, or, when it is more than a name, a template:
//   $1 … $9  an argument, $* all of them; a leading & folds two at a time: &f of a, b, c is f(f(a, b), c)
//   $2{a;b}  the body of the lambda that is argument 2, its parameters being the texts a and b; alone, $2 is the lambda
//   @x       a name of its own in each call, for the template's lambdas
//   #n       the number that the signature's variable n stands for
//   %T       the engine's type of the signature's variable T, %0 of the result
// An empty one says that Trino has the function and Tarn refuses it.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "sql/function_signature.h"

namespace tarn::sql {

struct ScalarFunction {
  std::string_view name;
  std::string_view result;
  std::string_view arguments;
  std::string_view engine;
};

// An aggregate, which may also have OVER. `engine` is a plain name.
struct AggregateFunction {
  std::string_view name;
  std::string_view result;
  std::string_view arguments;
  std::string_view engine;
  std::string_view passed = {};  // template of what the engine's aggregate gets; empty: the arguments as they are
  // Template around the whole call, FILTER and OVER included: $0 is the call, ^f the same call of another aggregate f,
  // $1 … an argument that must be constant; lambdas and names as in a scalar function's template.
  std::string_view wrapper = {};
  std::string_view where = {};  // template: only these rows count
};

// A function that needs OVER. It has the same name and meaning in the engine.
struct WindowFunction {
  std::string_view name;
  std::string_view result;
  std::string_view arguments;
  bool takes_frame = false;
};

// A row with its signature read.
template <class Function>
struct Entry {
  Function row;
  Signature signature;
};

// The rows with this lower-case name, in the order of the table.
[[nodiscard]] std::span<const Entry<ScalarFunction>> ScalarFunctions(std::string_view name);
[[nodiscard]] std::span<const Entry<AggregateFunction>> AggregateFunctions(std::string_view name);
[[nodiscard]] std::span<const Entry<WindowFunction>> WindowFunctions(std::string_view name);

// All rows by name, for tests, SHOW FUNCTIONS and the list of what is covered.
[[nodiscard]] std::span<const Entry<ScalarFunction>> AllScalarFunctions();
[[nodiscard]] std::span<const Entry<AggregateFunction>> AllAggregateFunctions();
[[nodiscard]] std::span<const Entry<WindowFunction>> AllWindowFunctions();

// The families. Each is sorted by name.
[[nodiscard]] std::span<const ScalarFunction> MathFunctions();
[[nodiscard]] std::span<const ScalarFunction> TextFunctions();
[[nodiscard]] std::span<const ScalarFunction> BinaryFunctions();
[[nodiscard]] std::span<const ScalarFunction> DatetimeFunctions();
[[nodiscard]] std::span<const ScalarFunction> JsonFunctions();
[[nodiscard]] std::span<const ScalarFunction> CollectionFunctions();
[[nodiscard]] std::span<const ScalarFunction> ColorFunctions();
[[nodiscard]] std::span<const ScalarFunction> SketchFunctions();
[[nodiscard]] std::span<const ScalarFunction> RefusedFunctions();
[[nodiscard]] std::span<const AggregateFunction> Aggregates();
[[nodiscard]] std::span<const WindowFunction> Windows();

}  // namespace tarn::sql
