#include "sql/type_rules.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace tarn::sql {
namespace {

// Types whose name alone says everything and that coerce to nothing else.
bool IsPlain(const Type& type) { return type.children.empty() && type.numbers.empty(); }

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
bool IsInterval(const Type& type) { return type.name.starts_with("interval"); }
bool IsTimestamp(const Type& type) { return type.name.starts_with("timestamp"); }
bool IsTime(const Type& type) { return type.Is("time") || type.Is("time with time zone"); }
bool HasZone(const Type& type) { return type.name.ends_with("with time zone"); }

Type Decimal(std::int64_t precision, std::int64_t scale) { return {.name = "decimal", .numbers = {precision, scale}}; }

Type AsDecimal(const Type& type) {
  static constexpr std::array<std::int64_t, 4> kDigits = {3, 5, 10, 19};
  const int rank = IntegerRank(type);
  return rank < 0 ? type : Decimal(kDigits[static_cast<std::size_t>(rank)], 0);
}

std::int64_t PrecisionOf(const Type& type) { return type.numbers.empty() ? 3 : type.numbers[0]; }

Type CommonNumber(const Type& left, const Type& right) {
  if (left.Is("double") || right.Is("double")) return {.name = "double"};
  if (left.Is("real") || right.Is("real")) return {.name = "real"};
  if (!left.Is("decimal") && !right.Is("decimal")) return IntegerRank(left) > IntegerRank(right) ? left : right;
  const Type a = AsDecimal(left);
  const Type b = AsDecimal(right);
  const std::int64_t scale = std::max(a.numbers[1], b.numbers[1]);
  const std::int64_t whole = std::max(a.numbers[0] - a.numbers[1], b.numbers[0] - b.numbers[1]);
  return Decimal(std::min<std::int64_t>(38, whole + scale), scale);
}

Type CommonText(const Type& left, const Type& right) {
  const bool both_char = left.Is("char") && right.Is("char");
  if (left.numbers.empty() || right.numbers.empty()) return {.name = "varchar"};
  return {.name = both_char ? "char" : "varchar", .numbers = {std::max(left.numbers[0], right.numbers[0])}};
}

std::optional<Type> CommonTemporal(const Type& left, const Type& right) {
  if (IsTime(left) && IsTime(right)) {
    return Type{.name = HasZone(left) || HasZone(right) ? "time with time zone" : "time", .numbers = {std::max(PrecisionOf(left), PrecisionOf(right))}};
  }
  const auto instant = [](const Type& type) { return type.Is("date") || IsTimestamp(type); };
  if (!instant(left) || !instant(right)) return std::nullopt;
  // What has no zone is read in the session's.
  const std::string zone = left.zone == right.zone ? left.zone : std::string(kMixedZones);
  const bool zoned = HasZone(left) || HasZone(right);
  Type type{.name = zoned ? "timestamp with time zone" : "timestamp", .numbers = {std::max(left.Is("date") ? 0 : PrecisionOf(left), right.Is("date") ? 0 : PrecisionOf(right))}};
  if (left.Is("date") && right.Is("date")) return left;
  type.zone = zone;
  return type;
}

std::optional<Type> CommonNested(const Type& left, const Type& right) {
  if (left.name != right.name || left.children.size() != right.children.size()) return std::nullopt;
  Type type{.name = left.name};
  for (std::size_t i = 0; i < left.children.size(); ++i) {
    auto child = FindCommonType(left.children[i], right.children[i]);
    if (!child) return std::nullopt;
    type.children.push_back(*std::move(child));
    if (left.Is("row")) type.field_names.push_back(left.field_names[i] == right.field_names[i] ? left.field_names[i] : "");
  }
  return std::ranges::all_of(type.children, &Type::known) ? type : Type{};
}

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
    return !key.known() || ((IsNumeric(key) || key.Is("boolean") || key.Is("varchar")) && CastsToJson(from.children[1]));
  }
  return !from.known() || from.Is("unknown") || from.Is("boolean") || IsNumeric(from) || from.Is("varchar") || from.Is("json") || from.Is("date") || IsTimestamp(from) ||
         from.Is("number");
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
  const bool common = to.Is("boolean") || IsNumeric(to) || to.Is("number") || to.Is("date") || to.Is("time") || IsTimestamp(to) || to.Is("varbinary");
  if (common) return true;
  return from.Is("varchar") && (to.Is("json") || to.Is("uuid") || to.Is("ipaddress") || to.Is("time with time zone") || to.Is("color"));
}

bool CanCastTemporal(const Type& from, const Type& to) {
  if (to.Is("varchar")) return true;
  if (from.Is("date")) return IsTimestamp(to);
  if (IsTime(from)) return IsTime(to);
  return to.Is("date") || IsTime(to) || IsTimestamp(to);
}

}  // namespace

std::optional<Type> FindCommonType(const Type& left, const Type& right) {
  if (!left.known() || !right.known()) return Type{};
  if (left == right || right.Is("unknown")) return left;
  if (left.Is("unknown")) return right;
  if (IsNumeric(left) && IsNumeric(right)) return CommonNumber(left, right);
  if (IsText(left) && IsText(right)) return CommonText(left, right);
  if (left.Is("number") && (right.Is("number") || IsExact(right))) return left;
  if (right.Is("number") && IsExact(left)) return right;
  if (!left.children.empty() || !right.children.empty()) return CommonNested(left, right);
  if (left.name == right.name && IsPlain(left) && IsPlain(right)) return left;
  return CommonTemporal(left, right);
}

