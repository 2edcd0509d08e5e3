#include "engine/duck/logical_types.h"

#include "engine/duck/tagged_types.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalTypeId;

std::string RowType(const duckdb::LogicalType& type) {
  const bool unnamed = duckdb::StructType::IsUnnamed(type);
  std::string text = "row(";
  for (const auto& [name, field] : duckdb::StructType::GetChildTypes(type)) {
    if (text.back() != '(') text += ',';
    if (!unnamed) {
      text += '"';
      for (const char c : name) text += c == '"' ? std::string("\"\"") : std::string(1, c);
      text += "\" ";
    }
    text += TrinoTypeOf(field);
  }
  return text + ")";
}

}  // namespace

std::string TrinoTypeOf(const duckdb::LogicalType& type) {
  switch (TagOf(type)) {
    case Tag::kNumber: return "number";
    case Tag::kIpAddress: return "ipaddress";
    case Tag::kTimestamp: return "timestamp(12)";
    case Tag::kTime: return "time(12)";
    case Tag::kZoned: return "timestamp(12) with time zone";
    case Tag::kNone: break;
  }
  if (type.IsJSONType()) return "json";
  switch (type.id()) {
    case LogicalTypeId::SQLNULL: return "unknown";
    case LogicalTypeId::BOOLEAN: return "boolean";
    case LogicalTypeId::TINYINT: return "tinyint";
    case LogicalTypeId::UTINYINT:
    case LogicalTypeId::SMALLINT: return "smallint";
    case LogicalTypeId::USMALLINT:
    case LogicalTypeId::INTEGER_LITERAL:
    case LogicalTypeId::INTEGER: return "integer";
    case LogicalTypeId::UINTEGER:
    case LogicalTypeId::BIGINT: return "bigint";
    case LogicalTypeId::UBIGINT: return "decimal(20,0)";
    case LogicalTypeId::HUGEINT:
    case LogicalTypeId::UHUGEINT: return "decimal(38,0)";
    case LogicalTypeId::DECIMAL:
      return "decimal(" + std::to_string(duckdb::DecimalType::GetWidth(type)) + "," +
             std::to_string(duckdb::DecimalType::GetScale(type)) + ")";
    case LogicalTypeId::FLOAT: return "real";
    case LogicalTypeId::DOUBLE: return "double";
    case LogicalTypeId::BLOB: return "varbinary";
    case LogicalTypeId::DATE: return "date";
    case LogicalTypeId::TIME: return "time(6)";
    case LogicalTypeId::TIME_NS: return "time(9)";
    case LogicalTypeId::TIME_TZ: return "time(6) with time zone";
    case LogicalTypeId::TIMESTAMP: return "timestamp(6)";
    case LogicalTypeId::TIMESTAMP_SEC: return "timestamp(0)";
    case LogicalTypeId::TIMESTAMP_MS: return "timestamp(3)";
    case LogicalTypeId::TIMESTAMP_NS: return "timestamp(9)";
    case LogicalTypeId::TIMESTAMP_TZ: return "timestamp(6) with time zone";
    case LogicalTypeId::INTERVAL: return "interval day to second";
    case LogicalTypeId::UUID: return "uuid";
    case LogicalTypeId::LIST: return "array(" + TrinoTypeOf(duckdb::ListType::GetChildType(type)) + ")";
    case LogicalTypeId::ARRAY: return "array(" + TrinoTypeOf(duckdb::ArrayType::GetChildType(type)) + ")";
    case LogicalTypeId::MAP:
      return "map(" + TrinoTypeOf(duckdb::MapType::KeyType(type)) + "," +
             TrinoTypeOf(duckdb::MapType::ValueType(type)) + ")";
    case LogicalTypeId::STRUCT: return RowType(type);
    default: return "varchar";
  }
}

}  // namespace tarn::engine
