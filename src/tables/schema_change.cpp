#include "tables/schema_change.h"

#include "sql/text.h"
#include "tables/stored_value.h"
#include "tables/value.h"

namespace tarn::tables {

namespace {

std::string IndexOf(const TableDefinition& table, const ColumnDefinition& column) {
  return "\"u" + std::to_string(table.id) + "_" + std::to_string(column.number) + "\"";
}

std::unexpected<base::Error> NameTaken(const std::string& name) {
  return base::AlreadyExists("The table has a column of this name: \"" + name + "\"");
}

base::Result<void> AddIndex(Change& change, const TableDefinition& table, const ColumnDefinition& column) {
  auto made = change.connection().Execute("CREATE UNIQUE INDEX " + IndexOf(table, column) + " ON " +
                                          StoredTable(table) + " (" + StoredColumn(column) + ")");
  if (!made && made.error().kind == base::ErrorKind::kAlreadyExists)
    return base::FailedPrecondition("The rows have a value of the column twice: \"" + column.name + "\"");
  return made;
}

base::Result<void> WriteColumn(Change& change, const TableDefinition& table, const ColumnDefinition& column) {
  TARN_ASSIGN_OR_RETURN(
      auto insert, change.connection().Prepare("INSERT OR REPLACE INTO columns (table_id, number, name, folded, type, "
                                               "display_name, default_value, not_null, is_unique, description, fill) "
                                               "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  const auto folded = sql::ToLower(column.name);
  insert.Bind(1, table.id);
  insert.Bind(2, column.number);
  insert.Bind(3, std::string_view(column.name));
  insert.Bind(4, std::string_view(folded));
  insert.Bind(5, RequestName(column.type));
  insert.Bind(6, std::string_view(column.display_name));
  insert.Bind(7, column.default_value);
  insert.Bind(8, std::int64_t{column.not_null});
  insert.Bind(9, std::int64_t{column.unique});
  insert.Bind(10, column.description);
  insert.Bind(11, column.fill);
  return insert.Run();
}

// Numbers for new columns of the table.
base::Result<std::int64_t> TakeNumber(Change& change, const TableDefinition& table) {
  const auto id = std::to_string(table.id);
  TARN_ASSIGN_OR_RETURN(const auto number,
                        change.connection().Integer("SELECT next_column FROM tables WHERE id = " + id));
  TARN_RETURN_IF_ERROR(change.connection().Execute("UPDATE tables SET next_column = next_column + 1 WHERE id = " + id));
  return number;
}

base::Result<ColumnFacts> FactsOf(Change& change, const TableDefinition& table, const ColumnDefinition& column,
                                  const AskColumn& ask) {
  if (table.kind == Kind::kColumns) return ask(table, column);
  const auto stored = StoredColumn(column);
  ColumnFacts facts;
  TARN_ASSIGN_OR_RETURN(facts.values,
                        change.connection().Integer("SELECT count(" + stored + ") FROM " + StoredTable(table)));
  return facts;  // whether values repeat is told by the index
}

// A stored column for it, filled with its default.
base::Result<void> AddStored(Change& change, const TableDefinition& table, const ColumnDefinition& column) {
  auto& connection = change.connection();
  TARN_RETURN_IF_ERROR(connection.Execute("ALTER TABLE " + StoredTable(table) + " ADD COLUMN " + StoredColumn(column)));
  if (column.default_value) {
    TARN_ASSIGN_OR_RETURN(const auto value, ReadValue(column.type, *column.default_value));
    TARN_ASSIGN_OR_RETURN(auto fill,
                          connection.Prepare("UPDATE " + StoredTable(table) + " SET " + StoredColumn(column) + " = ?"));
    BoundBytes bytes{};
    BindValue(fill, 1, column.type, value, bytes);
    TARN_RETURN_IF_ERROR(fill.Run());
  }
  if (column.unique) return AddIndex(change, table, column);
  return {};
}

base::Result<void> DropStored(Change& change, const TableDefinition& table, const ColumnDefinition& column) {
  TARN_RETURN_IF_ERROR(change.connection().Execute("DROP INDEX IF EXISTS " + IndexOf(table, column)));
  return change.connection().Execute("ALTER TABLE " + StoredTable(table) + " DROP COLUMN " + StoredColumn(column));
}

}  // namespace

base::Result<TableDefinition> CreateTable(Change& change, Kind kind, const std::string& name) {
  TARN_RETURN_IF_ERROR(CheckTableName(name));
  TARN_ASSIGN_OR_RETURN(auto insert, change.connection().Prepare("INSERT INTO tables (kind, name, folded, row_count, "
                                                                 "next_column, generation, stored) VALUES "
                                                                 "(?, ?, ?, 0, 2, '', '')"));
  const auto folded = sql::ToLower(name);
  insert.Bind(1, SchemaOf(kind));
  insert.Bind(2, std::string_view(name));
  insert.Bind(3, std::string_view(folded));
  if (auto inserted = insert.Run(); !inserted) {
    if (inserted.error().kind != base::ErrorKind::kAlreadyExists) return std::unexpected(inserted.error());
    return base::AlreadyExists("There is a table of this name: \"" + name + "\"");
  }
  TableDefinition table{.id = sqlite3_last_insert_rowid(change.connection().handle()),
                        .kind = kind,
                        .name = name,
                        .columns = {FirstColumn()},
                        .rows = 0};
  TARN_RETURN_IF_ERROR(WriteColumn(change, table, table.columns[0]));
  if (kind == Kind::kRows) {
    TARN_RETURN_IF_ERROR(change.connection().Execute("CREATE TABLE " + StoredTable(table) +
                                                     " (\"id\" INTEGER PRIMARY KEY, \"v\" INTEGER, \"c\" INTEGER, "
                                                     "\"m\" INTEGER, " +
                                                     StoredColumn(table.columns[0]) + ")"));
  }
  return table;
}

base::Result<void> DropTable(Change& change, const TableDefinition& table) {
  const auto id = std::to_string(table.id);
  TARN_RETURN_IF_ERROR(change.connection().Execute("DELETE FROM columns WHERE table_id = " + id +
                                                   "; DELETE FROM tables WHERE id = " + id));
  if (table.kind == Kind::kColumns) return {};
  return change.connection().Execute("DROP TABLE " + StoredTable(table));
}

base::Result<std::vector<ColumnDefinition>> AddColumns(Change& change, const TableDefinition& table,
                                                       std::vector<ColumnDefinition> columns) {
  if (table.columns.size() + columns.size() > kMostColumns)
    return base::InvalidArgument("A table has at most 1000 columns");
  auto known = table;
  for (auto& column : columns) {
    TARN_RETURN_IF_ERROR(CheckColumn(column));
    if (known.Find(column.name) != nullptr) return NameTaken(column.name);
    if (column.not_null && !column.default_value && table.rows > 0)
      return base::FailedPrecondition("The table has rows, for which a column without null needs a default value: \"" +
                                      column.name + "\"");
    if (column.unique && column.default_value && table.rows > 1)
      return base::FailedPrecondition("The rows would have the default value of a unique column twice: \"" +
                                      column.name + "\"");
    TARN_ASSIGN_OR_RETURN(column.number, TakeNumber(change, table));
    column.fill = column.default_value;
    TARN_RETURN_IF_ERROR(WriteColumn(change, table, column));
    if (table.kind == Kind::kRows) TARN_RETURN_IF_ERROR(AddStored(change, table, column));
    known.columns.push_back(column);
  }
  return columns;
}

base::Result<ColumnDefinition> UpdateColumn(Change& change, const TableDefinition& table, const std::string& name,
                                            ColumnDefinition wanted, const AskColumn& ask) {
  const auto* before = table.Find(name);
  if (before == nullptr) return NoSuchColumn(name);
  TARN_RETURN_IF_ERROR(CheckColumn(wanted));
  if (const auto* other = table.Find(wanted.name); other != nullptr && other != before) return NameTaken(wanted.name);
  wanted.number = before->number;
  wanted.fill = before->fill;
  const bool asks = wanted.type != before->type || (wanted.not_null && !before->not_null) ||
                    (wanted.unique && !before->unique && table.kind == Kind::kColumns);
  ColumnFacts facts;
  if (asks) {
    TARN_ASSIGN_OR_RETURN(facts, FactsOf(change, table, *before, ask));
  }
  if (wanted.type != before->type && facts.values > 0)
    return base::FailedPrecondition("The type of a column that has values cannot be changed: \"" + name + "\"");
  if (wanted.not_null && !before->not_null && facts.values < table.rows)
    return base::FailedPrecondition("The column has rows without a value: \"" + name + "\"");
  if (wanted.unique && !before->unique && facts.repeats)
    return base::FailedPrecondition("The rows have a value of the column twice: \"" + name + "\"");
  if (wanted.type != before->type) {
    // Without values there is nothing to keep: another stored column takes its place.
    TARN_ASSIGN_OR_RETURN(wanted.number, TakeNumber(change, table));
    wanted.fill.reset();
    TARN_RETURN_IF_ERROR(
        change.connection().Execute("DELETE FROM columns WHERE table_id = " + std::to_string(table.id) +
                                    " AND number = " + std::to_string(before->number)));
    if (table.kind == Kind::kRows) {
      TARN_RETURN_IF_ERROR(DropStored(change, table, *before));
      auto bare = wanted;
      bare.default_value.reset();  // of rows to come
      TARN_RETURN_IF_ERROR(AddStored(change, table, bare));
    }
  } else if (table.kind == Kind::kRows && wanted.unique != before->unique) {
    if (wanted.unique) TARN_RETURN_IF_ERROR(AddIndex(change, table, wanted));
    if (!wanted.unique)
      TARN_RETURN_IF_ERROR(change.connection().Execute("DROP INDEX IF EXISTS " + IndexOf(table, *before)));
  }
  TARN_RETURN_IF_ERROR(WriteColumn(change, table, wanted));
  return wanted;
}

base::Result<void> DropColumn(Change& change, const TableDefinition& table, const std::string& name) {
  const auto* column = table.Find(name);
  if (column == nullptr) return NoSuchColumn(name);
  TARN_RETURN_IF_ERROR(change.connection().Execute("DELETE FROM columns WHERE table_id = " + std::to_string(table.id) +
                                                   " AND number = " + std::to_string(column->number)));
  if (table.kind == Kind::kColumns) return {};
  return DropStored(change, table, *column);
}

base::Result<void> SetGeneration(Change& change, const TableDefinition& table, const std::string& generation,
                                 const std::vector<std::int64_t>& stored, std::int64_t rows) {
  TARN_ASSIGN_OR_RETURN(auto update, change.connection().Prepare("UPDATE tables SET generation = ?, row_count = ?, "
                                                                 "stored = ? WHERE id = ?"));
  std::string numbers;
  for (const auto number : stored) numbers += (numbers.empty() ? "" : " ") + std::to_string(number);
  update.Bind(1, std::string_view(generation));
  update.Bind(2, rows);
  update.Bind(3, std::string_view(numbers));
  update.Bind(4, table.id);
  TARN_RETURN_IF_ERROR(update.Run());
  if (change.connection().changes() == 0) return NoSuchTable(table.kind, table.name);
  return {};
}

base::Result<void> SetRowCount(Change& change, const TableDefinition& table, std::int64_t rows) {
  TARN_ASSIGN_OR_RETURN(auto update, change.connection().Prepare("UPDATE tables SET row_count = ? WHERE id = ?"));
  update.Bind(1, rows);
  update.Bind(2, table.id);
  return update.Run();
}

}  // namespace tarn::tables
