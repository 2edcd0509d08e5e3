#include "query/function_signatures.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>

#include "sql/function_table.h"

namespace tarn::query {

namespace {

// Called twice with the same arguments they may answer differently.
constexpr std::array<std::string_view, 4> kNotDeterministic = {"rand", "random", "shuffle", "uuid"};
// Not for callers: Trino does not list it either.
constexpr std::string_view kHidden = "fail";
// Its first argument is no repeated one, though of the same type.
constexpr std::string_view kWithSeparator = "concat_ws";

bool IsFormula(std::string_view number) { return number.find_first_of("+-*/(") != std::string_view::npos; }

// A type as Trino prints it: lengths and precisions that are computed have a name instead of their formula.
std::string Shown(const sql::TypePattern& type) {
  std::string inside;
  const auto add = [&](const std::string& part) { inside += (inside.empty() ? "" : ",") + part; };
  const bool decimal = type.name == "decimal";
  for (std::size_t i = 0; i < type.numbers.size(); ++i) {
    const auto& number = type.numbers[i];
    add(!IsFormula(number) ? number : decimal ? (i == 0 ? "rp" : "rs") : "u");
  }
  for (const auto& child : type.children) add(Shown(child));
  if (inside.empty()) return type.name;
  // "timestamp(p) with time zone"
  const auto suffix = type.name.find(" with ");
  if (suffix != std::string::npos) return type.name.substr(0, suffix) + "(" + inside + ")" + type.name.substr(suffix);
  return type.name + "(" + inside + ")";
}

std::string ShownArguments(std::string_view name, const sql::Signature& signature) {
  auto count = signature.arguments.size();
  // What repeats is shown once.
  if (signature.variadic && name != kWithSeparator) {
    while (count > 1 && Shown(signature.arguments[count - 2]) == Shown(signature.arguments[count - 1])) --count;
  }
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : ", ") + Shown(signature.arguments[i]);
  return text;
}

template <class Entries>
void Add(const Entries& entries, std::string_view kind, std::vector<FunctionSignature>& signatures) {
  for (const auto& entry : entries) {
    if constexpr (requires { entry.row.engine; }) {
      if (entry.row.engine.empty()) continue;
    }
    const std::string_view name = entry.row.name;
    if (name == kHidden) continue;
    signatures.push_back({.name = std::string(name),
                          .result = Shown(entry.signature.result),
                          .arguments = ShownArguments(name, entry.signature),
                          .kind = std::string(kind),
                          .deterministic = std::ranges::find(kNotDeterministic, name) == kNotDeterministic.end()});
  }
}

}  // namespace

const std::vector<FunctionSignature>& FunctionSignatures() {
  static const std::vector<FunctionSignature> kSignatures = [] {
    std::vector<FunctionSignature> signatures;
    Add(sql::AllScalarFunctions(), "scalar", signatures);
    Add(sql::AllAggregateFunctions(), "aggregate", signatures);
    Add(sql::AllWindowFunctions(), "window", signatures);
    std::ranges::sort(signatures, {},
                      [](const FunctionSignature& each) { return std::tie(each.name, each.result, each.arguments); });
    return signatures;
  }();
  return kSignatures;
}

}  // namespace tarn::query
