// JSON_ARRAY and JSON_OBJECT: JSON text from values.
#include <algorithm>
#include <optional>

#include "engine/duck/expansion.h"
#include "engine/duck/functions.h"
#include "engine/duck/json_item.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::string_t;

// A value as JSON text; SQL's NULL stays NULL.
Expr JsonText(Expansion& e, std::size_t i) {
  const auto type = e.Type(i);
  switch (type.id()) {
    case LogicalTypeId::SQLNULL: return e.Cast(e.Take(i), LogicalType::VARCHAR);
    case LogicalTypeId::BOOLEAN:
    case LogicalTypeId::TINYINT:
    case LogicalTypeId::SMALLINT:
    case LogicalTypeId::INTEGER:
    case LogicalTypeId::BIGINT:
    case LogicalTypeId::DECIMAL:
    case LogicalTypeId::FLOAT:
    case LogicalTypeId::DOUBLE:
    case LogicalTypeId::VARCHAR: break;
    case LogicalTypeId::DATE:
    case LogicalTypeId::TIME:
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_MS:
    case LogicalTypeId::TIMESTAMP_SEC:
    case LogicalTypeId::TIMESTAMP_NS:
    case LogicalTypeId::TIMESTAMP_TZ:
    case LogicalTypeId::UUID:
      return e.Cast(e.Call("trino_cast_json", e.Call("trino_cast_varchar", e.Take(i))), LogicalType::VARCHAR);
    default: Fail("NOT_SUPPORTED", "A value of this type has no form in JSON_ARRAY and JSON_OBJECT");
  }
  if (type.IsJSONType()) Fail("NOT_SUPPORTED", "A value of the type json has no form in JSON_ARRAY and JSON_OBJECT");
  return e.Cast(e.Call("trino_cast_json", e.Take(i)), LogicalType::VARCHAR);
}

Expr FormattedText(Expansion& e, std::size_t i) {
  const auto type = e.Type(i);
  if (type.id() == LogicalTypeId::SQLNULL) return e.Cast(e.Take(i), LogicalType::VARCHAR);
  if (type.id() == LogicalTypeId::BLOB) return e.Call("decode", e.Take(i));
  if (type.id() != LogicalTypeId::VARCHAR || type.IsJSONType())
    Fail("TYPE_MISMATCH", "Cannot read input of this type as JSON text");
  return e.Take(i);
}

// The texts of one row.
using Row = std::vector<std::optional<std::string_view>>;

// A call's constant first argument: one letter for NULL ("n" keeps it, "a" leaves it out), one for keys ("u" must
// differ,
// "-" need not), then one for every value ("j" for JSON text that is checked, "v" for other values).
struct Shape {
  bool keep_null = false;
  bool unique = false;
  std::string values;
};

void AppendValue(const Shape& shape, std::size_t i, const std::optional<std::string_view>& value, TextBuffer& out) {
  if (!value) {
    out.Append("null");
  } else if (shape.values[i] == 'v') {
    out.Append(*value);
  } else {
    const auto item = ReadJson(*value);
    if (!item) Fail("JSON_INPUT_CONVERSION_ERROR", "A text is not JSON");
    AppendJson(*item, out);
  }
}

void WriteArray(const Shape& shape, const Row& row, TextBuffer& out) {
  out.Append('[');
  bool first = true;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (!row[i] && !shape.keep_null) continue;
    if (!std::exchange(first, false)) out.Append(',');
    AppendValue(shape, i, row[i], out);
  }
  out.Append(']');
}

// String.hashCode of Java, spread as HashMap spreads it.
std::uint32_t JavaHash(std::string_view text) {
  std::uint32_t hash = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t point = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k)
      point = (point << 6U) | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
    if (point >= 0x10000) {
      hash = hash * 31 + (0xD800 + ((point - 0x10000) >> 10U));
      point = 0xDC00 + (point & 0x3FFU);
    }
    hash = hash * 31 + point;
    i += length;
  }
  return hash ^ (hash >> 16U);
}

// Trino gathers members in a Java HashMap, so they come in the order of its buckets.
void SortAsHashMap(std::vector<std::size_t>& members, const Row& row) {
  std::uint32_t buckets = 16;
  while (members.size() > buckets / 4 * 3) buckets *= 2;
  std::ranges::stable_sort(members, {}, [&](std::size_t i) { return JavaHash(*row[2 * i]) & (buckets - 1); });
}

