// CAST to varchar, char and json: Trino's text of every type.
#include <array>
#include <charconv>

#include "engine/duck/cell_writer.h"
#include "engine/duck/expansion.h"
#include "engine/duck/functions.h"
#include "engine/duck/logical_types.h"
#include "engine/duck/value_text.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;

bool IsText(const LogicalType& type) { return type.id() == LogicalTypeId::VARCHAR && !type.IsJSONType(); }

// The session's zone as Trino spells it: the engine was given names for offsets (database.cpp, EngineZone).
std::string SessionZone(duckdb::ClientContext& context) {
  duckdb::Value value;
  if (!context.TryGetCurrentSetting("TimeZone", value)) return "UTC";
  auto zone = value.ToString();
  if (zone.starts_with("UTC+") || zone.starts_with("UTC-")) return zone.substr(3);
  if (!zone.starts_with("Etc/GMT+") && !zone.starts_with("Etc/GMT-")) return zone;
  const auto hours = zone.substr(8);
  return (zone[7] == '+' ? "-" : "+") + (hours.size() == 1 ? "0" + hours : hours) + ":00";
}

enum class Writes { kText, kJson };

// Runs a CellWriter over a column.
duckdb::ScalarFunction Writer(const LogicalType& type, const LogicalType& result, Writes what,
                              const std::string& zone) {
  const auto run = [type, what, zone](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
    const bool constant = in.AllConstant();
    const auto rows = constant ? duckdb::idx_t{1} : in.size();
    CellWriter writer(type, TrinoTypeOf(type), TextStyle::kCast);
    if (what == Writes::kJson) writer.UseJsonNumbers();
    ZoneClock clock(zone);
    writer.Bind(in.data[0], rows, clock);
    out.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
    auto* const texts = duckdb::FlatVector::GetData<duckdb::string_t>(out);
    TextBuffer buffer;
    for (duckdb::idx_t row = 0; row < rows; ++row) {
      if (writer.IsNull(row)) {
        duckdb::FlatVector::SetNull(out, row, true);
        continue;
      }
      buffer.Clear();
      if (what == Writes::kJson) {
        writer.AppendJson(row, buffer);
      } else {
        writer.AppendText(row, buffer);
      }
      texts[row] = duckdb::StringVector::AddStringOrBlob(out, std::string(buffer.text()));
    }
    if (constant) out.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
  };
  return duckdb::ScalarFunction(what == Writes::kJson ? "trino_json_of" : "trino_text_of", {type}, result, run);
}

Expr TextOf(Expansion& e) {
  const auto type = e.Type(0);
  if (IsText(type)) return e.Take(0);
  switch (type.id()) {
    case LogicalTypeId::SQLNULL:
    case LogicalTypeId::BOOLEAN:
    case LogicalTypeId::TINYINT:
    case LogicalTypeId::SMALLINT:
    case LogicalTypeId::INTEGER:
    case LogicalTypeId::BIGINT:
    case LogicalTypeId::HUGEINT:
    case LogicalTypeId::UUID: return e.Cast(e.Take(0), LogicalType::VARCHAR);  // the engine's text is the same
    case LogicalTypeId::BLOB: Fail("TYPE_MISMATCH", "Cannot cast varbinary to varchar");
    default: break;
  }
  if (type.IsJSONType()) {
    auto scalar = TextToText("trino_json_scalar_text", [](std::string_view text) {
      const auto first = text.find_first_not_of(" \t\n\r");
      if (first != std::string_view::npos && (text[first] == '{' || text[first] == '[')) {
        Fail("INVALID_CAST_ARGUMENT", "Cannot cast JSON objects and arrays to varchar");
      }
      const bool number =
          first != std::string_view::npos && text[first] != '"' && text.find_first_of(".eE") != std::string_view::npos;
      if (number && text[first] != 't' && text[first] != 'f') {
        double value = 0;
        std::from_chars(text.data() + first, text.data() + text.size(), value);
        std::array<char, 64> buffer{};
        char* const end = WriteDoubleScientific(buffer.data(), value);
        return "\"" + std::string(buffer.data(), static_cast<std::size_t>(end - buffer.data())) + "\"";
      }
      return std::string(text);
    });
    auto text = e.Run(std::move(scalar), e.Cast(e.Take(0), LogicalType::VARCHAR));
    return e.Call("json_extract_string", std::move(text), e.Literal(duckdb::Value("$")));
  }
  return e.Run(Writer(type, LogicalType::VARCHAR, Writes::kText, SessionZone(e.context())), e.Take(0));
}

std::size_t CountCharacters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1U : 0U;
  return count;
}

Expr Cut(Expansion& e, Expr text, std::int64_t length) {
  return e.Call("substr", std::move(text), e.Literal(duckdb::Value::BIGINT(1)),
                e.Literal(duckdb::Value::BIGINT(length)));
}

Expr ToVarchar(Expansion& e) { return TextOf(e); }

Expr ToVarcharN(Expansion& e) {
  const auto length = e.ConstantInteger(1, "Length");
  const bool was_text = IsText(e.Type(0));
  auto text = TextOf(e);
  if (was_text) return Cut(e, std::move(text), length);
  const auto check = [length](std::string_view value) {
    if (CountCharacters(value) > static_cast<std::size_t>(length)) {
      Fail("INVALID_CAST_ARGUMENT",
           "Value cannot be represented as varchar(" + std::to_string(length) + "): \"" + std::string(value) + "\"");
    }
    return std::string(value);
  };
  return e.Run(TextToText("trino_fit_varchar_" + std::to_string(length), check), std::move(text));
}

Expr ToChar(Expansion& e) {
  const auto length = e.ConstantInteger(1, "Length");
  if (!IsText(e.Type(0)) && e.Id(0) != LogicalTypeId::SQLNULL) {
    Fail("TYPE_MISMATCH", "Cannot cast " + TrinoTypeOf(e.Type(0)) + " to char(" + std::to_string(length) + ")");
  }
  return e.Call("rtrim", Cut(e, TextOf(e), length), e.Literal(duckdb::Value(" ")));
}

Expr ToJson(Expansion& e) {
  const auto type = e.Type(0);
  if (type.IsJSONType()) return e.Take(0);
  if (type.id() == LogicalTypeId::SQLNULL) return e.Cast(e.Take(0), LogicalType::JSON());
  if (type.id() == LogicalTypeId::BLOB) Fail("TYPE_MISMATCH", "Cannot cast varbinary to json");
  return e.Run(Writer(type, LogicalType::JSON(), Writes::kJson, SessionZone(e.context())), e.Take(0));
}

}  // namespace

void RegisterTextCasts(duckdb::ExtensionLoader& loader) {
  RegisterExpander(loader, "trino_cast_varchar", {1}, Expanding<ToVarchar>);
  RegisterExpander(loader, "trino_cast_varchar_n", {2}, Expanding<ToVarcharN>);
  RegisterExpander(loader, "trino_char", {2}, Expanding<ToChar>);
  RegisterExpander(loader, "trino_cast_json", {1}, Expanding<ToJson>);
}

}  // namespace tarn::engine
