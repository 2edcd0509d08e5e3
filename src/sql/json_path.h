// The path language of JSON_VALUE and its kin: 'lax $.orders[0 to 2].items ? (@.price > 10)'. Pure syntax; the
// engine evaluates it. Keywords and names are case-sensitive.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tarn::sql {

enum class JsonPathKind {
  // values
  kContext,
  kCurrentItem,
  kLast,
  kVariable,
  kNull,
  kBoolean,
  kInteger,
  kDecimal,
  kDouble,
  kString,
  // operators: `left` is the operand, or both sides
  kNegate,
  kPlus,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulus,
  // accessors: `left` is what they are applied to
  kMember,
  kAnyMember,
  kDescendant,
  kElements,
  kAnyElement,
  kFilter,
  kMethod,
  // predicates
  kAnd,
  kOr,
  kNot,
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kExists,
  kStartsWith,
  kLikeRegex,
  kIsUnknown,
};

struct JsonPathNode;
using JsonPathNodePtr = std::unique_ptr<const JsonPathNode>;

// `text` is a name, a literal's meaning ("true"), a method ("size"), or a regular expression.
struct JsonPathNode {
  struct Subscript {
    JsonPathNodePtr from;
    JsonPathNodePtr to;  // null for a single one
  };
  JsonPathKind kind = JsonPathKind::kContext;
  std::string text = {};
  JsonPathNodePtr left = {};
  JsonPathNodePtr right = {};              // also the predicate of a filter
  std::vector<Subscript> subscripts = {};  // of kElements
};

struct JsonPath {
  bool strict = false;
  JsonPathNodePtr root;
};

struct JsonPathError {
  std::size_t offset = 0;  // in bytes
  std::string message = {};
  bool refused = false;  // understood, but not supported
};

[[nodiscard]] std::expected<JsonPath, JsonPathError> ParseJsonPath(std::string_view text);

}  // namespace tarn::sql
