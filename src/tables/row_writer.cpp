#include "tables/row_writer.h"

#include <algorithm>
#include <charconv>

#include "tables/value.h"

namespace tarn::tables {

namespace {

constexpr std::int64_t kIdsAtOnce = 4096;

// Says which column's value was there already: SQLite names the stored one, "t5.x3".
base::Error Explained(base::Error error, Connection& connection, const TableDefinition& table) {
  if (error.kind != base::ErrorKind::kAlreadyExists) return error;
  const std::string_view said = sqlite3_errmsg(connection.handle());
  const auto mark = said.rfind(".x");
  if (mark == std::string_view::npos) return error;
  std::int64_t number = 0;
  std::from_chars(said.data() + mark + 2, said.data() + said.size(), number);
  const auto column = std::ranges::find(table.columns, number, &ColumnDefinition::number);
  if (column != table.columns.end())
    error.message = "A value of a unique column is there already: column \"" + column->name + "\"";
  return error;
}

std::unexpected<base::Error> Missing(const ColumnDefinition& column) {
  return base::InvalidArgument("A value is missing: column \"" + column.name + "\"");
}

}  // namespace

base::Result<Given> GivenColumns(const TableDefinition& table, const std::vector<std::string>& names) {
  Given given;
  for (const auto& name : names) {
    const auto* column = table.Find(name);
    if (column == nullptr) return NoSuchColumn(name);
    if (std::ranges::find(given.columns, column->number, &ColumnDefinition::number) != given.columns.end())
      return base::InvalidArgument("A column is named twice: \"" + name + "\"");
    given.columns.push_back(*column);
  }
  for (const auto& column : table.columns) {
    if (std::ranges::find(given.columns, column.number, &ColumnDefinition::number) != given.columns.end()) continue;
    engine::Cell cell;
    if (column.default_value) {
      TARN_ASSIGN_OR_RETURN(cell, ReadValue(column.type, *column.default_value));
    }
    if (cell.is_null() && column.not_null) return Missing(column);
    given.fixed.emplace_back(column, cell);
  }
  return given;
}

base::Result<std::unique_ptr<RowWriter>> RowWriter::Open(Change& change, const TableDefinition& table, Given given,
                                                         const std::optional<ColumnDefinition>& key) {
  std::string columns, places, assignments;
  const auto add = [&](const ColumnDefinition& column) {
    columns += ", " + StoredColumn(column);
    places += ", ?";
  };
  for (const auto& column : given.columns) {
    add(column);
    assignments += ", " + StoredColumn(column) + " = excluded." + StoredColumn(column);
  }
  for (const auto& [column, cell] : given.fixed) add(column);
  auto text =
      "INSERT INTO " + StoredTable(table) + " (\"id\", \"c\", \"v\"" + columns + ") VALUES (?, ?, 1" + places + ")";
  if (key) {
    text += " ON CONFLICT (" + StoredColumn(*key) + ") DO UPDATE SET \"v\" = \"v\" + 1, \"m\" = excluded.\"c\"" +
            assignments;
  }
  TARN_ASSIGN_OR_RETURN(auto statement, change.connection().Prepare(text));
  TARN_ASSIGN_OR_RETURN(const auto batch, change.Batch());
  std::unique_ptr<RowWriter> writer(new RowWriter(change, table, std::move(given), std::move(statement)));
  auto& own = *writer;
  const auto count = own.given_.columns.size();
  own.bytes_.resize(count + own.given_.fixed.size());
  own.statement_.Bind(2, batch);
  for (std::size_t i = 0; i < own.given_.fixed.size(); ++i) {
    const auto& [column, cell] = own.given_.fixed[i];
    BindValue(own.statement_, static_cast<int>(3 + count + i), column.type, cell, own.bytes_[count + i]);
  }
  return writer;
}

base::Result<std::int64_t> RowWriter::Write(std::span<const engine::Cell> row) {
  if (ids_left_ == 0) {
    TARN_ASSIGN_OR_RETURN(next_id_, change_.NextIds(kIdsAtOnce));
    ids_left_ = kIdsAtOnce;
  }
  for (std::size_t i = 0; i < row.size(); ++i) {
    const auto& column = given_.columns[i];
    if (row[i].is_null() && column.not_null) return Missing(column);
    BindValue(statement_, static_cast<int>(3 + i), column.type, row[i], bytes_[i]);
  }
  statement_.Bind(1, next_id_);
  if (auto written = statement_.Run(); !written)
    return std::unexpected(Explained(std::move(written).error(), change_.connection(), table_));
  --ids_left_;
  return next_id_++;
}

base::Result<void> ChangeRow(Change& change, const TableDefinition& table, const RowChange& row) {
  const auto id = std::to_string(row.id);
  auto& connection = change.connection();
  TARN_ASSIGN_OR_RETURN(const auto version,
                        connection.Integer("SELECT coalesce((SELECT \"v\" FROM " + StoredTable(table) +
                                           " WHERE \"id\" = " + id + "), -1)"));
  if (version < 0) return base::NotFound("The table has no such row: \"" + id + "\"", "ROW_NOT_FOUND");
  if (row.version && *row.version != version) {
    return base::FailedPrecondition(
        "The row was changed meanwhile, its version is now \"" + std::to_string(version) + "\": \"" + id + "\"",
        "VERSION_CONFLICT");
  }
  std::string assignments;
  for (const auto& [column, cell] : row.values) {
    if (cell.is_null() && column.not_null) return Missing(column);
    assignments += ", " + StoredColumn(column) + " = ?";
  }
  TARN_ASSIGN_OR_RETURN(const auto batch, change.Batch());
  TARN_ASSIGN_OR_RETURN(auto update, connection.Prepare("UPDATE " + StoredTable(table) +
                                                        " SET \"v\" = \"v\" + 1, \"m\" = " + std::to_string(batch) +
                                                        assignments + " WHERE \"id\" = " + id));
  std::vector<BoundBytes> bytes(row.values.size());
  for (std::size_t i = 0; i < row.values.size(); ++i) {
    const auto& [column, cell] = row.values[i];
    BindValue(update, static_cast<int>(i + 1), column.type, cell, bytes[i]);
  }
  if (auto updated = update.Run(); !updated)
    return std::unexpected(Explained(std::move(updated).error(), connection, table));
  return {};
}

base::Result<void> RemoveRow(Change& change, const TableDefinition& table, std::int64_t id) {
  const auto text = std::to_string(id);
  TARN_RETURN_IF_ERROR(change.connection().Execute("DELETE FROM " + StoredTable(table) + " WHERE \"id\" = " + text));
  if (change.connection().changes() == 0)
    return base::NotFound("The table has no such row: \"" + text + "\"", "ROW_NOT_FOUND");
  return {};
}

}  // namespace tarn::tables
