#include "sql/function_signature.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "sql/coercion.h"
#include "sql/text.h"

namespace tarn::sql {
namespace {

constexpr std::string_view kZoned = " with time zone";

std::string_view Trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// The parts between the commas that no parenthesis holds.
std::vector<std::string_view> Split(std::string_view text) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i == text.size() || (text[i] == ',' && depth == 0)) {
      if (const auto part = Trimmed(text.substr(start, i - start)); !part.empty()) parts.push_back(part);
      start = i + 1;
    } else if (text[i] == '(') {
      ++depth;
    } else if (text[i] == ')') {
      --depth;
    }
  }
  return parts;
}

bool HasChildren(std::string_view name) {
  return name == "array" || name == "map" || name == "row" || name == "function" || name == "qdigest";
}

TypePattern ParsePattern(std::string_view text) {
  TypePattern pattern;
  std::string suffix;
  if (text.ends_with(kZoned)) {
    suffix = kZoned;
    text.remove_suffix(kZoned.size());
  }
  const auto open = text.find('(');
  pattern.name = std::string(text.substr(0, open)) + suffix;
  if (open == std::string_view::npos) return pattern;
  for (const auto part : Split(text.substr(open + 1, text.size() - open - 2))) {
    if (HasChildren(pattern.name))
      pattern.children.push_back(ParsePattern(part));
    else
      pattern.numbers.emplace_back(part);
  }
  return pattern;
}

// The value of a formula of numbers, variables, + - * /, min and max. Never negative.
class Formula final {
 public:
  Formula(std::string_view text, const std::map<std::string, std::int64_t>& numbers) : text_(text), numbers_(numbers) {}
  std::optional<std::int64_t> Value() {
    const std::int64_t value = Sum();
    return missing_ ? std::nullopt : std::optional(std::max<std::int64_t>(value, 0));
  }

 private:
  char Next() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  std::int64_t Sum() {
    std::int64_t value = Product();
    while (Next() == '+' || Next() == '-') {
      const bool plus = text_[at_++] == '+';
      const std::int64_t other = Product();
      value = plus ? value + other : value - other;
    }
    return value;
  }
  std::int64_t Product() {
    std::int64_t value = Atom();
    while (Next() == '*' || Next() == '/') {
      const bool times = text_[at_++] == '*';
      const std::int64_t other = Atom();
      if (times)
        value = other != 0 && value > INT64_MAX / 4 / other ? INT64_MAX / 4 : value * other;
      else
        value = other == 0 ? 0 : value / other;
    }
    return value;
  }
  std::int64_t Atom() {
    if (Next() == '(') {
      ++at_;
      const std::int64_t value = Sum();
      Next();
      ++at_;
      return value;
    }
    const std::size_t start = at_;
    while (at_ < text_.size() && (IsLetter(text_[at_]) || IsDigit(text_[at_]))) ++at_;
    const std::string word(text_.substr(start, at_ - start));
    if (word == "min" || word == "max") {
      ++at_;  // the parenthesis
      const std::int64_t left = Sum();
      Next();
      ++at_;  // the comma
      const std::int64_t right = Sum();
      Next();
      ++at_;
      return word == "min" ? std::min(left, right) : std::max(left, right);
    }
    if (IsDigit(word[0])) {
      std::int64_t value = 0;
      std::from_chars(word.data(), word.data() + word.size(), value);
      return value;
    }
    const auto found = numbers_.find(word);
    missing_ = missing_ || found == numbers_.end();
    return found == numbers_.end() ? 0 : found->second;
  }

  std::string_view text_;
  const std::map<std::string, std::int64_t>& numbers_;
  std::size_t at_ = 0;
  bool missing_ = false;
};

// Types of Trino that only serve to read a constant text.
bool IsPatternText(const std::string& name) {
  return name == "joniregexp" || name == "jsonpath" || name == "codepoints";
}

// Whether the other signature would take what this one wants.
bool IsMoreSpecial(const Match& one, const Signature& other) {
  Binding binding;
  for (std::size_t i = 0; i < one.arguments.size(); ++i) {
    if (!one.arguments[i].known()) continue;
    if (!binding.Take(other.Argument(i), one.arguments[i])) return false;
  }
  for (std::size_t i = 0; i < one.arguments.size(); ++i) {
    const Type wanted = binding.Fill(other.Argument(i));
    if (wanted.known() && one.arguments[i].known() && !CanCoerce(one.arguments[i], wanted)) return false;
  }
  return true;
}

