// JSON_EXISTS, JSON_VALUE and JSON_QUERY: a path's answer on a JSON text. The path, the options and the names of
// variables are constants, read once when the call is bound.
#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/duck/expansion.h"
#include "engine/duck/functions.h"
#include "engine/duck/json_path_evaluator.h"
#include "engine/duck/value_text.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::string_t;

constexpr std::size_t kFixedArguments = 3;  // input, path, options

struct Variable {
  std::string name;
  bool is_json = false;  // FORMAT JSON: the text is parsed, NULL is the empty sequence
};

// What is known of a call when it is bound.
struct Call {
  std::shared_ptr<const sql::JsonPath> path;
  std::vector<std::string> options;
  std::vector<Variable> variables;
};

// What became of one evaluation.
struct Outcome {
  enum class State { kItems, kBadInput, kFailed };
  State state = State::kItems;
  JsonSequence items = {};
  std::string message = {};
};

Outcome Evaluate(const Call& call, std::string_view input, const std::vector<std::optional<std::string_view>>& values) {
  const auto bad = [](std::string message) {
    return Outcome{.state = Outcome::State::kBadInput, .message = std::move(message)};
  };
  const auto context = ReadJson(input);
  if (!context) return bad("A text is not JSON");
  JsonVariables variables;
  for (std::size_t i = 0; i < call.variables.size(); ++i) {
    auto& sequence = variables[call.variables[i].name];
    if (!values[i]) {
      if (!call.variables[i].is_json) sequence.push_back(std::make_shared<JsonItem>());
      continue;
    }
    sequence.push_back(ReadJson(*values[i]));
    if (!sequence.back()) return bad("A text that is passed to a JSON path is not JSON");
  }
  try {
    return {.items = EvaluateJsonPath(*call.path, context, variables)};
  } catch (const JsonPathFailure& failure) {
    return {.state = Outcome::State::kFailed, .message = failure.message};
  }
}

[[noreturn]] void Raise(const Outcome& outcome) {
  Fail(outcome.state == Outcome::State::kBadInput ? "JSON_INPUT_CONVERSION_ERROR" : "PATH_EVALUATION_ERROR",
       outcome.message);
}

std::string JsonOf(const JsonItem& item) {
  TextBuffer buffer;
  AppendJson(item, buffer);
  return std::string(buffer.text());
}

std::optional<bool> Exists(const Call& call, const Outcome& outcome) {
  if (outcome.state == Outcome::State::kItems) return !outcome.items.empty();
  const std::string& on_error = call.options[0];
  if (on_error == "error") Raise(outcome);
  if (on_error == "unknown") return std::nullopt;
  return on_error == "true";
}

// "null", "error", "array", "object": what stands for a missing or failing answer of JSON_QUERY.
std::optional<std::string> Instead(const std::string& behaviour) {
  if (behaviour == "array") return "[]";
  if (behaviour == "object") return "{}";
  return std::nullopt;
}

// Options: wrapper (none, conditional, unconditional), quotes (keep, omit), on empty, on error.
std::optional<std::string> Query(const Call& call, const Outcome& outcome) {
  const auto& options = call.options;
  if (outcome.state != Outcome::State::kItems) {
    if (options[3] == "error") Raise(outcome);
    return Instead(options[3]);
  }
  const auto& items = outcome.items;
  if (items.empty()) {
    if (options[2] == "error") Fail("JSON_OUTPUT_CONVERSION_ERROR", "JSON_QUERY found no item");
    return Instead(options[2]);
  }
  const bool structured = items.size() == 1 && items[0]->kind >= JsonKind::kArray;
  if (options[0] == "unconditional" || (options[0] == "conditional" && !structured)) {
    return JsonOf({.kind = JsonKind::kArray, .elements = items});
  }
  if (items.size() > 1) {
    if (options[3] == "error") Fail("JSON_OUTPUT_CONVERSION_ERROR", "JSON_QUERY found more than one item");
    return Instead(options[3]);
  }
  if (options[1] == "omit" && items[0]->kind == JsonKind::kString) return items[0]->text;
  return JsonOf(*items[0]);
}

