#include "tables/row_scan.h"

#include <unordered_map>

#include "tables/stored_value.h"

namespace tarn::tables {

namespace {

using engine::Cell;

struct Batch {
  std::int64_t at = 0;
  std::string user;
  std::string session;
};

// What is taken from the stored row for one column of the scan.
struct Taken {
  std::optional<ColumnType> type;  // a column of the definition
  SystemColumn system = SystemColumn::kId;
  int place = 0;  // in the statement's row
};

bool IsOfBatch(SystemColumn column) { return column != SystemColumn::kId && column != SystemColumn::kVersion; }

// The batch that the created or the last modifying change of a row is kept as.
std::string StoredSystem(SystemColumn column) {
  switch (column) {
    case SystemColumn::kId: return "\"id\"";
    case SystemColumn::kVersion: return "\"v\"";
    case SystemColumn::kCreatedTime:
    case SystemColumn::kCreatedBy: return "\"c\"";
    default: return "coalesce(\"m\", \"c\")";
  }
}

class StoredRows final : public engine::RowScan {
 public:
  StoredRows(std::mutex& mutex, Statement statement, std::vector<Taken> taken,
             std::unordered_map<std::int64_t, Batch> batches)
      : mutex_(mutex), statement_(std::move(statement)), taken_(std::move(taken)), batches_(std::move(batches)) {}

  ~StoredRows() override {
    const std::lock_guard lock(mutex_);
    const Statement ended(std::move(statement_));
  }

  base::Result<std::size_t> Next(std::size_t most, engine::CellSink& sink) override {
    const std::lock_guard lock(mutex_);
    std::size_t row = 0;
    for (; row < most && !over_; ++row) {
      TARN_ASSIGN_OR_RETURN(const bool found, statement_.Step());
      if (!found) {
        over_ = true;
        break;
      }
      for (std::size_t column = 0; column < taken_.size(); ++column) sink.Put(row, column, Value(taken_[column]));
    }
    return row;
  }

 private:
  [[nodiscard]] Cell Value(const Taken& taken) const {
    if (taken.type) return StoredValue(statement_, taken.place, *taken.type);
    const auto number = statement_.Integer(taken.place);
    if (!IsOfBatch(taken.system)) return Cell::Number(number);
    const auto batch = batches_.find(number);
    if (batch == batches_.end()) return {};
    switch (taken.system) {
      case SystemColumn::kCreatedTime:
      case SystemColumn::kModifiedTime: return Cell::Number(batch->second.at);
      case SystemColumn::kSession: return Cell::Text(batch->second.session);
      default: return Cell::Text(batch->second.user);
    }
  }

  std::mutex& mutex_;
  Statement statement_;
  std::vector<Taken> taken_;
  std::unordered_map<std::int64_t, Batch> batches_;
  bool over_ = false;
};

base::Result<std::unordered_map<std::int64_t, Batch>> ReadBatches(Connection& connection) {
  std::unordered_map<std::int64_t, Batch> batches;
  TARN_ASSIGN_OR_RETURN(auto rows, connection.Prepare("SELECT id, at, user, session FROM batches"));
  for (;;) {
    TARN_ASSIGN_OR_RETURN(const bool found, rows.Step());
    if (!found) return batches;
    batches.emplace(
        rows.Integer(0),
        Batch{.at = rows.Integer(1), .user = std::string(rows.Text(2)), .session = std::string(rows.Text(3))});
  }
}

}  // namespace

base::Result<std::unique_ptr<engine::RowScan>> OpenRowScan(Connection& connection, std::mutex& mutex,
                                                           const TableDefinition& table,
                                                           const std::vector<std::size_t>& columns) {
  const auto system = SystemColumnsOf(table.kind);
  std::string list;
  std::vector<Taken> taken;
  bool needs_batches = false;
  for (const auto column : columns) {
    const auto place = static_cast<int>(taken.size());
    list += place == 0 ? "" : ", ";
    if (column < table.columns.size()) {
      list += StoredColumn(table.columns[column]);
      taken.push_back({.type = table.columns[column].type, .place = place});
      continue;
    }
    if (column - table.columns.size() >= system.size()) return base::Internal("A scan asks for an unknown column");
    const auto known = system[column - table.columns.size()].column;
    list += StoredSystem(known);
    taken.push_back({.type = std::nullopt, .system = known, .place = place});
    needs_batches = needs_batches || IsOfBatch(known);
  }
  std::unordered_map<std::int64_t, Batch> batches;
  if (needs_batches) {
    TARN_ASSIGN_OR_RETURN(batches, ReadBatches(connection));
  }
  TARN_ASSIGN_OR_RETURN(auto statement,
                        connection.Prepare("SELECT " + (list.empty() ? "1" : list) + " FROM " + StoredTable(table)));
  return std::make_unique<StoredRows>(mutex, std::move(statement), std::move(taken), std::move(batches));
}

}  // namespace tarn::tables
