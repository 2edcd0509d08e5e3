// SQL/JSON functions.
#include "sql/parser.h"

namespace tarn::sql {

ExpressionPtr Parser::ParseJsonPathCall(JsonPathCallKind kind) {
  auto call = std::make_unique<JsonPathCall>(ExpressionKind::kJsonPathCall, Current().position);
  call->function = kind;
  Advance();
  ExpectSymbol("(");
  ParseJsonPathArguments(*call);
  if (kind != JsonPathCallKind::kExists && At("RETURNING")) ParseJsonReturning(call->returning);
  if (call->returning && kind == JsonPathCallKind::kQuery) ParseJsonFormat(call->returning_is_json);
  if (kind == JsonPathCallKind::kQuery) ParseJsonWrapper(*call);
  ParseJsonBehaviours(*call);
  ExpectSymbol(")");
  return call;
}

// input [FORMAT JSON], 'path' [PASSING value [FORMAT JSON] AS name, …]
void Parser::ParseJsonPathArguments(JsonPathCall& call) {
  call.input = ParseExpression();
  ParseJsonFormat(call.input_is_json);
  ExpectSymbol(",");
  call.path_position = Current().position;
  if (Current().kind != TokenKind::kString) {
    Expecting("<string>");
    Mismatch();
    return;
  }
  call.path = UnquotedText(Current());
  Advance();
  if (Next("AS")) Refuse(Current().position, "A name of a JSON path");
  if (!Accept("PASSING")) return;
  do {
    JsonPassing passing;
    passing.value = ParseExpression();
    ParseJsonFormat(passing.is_json);
    Expect("AS");
    passing.name = ParseName();
    call.passing.push_back(std::move(passing));
  } while (AcceptSymbol(","));
}

void Parser::ParseJsonFormat(bool& is_json) {
  if (!At("FORMAT") || !Next("JSON", 1)) return;
  Advance();
  Advance();
  is_json = true;
  if (!Next("ENCODING")) return;
  Advance();
  if (!Next("UTF8")) Refuse(Current().position, "An encoding of JSON text other than UTF8");
  Advance();
}

void Parser::ParseJsonReturning(std::optional<Type>& type) {
  Expect("RETURNING");
  type = ParseType();
}

void Parser::ParseJsonWrapper(JsonPathCall& call) {
  if (Accept("WITHOUT")) {
    Accept("ARRAY");
    Expect("WRAPPER");
  } else if (Accept("WITH")) {
    call.wrapper = JsonWrapper::kUnconditional;
    if (Accept("CONDITIONAL"))
      call.wrapper = JsonWrapper::kConditional;
    else
      Accept("UNCONDITIONAL");
    Accept("ARRAY");
    Expect("WRAPPER");
  }
  if (At("KEEP") || At("OMIT")) {
    call.keep_quotes = Next("KEEP");
    Advance();
    Expect("QUOTES");
    if (Accept("ON")) {
      Expect("SCALAR");
      if (Next("STRING"))
        Advance();
      else
        Expect("TEXT");
    }
  }
}

std::optional<JsonBehaviour> Parser::ParseJsonBehaviour(JsonPathCallKind kind) {
  JsonBehaviour behaviour;
  const auto word = [&](std::string_view keyword, JsonBehaviourKind meaning) {
    if (!Accept(keyword)) return false;
    behaviour.kind = meaning;
    return true;
  };
  if (word("ERROR", JsonBehaviourKind::kError)) return behaviour;
  if (kind == JsonPathCallKind::kExists) {
    const bool found = word("TRUE", JsonBehaviourKind::kTrue) || word("FALSE", JsonBehaviourKind::kFalse) ||
                       word("UNKNOWN", JsonBehaviourKind::kUnknown);
    return found ? std::optional(std::move(behaviour)) : std::nullopt;
  }
  if (word("NULL", JsonBehaviourKind::kNull)) return behaviour;
  if (kind == JsonPathCallKind::kValue) {
    if (!word("DEFAULT", JsonBehaviourKind::kDefault)) return std::nullopt;
    behaviour.value = ParseExpression();
    return behaviour;
  }
  if (!Accept("EMPTY")) return std::nullopt;
  if (!word("ARRAY", JsonBehaviourKind::kEmptyArray) && !word("OBJECT", JsonBehaviourKind::kEmptyObject)) Mismatch();
  return behaviour;
}

void Parser::ParseJsonBehaviours(JsonPathCall& call) {
  std::optional<JsonBehaviour> behaviour = ParseJsonBehaviour(call.function);
  if (!behaviour) return;
  Expect("ON");
  if (call.function != JsonPathCallKind::kExists && Accept("EMPTY")) {
    call.on_empty = std::move(behaviour);
    behaviour = ParseJsonBehaviour(call.function);
    if (!behaviour) return;
    Expect("ON");
  }
  Expect("ERROR");
  call.on_error = std::move(behaviour);
}

// NULL ON NULL, ABSENT ON NULL
std::optional<bool> Parser::ParseJsonNulls() {
  if ((!Next("NULL") && !Next("ABSENT")) || !Next("ON", 1)) return std::nullopt;
  const bool keep = Next("NULL");
  Advance();
  Expect("ON");
  Expect("NULL");
  return keep;
}

ExpressionPtr Parser::ParseJsonArray() {
  auto array = std::make_unique<JsonArray>(ExpressionKind::kJsonArray, Current().position);
  Advance();
  ExpectSymbol("(");
  const bool empty =
      AtSymbol(")") || At("RETURNING") || (Next("NULL") && Next("ON", 1)) || (Next("ABSENT") && Next("ON", 1));
  if (!empty) {
    do {
      JsonArray::Element element;
      element.value = ParseExpression();
      ParseJsonFormat(element.is_json);
      array->elements.push_back(std::move(element));
    } while (AcceptSymbol(","));
  }
  array->keep_nulls = ParseJsonNulls();
  bool returning_is_json = false;
  if (At("RETURNING")) ParseJsonReturning(array->returning);
  if (array->returning) ParseJsonFormat(returning_is_json);
  ExpectSymbol(")");
  return array;
}

// [KEY] key VALUE value, or key : value
JsonMember Parser::ParseJsonMember() {
  JsonMember member;
  if (Next("KEY") && !NextSymbol(":", 1) && !NextSymbol(".", 1) && !NextSymbol("(", 1) && !Next("VALUE", 1)) Advance();
  member.key = ParseExpression();
  if (!AcceptSymbol(":")) Expect("VALUE");
  member.value = ParseExpression();
  ParseJsonFormat(member.is_json);
  return member;
}

ExpressionPtr Parser::ParseJsonObject() {
  auto object = std::make_unique<JsonObject>(ExpressionKind::kJsonObject, Current().position);
  Advance();
  ExpectSymbol("(");
  const bool unique_ahead = (Next("WITH") || Next("WITHOUT")) && Next("UNIQUE", 1);
  const bool empty = AtSymbol(")") || At("RETURNING") || unique_ahead || (Next("NULL") && Next("ON", 1)) ||
                     (Next("ABSENT") && Next("ON", 1));
  if (!empty) {
    do {
      object->members.push_back(ParseJsonMember());
    } while (AcceptSymbol(","));
  }
  object->keep_nulls = ParseJsonNulls();
  if ((Next("WITH") || Next("WITHOUT")) && Next("UNIQUE", 1)) {
    object->unique_keys = Next("WITH");
    Advance();
    Advance();
    Accept("KEYS");
  }
  bool returning_is_json = false;
  if (At("RETURNING")) ParseJsonReturning(object->returning);
  if (object->returning) ParseJsonFormat(returning_is_json);
  ExpectSymbol(")");
  return object;
}

}  // namespace tarn::sql
