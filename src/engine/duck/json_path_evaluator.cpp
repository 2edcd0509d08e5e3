#include "engine/duck/json_path_evaluator.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <duckdb/common/re2_regex.hpp>
#include <limits>
#include <optional>

#include "engine/duck/expansion.h"

namespace tarn::engine {
namespace {

using Kind = sql::JsonPathKind;
using Node = sql::JsonPathNode;

JsonItemPtr Integer(std::int64_t value) {
  return std::make_shared<JsonItem>(JsonItem{.kind = JsonKind::kInteger, .integer = value});
}
JsonItemPtr Double(double value) {
  return std::make_shared<JsonItem>(JsonItem{.kind = JsonKind::kDouble, .number = value});
}
JsonItemPtr Text(std::string value) {
  return std::make_shared<JsonItem>(JsonItem{.kind = JsonKind::kString, .text = std::move(value)});
}

[[noreturn]] void Mismatch(std::string message) { throw JsonPathFailure{std::move(message)}; }

bool FitsInteger(std::int64_t value) {
  return value >= std::numeric_limits<std::int32_t>::min() && value <= std::numeric_limits<std::int32_t>::max();
}

std::string_view TypeName(JsonKind kind) {
  switch (kind) {
    case JsonKind::kNull: return "null";
    case JsonKind::kBoolean: return "boolean";
    case JsonKind::kString: return "string";
    case JsonKind::kArray: return "array";
    case JsonKind::kObject: return "object";
    default: return "number";
  }
}

JsonItemPtr Literal(const Node& node) {
  JsonItem item;
  switch (node.kind) {
    case Kind::kBoolean:
      item.kind = JsonKind::kBoolean;
      item.boolean = node.text == "true";
      break;
    case Kind::kInteger:
      item.kind = JsonKind::kInteger;
      item.integer = std::stoll(node.text);
      break;
    case Kind::kDouble:
      item.kind = JsonKind::kDouble;
      item.number = std::strtod(node.text.c_str(), nullptr);
      break;
    case Kind::kDecimal:
      item.kind = JsonKind::kDecimal;
      item.text = node.text;
      item.number = std::strtod(node.text.c_str(), nullptr);
      break;
    case Kind::kString:
      item.kind = JsonKind::kString;
      item.text = node.text;
      break;
    default: break;
  }
  return std::make_shared<JsonItem>(std::move(item));
}

std::int64_t WholeArithmetic(Kind kind, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  bool overflow = false;
  switch (kind) {
    case Kind::kAdd: overflow = __builtin_add_overflow(a, b, &result); break;
    case Kind::kSubtract: overflow = __builtin_sub_overflow(a, b, &result); break;
    case Kind::kMultiply: overflow = __builtin_mul_overflow(a, b, &result); break;
    default:
      if (b == 0) Mismatch("Division by zero in a JSON path");
      if (b == -1)
        overflow = kind == Kind::kDivide && __builtin_sub_overflow(std::int64_t{0}, a, &result);
      else
        result = kind == Kind::kDivide ? a / b : a % b;
      break;
  }
  if (overflow || (FitsInteger(a) && FitsInteger(b) && !FitsInteger(result)))
    Mismatch("A number in a JSON path is out of range");
  return result;
}

double FloatingArithmetic(Kind kind, double a, double b) {
  switch (kind) {
    case Kind::kAdd: return a + b;
    case Kind::kSubtract: return a - b;
    case Kind::kMultiply: return a * b;
    case Kind::kDivide: return a / b;
    default: return std::fmod(a, b);
  }
}

// < 0, 0, > 0; nothing where the two cannot be compared.
std::optional<int> Order(const JsonItem& a, const JsonItem& b) {
  if (a.kind == JsonKind::kInteger && b.kind == JsonKind::kInteger)
    return a.integer < b.integer ? -1 : a.integer > b.integer ? 1 : 0;
  if (a.is_number() && b.is_number()) {
    const double left = a.as_double();
    const double right = b.as_double();
    return left < right ? -1 : left > right ? 1 : 0;
  }
  if (a.kind != b.kind) return std::nullopt;
  if (a.kind == JsonKind::kString) return a.text.compare(b.text);
  if (a.kind == JsonKind::kBoolean) return static_cast<int>(a.boolean) - static_cast<int>(b.boolean);
  return std::nullopt;
}

// SQL's three values: nothing is unknown.
using Truth = std::optional<bool>;

Truth Compare(Kind how, const JsonItem& a, const JsonItem& b) {
  const bool null_a = a.kind == JsonKind::kNull;
  const bool null_b = b.kind == JsonKind::kNull;
  if (null_a || null_b) {
    const bool structured = a.kind >= JsonKind::kArray || b.kind >= JsonKind::kArray;
    if (structured) return how == Kind::kNotEqual;
    const bool equal = null_a && null_b;
    return how == Kind::kNotEqual
               ? !equal
               : equal && (how == Kind::kEqual || how == Kind::kLessOrEqual || how == Kind::kGreaterOrEqual);
  }
  const auto order = Order(a, b);
  if (!order) return std::nullopt;
  switch (how) {
    case Kind::kEqual: return *order == 0;
    case Kind::kNotEqual: return *order != 0;
    case Kind::kLess: return *order < 0;
    case Kind::kLessOrEqual: return *order <= 0;
    case Kind::kGreater: return *order > 0;
    default: return *order >= 0;
  }
}

class Evaluator final {
 public:
  Evaluator(bool strict, const JsonItemPtr& context, const JsonVariables& variables)
      : strict_(strict), context_(context), variables_(variables) {}

