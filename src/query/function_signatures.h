// The functions that statements may call, with their types.
#pragma once

#include <string_view>
#include <vector>

namespace tarn::query {

struct FunctionSignature {
  std::string_view name;
  std::string_view result;
  std::string_view arguments;
  std::string_view kind;  // scalar, aggregate, window
  bool deterministic;
};

// Those of Trino's that Tarn has, by name.
[[nodiscard]] const std::vector<FunctionSignature>& FunctionSignatures();

}  // namespace tarn::query
