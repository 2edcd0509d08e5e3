// Which functions exist and what they become, as data. A function that has no row does not exist.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace tarn::sql {

// A scalar function. `engine` is a name that is called with the arguments as they are, or, when it is more than a name,
// a template: $1 … $9 are the arguments, $* all of them. `result` is Trino's result type where the engine's own
// type does not say it: a type text, or "=n" for the type of argument n; empty otherwise.
struct ScalarFunction {
  std::string_view name;
  int min_arguments;
  int max_arguments;  // -1: any number
  std::string_view engine;
  std::string_view result = {};
};

// An aggregate, which may also have OVER. `wrapper` is a template around the whole call ($0), FILTER and OVER included.
struct AggregateFunction {
  std::string_view name;
  int min_arguments;
  int max_arguments;
  std::string_view engine;
  std::string_view wrapper = {};
  std::string_view result = {};
  int used_arguments = -1;  // only that many are passed on; -1: all
};

// A function that needs OVER. It has the same name and meaning in the engine.
struct WindowFunction {
  std::string_view name;
  int min_arguments;
  int max_arguments;
  bool takes_frame;
  std::string_view result = {};
};

// The rows with this lower-case name; several where arities differ.
[[nodiscard]] std::span<const ScalarFunction> ScalarFunctions(std::string_view name);
[[nodiscard]] std::span<const AggregateFunction> AggregateFunctions(std::string_view name);
[[nodiscard]] std::span<const WindowFunction> WindowFunctions(std::string_view name);

// All rows, for tests and SHOW FUNCTIONS.
[[nodiscard]] std::span<const ScalarFunction> AllScalarFunctions();
[[nodiscard]] std::span<const AggregateFunction> AllAggregateFunctions();

}  // namespace tarn::sql
