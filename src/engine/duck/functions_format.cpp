// format(pattern, values…)
#include <cmath>

#include "engine/duck/functions.h"
#include "engine/duck/java_format.h"
#include "engine/duck/logical_types.h"
#include "engine/duck/row_function.h"
#include "engine/duck/value_text.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::Value;

// As Java's LocalTime shows it: seconds where there are some, their fraction in groups of three digits.
std::string JavaTime(std::int64_t nanoseconds) {
  std::array<char, kLongestValue> buffer{};
  std::string text(buffer.data(), WriteTimeOfDay(buffer.data(), nanoseconds, 9));
  if (nanoseconds % 60'000'000'000 == 0) return text.substr(0, 5);
  while (text.ends_with("000")) text.resize(text.size() - 3);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::string JavaDate(std::int64_t days) {
  std::array<char, kLongestValue> buffer{};
  return {buffer.data(), WriteDate(buffer.data(), days)};
}

std::string JavaTimestamp(std::int64_t microseconds) {
  constexpr std::int64_t kDay = 86'400'000'000;
  const std::int64_t day = microseconds / kDay - (microseconds % kDay < 0 ? 1 : 0);
  return JavaDate(day) + "T" + JavaTime((microseconds - day * kDay) * 1000);
}

// The shortest digits that mean the number, without an exponent.
FormatNumber NumberOf(auto value) {
  if (std::isnan(value)) return {"NaN", "NaN"};
  const std::string infinity = value < 0 ? "-Infinity" : "Infinity";
  if (std::isinf(value)) return {infinity, infinity};
  std::array<char, kLongestValue> text{};
  char* text_end = nullptr;
  if constexpr (std::same_as<decltype(value), float>)
    text_end = WriteReal(text.data(), value);
  else
    text_end = WriteDouble(text.data(), value);
  std::array<char, 512> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed).ptr;
  return {{buffer.data(), end}, {text.data(), text_end}};
}

// Java writes a decimal below 10^-6 with an exponent.
FormatNumber DecimalOf(const std::string& digits) {
  const bool small = digits.substr(digits.starts_with('-') ? 1 : 0).starts_with("0.000000");
  return {digits, small ? "" : digits};
}

FormatArgument ArgumentOf(const Value& value) {
  if (value.IsNull()) return {};
  if (value.type().IsJSONType()) return duckdb::StringValue::Get(value);
  switch (value.type().id()) {
    case LogicalTypeId::BOOLEAN: return duckdb::BooleanValue::Get(value);
    case LogicalTypeId::TINYINT:
    case LogicalTypeId::SMALLINT:
    case LogicalTypeId::INTEGER:
    case LogicalTypeId::BIGINT: return value.GetValue<std::int64_t>();
    case LogicalTypeId::FLOAT: return NumberOf(duckdb::FloatValue::Get(value));
    case LogicalTypeId::DOUBLE: return NumberOf(duckdb::DoubleValue::Get(value));
    case LogicalTypeId::DECIMAL: return DecimalOf(value.ToString());
    case LogicalTypeId::VARCHAR: return duckdb::StringValue::Get(value);
    case LogicalTypeId::UUID: return value.ToString();
    case LogicalTypeId::DATE: return JavaDate(duckdb::DateValue::Get(value).days);
    case LogicalTypeId::TIME: return JavaTime(duckdb::TimeValue::Get(value).micros * 1000);
    case LogicalTypeId::TIMESTAMP: return JavaTimestamp(duckdb::TimestampValue::Get(value).value);
    default: Fail("NOT_SUPPORTED", "format of " + TrinoTypeOf(value.type()) + " is not supported");
  }
}

void Format(duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
  const bool constant = in.AllConstant();
  out.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (duckdb::idx_t row = 0; row < (constant ? 1 : in.size()); ++row) {
    const Value pattern = in.GetValue(0, row);
    if (pattern.IsNull()) {
      duckdb::FlatVector::SetNull(out, row, true);
      continue;
    }
    std::vector<FormatArgument> arguments;
    for (duckdb::idx_t i = 1; i < in.ColumnCount(); ++i) arguments.push_back(ArgumentOf(in.GetValue(i, row)));
    duckdb::FlatVector::GetData<duckdb::string_t>(out)[row] =
        duckdb::StringVector::AddString(out, JavaFormat(duckdb::StringValue::Get(pattern), arguments));
  }
  if (constant) out.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
}

duckdb::unique_ptr<duckdb::FunctionData> BindFormat(duckdb::ClientContext&, duckdb::ScalarFunction& function,
                                                    duckdb::vector<Expr>& arguments) {
  for (duckdb::idx_t i = 1; i < arguments.size(); ++i)
    function.arguments.push_back(LogicalType::NormalizeType(arguments[i]->return_type));
  return nullptr;
}

}  // namespace

void RegisterFormat(duckdb::ExtensionLoader& loader) {
  duckdb::ScalarFunction function("trino_format", {LogicalType::VARCHAR}, LogicalType::VARCHAR, Format, BindFormat);
  function.varargs = LogicalType::ANY;
  function.SetNullHandling(duckdb::FunctionNullHandling::SPECIAL_HANDLING);
  function.SetFallible();
  loader.RegisterFunction(std::move(function));
}

}  // namespace tarn::engine
