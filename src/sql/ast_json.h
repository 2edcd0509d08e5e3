// SQL/JSON: JSON_EXISTS, JSON_VALUE, JSON_QUERY, JSON_ARRAY, JSON_OBJECT.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sql/ast_expression.h"

namespace tarn::sql {

enum class JsonPathCallKind { kExists, kValue, kQuery };
enum class JsonBehaviourKind { kNull, kError, kTrue, kFalse, kUnknown, kEmptyArray, kEmptyObject, kDefault };
enum class JsonWrapper { kNone, kConditional, kUnconditional };

struct JsonBehaviour {
  JsonBehaviourKind kind = JsonBehaviourKind::kNull;
  ExpressionPtr value;  // of kDefault
};

struct JsonPassing {
  ExpressionPtr value;
  bool is_json = false;  // FORMAT JSON
  Name name;
};

// JSON_VALUE(input, 'lax $.a' PASSING x AS "n" RETURNING t DEFAULT 1 ON EMPTY NULL ON ERROR) and its kin.
struct JsonPathCall final : Expression {
  using Expression::Expression;
  JsonPathCallKind function = JsonPathCallKind::kExists;
  ExpressionPtr input;
  bool input_is_json = false;  // FORMAT JSON was written, which changes nothing
  std::string path;
  base::SqlPosition path_position;
  std::vector<JsonPassing> passing;
  std::optional<Type> returning;
  bool returning_is_json = false;
  JsonWrapper wrapper = JsonWrapper::kNone;
  std::optional<bool> keep_quotes;
  std::optional<JsonBehaviour> on_empty;
  std::optional<JsonBehaviour> on_error;
};

struct JsonArray final : Expression {
  using Expression::Expression;
  struct Element {
    ExpressionPtr value;
    bool is_json = false;
  };
  std::vector<Element> elements;
  std::optional<bool> keep_nulls;  // NULL ON NULL, ABSENT ON NULL
  std::optional<Type> returning;
};

struct JsonMember {
  ExpressionPtr key;
  ExpressionPtr value;
  bool is_json = false;
};

struct JsonObject final : Expression {
  using Expression::Expression;
  std::vector<JsonMember> members;
  std::optional<bool> keep_nulls;
  bool unique_keys = false;
  std::optional<Type> returning;
};

}  // namespace tarn::sql