// Whether only NULLs have to be converted.
bool ConvertsNullsOnly(const Match& match, const std::vector<Type>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i].known() && !arguments[i].Is("unknown") && match.arguments[i].known() &&
        match.arguments[i] != arguments[i])
      return false;
  }
  return true;
}

}  // namespace

bool TypePattern::IsVariable() const {
  return !name.empty() && std::isupper(static_cast<unsigned char>(name[0])) &&
         (name.size() == 1 || (name.size() == 2 && IsDigit(name[1])));
}

Signature ParseSignature(std::string_view result, std::string_view arguments) {
  Signature signature{.result = ParsePattern(result), .arguments = {}};
  signature.variadic = arguments.ends_with("...");
  if (signature.variadic) arguments.remove_suffix(3);
  for (const auto part : Split(arguments)) signature.arguments.push_back(ParsePattern(part));
  return signature;
}

bool Binding::TakeVariable(const std::string& name, const Type& type) {
  const auto [entry, added] = types_.try_emplace(name, type);
  if (added || entry->second == type) return true;
  auto common = CommonSupertype(entry->second, type);
  if (!common) return false;
  exact_ = false;
  entry->second = *std::move(common);
  return true;
}

bool Binding::Take(const TypePattern& pattern, const Type& type) {
  if (!type.known() || pattern.name == "any") return true;
  if (pattern.IsVariable()) return TakeVariable(pattern.name, type);
  if (pattern.IsFunction()) return false;
  if (type.Is("unknown")) {
    exact_ = false;
    for (const TypePattern& child : pattern.children) {
      if (!Take(child, type)) return false;
    }
    // A NULL becomes the type that has the usual number of digits.
    for (const std::string& number : pattern.numbers)
      numbers_.try_emplace(number, pattern.name.starts_with("time") ? 3 : 0);
    return true;
  }
  if (IsPatternText(pattern.name)) {
    exact_ = false;
    return type.Is("varchar") || type.Is("char");
  }
  if (!pattern.children.empty()) {
    if (type.name != pattern.name || type.children.size() != pattern.children.size()) return false;
    for (std::size_t i = 0; i < pattern.children.size(); ++i) {
      if (!Take(pattern.children[i], type.children[i])) return false;
    }
    return true;
  }
  const Type given = pattern.name == "decimal" ? AsDecimal(type) : type;
  const bool same_name = given.name == pattern.name;
  if (given.name != type.name || !same_name) exact_ = false;
  if (pattern.numbers.empty()) {
    if (same_name && !given.numbers.empty()) exact_ = false;
    return CanCoerce(given, {.name = pattern.name});
  }
  Type wanted{.name = pattern.name, .numbers = given.numbers};
  if (!same_name) {
    const bool text = pattern.name == "varchar" || pattern.name == "char";
    if (pattern.name == "char" || pattern.name == "decimal") return false;
    if (!text) wanted.numbers = {type.numbers.empty() ? 0 : type.numbers[0]};
    if (!CanCoerce(type, wanted)) return false;
  }
  for (std::size_t i = 0; i < pattern.numbers.size(); ++i) {
    const bool bounded = i < wanted.numbers.size();
    const std::int64_t number = bounded ? wanted.numbers[i] : INT32_MAX;
    if (IsDigit(pattern.numbers[i][0])) {
      if (std::to_string(number) != pattern.numbers[i]) exact_ = false;
      continue;
    }
    const auto [entry, added] = numbers_.try_emplace(pattern.numbers[i], number);
    if (!added && entry->second != number) {
      exact_ = false;
      entry->second = std::max(entry->second, number);
    }
  }
  return true;
}

std::optional<std::int64_t> Binding::Number(const std::string& name) const {
  const auto found = numbers_.find(name);
  return found == numbers_.end() ? std::nullopt : std::optional(found->second);
}

