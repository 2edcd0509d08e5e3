// Trino types as text and tree. One struct serves the syntax (CAST targets), the inference of the
// resolver and the types of resolved columns.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tarn::sql {

inline constexpr std::string_view kMixedZones = "?";

// An empty name is a type that is not known. Examples: {varchar, {3}}, {decimal, {12, 2}},
// {array, {}, {{integer}}}, {row, {}, {{integer}, {varchar}}, {"x", "y"}}; time and timestamp carry
// their precision, "timestamp with time zone" and "interval day to second" are whole names.
struct Type {
  std::string name = {};
  std::vector<std::int64_t> numbers = {};
  std::vector<Type> children = {};
  std::vector<std::string> field_names = {};  // of a row; "" for an unnamed field
  // Of a timestamp with time zone: the zone that all values carry, such as "Europe/Paris" or "+02:00". Empty: the
  // session's. kMixedZones: not known when the statement is written.
  std::string zone = {};

  [[nodiscard]] bool known() const { return !name.empty(); }
  [[nodiscard]] bool Is(std::string_view other) const { return name == other; }
  bool operator==(const Type&) const = default;
};

// Trino's text as DESCRIBE gives it: varchar(3), timestamp(3) with time zone, map(varchar,double).
[[nodiscard]] std::string ToText(const Type& type);
// As typeof() gives it: map(bigint, varchar), row("x" bigint).
[[nodiscard]] std::string DisplayedText(const Type& type);

// The engine's spelling, for a native cast; nullopt for a type the engine has no form of.
[[nodiscard]] std::optional<std::string> ToEngineType(const Type& type);

// The type that two branches have in common; unknown where one of theirs is, or where there is none.
[[nodiscard]] Type CommonType(const Type& left, const Type& right);

// Whether the name is one of Trino's scalar type names.
[[nodiscard]] bool IsTypeName(std::string_view name);

}  // namespace tarn::sql