void WriteObject(const Shape& shape, const Row& row, TextBuffer& out) {
  std::vector<std::size_t> members;
  for (std::size_t i = 0; 2 * i < row.size(); ++i) {
    if (!row[2 * i]) Fail("INVALID_FUNCTION_ARGUMENT", "A key of JSON_OBJECT is null");
    if (!row[2 * i + 1] && !shape.keep_null) continue;
    for (const auto other : members) {
      if (*row[2 * other] != *row[2 * i]) continue;
      Fail(shape.unique ? "INVALID_FUNCTION_ARGUMENT" : "NOT_SUPPORTED",
           "JSON_OBJECT has a key twice: \"" + std::string(*row[2 * i]) + "\"");
    }
    members.push_back(i);
  }
  SortAsHashMap(members, row);
  out.Append('{');
  for (std::size_t place = 0; place < members.size(); ++place) {
    const auto i = members[place];
    if (place > 0) out.Append(',');
    AppendTrinoJsonString(*row[2 * i], out);
    out.Append(':');
    AppendValue(shape, i, row[2 * i + 1], out);
  }
  out.Append('}');
}

template <void (*write)(const Shape&, const Row&, TextBuffer&)>
Expr Build(Expansion& e, const std::string& name, std::size_t width) {
  const auto text = e.ConstantText(0, "The shape of a JSON constructor");
  const Shape shape{.keep_null = text[0] == 'n', .unique = text[1] == 'u', .values = text.substr(2)};
  duckdb::vector<Expr> arguments;
  arguments.push_back(e.Take(0));
  for (std::size_t i = 1; i < e.size(); ++i) {
    const bool key = width == 2 && i % 2 == 1;
    if (key && e.Id(i) != LogicalTypeId::VARCHAR)
      Fail("INVALID_FUNCTION_ARGUMENT", "A key of JSON_OBJECT is not a text");
    arguments.push_back(key ? e.Take(i) : shape.values[(i - 1) / width] == 'j' ? FormattedText(e, i) : JsonText(e, i));
  }
  const auto run = [shape](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
    const bool constant = in.AllConstant();
    const auto rows = constant ? duckdb::idx_t{1} : in.size();
    std::vector<duckdb::UnifiedVectorFormat> columns(in.ColumnCount());
    for (std::size_t i = 0; i < columns.size(); ++i) in.data[i].ToUnifiedFormat(in.size(), columns[i]);
    out.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
    Row values(columns.size() - 1);
    TextBuffer buffer;
    for (duckdb::idx_t row = 0; row < rows; ++row) {
      for (std::size_t i = 0; i < values.size(); ++i) {
        const auto& column = columns[i + 1];
        const auto at = column.sel->get_index(row);
        values[i] = column.validity.RowIsValid(at)
                        ? std::optional(View(duckdb::UnifiedVectorFormat::GetData<string_t>(column)[at]))
                        : std::nullopt;
      }
      buffer.Clear();
      write(shape, values, buffer);
      duckdb::FlatVector::GetData<string_t>(out)[row] =
          duckdb::StringVector::AddStringOrBlob(out, std::string(buffer.text()));
    }
    if (constant) out.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
  };
  duckdb::ScalarFunction function(name, duckdb::vector<LogicalType>(arguments.size(), LogicalType::VARCHAR),
                                  LogicalType::VARCHAR, run);
  function.SetNullHandling(duckdb::FunctionNullHandling::SPECIAL_HANDLING);
  function.SetFallible();
  return e.BindOwn(std::move(function), std::move(arguments));
}

Expr JsonArray(Expansion& e) { return Build<WriteArray>(e, "trino_build_array", 1); }
Expr JsonObject(Expansion& e) { return Build<WriteObject>(e, "trino_build_object", 2); }

}  // namespace

void RegisterJsonBuilders(duckdb::ExtensionLoader& loader) {
  RegisterVariadicExpander(loader, "trino_json_array", Expanding<JsonArray>);
  RegisterVariadicExpander(loader, "trino_json_object", Expanding<JsonObject>);
}

}  // namespace tarn::engine
