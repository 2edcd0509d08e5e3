#include "tables/definition.h"

#include <algorithm>
#include <string>

#include "sql/text.h"
#include "tables/value.h"

namespace tarn::tables {

namespace {

constexpr std::size_t kLongestName = 255;

struct TypeNames {
  ColumnType type;
  std::string_view request;
  std::string_view trino;
};
constexpr std::array kTypes = {TypeNames{ColumnType::kVarchar, "VARCHAR", "varchar"},
                               TypeNames{ColumnType::kBigint, "BIGINT", "bigint"},
                               TypeNames{ColumnType::kBoolean, "BOOLEAN", "boolean"},
                               TypeNames{ColumnType::kDecimal, "DECIMAL", "decimal(38,10)"},
                               TypeNames{ColumnType::kTimestamp, "TIMESTAMP", "timestamp(6)"},
                               TypeNames{ColumnType::kTime, "TIME", "time(6)"},
                               TypeNames{ColumnType::kDate, "DATE", "date"},
                               TypeNames{ColumnType::kUuid, "UUID", "uuid"}};

base::Result<void> CheckName(std::string_view name, std::string_view what, const std::string& field) {
  if (name.find_first_not_of(' ') == std::string_view::npos)
    return base::InvalidArgument(std::string(what) + " is empty", field);
  if (sql::CountCodePoints(name) > kLongestName)
    return base::InvalidArgument(std::string(what) + " is longer than 255 characters", field);
  return {};
}

}  // namespace

std::string_view SchemaOf(Kind kind) { return kind == Kind::kRows ? "table" : "bitable"; }

std::optional<Kind> KindOf(std::string_view schema) {
  if (sql::EqualsIgnoreCase(schema, "table")) return Kind::kRows;
  if (sql::EqualsIgnoreCase(schema, "bitable")) return Kind::kColumns;
  return std::nullopt;
}

std::string_view TrinoType(ColumnType type) { return std::ranges::find(kTypes, type, &TypeNames::type)->trino; }
std::string_view RequestName(ColumnType type) { return std::ranges::find(kTypes, type, &TypeNames::type)->request; }

std::optional<ColumnType> ColumnTypeOf(std::string_view request_name) {
  const auto* found = std::ranges::find(kTypes, request_name, &TypeNames::request);
  if (found == kTypes.end()) return std::nullopt;
  return found->type;
}

const ColumnDefinition* TableDefinition::Find(std::string_view column) const {
  const auto found = std::ranges::find_if(
      columns, [&](const ColumnDefinition& each) { return sql::EqualsIgnoreCase(each.name, column); });
  return found == columns.end() ? nullptr : &*found;
}

std::string TableDefinition::LayoutMark() const {
  std::string all;
  for (const auto& column : columns)
    all += std::to_string(column.number) + " " + std::string(RequestName(column.type)) + " " + column.name + "\n";
  return std::to_string(std::hash<std::string>()(all));
}

std::vector<SystemColumnInfo> SystemColumnsOf(Kind kind) {
  std::vector<SystemColumnInfo> columns(kSystemColumns.begin(), kSystemColumns.end());
  if (kind == Kind::kRows) columns.pop_back();
  return columns;
}

base::Result<void> CheckTableName(std::string_view name) { return CheckName(name, "The table's name", "tableName"); }

base::Result<void> CheckColumn(const ColumnDefinition& column) {
  TARN_RETURN_IF_ERROR(CheckName(column.name, "The column's name", "name"));
  TARN_RETURN_IF_ERROR(CheckName(column.display_name, "The display name", "displayName"));
  const auto is_it = [&](const SystemColumnInfo& known) { return sql::EqualsIgnoreCase(known.name, column.name); };
  if (std::ranges::any_of(kSystemColumns, is_it))
    return base::InvalidArgument("The name belongs to a column that every table has: \"" + column.name + "\"", "name");
  if (column.default_value) {
    if (auto value = ReadValue(column.type, *column.default_value); !value) {
      auto error = std::move(value).error();
      error.field = "defaultValue";
      return std::unexpected(std::move(error));
    }
  }
  return {};
}

ColumnDefinition FirstColumn() {
  return {.number = 1, .name = "text", .type = ColumnType::kVarchar, .display_name = "text"};
}

std::unexpected<base::Error> NoSuchTable(Kind kind, std::string_view name) {
  return base::NotFound("Table 'peaka." + std::string(SchemaOf(kind)) + "." + std::string(name) + "' does not exist",
                        "TABLE_NOT_FOUND");
}

std::unexpected<base::Error> NoSuchColumn(std::string_view name) {
  return base::NotFound("The table has no such column: \"" + std::string(name) + "\"", "COLUMN_NOT_FOUND");
}

}  // namespace tarn::tables