bool CanCoerce(const Type& from, const Type& to) {
  const auto common = FindCommonType(from, to);
  return common && (!common->known() || *common == to || (common->name == to.name && !to.children.empty()));
}

bool CanCast(const Type& from, const Type& to) {
  if (!from.known() || !to.known() || from.Is("unknown") || from == to) return true;
  if (to.Is("json")) return CastsToJson(from);
  if (from.Is("json")) return CastsFromJson(to);
  if (!from.children.empty() || !to.children.empty()) return CanCastNested(from, to);
  if (IsText(from)) return CanCastText(from, to);
  const bool number = IsNumeric(from) || from.Is("number");
  if (number || from.Is("boolean")) return IsNumeric(to) || to.Is("number") || to.Is("boolean") || to.Is("varchar");
  if (from.Is("date") || IsTime(from) || IsTimestamp(from)) return CanCastTemporal(from, to);
  if (IsInterval(from)) return to.Is("varchar") || from.name == to.name;
  if (from.Is("uuid") || from.Is("ipaddress")) return to.Is("varchar") || to.Is("varbinary") || from.name == to.name;
  if (from.Is("varbinary")) return to.Is("uuid") || to.Is("ipaddress") || to.Is("varbinary") || to.name.ends_with("hyperloglog") || to.name.ends_with("digest");
  return from.name == to.name || to.Is("varbinary");
}

bool IsComparable(const Type& type) {
  if (type.name.ends_with("digest") || type.name.ends_with("hyperloglog") || type.Is("geometry") || type.Is("function")) return false;
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
  const auto bounded = [](std::int64_t precision, std::int64_t scale) { return Decimal(std::clamp<std::int64_t>(precision, 1, 38), scale); };
  switch (op) {
    case ArithmeticOperator::kMultiply: return bounded(p1 + p2, s1 + s2);
    case ArithmeticOperator::kDivide: {
      const std::int64_t scale = std::max<std::int64_t>(6, s1 + p2 + 1);
      const std::int64_t whole = p1 - s1 + s2;
      if (whole + scale <= 38) return Decimal(whole + scale, scale);
      return Decimal(38, std::max(38 - whole, std::min<std::int64_t>(scale, 6)));
    }
    case ArithmeticOperator::kModulus: return bounded(std::min(p1 - s1, p2 - s2) + std::max(s1, s2), std::max(s1, s2));
    default: return bounded(std::max(p1 - s1, p2 - s2) + std::max(s1, s2) + 1, std::max(s1, s2));
  }
}

// Dates and times plus or minus an interval.
std::optional<Type> Shifted(const Type& value, const Type& interval) {
  if (IsTime(value) && !interval.Is("interval day to second")) return std::nullopt;
  if (!value.Is("date") && !IsTime(value) && !IsTimestamp(value)) return std::nullopt;
  Type type = value;
  if (interval.Is("interval day to second") && !type.numbers.empty()) type.numbers[0] = std::max<std::int64_t>(type.numbers[0], 3);
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
  const auto factor = [](const Type& type) { return IntegerRank(type) >= 0 || IsFloating(type) || type.Is("decimal") || type.Is("unknown"); };
  if (IsInterval(left) && factor(right) && op != ArithmeticOperator::kModulus) return left;
  if (IsInterval(right) && factor(left) && op == ArithmeticOperator::kMultiply) return right;
  return std::nullopt;
}

}  // namespace

std::optional<Type> ArithmeticType(ArithmeticOperator op, const Type& left, const Type& right) {
  if (!left.known() || !right.known()) return Type{};
  if (IsInterval(left) || IsInterval(right)) return IntervalType(op, left, right);
  if (IsNumeric(left) && IsNumeric(right)) {
    const Type common = CommonNumber(left, right);
    return common.Is("decimal") ? DecimalResult(op, left, right) : common;
  }
  if (left.Is("unknown") && right.Is("unknown")) return Type{};
  const Type& known = left.Is("unknown") ? right : left;
  if (left.Is("unknown") || right.Is("unknown")) {
    if (IsExact(known) && known.Is("decimal")) return DecimalResult(op, known, known);
    if (IsNumeric(known) || known.Is("number")) return known;
  }
  if (left.Is("number") || right.Is("number")) return FindCommonType(left, right);
  if (op != ArithmeticOperator::kSubtract) return std::nullopt;
  const auto common = CommonTemporal(known, left.Is("unknown") || right.Is("unknown") ? known : right);
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
    if (left.Is("char") && right.Is("char")) return Type{.name = "char", .numbers = {std::min<std::int64_t>(65536, left.numbers[0] + right.numbers[0])}};
    return Type{.name = "varchar"};
  }
  if ((left.Is("varbinary") || left.Is("unknown")) && (right.Is("varbinary") || right.Is("unknown"))) return Type{.name = "varbinary"};
  // NULL beside anything else is an array of it.
  if (left.Is("unknown")) return Type{.name = "array", .children = {right}};
  if (right.Is("unknown")) return Type{.name = "array", .children = {left}};
  return std::nullopt;
}

}  // namespace tarn::sql
