// Signatures of functions as Trino prints them, and which of several a call means.
//
// A signature's types are patterns: "T" (one upper-case letter, a digit may follow) is any type, the same wherever it
// stands; lower-case letters in numbers are lengths and precisions ("varchar(x)", "decimal(p,s)");
// "function(T,boolean)" is a lambda, its result last; "any" is any type, each time another. A result's numbers may be
// formulas with + - * /, min and max. "..." after the last argument says that it may repeat.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/type.h"

namespace tarn::sql {

struct TypePattern {
  std::string name;
  std::vector<std::string> numbers;
  std::vector<TypePattern> children;

  [[nodiscard]] bool IsVariable() const;
  [[nodiscard]] bool IsFunction() const { return name == "function"; }
};

struct Signature {
  TypePattern result;
  std::vector<TypePattern> arguments;
  bool variadic = false;

  [[nodiscard]] bool Accepts(std::size_t count) const {
    return variadic ? count >= arguments.size() : count == arguments.size();
  }
  [[nodiscard]] const TypePattern& Argument(std::size_t i) const {
    return i < arguments.size() ? arguments[i] : arguments.back();
  }
};

// Precondition: the texts follow the grammar above; they come from the tables of functions.
[[nodiscard]] Signature ParseSignature(std::string_view result, std::string_view arguments);

// What the variables of a signature stand for in one call.
class Binding final {
 public:
  // Takes an argument's type in. An argument whose type is not known fits everything.
  // False: the type does not fit.
  [[nodiscard]] bool Take(const TypePattern& pattern, const Type& type);

  // The pattern with its variables filled in; unknown where a variable has no type.
  [[nodiscard]] Type Fill(const TypePattern& pattern) const;
  [[nodiscard]] std::optional<std::int64_t> Number(const std::string& name) const;
  [[nodiscard]] bool exact() const { return exact_; }

 private:
  [[nodiscard]] bool TakeVariable(const std::string& name, const Type& type);

  std::map<std::string, Type> types_;
  std::map<std::string, std::int64_t> numbers_;
  bool exact_ = true;  // no argument has to be converted
};

// One signature that fits a call.
struct Match {
  std::size_t index = 0;  // of the signature
  Binding binding = {};
  std::vector<Type> arguments = {};  // as the signature wants them; unknown for lambdas and where nothing is wanted
};

struct Choice {
  std::optional<Match> match = {};
  bool ambiguous = false;  // several fit and none is the most special one
  bool undecided = false;  // several fit as the type of an argument is not known; `match` is the first of them
};

// Trino's rule: without conversions first, then the most special of those that need some. `is_lambda` says which
// arguments are lambdas, whose types are taken in later.
[[nodiscard]] Choice Choose(const std::vector<const Signature*>& signatures, const std::vector<Type>& arguments,
                            const std::vector<bool>& is_lambda);

}  // namespace tarn::sql
