#include "sql/type.h"

#include <algorithm>
#include <array>
#include <utility>

#include "sql/coercion.h"
#include "sql/tagged_type.h"
#include "sql/text.h"
#include "sql/translate.h"

namespace tarn::sql {
namespace {

using NamePair = std::pair<std::string_view, std::string_view>;

// Types with the same meaning in the engine, by Trino's name.
constexpr std::array kPlainTypes = {
    NamePair{"boolean", "BOOLEAN"},
    NamePair{"tinyint", "TINYINT"},
    NamePair{"smallint", "SMALLINT"},
    NamePair{"integer", "INTEGER"},
    NamePair{"bigint", "BIGINT"},
    NamePair{"real", "FLOAT"},
    NamePair{"double", "DOUBLE"},
    NamePair{"varchar", "VARCHAR"},
    NamePair{"char", "VARCHAR"},
    NamePair{"varbinary", "BLOB"},
    NamePair{"json", "JSON"},
    NamePair{"date", "DATE"},
    NamePair{"uuid", "UUID"},
    NamePair{"number", "STRUCT(\"$number\" BLOB)"},
    NamePair{"ipaddress", "STRUCT(\"$ipaddress\" BLOB)"},
    NamePair{"time with time zone", "TIMETZ"},
    NamePair{"timestamp with time zone", "TIMESTAMPTZ"},
    NamePair{"color", "VARCHAR"},
    NamePair{"hyperloglog", "BLOB"},
    NamePair{"qdigest", "BLOB"},
    NamePair{"setdigest", "BLOB"},
    NamePair{"tdigest", "BLOB"},
    NamePair{"interval day to second", "INTERVAL"},
    NamePair{"interval year to month", "INTERVAL"},
};

// Known to Trino, without a form in the engine yet.
constexpr std::array<std::string_view, 13> kOtherTypes = {
    "hyperloglog",        "p4hyperloglog", "khyperloglog", "qdigest", "tdigest", "setdigest", "geometry",
    "sphericalgeography", "bingtile",      "kdbtree",      "color",   "unknown", "variant"};

constexpr auto kTagFields = std::to_array<std::string_view>(
    {kNumberField, kAddressField, kTimestampField, kTimeField, kInstantField, kZoneField});

std::string Numbers(const Type& type) {
  std::string text = "(";
  for (std::size_t i = 0; i < type.numbers.size(); ++i) {
    if (i > 0) text += ',';
    text += std::to_string(type.numbers[i]);
  }
  return text + ")";
}

std::optional<std::string> StructType(const Type& type) {
  std::string text = "STRUCT(";
  for (std::size_t i = 0; i < type.children.size(); ++i) {
    const auto field = ToEngineType(type.children[i]);
    if (!field) return std::nullopt;
    if (i > 0) text += ", ";
    const std::string& name = type.field_names[i];
    if (std::ranges::find(kTagFields, name) != kTagFields.end()) return std::nullopt;
    text += QuoteIdentifier(name.empty() ? "field" + std::to_string(i) : ToLower(name)) + " " + *field;
  }
  return text + ")";
}

}  // namespace

std::string ToText(const Type& type) {
  if (type.Is("hyperloglog")) return "HyperLogLog";
  if (type.Is("setdigest")) return "SetDigest";
  // time(p) with time zone: the precision stands inside the name.
  if (const auto with = type.name.find(" with time zone"); with != std::string::npos && !type.numbers.empty()) {
    return type.name.substr(0, with) + Numbers(type) + type.name.substr(with);
  }
  if (type.children.empty()) return type.numbers.empty() ? type.name : type.name + Numbers(type);
  std::string text = type.name + "(";
  for (std::size_t i = 0; i < type.children.size(); ++i) {
    if (i > 0) text += type.Is("row") ? ", " : ",";
    if (type.Is("row") && !type.field_names[i].empty()) {
      const std::string& name = type.field_names[i];
      const bool plain =
          std::ranges::all_of(name, [](char c) { return IsLetter(c) || IsDigit(c) || c == '_'; }) && !IsDigit(name[0]);
      text += (plain ? name : QuoteIdentifier(name)) + " ";
    }
    text += ToText(type.children[i]);
  }
  return text + ")";
}

std::string DisplayedText(const Type& type) {
  if (type.children.empty()) return ToText(type);
  std::string text = type.name + "(";
  for (std::size_t i = 0; i < type.children.size(); ++i) {
    if (i > 0) text += ", ";
    if (type.Is("row") && !type.field_names[i].empty()) text += QuoteIdentifier(type.field_names[i]) + " ";
    text += DisplayedText(type.children[i]);
  }
  return text + ")";
}

namespace {

bool HasMoreDigits(const Type& type, std::int64_t digits) { return !type.numbers.empty() && type.numbers[0] > digits; }

}  // namespace

bool CarriesZone(const Type& type) {
  return type.Is("timestamp with time zone") && (type.zone == kMixedZones || HasMoreDigits(type, 6));
}

bool IsTagged(const Type& type) {
  return type.Is("number") || CarriesZone(type) ||
         ((type.Is("timestamp") || type.Is("time")) && HasMoreDigits(type, 9));
}

bool Holds(const Type& type, bool (*what)(const Type&)) {
  return what(type) || std::ranges::any_of(type.children, [what](const Type& child) { return Holds(child, what); });
}

std::optional<std::string> ToEngineType(const Type& type) {
  if (CarriesZone(type)) return "STRUCT(\"$instant\" HUGEINT, \"$zone\" VARCHAR)";
  if (const auto* found = std::ranges::find(kPlainTypes, type.name, &NamePair::first); found != kPlainTypes.end())
    return std::string(found->second);
  if (type.Is("decimal")) {
    const std::int64_t precision = type.numbers.empty() ? 38 : type.numbers[0];
    const std::int64_t scale = type.numbers.size() < 2 ? 0 : type.numbers[1];
    return "DECIMAL(" + std::to_string(precision) + "," + std::to_string(scale) + ")";
  }
  if (type.Is("timestamp") && HasMoreDigits(type, 9)) return "STRUCT(\"$timestamp\" HUGEINT)";
  if (type.Is("time") && HasMoreDigits(type, 9)) return "STRUCT(\"$time\" BIGINT)";
  if (type.Is("timestamp")) return !type.numbers.empty() && type.numbers[0] > 6 ? "TIMESTAMP_NS" : "TIMESTAMP";
  if (type.Is("time")) return !type.numbers.empty() && type.numbers[0] > 6 ? "TIME_NS" : "TIME";
  if (type.Is("array")) {
    const auto element = ToEngineType(type.children[0]);
    if (!element) return std::nullopt;
    return *element + "[]";
  }
  if (type.Is("map")) {
    const auto key = ToEngineType(type.children[0]);
    const auto value = ToEngineType(type.children[1]);
    if (!key || !value) return std::nullopt;
    return "MAP(" + *key + ", " + *value + ")";
  }
  if (type.Is("row")) return StructType(type);
  return std::nullopt;
}

Type CommonType(const Type& left, const Type& right) {
  if (!left.known() || !right.known()) return {};
  return CommonSupertype(left, right).value_or(Type{});
}

bool IsTypeName(std::string_view name) {
  return std::ranges::find(kPlainTypes, name, &NamePair::first) != kPlainTypes.end() ||
         std::ranges::find(kOtherTypes, name) != kOtherTypes.end() || name == "decimal" || name == "timestamp" ||
         name == "time" || name == "array" || name == "map" || name == "row";
}

}  // namespace tarn::sql
