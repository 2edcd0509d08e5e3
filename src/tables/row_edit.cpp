#include "tables/row_edit.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "sql/text.h"
#include "tables/json_object.h"
#include "tables/row_writer.h"
#include "tables/value.h"

namespace tarn::tables {

namespace {

// One object of the request; the values point into the request or its reader.
struct SentRow {
  std::vector<std::pair<std::string, Field>> values;
};

struct SentRows {
  explicit SentRows(std::string_view json) : reader(json) {}
  JsonObjects reader;
  std::vector<SentRow> rows;
};

base::Error At(base::Error error, std::size_t row, std::string_view name = {}) {
  error.field = fmt::format("[{}]{}{}", row, name.empty() ? "" : ".", name);
  return error;
}

base::Result<std::unique_ptr<SentRows>> ReadSent(std::string_view json) {
  auto sent = std::make_unique<SentRows>(json);
  const bool read = sent->reader.ReadAll(
      [&] { sent->rows.emplace_back(); },
      [&](std::string_view name, const Field& value) { sent->rows.back().values.emplace_back(name, value); });
  if (!read) return base::InvalidArgument("The body is not an array of JSON objects");
  if (sent->rows.size() > kMostRowsAtOnce)
    return base::InvalidArgument(fmt::format("The body has more than {} rows", kMostRowsAtOnce));
  return sent;
}

base::Result<engine::Cell> ValueOf(const ColumnDefinition& column, const Field& value) {
  if (value.is_null) return engine::Cell{};
  return ReadValue(column.type, value.text);
}

base::Result<std::int64_t> ReadNumber(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size())
    return base::InvalidArgument("Value is not a bigint: " + Shown(text));
  return number;
}

// A writer for each set of columns that the rows give.
class Writers final {
 public:
  Writers(Change& change, const TableDefinition& table) : change_(change), table_(table) {}

  base::Result<std::int64_t> Write(const SentRow& row) {
    std::vector<std::string> names;
    for (const auto& [name, value] : row.values) names.push_back(name);
    auto found = writers_.find(names);
    if (found == writers_.end()) {
      auto given = GivenColumns(table_, names);
      if (!given) {
        auto error = std::move(given).error();
        error.kind = base::ErrorKind::kInvalidArgument;
        return std::unexpected(std::move(error));
      }
      auto columns = given->columns;
      TARN_ASSIGN_OR_RETURN(auto opened, RowWriter::Open(change_, table_, *std::move(given), std::nullopt));
      found = writers_.emplace(names, Writer{.columns = std::move(columns), .rows = std::move(opened)}).first;
    }
    const auto& writer = found->second;
    std::vector<engine::Cell> cells;
    for (std::size_t i = 0; i < row.values.size(); ++i) {
      auto cell = ValueOf(writer.columns[i], row.values[i].second);
      if (!cell) {
        auto error = std::move(cell).error();
        error.field = row.values[i].first;
        return std::unexpected(std::move(error));
      }
      cells.push_back(*cell);
    }
    return writer.rows->Write(cells);
  }

 private:
  struct Writer {
    std::vector<ColumnDefinition> columns;
    std::unique_ptr<RowWriter> rows;
  };
  Change& change_;
  const TableDefinition& table_;
  std::map<std::vector<std::string>, Writer> writers_;
};

base::Result<RowChange> ReadChange(const TableDefinition& table, const SentRow& row) {
  RowChange wanted;
  bool has_id = false;
  const auto named = [](base::Error error, const std::string& name) {
    error.field = name;
    return std::unexpected(std::move(error));
  };
  for (const auto& [name, value] : row.values) {
    if (name == "_id" || name == "_version") {
      const auto number = ReadNumber(value.is_null ? "null" : value.text);
      if (!number) return named(number.error(), name);
      if (name == "_id") {
        wanted.id = *number;
        has_id = true;
      } else {
        wanted.version = *number;
      }
      continue;
    }
    const auto* column = table.Find(name);
    if (column == nullptr) return named(base::InvalidArgument(NoSuchColumn(name).error().message).error(), name);
    const auto is_it = [&](const auto& given) { return given.first.number == column->number; };
    if (std::ranges::any_of(wanted.values, is_it))
      return named(base::InvalidArgument("A column is named twice: \"" + name + "\"").error(), name);
    auto cell = ValueOf(*column, value);
    if (!cell) return named(std::move(cell).error(), name);
    wanted.values.emplace_back(*column, *cell);
  }
  if (!has_id) return base::InvalidArgument("The row has no _id", "_id");
  return wanted;
}

}  // namespace

base::Result<std::vector<std::int64_t>> InsertRows(Change& change, const TableDefinition& table,
                                                   std::string_view json) {
  TARN_ASSIGN_OR_RETURN(const auto sent, ReadSent(json));
  Writers writers(change, table);
  std::vector<std::int64_t> ids;
  for (const auto& row : sent->rows) {
    auto written = writers.Write(row);
    if (!written) {
      const auto name = written.error().field;
      return std::unexpected(At(std::move(written).error(), ids.size(), name));
    }
    ids.push_back(*written);
  }
  return ids;
}

base::Result<std::int64_t> UpdateRows(Change& change, const TableDefinition& table, std::string_view json) {
  TARN_ASSIGN_OR_RETURN(const auto sent, ReadSent(json));
  std::int64_t count = 0;
  for (const auto& row : sent->rows) {
    const auto place = static_cast<std::size_t>(count);
    const auto wanted = ReadChange(table, row);
    if (!wanted) return std::unexpected(At(wanted.error(), place, wanted.error().field));
    if (auto changed = ChangeRow(change, table, *wanted); !changed)
      return std::unexpected(At(std::move(changed).error(), place));
    ++count;
  }
  return count;
}

base::Result<std::int64_t> DeleteRows(Change& change, const TableDefinition& table, std::string_view ids) {
  std::int64_t count = 0;
  while (true) {
    const auto end = std::min(ids.find(','), ids.size());
    const auto id = ReadNumber(ids.substr(0, end));
    if (!id) return base::InvalidArgument("Not an id: " + Shown(ids.substr(0, end)), "ids");
    TARN_RETURN_IF_ERROR(RemoveRow(change, table, *id));
    ++count;
    if (end == ids.size()) return count;
    ids.remove_prefix(end + 1);
  }
}

}  // namespace tarn::tables
