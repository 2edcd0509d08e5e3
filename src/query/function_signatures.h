// The functions that statements may call, as SHOW FUNCTIONS lists them: made from the tables of sql/function_table.h,
// so that it lists what there is.
#pragma once

#include <string>
#include <vector>

namespace tarn::query {

struct FunctionSignature {
  std::string name;
  std::string result;
  std::string arguments;
  std::string kind;  // scalar, aggregate, window
  bool deterministic = true;
};

// By name, result and arguments. Functions that Tarn refuses are not among them.
[[nodiscard]] const std::vector<FunctionSignature>& FunctionSignatures();

}  // namespace tarn::query