// A scalar item as a text that casts to the family of types: text, char, integer, decimal, double, boolean, other.
// Nothing where Trino has no such cast.
std::optional<std::string> ScalarText(const JsonItem& item, const std::string& family) {
  char buffer[kLongestValue];
  if (item.kind == JsonKind::kString) return item.text;
  if (family == "char" || family == "other") return std::nullopt;
  if (item.kind == JsonKind::kBoolean) {
    const bool as_number = family != "text" && family != "boolean";
    return as_number ? (item.boolean ? "1" : "0") : (item.boolean ? "true" : "false");
  }
  if (family == "boolean")
    return (item.kind == JsonKind::kInteger ? item.integer != 0 : item.number != 0) ? "true" : "false";
  if (item.kind == JsonKind::kInteger) return std::to_string(item.integer);
  if (family == "integer") {
    const double rounded = std::round(item.number);
    if (!(std::abs(rounded) < 9.2e18)) return std::nullopt;
    return std::to_string(static_cast<std::int64_t>(rounded));
  }
  if (item.kind == JsonKind::kDecimal) return item.text;
  return std::string(buffer, WriteDoubleScientific(buffer, item.number));
}

// Options: family, on empty, on error, each behaviour null, error or default. With a default somewhere the answer is
// marked: "v" and the text, "e" when empty, "x" after an error.
std::optional<std::string> Value(const Call& call, const Outcome& outcome) {
  const auto& options = call.options;
  const bool marked = options[1] == "default" || options[2] == "default";
  const auto instead = [&](const std::string& behaviour, std::string_view mark) {
    return behaviour == "default" ? std::optional<std::string>(mark) : std::nullopt;
  };
  const auto failed = [&](std::string_view message) {
    if (options[2] == "error") Fail("JSON_VALUE_RESULT_ERROR", message);
    return instead(options[2], "x");
  };
  if (outcome.state != Outcome::State::kItems) {
    if (options[2] == "error") Raise(outcome);
    return instead(options[2], "x");
  }
  if (outcome.items.empty()) {
    if (options[1] == "error") Fail("JSON_VALUE_RESULT_ERROR", "JSON_VALUE found no item");
    return instead(options[1], "e");
  }
  if (outcome.items.size() > 1) return failed("JSON_VALUE found more than one item");
  const JsonItem& item = *outcome.items[0];
  if (item.kind == JsonKind::kNull) return std::nullopt;
  if (item.kind >= JsonKind::kArray) return failed("JSON_VALUE found an array or an object");
  auto text = ScalarText(item, options[0]);
  if (!text) return failed("The item that JSON_VALUE found has no cast to the returned type");
  return marked ? "v" + *text : *std::move(text);
}

// The items as one array; "x" of an error is an empty array unless it is to be raised.
std::optional<std::string> Items(const Call& call, const Outcome& outcome) {
  if (outcome.state != Outcome::State::kItems) {
    if (call.options[0] == "error") Raise(outcome);
    return "[]";
  }
  return JsonOf({.kind = JsonKind::kArray, .elements = outcome.items});
}

void Store(duckdb::Vector& out, duckdb::idx_t row, const std::optional<std::string>& text) {
  if (text)
    duckdb::FlatVector::GetData<string_t>(out)[row] = duckdb::StringVector::AddStringOrBlob(out, *text);
  else
    duckdb::FlatVector::SetNull(out, row, true);
}
void Store(duckdb::Vector& out, duckdb::idx_t row, const std::optional<bool>& truth) {
  if (truth)
    duckdb::FlatVector::GetData<bool>(out)[row] = *truth;
  else
    duckdb::FlatVector::SetNull(out, row, true);
}