  JsonSequence Evaluate(const Node& node) {
    switch (node.kind) {
      case Kind::kContext: return {context_};
      case Kind::kCurrentItem: return {Current()};
      case Kind::kLast:
        if (last_ < 0) Mismatch("'last' stands outside an array subscript");
        return {Integer(last_)};
      case Kind::kVariable: return Variable(node.text);
      case Kind::kNegate:
      case Kind::kPlus: return Signed(node);
      case Kind::kAdd:
      case Kind::kSubtract:
      case Kind::kMultiply:
      case Kind::kDivide:
      case Kind::kModulus: return Arithmetic(node);
      case Kind::kMember: return Member(node);
      case Kind::kAnyMember: return AnyMember(node);
      case Kind::kDescendant: return Descendants(node);
      case Kind::kElements: return Elements(node);
      case Kind::kAnyElement: return AnyElement(node);
      case Kind::kFilter: return Filter(node);
      case Kind::kMethod: return Method(node);
      default: return {Literal(node)};
    }
  }

 private:
  // In lax mode arrays stand for their elements.
  JsonSequence Unwrapped(JsonSequence items) const {
    const auto is_array = [](const JsonItemPtr& item) { return item->kind == JsonKind::kArray; };
    if (strict_ || std::ranges::none_of(items, is_array)) return items;
    JsonSequence result;
    for (const auto& item : items) {
      if (is_array(item))
        result.insert(result.end(), item->elements.begin(), item->elements.end());
      else
        result.push_back(item);
    }
    return result;
  }

  const JsonItemPtr& Current() const {
    if (!current_) Mismatch("'@' stands outside a filter");
    return current_;
  }

  JsonSequence Variable(const std::string& name) const {
    const auto found = variables_.find(name);
    if (found == variables_.end()) Mismatch("No value is passed for the JSON path's variable '" + name + "'");
    return found->second;
  }

