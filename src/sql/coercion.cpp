#include "sql/coercion.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace tarn::sql {
namespace {

// Each integer type goes into those after it, and all of them into decimal, real and double.
constexpr auto kIntegers = std::to_array<std::string_view>({"tinyint", "smallint", "integer", "bigint"});
constexpr std::array<std::int64_t, 4> kDigits = {3, 5, 10, 19};

std::optional<std::size_t> IntegerRank(const Type& type) {
  const auto* found = std::ranges::find(kIntegers, type.name);
  if (found == kIntegers.end()) return std::nullopt;
  return static_cast<std::size_t>(found - kIntegers.begin());
}

// A plain varchar is longer than any bounded one.
std::int64_t Length(const Type& type) { return type.numbers.empty() ? INT32_MAX : type.numbers[0]; }

Type Varchar(std::int64_t length) {
  return length >= INT32_MAX ? Type{.name = "varchar"} : Type{.name = "varchar", .numbers = {length}};
}

std::optional<Type> CommonNumber(const Type& left, const Type& right) {
  const auto left_rank = IntegerRank(left);
  const auto right_rank = IntegerRank(right);
  if (left_rank && right_rank) return *left_rank < *right_rank ? right : left;
  const auto exact = [](const Type& type, bool integer) { return integer || type.Is("decimal") || type.Is("number"); };
  if (left.Is("number") && exact(right, right_rank.has_value())) return left;
  if (right.Is("number") && exact(left, left_rank.has_value())) return right;
  const auto is_number = [](const Type& type, bool integer) {
    return integer || type.Is("decimal") || type.Is("real") || type.Is("double");
  };
  if (!is_number(left, left_rank.has_value()) || !is_number(right, right_rank.has_value())) return std::nullopt;
  if (left.Is("double") || right.Is("double")) return Type{.name = "double"};
  if (left.Is("real") || right.Is("real")) return Type{.name = "real"};
  const Type a = AsDecimal(left);
  const Type b = AsDecimal(right);
  if (a.numbers.size() != 2 || b.numbers.size() != 2) return std::nullopt;
  const std::int64_t scale = std::max(a.numbers[1], b.numbers[1]);
  const std::int64_t whole = std::max(a.numbers[0] - a.numbers[1], b.numbers[0] - b.numbers[1]);
  return Type{.name = "decimal", .numbers = {std::min<std::int64_t>(whole + scale, 38), scale}};
}

// Rank of what is wider among date and the timestamps, or of the times of day.
std::optional<std::size_t> DatetimeRank(const Type& type) {
  static constexpr auto kNames = std::to_array<std::string_view>({"date", "timestamp", "timestamp with time zone"});
  const auto* found = std::ranges::find(kNames, type.name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<std::size_t>(found - kNames.begin());
}

std::int64_t Precision(const Type& type) { return type.numbers.empty() ? 0 : type.numbers[0]; }

std::optional<Type> CommonDatetime(const Type& left, const Type& right) {
  const auto left_rank = DatetimeRank(left);
  const auto right_rank = DatetimeRank(right);
  const bool times = left.name.starts_with("time") && right.name.starts_with("time") && !left_rank && !right_rank;
  if (!times && (!left_rank || !right_rank)) return std::nullopt;
  Type type = times ? (left.Is("time with time zone") ? left : right) : (*left_rank < *right_rank ? right : left);
  if (type.Is("date")) return type;
  // What has no zone is read in the session's.
  type.zone = left.zone == right.zone ? left.zone : std::string(kMixedZones);
  type.numbers = {std::max(Precision(left), Precision(right))};
  return type;
}

std::optional<Type> CommonChildren(const Type& left, const Type& right) {
  if (left.name != right.name || left.children.size() != right.children.size()) return std::nullopt;
  Type type{.name = left.name};
  for (std::size_t i = 0; i < left.children.size(); ++i) {
    auto child = CommonSupertype(left.children[i], right.children[i]);
    if (!child) return std::nullopt;
    type.children.push_back(*std::move(child));
    if (left.Is("row"))
      type.field_names.push_back(left.field_names[i] == right.field_names[i] ? left.field_names[i] : "");
  }
  return type;
}

// A zone is no part of what a type can become.
Type WithoutZones(Type type) {
  type.zone.clear();
  for (Type& child : type.children) child = WithoutZones(std::move(child));
  return type;
}

}  // namespace

Type AsDecimal(const Type& type) {
  if (const auto rank = IntegerRank(type)) return {.name = "decimal", .numbers = {kDigits[*rank], 0}};
  return type;
}

std::optional<Type> CommonSupertype(const Type& left, const Type& right) {
  if (left == right || right.Is("unknown")) return left;
  if (left.Is("unknown")) return right;
  if (left.Is("varchar") && right.Is("varchar")) return Varchar(std::max(Length(left), Length(right)));
  if (left.Is("char") && right.Is("char"))
    return Type{.name = "char", .numbers = {std::max(left.numbers[0], right.numbers[0])}};
  if ((left.Is("char") && right.Is("varchar")) || (left.Is("varchar") && right.Is("char"))) {
    const Type& text = left.Is("varchar") ? left : right;
    const Type& padded = left.Is("char") ? left : right;
    return Varchar(std::max(Length(text), padded.numbers[0]));
  }
  if (auto number = CommonNumber(left, right)) return number;
  if (auto datetime = CommonDatetime(left, right)) return datetime;
  if (!left.children.empty()) return CommonChildren(left, right);
  return std::nullopt;
}

bool CanCoerce(const Type& any_from, const Type& any_to) {
  const Type from = WithoutZones(any_from);
  const Type to = WithoutZones(any_to);
  const auto common = CommonSupertype(from, to);
  if (!common) return false;
  if (*common == to) return true;
  // Names of fields do not matter.
  if (to.Is("row") && from.Is("row")) {
    for (std::size_t i = 0; i < to.children.size(); ++i) {
      if (!CanCoerce(from.children[i], to.children[i])) return false;
    }
    return true;
  }
  return to.children.size() == from.children.size() && !to.children.empty() && to.name == from.name &&
         std::ranges::equal(from.children, to.children, [](const Type& a, const Type& b) { return CanCoerce(a, b); });
}

}  // namespace tarn::sql