std::vector<std::string> Words(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(' ', at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

Expr Input(Expansion& e) {
  const auto type = e.Type(0);
  if (type.id() == LogicalTypeId::SQLNULL) return e.Cast(e.Take(0), LogicalType::VARCHAR);
  if (type.id() == LogicalTypeId::BLOB) return e.Call("decode", e.Take(0));
  if (type.id() != LogicalTypeId::VARCHAR || type.IsJSONType())
    Fail("TYPE_MISMATCH", "Cannot read input of this type as JSON text");
  return e.Take(0);
}

// A passed value as JSON text. Types whose items would behave otherwise than their JSON text are refused.
Expr Passed(Expansion& e, std::size_t i, bool is_json) {
  const auto type = e.Type(i);
  if (type.id() == LogicalTypeId::SQLNULL) return e.Cast(e.Take(i), LogicalType::VARCHAR);
  if (is_json) {
    if (type.id() != LogicalTypeId::VARCHAR || type.IsJSONType())
      Fail("TYPE_MISMATCH", "Cannot read input of this type as JSON text");
    return e.Take(i);
  }
  switch (type.id()) {
    case LogicalTypeId::BOOLEAN:
    case LogicalTypeId::TINYINT:
    case LogicalTypeId::SMALLINT:
    case LogicalTypeId::INTEGER:
    case LogicalTypeId::BIGINT:
    case LogicalTypeId::DOUBLE:
    case LogicalTypeId::VARCHAR: break;
    default: Fail("NOT_SUPPORTED", "A value of this type cannot be passed to a JSON path yet");
  }
  if (type.IsJSONType()) Fail("NOT_SUPPORTED", "A value of the type json cannot be passed to a JSON path");
  return e.Cast(e.Call("trino_cast_json", e.Take(i)), LogicalType::VARCHAR);
}

// (input, path, options, [name, value]…); a name begins with "j" for FORMAT JSON, else with "v".
template <class R, std::optional<R> (*answer)(const Call&, const Outcome&)>
Expr PathFunction(Expansion& e, const std::string& name, const LogicalType& result) {
  Call call;
  const auto path_text = e.ConstantText(1, "A JSON path");
  auto parsed = sql::ParseJsonPath(path_text);
  if (!parsed) Fail(parsed.error().refused ? "NOT_SUPPORTED" : "SYNTAX_ERROR", parsed.error().message);
  call.path = std::make_shared<const sql::JsonPath>(*std::move(parsed));
  call.options = Words(e.ConstantText(2, "Options of a JSON path"));
  duckdb::vector<Expr> arguments;
  arguments.push_back(Input(e));
  arguments.push_back(e.Take(1));
  arguments.push_back(e.Take(2));
  for (auto i = kFixedArguments; i + 1 < e.size(); i += 2) {
    const auto variable = e.ConstantText(i, "A variable's name");
    call.variables.push_back({.name = variable.substr(1), .is_json = variable[0] == 'j'});
    arguments.push_back(e.Take(i));
    arguments.push_back(Passed(e, i + 1, variable[0] == 'j'));
  }
  const auto run = [call = std::move(call)](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
    const bool constant = in.AllConstant();
    const auto rows = constant ? duckdb::idx_t{1} : in.size();
    std::vector<duckdb::UnifiedVectorFormat> columns(in.ColumnCount());
    for (std::size_t i = 0; i < columns.size(); ++i) in.data[i].ToUnifiedFormat(in.size(), columns[i]);
    const auto text = [&columns](std::size_t column, duckdb::idx_t row) -> std::optional<std::string_view> {
      const auto at = columns[column].sel->get_index(row);
      if (!columns[column].validity.RowIsValid(at)) return std::nullopt;
      return View(duckdb::UnifiedVectorFormat::GetData<string_t>(columns[column])[at]);
    };
    out.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
    std::vector<std::optional<std::string_view>> values(call.variables.size());
    for (duckdb::idx_t row = 0; row < rows; ++row) {
      const auto input = text(0, row);
      if (!input) {
        duckdb::FlatVector::SetNull(out, row, true);
        continue;
      }
      for (std::size_t i = 0; i < values.size(); ++i) values[i] = text(kFixedArguments + 2 * i + 1, row);
      Store(out, row, answer(call, Evaluate(call, *input, values)));
    }
    if (constant) out.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
  };
  duckdb::ScalarFunction function(name, duckdb::vector<LogicalType>(arguments.size(), LogicalType::VARCHAR), result,
                                  run);
  function.SetNullHandling(duckdb::FunctionNullHandling::SPECIAL_HANDLING);
  function.SetFallible();
  return e.BindOwn(std::move(function), std::move(arguments));
}

Expr JsonExists(Expansion& e) { return PathFunction<bool, Exists>(e, "trino_path_exists", LogicalType::BOOLEAN); }
Expr JsonQuery(Expansion& e) { return PathFunction<std::string, Query>(e, "trino_path_query", LogicalType::VARCHAR); }
Expr JsonValue(Expansion& e) { return PathFunction<std::string, Value>(e, "trino_path_value", LogicalType::VARCHAR); }
Expr JsonItems(Expansion& e) { return PathFunction<std::string, Items>(e, "trino_path_items", LogicalType::VARCHAR); }

}  // namespace

void RegisterJsonPaths(duckdb::ExtensionLoader& loader) {
  RegisterVariadicExpander(loader, "trino_json_exists", Expanding<JsonExists>);
  RegisterVariadicExpander(loader, "trino_json_query", Expanding<JsonQuery>);
  RegisterVariadicExpander(loader, "trino_json_value", Expanding<JsonValue>);
  RegisterVariadicExpander(loader, "trino_json_items", Expanding<JsonItems>);
}

}  // namespace tarn::engine