Type Binding::Fill(const TypePattern& pattern) const {
  if (pattern.IsVariable()) {
    const auto found = types_.find(pattern.name);
    return found == types_.end() ? Type{} : found->second;
  }
  if (pattern.name == "any" || pattern.IsFunction() || IsPatternText(pattern.name)) return {};
  Type type{.name = pattern.name};
  for (const TypePattern& child : pattern.children) {
    type.children.push_back(Fill(child));
    if (!type.children.back().known()) return {};
    if (type.Is("row")) type.field_names.emplace_back();
  }
  for (const std::string& number : pattern.numbers) {
    const auto value = Formula(number, numbers_).Value();
    if (!value) return {};
    type.numbers.push_back(*value);
  }
  if (type.Is("varchar") && !type.numbers.empty() && type.numbers[0] >= INT32_MAX) type.numbers.clear();
  return type;
}

Choice Choose(const std::vector<const Signature*>& signatures, const std::vector<Type>& arguments,
              const std::vector<bool>& is_lambda) {
  std::vector<Match> matches;
  bool unknown = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) unknown = unknown || (!arguments[i].known() && !is_lambda[i]);
  for (std::size_t index = 0; index < signatures.size(); ++index) {
    const Signature& signature = *signatures[index];
    if (!signature.Accepts(arguments.size())) continue;
    Match match{.index = index};
    bool fits = true;
    for (std::size_t i = 0; fits && i < arguments.size(); ++i) {
      const TypePattern& pattern = signature.Argument(i);
      fits = is_lambda[i] ? pattern.IsFunction() : match.binding.Take(pattern, arguments[i]);
      // Whether a text is a char is known from its type only; what has no known type is none.
      if (!is_lambda[i] && !arguments[i].known() && pattern.name == "char") fits = false;
    }
    if (!fits) continue;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const Type wanted = match.binding.Fill(signature.Argument(i));
      // A type of the pattern may have become wider by a later argument.
      if (wanted.known() && arguments[i].known() && !is_lambda[i] && !CanCoerce(arguments[i], wanted)) fits = false;
      match.arguments.push_back(is_lambda[i] ? Type{} : wanted);
    }
    if (fits) matches.push_back(std::move(match));
  }
  if (matches.empty()) return {};
  if (unknown && matches.size() > 1) return {.match = matches.front(), .undecided = true};
  // Types as they are before those with a length or elements, and those before any type.
  const auto grade = [&](const Match& match) {
    const auto& patterns = signatures[match.index]->arguments;
    if (std::ranges::any_of(patterns, &TypePattern::IsVariable)) return 2;
    return std::ranges::any_of(patterns,
                               [](const TypePattern& one) { return !one.children.empty() || !one.numbers.empty(); })
               ? 1
               : 0;
  };
  for (const int wanted : {0, 1, 2}) {
    const auto found = std::ranges::find_if(
        matches, [&](const Match& match) { return match.binding.exact() && grade(match) == wanted; });
    if (found != matches.end()) return {.match = *found};
  }
  std::vector<Match> best;
  for (const Match& match : matches) {
    const bool beaten = std::ranges::any_of(matches, [&](const Match& other) {
      return other.index != match.index && IsMoreSpecial(other, *signatures[match.index]) &&
             !IsMoreSpecial(match, *signatures[other.index]);
    });
    if (!beaten) best.push_back(match);
  }
  if (std::ranges::any_of(best, [&](const Match& match) { return ConvertsNullsOnly(match, arguments); })) {
    std::erase_if(best, [&](const Match& match) { return !ConvertsNullsOnly(match, arguments); });
  }
  // A number is the last choice where no argument is one: it says the same as the types before it.
  const bool has_number = std::ranges::any_of(arguments, [](const Type& type) { return type.Is("number"); });
  if (!has_number && best.size() > 1) {
    std::erase_if(best, [&](const Match& match) {
      return std::ranges::any_of(match.arguments, [](const Type& type) { return type.Is("number"); });
    });
  }
  if (best.size() == 1) return {.match = best.front()};
  const bool any_null = std::ranges::any_of(arguments, [](const Type& type) { return type.Is("unknown"); });
  const auto result = best.front().binding.Fill(signatures[best.front().index]->result);
  const bool same_result = std::ranges::all_of(
      best, [&](const Match& one) { return one.binding.Fill(signatures[one.index]->result) == result; });
  if (any_null && same_result) return {.match = best.front()};
  return {.ambiguous = true};
}

}  // namespace tarn::sql
