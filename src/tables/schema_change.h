// Changes of what the internal tables of a project are. For tables of rows the rows change with it; the files of those
// of columns need no change, as their columns are stored by number.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "tables/project_file.h"

namespace tarn::tables {

// Errors of all: NotFound with TABLE_NOT_FOUND or COLUMN_NOT_FOUND; AlreadyExists for a name that is taken, also where
// it differs in case only; InvalidArgument for a definition that breaks a rule.

[[nodiscard]] base::Result<TableDefinition> CreateTable(Change& change, Kind kind, const std::string& name);
[[nodiscard]] base::Result<void> DropTable(Change& change, const TableDefinition& table);

// What is asked of the rows of a column store, whose rows are not in the project's file.
struct ColumnFacts {
  std::int64_t values = 0;  // that are not null
  bool repeats = false;     // a value is there twice
};
using AskColumn = std::function<base::Result<ColumnFacts>(const TableDefinition&, const ColumnDefinition&)>;

// All of the columns, or none. Rows that are there get the default.
// Errors: also FailedPrecondition where the rows that are there break the column's rule.
[[nodiscard]] base::Result<std::vector<ColumnDefinition>> AddColumns(Change& change, const TableDefinition& table,
                                                                     std::vector<ColumnDefinition> columns);
// `wanted` says all of the column anew; its number is not looked at. The type of a column that has values stays.
// Errors: also FailedPrecondition.
[[nodiscard]] base::Result<ColumnDefinition> UpdateColumn(Change& change, const TableDefinition& table,
                                                          const std::string& name, ColumnDefinition wanted,
                                                          const AskColumn& ask);
[[nodiscard]] base::Result<void> DropColumn(Change& change, const TableDefinition& table, const std::string& name);

// The manifest of a column store: its new file and its number of rows.
[[nodiscard]] base::Result<void> SetGeneration(Change& change, const TableDefinition& table,
                                               const std::string& generation, const std::vector<std::int64_t>& stored,
                                               std::int64_t rows);
[[nodiscard]] base::Result<void> SetRowCount(Change& change, const TableDefinition& table, std::int64_t rows);

}  // namespace tarn::tables