  JsonSequence Signed(const Node& node) {
    JsonSequence result;
    for (const auto& item : Unwrapped(Evaluate(*node.left))) {
      if (!item->is_number()) Mismatch("The operand of a sign in a JSON path is not a number");
      if (node.kind == Kind::kPlus) {
        result.push_back(item);
      } else if (item->kind == JsonKind::kInteger) {
        result.push_back(Integer(WholeArithmetic(Kind::kSubtract, 0, item->integer)));
      } else if (item->kind == JsonKind::kDecimal) {
        auto negated = *item;
        negated.number = -negated.number;
        negated.text = negated.text.starts_with('-') ? negated.text.substr(1) : "-" + negated.text;
        result.push_back(std::make_shared<JsonItem>(std::move(negated)));
      } else {
        result.push_back(Double(-item->number));
      }
    }
    return result;
  }

  JsonItemPtr Number(const Node& node) {
    const auto items = Unwrapped(Evaluate(node));
    if (items.size() != 1) Mismatch("An operand in a JSON path is not a single item");
    if (!items[0]->is_number()) Mismatch("An operand in a JSON path is not a number");
    return items[0];
  }

  JsonSequence Arithmetic(const Node& node) {
    const auto left = Number(*node.left);
    const auto right = Number(*node.right);
    if (left->kind == JsonKind::kInteger && right->kind == JsonKind::kInteger)
      return {Integer(WholeArithmetic(node.kind, left->integer, right->integer))};
    if (left->kind != JsonKind::kDouble && right->kind != JsonKind::kDouble)
      Fail("NOT_SUPPORTED", "Arithmetic with decimals in a JSON path is not supported");
    return {Double(FloatingArithmetic(node.kind, left->as_double(), right->as_double()))};
  }

  JsonSequence Member(const Node& node) {
    JsonSequence result;
    for (const auto& item : Unwrapped(Evaluate(*node.left))) {
      if (item->kind != JsonKind::kObject) {
        if (strict_) Mismatch("A member is asked of a JSON value that is not an object");
        continue;
      }
      const auto found = std::ranges::find(item->members, node.text, &std::pair<std::string, JsonItemPtr>::first);
      if (found != item->members.end())
        result.push_back(found->second);
      else if (strict_)
        Mismatch("A JSON object has no member '" + node.text + "'");
    }
    return result;
  }

  JsonSequence AnyMember(const Node& node) {
    JsonSequence result;
    for (const auto& item : Unwrapped(Evaluate(*node.left))) {
      if (item->kind != JsonKind::kObject && strict_)
        Mismatch("Members are asked of a JSON value that is not an object");
      for (const auto& [name, value] : item->members) result.push_back(value);
    }
    return result;
  }

  static void Descend(const JsonItemPtr& item, const std::string& name, JsonSequence& result) {
    for (const auto& [member, value] : item->members) {
      if (member == name) result.push_back(value);
    }
    for (const auto& [member, value] : item->members) Descend(value, name, result);
    for (const auto& element : item->elements) Descend(element, name, result);
  }

  JsonSequence Descendants(const Node& node) {
    JsonSequence result;
    for (const auto& item : Evaluate(*node.left)) Descend(item, node.text, result);
    return result;
  }

  std::int64_t Position(const Node& node) {
    const auto number = Number(node);
    if (number->kind == JsonKind::kInteger) return number->integer;
    if (!(std::abs(number->number) < 9e15)) Mismatch("An array subscript in a JSON path is out of range");
    return static_cast<std::int64_t>(number->number);
  }

  JsonSequence Elements(const Node& node) {
    JsonSequence result;
    for (const auto& item : Evaluate(*node.left)) {
      if (item->kind != JsonKind::kArray && strict_)
        Mismatch("An element is asked of a JSON value that is not an array");
      const JsonSequence elements = item->kind == JsonKind::kArray ? item->elements : JsonSequence{item};
      const auto size = static_cast<std::int64_t>(elements.size());
      const auto outer = std::exchange(last_, std::max<std::int64_t>(size - 1, 0));
      for (const auto& subscript : node.subscripts) {
        const auto from = Position(*subscript.from);
        const auto to = subscript.to ? Position(*subscript.to) : from;
        if (strict_ && (from < 0 || to >= size || from > to)) Mismatch("A JSON array has no element at the subscript");
        for (auto i = std::max<std::int64_t>(from, 0); i <= std::min(to, size - 1); ++i)
          result.push_back(elements[static_cast<std::size_t>(i)]);
      }
      last_ = outer;
    }
    return result;
  }

