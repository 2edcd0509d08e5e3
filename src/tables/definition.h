// What an internal table is: its kind, its columns, the columns that every table has.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace tarn::tables {

// "table": rows that are edited; "bitable": columns that are appended to. The kinds are schemas of the catalog
// "peaka", and a name is taken in its own only.
enum class Kind { kRows, kColumns };
[[nodiscard]] std::string_view SchemaOf(Kind kind);
[[nodiscard]] std::optional<Kind> KindOf(std::string_view schema);

enum class ColumnType { kVarchar, kBigint, kBoolean, kDecimal, kTimestamp, kTime, kDate, kUuid };
inline constexpr int kDecimalPrecision = 38;
inline constexpr int kDecimalScale = 10;                      // as the hosted original pads them
[[nodiscard]] std::string_view TrinoType(ColumnType type);    // "decimal(38,10)"
[[nodiscard]] std::string_view RequestName(ColumnType type);  // "DECIMAL"
[[nodiscard]] std::optional<ColumnType> ColumnTypeOf(std::string_view request_name);

struct ColumnDefinition {
  std::int64_t number = 0;  // names the stored column; never used twice in a table, so that renaming touches no rows
  std::string name;
  ColumnType type = ColumnType::kVarchar;
  std::string display_name;
  std::optional<std::string> default_value = {};  // as given; can be read as a value of the type
  bool not_null = false;
  bool unique = false;
  std::optional<std::string> description = {};
  std::optional<std::string> fill = {};  // the value of rows that were there before the column
};

struct TableDefinition {
  std::int64_t id = 0;  // never used twice in a project
  Kind kind = Kind::kRows;
  std::string name;
  std::vector<ColumnDefinition> columns;
  std::int64_t rows = 0;
  std::string generation = {};            // of kColumns: which file has the rows; empty: there are none
  std::vector<std::int64_t> stored = {};  // the columns, by number, that this file has; the others are younger

  // A text that is another one where the columns are others.
  [[nodiscard]] std::string LayoutMark() const;
  // By name regardless of case; null where there is none.
  [[nodiscard]] const ColumnDefinition* Find(std::string_view column) const;
};

// Columns that a table has without anyone's doing. `*` does not show them.
enum class SystemColumn { kId, kVersion, kCreatedTime, kCreatedBy, kModifiedTime, kModifiedBy, kSession, kOperation };
struct SystemColumnInfo {
  SystemColumn column;
  std::string_view name;
  std::string_view type;
};
inline constexpr std::array kSystemColumns = {
    SystemColumnInfo{SystemColumn::kId, "_id", "bigint"},
    SystemColumnInfo{SystemColumn::kVersion, "_version", "bigint"},
    SystemColumnInfo{SystemColumn::kCreatedTime, "_created_time", "timestamp(6)"},
    SystemColumnInfo{SystemColumn::kCreatedBy, "_created_by", "varchar"},
    SystemColumnInfo{SystemColumn::kModifiedTime, "_last_modified_time", "timestamp(6)"},
    SystemColumnInfo{SystemColumn::kModifiedBy, "_last_modified_by", "varchar"},
    SystemColumnInfo{SystemColumn::kSession, "_session", "varchar"},
    SystemColumnInfo{SystemColumn::kOperation, "_operation", "varchar"}};
// Those of a kind: `_operation` is of column stores only.
[[nodiscard]] std::vector<SystemColumnInfo> SystemColumnsOf(Kind kind);

// Columns that a table may have, system columns not counted.
inline constexpr std::size_t kMostColumns = 1000;

// Errors: InvalidArgument for a name that is empty, blank, over 255 characters, or one of a system column; for a
// default that is no value of the type. A display name is held to the same lengths.
[[nodiscard]] base::Result<void> CheckTableName(std::string_view name);
[[nodiscard]] base::Result<void> CheckColumn(const ColumnDefinition& column);

// The column that a table is made with.
[[nodiscard]] ColumnDefinition FirstColumn();

[[nodiscard]] std::unexpected<base::Error> NoSuchTable(Kind kind, std::string_view name);
[[nodiscard]] std::unexpected<base::Error> NoSuchColumn(std::string_view name);

}  // namespace tarn::tables
