// Writing rows into a table of the project's file.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "engine/cell.h"
#include "tables/project_file.h"
#include "tables/stored_value.h"

namespace tarn::tables {

// A column's value for every row of a writer: those that are not given get their default.
struct Given {
  std::vector<ColumnDefinition> columns;  // whose values come with each row, in this order
  std::vector<std::pair<ColumnDefinition, engine::Cell>> fixed;
};
// The columns that are given by name, and the defaults of the others. The default's texts live as long as `table`.
// Errors: NotFound for an unknown column; InvalidArgument for one named twice, and for a column that must have a value
// and gets none.
[[nodiscard]] base::Result<Given> GivenColumns(const TableDefinition& table, const std::vector<std::string>& names);

// Adds rows, or, where a key is given, changes the row that has the key's value and adds the others. Part of a change,
// which it must not outlive.
class RowWriter final {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<RowWriter>> Open(Change& change, const TableDefinition& table,
                                                                     Given given,
                                                                     const std::optional<ColumnDefinition>& key);
  // Values as `given` says; the id that the row got, where it was added.
  // Errors: AlreadyExists, naming the column, where a unique value is there already; InvalidArgument where a value is
  // missing.
  [[nodiscard]] base::Result<std::int64_t> Write(std::span<const engine::Cell> row);

 private:
  RowWriter(Change& change, const TableDefinition& table, Given given, Statement statement)
      : change_(change), table_(table), given_(std::move(given)), statement_(std::move(statement)) {}

  Change& change_;
  const TableDefinition& table_;
  Given given_;
  Statement statement_;
  std::vector<BoundBytes> bytes_;
  std::int64_t next_id_ = 0;
  std::int64_t ids_left_ = 0;
};

// Changes and removes rows by their ids.
struct RowChange {
  std::int64_t id = 0;
  std::optional<std::int64_t> version;  // the row must have this one
  std::vector<std::pair<ColumnDefinition, engine::Cell>> values;
};
// Errors: NotFound where there is no such row; FailedPrecondition with VERSION_CONFLICT; as RowWriter::Write.
[[nodiscard]] base::Result<void> ChangeRow(Change& change, const TableDefinition& table, const RowChange& row);
[[nodiscard]] base::Result<void> RemoveRow(Change& change, const TableDefinition& table, std::int64_t id);

}  // namespace tarn::tables
