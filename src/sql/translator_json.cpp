// SQL/JSON functions: calls of the engine's trino_json_… with constant paths and options.
#include <array>

#include "sql/json_path.h"
#include "sql/text.h"
#include "sql/translator.h"

namespace tarn::sql {
namespace {

bool IsText(const Type& type) { return type.Is("varchar") || type.Is("char"); }

std::string BehaviourText(const std::optional<JsonBehaviour>& behaviour, std::string_view otherwise) {
  static constexpr std::array<std::string_view, 8> kWords = {"null",    "error", "true",   "false",
                                                             "unknown", "array", "object", "default"};
  return std::string(behaviour ? kWords[static_cast<std::size_t>(behaviour->kind)] : otherwise);
}

// The family of types as trino_json_value takes it; nothing for a type that JSON_VALUE cannot return.
std::optional<std::string_view> ValueFamily(const Type& type) {
  if (type.Is("varchar")) return "text";
  if (type.Is("char")) return "char";
  if (type.Is("bigint") || type.Is("integer") || type.Is("smallint") || type.Is("tinyint")) return "integer";
  if (type.Is("decimal")) return "decimal";
  if (type.Is("double") || type.Is("real")) return "double";
  if (type.Is("boolean")) return "boolean";
  if (type.Is("date") || type.Is("time") || type.Is("timestamp") || type.Is("timestamp with time zone")) return "other";
  return std::nullopt;
}

bool IsJsonFunction(const Expression& expression) {
  return expression.kind == ExpressionKind::kJsonArray || expression.kind == ExpressionKind::kJsonObject ||
         (expression.kind == ExpressionKind::kJsonPathCall &&
          As<JsonPathCall>(expression).function == JsonPathCallKind::kQuery);
}

Type Complete(Type type) {
  if (type.Is("decimal") && type.numbers.empty()) type.numbers = {38, 0};
  if (type.Is("decimal") && type.numbers.size() == 1) type.numbers.push_back(0);
  if (type.Is("char") && type.numbers.empty()) type.numbers = {1};
  if (type.name.starts_with("time") && type.numbers.empty()) type.numbers = {3};
  return type;
}

}  // namespace

// Precondition: ValueFamily knows the type.
SqlText Translator::CastText(const SqlText& value, const Type& type) {
  SqlText sql;
  std::string name = type.name;
  if (type.Is("timestamp with time zone")) name = "timestamptz";
  if (type.Is("varchar") && !type.numbers.empty()) name = "varchar_n";
  sql.Add(type.Is("char") ? "trino_char(" : "trino_cast_" + name + "(").Add(value);
  for (const std::int64_t number : type.numbers) sql.Add(", " + std::to_string(number));
  return sql.Add(")");
}

// The place of a path's error is counted within the literal, whose quote takes one column.
void Translator::CheckJsonPath(const JsonPathCall& call) {
  const auto path = ParseJsonPath(call.path);
  if (path) return;
  base::SqlPosition position = call.path_position;
  position.column += 1 + static_cast<int>(CountCodePoints(std::string_view(call.path).substr(0, path.error().offset)));
  if (path.error().refused) {
    Fail(call.path_position, path.error().message, "NOT_SUPPORTED", base::ErrorKind::kNotSupported);
  } else {
    Fail(position, "Invalid JSON path: " + path.error().message, "SYNTAX_ERROR");
  }
}

void Translator::CheckJsonInput(const Written& input, base::SqlPosition position) {
  const Type& type = input.type;
  if (!type.known() || IsText(type) || type.Is("varbinary") || type.Is("unknown")) return;
  Fail(position, "Cannot read input of type " + ToText(type) + " as JSON using formatting JSON", "TYPE_MISMATCH");
}

SqlText Translator::WriteJsonPathFunction(std::string_view function, const JsonPathCall& call,
                                          const std::string& options, const Context& context, Written& into) {
  const Written input = Write(*call.input, context);
  Absorb(into, input);
  CheckJsonInput(input, call.input->position);
  CheckJsonPath(call);
  SqlText sql;
  sql.Mark(view_position_.value_or(call.position)).Add(function).Add("(").Add(input.sql);
  sql.Add(", ").Add(QuoteLiteral(call.path)).Add(", '" + options + "'");
  for (const JsonPassing& passing : call.passing) {
    const Written value = Write(*passing.value, context);
    Absorb(into, value);
    // An unquoted name is folded to upper case, as in the SQL standard.
    const std::string name = passing.name.quoted ? passing.name.value : ToUpper(passing.name.value);
    if (passing.is_json) CheckJsonInput(value, passing.value->position);
    sql.Add(", ").Add(QuoteLiteral((passing.is_json ? "j" : "v") + name)).Add(", ").Add(value.sql);
  }
  return sql.Add(")");
}

Written Translator::WriteJsonPathCall(const JsonPathCall& call, const Context& context) {
  if (call.function == JsonPathCallKind::kValue) return WriteJsonValue(call, context);
  Written written;
  if (call.function == JsonPathCallKind::kExists) {
    written.type = {.name = "boolean"};
    written.sql =
        WriteJsonPathFunction("trino_json_exists", call, BehaviourText(call.on_error, "false"), context, written);
    return written;
  }
  static constexpr std::array<std::string_view, 3> kWrappers = {"none", "conditional", "unconditional"};
  if (call.wrapper != JsonWrapper::kNone && call.keep_quotes.has_value()) {
    Fail(call.position,
         (*call.keep_quotes ? "KEEP" : "OMIT") + std::string(" QUOTES behavior specified with a WITH WRAPPER clause"),
         "INVALID_FUNCTION_ARGUMENT");
  }
  const std::string options = std::string(kWrappers[static_cast<std::size_t>(call.wrapper)]) +
                              (call.keep_quotes.value_or(true) ? " keep " : " omit ") +
                              BehaviourText(call.on_empty, "null") + " " + BehaviourText(call.on_error, "null");
  SqlText text = WriteJsonPathFunction("trino_json_query", call, options, context, written);
  Written returned = ReturnJsonText(std::move(text), call.returning, "JSON_QUERY", call.position);
  Absorb(returned, written);
  return returned;
}

// JSON text in the type of RETURNING.
Written Translator::ReturnJsonText(SqlText text, const std::optional<Type>& returning, std::string_view function,
                                   base::SqlPosition position) {
  const Type type = returning ? Complete(*returning) : Type{.name = "varchar"};
  Written written{.type = type};
  if (type.Is("varbinary")) {
    written.sql.Add("encode(").Add(text).Add(")");
  } else if (IsText(type)) {
    written.sql = type.Is("varchar") && type.numbers.empty() ? std::move(text) : CastText(text, type);
  } else {
    Fail(position, "Cannot output JSON value as " + ToText(type) + " using formatting JSON in " + std::string(function),
         "TYPE_MISMATCH");
  }
  return written;
}

Written Translator::WriteJsonValue(const JsonPathCall& call, const Context& context) {
  Written written{.type = call.returning ? Complete(*call.returning) : Type{.name = "varchar"}};
  const std::optional<std::string_view> family = ValueFamily(written.type);
  if (!family) {
    Fail(call.position, "Invalid return type of function JSON_VALUE: " + ToText(written.type), "TYPE_MISMATCH");
    return written;
  }
  const std::string on_error = BehaviourText(call.on_error, "null");
  const std::string options = std::string(*family) + " " + BehaviourText(call.on_empty, "null") + " " + on_error;
  const SqlText text = WriteJsonPathFunction("trino_json_value", call, options, context, written);
  const auto default_of = [&](const std::optional<JsonBehaviour>& behaviour) {
    if (!behaviour || behaviour->kind != JsonBehaviourKind::kDefault) return SqlText("NULL");
    const Written value = Write(*behaviour->value, context);
    Absorb(written, value);
    return CastText(value.sql, written.type);
  };
  const bool marked = (call.on_empty && call.on_empty->kind == JsonBehaviourKind::kDefault) ||
                      (call.on_error && call.on_error->kind == JsonBehaviourKind::kDefault);
  const bool plain = written.type.Is("varchar") && written.type.numbers.empty();
  SqlText found = text;
  if (marked) found = SqlText("substr(").Add(text).Add(", 2)");
  // The text becomes the type, or what ON ERROR says.
  const SqlText error_default = default_of(call.on_error);
  const auto converted = [&] {
    SqlText value;
    if (plain) return found;
    SqlText cast = CastText(found, written.type);
    if (on_error == "error") {
      value.Add("coalesce(TRY(").Add(cast).Add("), CASE WHEN ").Add(found);
      return value.Add(
          " IS NOT NULL THEN trino_fail('JSON_VALUE_RESULT_ERROR', 'The item that JSON_VALUE found cannot be cast to "
          "the returned type') END)");
    }
    value.Add("TRY(").Add(cast).Add(")");
    if (on_error == "null") return value;
    return SqlText("coalesce(").Add(value).Add(", ").Add(error_default).Add(")");
  };
  if (!marked) {
    written.sql = converted();
    return written;
  }
  written.sql.Add("CASE left(").Add(text).Add(", 1) WHEN 'e' THEN ").Add(default_of(call.on_empty));
  written.sql.Add(" WHEN 'x' THEN ").Add(error_default).Add(" WHEN 'v' THEN ").Add(converted()).Add(" END");
  return written;
}

// A value of JSON_ARRAY or JSON_OBJECT; texts of other JSON functions are JSON by themselves.
void Translator::AddJsonMember(const Expression& value, bool is_json, const Context& context, std::string& shape,
                               Written& into) {
  const Written written = Write(value, context);
  Absorb(into, written);
  const bool as_json = is_json || IsJsonFunction(value);
  if (as_json) CheckJsonInput(written, value.position);
  shape += as_json ? 'j' : 'v';
  into.sql.Add(", ").Add(written.sql);
  const std::string& type = written.type.name;
  if (!as_json && (type == "array" || type == "map" || type == "row" || type == "varbinary")) {
    Fail(into.sql.marks().front().position,
         "A value of type " + ToText(written.type) + " in a JSON constructor is not supported", "NOT_SUPPORTED",
         base::ErrorKind::kNotSupported);
  }
}

Written Translator::WriteJsonArray(const JsonArray& array, const Context& context) {
  Written values;
  values.sql.Mark(view_position_.value_or(array.position));
  std::string shape = array.keep_nulls.value_or(false) ? "n-" : "a-";
  for (const JsonArray::Element& element : array.elements)
    AddJsonMember(*element.value, element.is_json, context, shape, values);
  SqlText text;
  text.Mark(view_position_.value_or(array.position)).Add("trino_json_array('" + shape + "'").Add(values.sql).Add(")");
  Written written = ReturnJsonText(std::move(text), array.returning, "JSON_ARRAY", array.position);
  Absorb(written, values);
  return written;
}

Written Translator::WriteJsonObject(const JsonObject& object, const Context& context) {
  Written values;
  values.sql.Mark(view_position_.value_or(object.position));
  std::string shape = object.keep_nulls.value_or(true) ? "n" : "a";
  shape += object.unique_keys ? 'u' : '-';
  for (const JsonMember& member : object.members) {
    const Written key = Write(*member.key, context);
    Absorb(values, key);
    if (key.type.known() && !IsText(key.type)) {
      Fail(member.key->position, "Invalid type of JSON object key: " + ToText(key.type), "INVALID_FUNCTION_ARGUMENT");
    }
    values.sql.Add(", ").Add(key.sql);
    AddJsonMember(*member.value, member.is_json, context, shape, values);
  }
  SqlText text;
  text.Mark(view_position_.value_or(object.position)).Add("trino_json_object('" + shape + "'").Add(values.sql).Add(")");
  Written written = ReturnJsonText(std::move(text), object.returning, "JSON_OBJECT", object.position);
  Absorb(written, values);
  return written;
}

}  // namespace tarn::sql
