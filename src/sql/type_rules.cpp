#include "sql/type_rules.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "sql/coercion.h"

namespace tarn::sql {
namespace {

// tinyint … bigint as 0 … 3; -1 for others.
int IntegerRank(const Type& type) {
  static constexpr std::array<std::string_view, 4> kIntegers = {"tinyint", "smallint", "integer", "bigint"};
  const auto* found = std::ranges::find(kIntegers, type.name);
  return found == kIntegers.end() ? -1 : static_cast<int>(found - kIntegers.begin());
}

bool IsExact(const Type& type) { return IntegerRank(type) >= 0 || type.Is("decimal"); }
bool IsFloating(const Type& type) { return type.Is("real") || type.Is("double"); }
bool IsNumeric(const Type& type) { return IsExact(type) || IsFloating(type); }
bool IsText(const Type& type) { return type.Is("varchar") || type.Is("char"); }
// Whether no part of the type is left to the engine.
bool IsComplete(const Type& type) { return type.known() && std::ranges::all_of(type.children, IsComplete); }

bool IsInterval(const Type& type) { return type.name.starts_with("interval"); }
bool IsTimestamp(const Type& type) { return type.name.starts_with("timestamp"); }
bool IsTime(const Type& type) { return type.Is("time") || type.Is("time with time zone"); }

Type Decimal(std::int64_t precision, std::int64_t scale) { return {.name = "decimal", .numbers = {precision, scale}}; }

bool AnyOf(const Type& type, bool (*what)(const Type&)) { return std::ranges::all_of(type.children, what); }

bool CanCastNested(const Type& from, const Type& to) {
  if (from.name != to.name || from.children.size() != to.children.size()) return false;
  for (std::size_t i = 0; i < from.children.size(); ++i) {
    if (!CanCast(from.children[i], to.children[i])) return false;
  }
  return true;
}

// What becomes JSON, and what JSON becomes.
bool CastsToJson(const Type& from) {
  if (from.Is("array") || from.Is("row")) return AnyOf(from, CastsToJson);
  if (from.Is("map")) {
    const Type& key = from.children[0];
    return !key.known() ||
           ((IsNumeric(key) || key.Is("boolean") || key.Is("varchar")) && CastsToJson(from.children[1]));
  }
  return !from.known() || from.Is("unknown") || from.Is("boolean") || IsNumeric(from) || from.Is("varchar") ||
         from.Is("json") || from.Is("date") || IsTimestamp(from) || from.Is("number");
}
bool CastsFromJson(const Type& to) {
  if (to.Is("array") || to.Is("row")) return AnyOf(to, CastsFromJson);
  if (to.Is("map")) {
    const Type& key = to.children[0];
    return (IsNumeric(key) || key.Is("boolean") || key.Is("varchar")) && CastsFromJson(to.children[1]);
  }
  return !to.known() || to.Is("boolean") || IsNumeric(to) || to.Is("varchar") || to.Is("json") || to.Is("number");
}

bool CanCastText(const Type& from, const Type& to) {
  if (IsText(to)) return true;
  const bool common = to.Is("boolean") || IsNumeric(to) || to.Is("number") || to.Is("date") || to.Is("time") ||
                      IsTimestamp(to) || to.Is("varbinary");
  if (common) return true;
  return from.Is("varchar") &&
         (to.Is("json") || to.Is("uuid") || to.Is("ipaddress") || to.Is("time with time zone") || to.Is("color"));
}

bool CanCastTemporal(const Type& from, const Type& to) {
  if (to.Is("varchar")) return true;
  if (from.Is("date")) return IsTimestamp(to);
  if (IsTime(from)) return IsTime(to);
  return to.Is("date") || IsTime(to) || IsTimestamp(to);
}

}  // namespace

std::optional<Type> FindCommonType(const Type& left, const Type& right) {
  if (!IsComplete(left) || !IsComplete(right)) {
    const bool both =
        left.known() && right.known() && left.name != right.name && !left.Is("unknown") && !right.Is("unknown");
    return both ? std::nullopt : std::optional(Type{});
  }
  if (left.Is("number") && IsExact(right)) return left;
  if (right.Is("number") && IsExact(left)) return right;
  return CommonSupertype(left, right);
}

bool CanCast(const Type& from, const Type& to) {
  if (!from.known() || !to.known() || from.Is("unknown") || from == to) return true;
  if (to.Is("variant")) return !IsInterval(from);
  if (to.Is("json")) return CastsToJson(from);
  if (from.Is("json")) return CastsFromJson(to);
  if (!from.children.empty() || !to.children.empty()) return CanCastNested(from, to);
  if (IsText(from)) return CanCastText(from, to);
  const bool number = IsNumeric(from) || from.Is("number");
  if (number || from.Is("boolean")) return IsNumeric(to) || to.Is("number") || to.Is("boolean") || to.Is("varchar");
  if (from.Is("date") || IsTime(from) || IsTimestamp(from)) return CanCastTemporal(from, to);
  if (IsInterval(from)) return to.Is("varchar") || from.name == to.name;
  if (from.Is("uuid") || from.Is("ipaddress")) return to.Is("varchar") || to.Is("varbinary") || from.name == to.name;
  if (from.Is("color")) return false;
  if (from.Is("varbinary"))
    return to.Is("uuid") || to.Is("ipaddress") || to.Is("varbinary") || to.name.ends_with("hyperloglog") ||
           to.name.ends_with("digest");
  return from.name == to.name || to.Is("varbinary");
}

bool IsDigest(const Type& type) { return type.name.ends_with("digest") || type.name.ends_with("hyperloglog"); }

bool IsComparable(const Type& type) {
  if (IsDigest(type) || type.Is("geometry") || type.Is("function")) return false;
  return std::ranges::all_of(type.children, IsComparable);
}

bool IsOrderable(const Type& type) {
  if (type.Is("map") || type.Is("json") || !IsComparable(type)) return false;
  return std::ranges::all_of(type.children, IsOrderable);
}

namespace {

Type DecimalResult(ArithmeticOperator op, const Type& left, const Type& right) {
  const Type a = AsDecimal(left);
  const Type b = AsDecimal(right);
  const std::int64_t p1 = a.numbers[0];
  const std::int64_t s1 = a.numbers[1];
  const std::int64_t p2 = b.numbers[0];
  const std::int64_t s2 = b.numbers[1];
  const auto bounded = [](std::int64_t precision, std::int64_t scale) {
    return Decimal(std::clamp<std::int64_t>(precision, 1, 38), scale);
  };
  // What 38 digits do not hold loses digits of its fraction.
  const auto fitted = [](std::int64_t whole, std::int64_t scale, std::int64_t least_scale) {
    if (whole + scale <= 38) return Decimal(whole + scale, scale);
    return Decimal(38, std::max(38 - whole, std::min(scale, least_scale)));
  };
  switch (op) {
    case ArithmeticOperator::kMultiply: return fitted(p1 + p2 - s1 - s2, s1 + s2, 6);
    case ArithmeticOperator::kDivide: {
      const std::int64_t scale = std::max<std::int64_t>(6, s1 + p2 + 1);
      return fitted(p1 - s1 + s2, scale, 6);
    }
    case ArithmeticOperator::kModulus: return bounded(std::min(p1 - s1, p2 - s2) + std::max(s1, s2), std::max(s1, s2));
    default: {  // a digit for the carry only where there is room
      const std::int64_t whole = std::max(p1 - s1, p2 - s2);
      const std::int64_t scale = std::max(s1, s2);
      return whole + scale < 38 ? Decimal(whole + scale + 1, scale) : Decimal(38, std::min(scale, 38 - whole));
    }
  }
}

// Dates and times plus or minus an interval.
std::optional<Type> Shifted(const Type& value, const Type& interval) {
  if (IsTime(value) && !interval.Is("interval day to second")) return std::nullopt;
  if (!value.Is("date") && !IsTime(value) && !IsTimestamp(value)) return std::nullopt;
  Type type = value;
  if (interval.Is("interval day to second") && !type.numbers.empty())
    type.numbers[0] = std::max<std::int64_t>(type.numbers[0], 3);
  return type;
}

std::optional<Type> IntervalType(ArithmeticOperator op, const Type& left, const Type& right) {
  const bool add = op == ArithmeticOperator::kAdd;
  if (add || op == ArithmeticOperator::kSubtract) {
    if (IsInterval(left) && (left.name == right.name || right.Is("unknown"))) return left;
    if (IsInterval(right) && left.Is("unknown")) return right;
    if (IsInterval(left)) return add ? Shifted(right, left) : std::nullopt;
    return Shifted(left, right);
  }
  const auto factor = [](const Type& type) {
    return IntegerRank(type) >= 0 || IsFloating(type) || type.Is("decimal") || type.Is("unknown");
  };
  if (IsInterval(left) && factor(right) && op != ArithmeticOperator::kModulus) return left;
  if (IsInterval(right) && factor(left) && op == ArithmeticOperator::kMultiply) return right;
  return std::nullopt;
}

}  // namespace

std::optional<Type> ArithmeticType(ArithmeticOperator op, const Type& left, const Type& right) {
  if (!left.known() || !right.known()) return Type{};
  if (IsInterval(left) || IsInterval(right)) return IntervalType(op, left, right);
  if (IsNumeric(left) && IsNumeric(right)) {
    const Type common = CommonSupertype(left, right).value_or(Type{});
    return common.Is("decimal") ? DecimalResult(op, left, right) : common;
  }
  if (left.Is("unknown") && right.Is("unknown")) return Type{};
  const Type& known = left.Is("unknown") ? right : left;
  if (left.Is("unknown") || right.Is("unknown")) {
    if (IsExact(known) && known.Is("decimal")) return DecimalResult(op, known, known);
    if (IsNumeric(known) || known.Is("number")) return known;
  }
  if (op == ArithmeticOperator::kAdd && left.Is("unknown") && IsTimestamp(right)) return right;
  if (left.Is("number") || right.Is("number")) return FindCommonType(left, right);
  if (op != ArithmeticOperator::kSubtract) return std::nullopt;
  if (!known.Is("date") && !IsTime(known) && !IsTimestamp(known)) return std::nullopt;
  const auto common = CommonSupertype(left, right);
  return common ? std::optional(Type{.name = "interval day to second"}) : std::nullopt;
}

std::optional<Type> ConcatenationType(const Type& left, const Type& right) {
  if (!left.known() || !right.known()) return Type{};
  if (left.Is("array") && (right.Is("array") || right.Is("unknown"))) return FindCommonType(left, right);
  if (right.Is("array") && left.Is("unknown")) return right;
  const auto with_element = [](const Type& array, const Type& element) -> std::optional<Type> {
    if (!array.children[0].known()) return Type{};
    const auto common = FindCommonType(array.children[0], element);
    if (!common) return std::nullopt;
    return Type{.name = "array", .children = {*common}};
  };
  if (left.Is("array")) return with_element(left, right);
  if (right.Is("array")) return with_element(right, left);
  const auto text = [](const Type& type) { return IsText(type) || type.Is("unknown"); };
  if (left.Is("unknown") && right.Is("unknown")) return Type{};
  if (text(left) && text(right)) {
    if (left.Is("char") && right.Is("char"))
      return Type{.name = "char", .numbers = {std::min<std::int64_t>(65536, left.numbers[0] + right.numbers[0])}};
    return Type{.name = "varchar"};
  }
  if ((left.Is("varbinary") || left.Is("unknown")) && (right.Is("varbinary") || right.Is("unknown")))
    return Type{.name = "varbinary"};
  // NULL beside anything else is an array of it.
  if (left.Is("unknown")) return Type{.name = "array", .children = {right}};
  if (right.Is("unknown")) return Type{.name = "array", .children = {left}};
  return std::nullopt;
}

}  // namespace tarn::sql
