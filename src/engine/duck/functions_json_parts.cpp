// JSON taken apart for the casts to arrays, maps and rows.
#include <algorithm>

#include "engine/duck/expansion.h"
#include "engine/duck/functions.h"
#include "engine/duck/json_reader.h"
#include "sql/text.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalType;
using duckdb::Value;

[[noreturn]] void Refuse(std::string_view what, std::string_view value) {
  Fail("INVALID_CAST_ARGUMENT", "Cannot cast JSON to " + std::string(what) + ": " + std::string(value.substr(0, 100)));
}

// The value's text; nullopt for JSON's null, which becomes NULL.
std::optional<std::string_view> Whole(std::string_view text) {
  const auto value = JsonValue(text);
  if (!value) Refuse("a collection, as it is not valid", text);
  return *value == "null" ? std::nullopt : value;
}

Value Json(std::string_view value) {
  Value json(CanonicalJson(value));
  json.Reinterpret(LogicalType::JSON());
  return json;
}

const LogicalType& MemberType() {
  static const LogicalType kType = LogicalType::STRUCT({{"key", LogicalType::VARCHAR}, {"value", LogicalType::JSON()}});
  return kType;
}

Value Elements(std::string_view value) {
  if (!value.starts_with('[')) Refuse("an array", value);
  duckdb::vector<Value> elements;
  const auto children = *JsonChildren(value);
  for (const auto& element : children) elements.push_back(Json(element));
  return Value::LIST(LogicalType::JSON(), std::move(elements));
}

Value Members(std::string_view value) {
  const auto members = JsonMembers(value);
  if (!members) Refuse("a map", value);
  duckdb::vector<Value> entries;
  for (const auto& [name, member] : *members)
    entries.push_back(Value::STRUCT(MemberType(), {Value(name), Json(member)}));
  return Value::LIST(MemberType(), std::move(entries));
}

// Members of an object are found by name, whatever the case; an array has the fields in their order.
Value Fields(std::string_view value, const Value& names) {
  const auto& list = duckdb::ListValue::GetChildren(names);
  duckdb::vector<Value> fields(list.size(), Value(LogicalType::JSON()));
  if (value.starts_with('[')) {
    const auto elements = *JsonChildren(value);
    if (elements.size() != fields.size()) Refuse("a row of " + std::to_string(fields.size()) + " fields", value);
    std::ranges::transform(elements, fields.begin(), Json);
    return Value::LIST(LogicalType::JSON(), std::move(fields));
  }
  const auto members = JsonMembers(value);
  if (!members) Refuse("a row", value);
  if (std::ranges::all_of(list, [](const Value& name) { return duckdb::StringValue::Get(name).empty(); }))
    Refuse("a row without names, for which it must be an array", value);
  for (const auto& [name, member] : *members) {
    const std::string wanted = sql::ToLower(name);
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (duckdb::StringValue::Get(list[i]) != wanted || wanted.empty()) continue;
      if (!fields[i].IsNull()) Refuse("a row, as a field comes twice", value);
      fields[i] = Json(member);
    }
  }
  return Value::LIST(LogicalType::JSON(), std::move(fields));
}

template <class Take>
duckdb::ScalarFunction Parts(const char* name, duckdb::vector<LogicalType> arguments, const LogicalType& result,
                             Take take) {
  duckdb::ScalarFunction function(name, std::move(arguments), LogicalType::LIST(result),
                                  [take](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
                                    const bool constant = in.AllConstant();
                                    for (duckdb::idx_t row = 0; row < (constant ? 1 : in.size()); ++row) {
                                      const Value text = in.GetValue(0, row);
                                      const auto whole =
                                          text.IsNull() ? std::nullopt : Whole(duckdb::StringValue::Get(text));
                                      out.SetValue(row, whole ? take(*whole, in, row) : Value(out.GetType()));
                                    }
                                    if (constant) out.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
                                  });
  function.SetFallible();
  return function;
}

}  // namespace

void RegisterJsonParts(duckdb::ExtensionLoader& loader) {
  const LogicalType json = LogicalType::JSON();
  loader.RegisterFunction(
      Parts("trino_json_elements", {json}, json,
            [](std::string_view value, duckdb::DataChunk&, duckdb::idx_t) { return Elements(value); }));
  loader.RegisterFunction(
      Parts("trino_json_members", {json}, MemberType(),
            [](std::string_view value, duckdb::DataChunk&, duckdb::idx_t) { return Members(value); }));
  loader.RegisterFunction(Parts("trino_json_fields", {json, LogicalType::LIST(LogicalType::VARCHAR)}, json,
                                [](std::string_view value, duckdb::DataChunk& in, duckdb::idx_t row) {
                                  return Fields(value, in.GetValue(1, row));
                                }));
}

}  // namespace tarn::engine