  JsonSequence AnyElement(const Node& node) {
    const auto items = Evaluate(*node.left);
    JsonSequence result;
    for (const auto& item : items) {
      if (item->kind == JsonKind::kArray)
        result.insert(result.end(), item->elements.begin(), item->elements.end());
      else if (strict_)
        Mismatch("Elements are asked of a JSON value that is not an array");
      else
        result.push_back(item);
    }
    return result;
  }

  JsonSequence Filter(const Node& node) {
    JsonSequence result;
    for (const auto& item : Unwrapped(Evaluate(*node.left))) {
      const auto outer = std::exchange(current_, item);
      const auto outer_last = std::exchange(last_, -1);
      const Truth truth = Test(*node.right);
      current_ = outer;
      last_ = outer_last;
      if (truth.value_or(false)) result.push_back(item);
    }
    return result;
  }

  JsonSequence Method(const Node& node) {
    const std::string& method = node.text;
    JsonSequence result;
    if (method == "type") {
      for (const auto& item : Evaluate(*node.left)) result.push_back(Text(std::string(TypeName(item->kind))));
      return result;
    }
    if (method == "size") {
      for (const auto& item : Evaluate(*node.left)) {
        if (item->kind != JsonKind::kArray && strict_)
          Mismatch("The size is asked of a JSON value that is not an array");
        result.push_back(
            Integer(item->kind == JsonKind::kArray ? static_cast<std::int64_t>(item->elements.size()) : 1));
      }
      return result;
    }
    std::int64_t id = 0;
    for (const auto& item : Unwrapped(Evaluate(*node.left))) {
      if (method == "keyvalue")
        KeyValues(*item, id++, result);
      else
        result.push_back(NumberMethod(method, *item));
    }
    return result;
  }

  static void KeyValues(const JsonItem& item, std::int64_t id, JsonSequence& result) {
    if (item.kind != JsonKind::kObject) Mismatch("keyvalue() is asked of a JSON value that is not an object");
    for (const auto& [name, value] : item.members) {
      result.push_back(std::make_shared<JsonItem>(JsonItem{
          .kind = JsonKind::kObject, .members = {{"name", Text(name)}, {"value", value}, {"id", Integer(id)}}}));
    }
  }

  static JsonItemPtr NumberMethod(const std::string& method, const JsonItem& item) {
    if (method == "double" && item.kind == JsonKind::kString) {
      double value = 0;
      const char* const last = item.text.data() + item.text.size();
      const auto [end, error] = std::from_chars(item.text.data(), last, value);
      if (error != std::errc{} || end != last) Mismatch("double() is asked of a text that is no number");
      return Double(value);
    }
    if (!item.is_number()) Mismatch(method + "() is asked of a JSON value that is not a number");
    if (method == "double") return Double(item.as_double());
    if (item.kind == JsonKind::kDecimal)
      Fail("NOT_SUPPORTED", "The method " + method + "() of a decimal in a JSON path is not supported");
    if (item.kind == JsonKind::kInteger) {
      const bool negate = method == "abs" && item.integer < 0;
      return Integer(negate ? WholeArithmetic(Kind::kSubtract, 0, item.integer) : item.integer);
    }
    return Double(method == "abs"     ? std::abs(item.number)
                  : method == "floor" ? std::floor(item.number)
                                      : std::ceil(item.number));
  }

