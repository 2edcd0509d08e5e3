// JSON by Trino's small paths and by position. A text that is no JSON has no parts: NULL.
#include <charconv>
#include <cmath>

#include "engine/duck/functions.h"
#include "engine/duck/json_reader.h"
#include "engine/duck/row_function.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalType;
using Text = std::optional<std::string>;
using View = std::string_view;

std::string Parse(View text) {
  const auto value = JsonValue(text);
  if (!value)
    Fail("INVALID_FUNCTION_ARGUMENT", "Cannot convert value to JSON: '" + std::string(text.substr(0, 100)) + "'");
  return CanonicalJson(*value);
}
Text Format(View json) {
  const auto value = JsonValue(json);
  return value ? Text(CanonicalJson(*value)) : std::nullopt;
}

std::optional<View> Found(View json, View path) {
  const auto steps = ParseJsonPath(path);
  const auto value = JsonValue(json);
  return value ? JsonAt(*value, steps) : std::nullopt;
}
Text Extract(View json, View path) {
  const auto value = Found(json, path);
  return value ? Text(CanonicalJson(*value)) : std::nullopt;
}
Text ScalarText(View value) {
  if (value == "null" || !IsJsonScalar(value)) return std::nullopt;
  return value[0] == '"' ? JsonStringText(value) : std::string(value);
}
Text ExtractScalar(View json, View path) {
  const auto value = Found(json, path);
  return value ? ScalarText(*value) : std::nullopt;
}
std::optional<std::int64_t> Size(View json, View path) {
  const auto value = Found(json, path);
  if (!value) return std::nullopt;
  const auto children = JsonChildren(*value);
  return children ? static_cast<std::int64_t>(children->size()) : 0;
}

std::optional<std::vector<View>> Elements(View json) {
  const auto value = JsonValue(json);
  if (!value || (*value)[0] != '[') return std::nullopt;
  return JsonChildren(*value);
}
std::optional<std::int64_t> ArrayLength(View json) {
  const auto elements = Elements(json);
  return elements ? std::optional(static_cast<std::int64_t>(elements->size())) : std::nullopt;
}
// Trino gives a text here without its quotes, which its own manual calls broken and keeps.
Text ArrayGet(View json, std::int64_t index) {
  const auto elements = Elements(json);
  if (!elements) return std::nullopt;
  const auto size = static_cast<std::int64_t>(elements->size());
  if (index < 0) index += size;
  if (index < 0 || index >= size) return std::nullopt;
  const View value = (*elements)[static_cast<std::size_t>(index)];
  return IsJsonScalar(value) ? ScalarText(value) : Text(CanonicalJson(value));
}
bool IsNumber(View value) { return value[0] == '-' || (value[0] >= '0' && value[0] <= '9'); }

template <class Test>
std::optional<bool> AnyElement(View json, Test test) {
  const auto elements = Elements(json);
  if (!elements) return std::nullopt;
  return std::ranges::any_of(*elements, test);
}
std::optional<bool> ContainsText(View json, View text) {
  return AnyElement(json, [&](View value) { return value[0] == '"' && JsonStringText(value) == text; });
}
std::optional<bool> ContainsInteger(View json, std::int64_t wanted) {
  return AnyElement(json, [&](View value) {
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), number);
    return IsNumber(value) && failure == std::errc{} && end == value.data() + value.size() && number == wanted;
  });
}
std::optional<bool> ContainsDouble(View json, double wanted) {
  if (!std::isfinite(wanted)) return false;
  return AnyElement(json, [&](View value) {
    double number = 0;
    const bool fraction = value.find_first_of(".eE") != View::npos;
    return IsNumber(value) && fraction &&
           std::from_chars(value.data(), value.data() + value.size(), number).ec == std::errc{} && number == wanted;
  });
}
std::optional<bool> ContainsBoolean(View json, bool wanted) {
  return AnyElement(json, [&](View value) { return value == (wanted ? "true" : "false"); });
}
std::optional<bool> IsScalar(View json) {
  const auto value = JsonValue(json);
  return value ? std::optional(IsJsonScalar(*value)) : std::nullopt;
}

// What a cast wrote is canonical, but for equal names and their order, which are the row's.
Expr JsonFormat(Expansion& e) {
  if (e.IsCallOf(0, "trino_json_of")) return e.Cast(e.Take(0), LogicalType::VARCHAR);
  return e.Run(RowFunction("trino_json_format_text", Format), e.Cast(e.Take(0), LogicalType::VARCHAR));
}

duckdb::ScalarFunction AsJson(duckdb::ScalarFunction function) {
  function.SetReturnType(LogicalType::JSON());
  return function;
}

}  // namespace

void RegisterJson(duckdb::ExtensionLoader& loader) {
  loader.RegisterFunction(AsJson(RowFunction("trino_json_parse", Parse)));
  RegisterExpander(loader, "trino_json_format", {1}, Expanding<JsonFormat>);
  loader.RegisterFunction(AsJson(RowFunction("trino_json_extract", Extract)));
  RegisterRow(loader, "trino_json_extract_scalar", ExtractScalar);
  RegisterRow(loader, "trino_json_size", Size);
  RegisterRow(loader, "trino_json_array_length", ArrayLength);
  loader.RegisterFunction(AsJson(RowFunction("trino_json_array_get", ArrayGet)));
  RegisterAll(loader, "trino_json_array_contains", RowFunction("trino_json_array_contains", ContainsText),
              RowFunction("trino_json_array_contains", ContainsInteger),
              RowFunction("trino_json_array_contains", ContainsDouble),
              RowFunction("trino_json_array_contains", ContainsBoolean));
  RegisterRow(loader, "trino_is_json_scalar", IsScalar);
}

}  // namespace tarn::engine