  Truth Test(const Node& node) {
    switch (node.kind) {
      case Kind::kAnd: {
        const Truth left = Test(*node.left);
        if (left.has_value() && !*left) return false;
        const Truth right = Test(*node.right);
        if (right.has_value() && !*right) return false;
        return left && right ? Truth(true) : std::nullopt;
      }
      case Kind::kOr: {
        const Truth left = Test(*node.left);
        if (left.value_or(false)) return true;
        const Truth right = Test(*node.right);
        if (right.value_or(false)) return true;
        return left && right ? Truth(false) : std::nullopt;
      }
      case Kind::kNot: {
        const Truth inner = Test(*node.left);
        return inner ? Truth(!*inner) : std::nullopt;
      }
      case Kind::kIsUnknown: return !Test(*node.left).has_value();
      case Kind::kExists: {
        const auto items = Items(*node.left);
        return items ? Truth(!items->empty()) : std::nullopt;
      }
      case Kind::kStartsWith:
      case Kind::kLikeRegex: return TestTexts(node);
      default: return TestComparison(node);
    }
  }

  // A failing path makes a predicate unknown rather than fail.
  std::optional<JsonSequence> Items(const Node& node) {
    const auto current = current_;
    const auto last = last_;
    try {
      return Evaluate(node);
    } catch (const JsonPathFailure&) {
      current_ = current;
      last_ = last;
      return std::nullopt;
    }
  }

  // True when one item fits; unknown when one cannot be asked, in lax mode only when none before it fits.
  template <class Ask>
  Truth Any(const JsonSequence& items, Ask ask) const {
    bool found = false;
    for (const auto& item : items) {
      const Truth one = ask(*item);
      if (!one) {
        if (strict_) return std::nullopt;
        unknown_ = true;
      } else if (*one) {
        found = true;
        if (!strict_) return true;
      }
    }
    return found;
  }

  Truth TestComparison(const Node& node) {
    auto left = Items(*node.left);
    auto right = Items(*node.right);
    if (!left || !right) return std::nullopt;
    const auto rights = Unwrapped(*std::move(right));
    const auto outer = std::exchange(unknown_, false);
    const Truth truth = Any(Unwrapped(*std::move(left)), [&](const JsonItem& a) -> Truth {
      return Any(rights, [&](const JsonItem& b) { return Compare(node.kind, a, b); });
    });
    const bool unknown = std::exchange(unknown_, outer);
    return unknown && truth == Truth(false) ? std::nullopt : truth;
  }

  Truth TestTexts(const Node& node) {
    auto items = Items(*node.left);
    if (!items) return std::nullopt;
    std::string prefix;
    if (node.kind == Kind::kStartsWith) {
      const auto prefixes = Items(*node.right);
      if (!prefixes || prefixes->size() != 1 || prefixes->front()->kind != JsonKind::kString) return std::nullopt;
      prefix = prefixes->front()->text;
    }
    std::optional<duckdb_re2::Regex> regex;
    if (node.kind == Kind::kLikeRegex) regex.emplace(node.text);
    const auto outer = std::exchange(unknown_, false);
    const Truth truth = Any(Unwrapped(*std::move(items)), [&](const JsonItem& item) -> Truth {
      if (item.kind != JsonKind::kString) return std::nullopt;
      duckdb_re2::Match match;
      return regex ? duckdb_re2::RegexSearch(item.text, match, *regex) : item.text.starts_with(prefix);
    });
    const bool unknown = std::exchange(unknown_, outer);
    return unknown && truth == Truth(false) ? std::nullopt : truth;
  }

  const bool strict_;
  const JsonItemPtr& context_;
  const JsonVariables& variables_;
  JsonItemPtr current_;
  std::int64_t last_ = -1;
  mutable bool unknown_ = false;  // an item could not be asked in lax mode
};

}  // namespace

JsonSequence EvaluateJsonPath(const sql::JsonPath& path, const JsonItemPtr& context, const JsonVariables& variables) {
  return Evaluator(path.strict, context, variables).Evaluate(*path.root);
}

}  // namespace tarn::engine
