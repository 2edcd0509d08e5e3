#include "engine/duck/kept_rows.h"

#include <duckdb/common/constants.hpp>
#include <duckdb/function/table_function.hpp>
#include <duckdb/main/client_context_state.hpp>
#include <duckdb/main/extension/extension_loader.hpp>

#include "engine/duck/cell_vector.h"
#include "engine/duck/errors.h"
#include "engine/duck/logical_types.h"
#include "engine/types.h"

namespace tarn::engine {
namespace {

struct Keepers final : duckdb::TableFunctionInfo {
  explicit Keepers(std::shared_ptr<RowKeepers> given) : keepers(std::move(given)) {}
  std::shared_ptr<RowKeepers> keepers;
};

// The states that the running statement of a connection reads: what it names twice it sees once.
class StatementStates final : public duckdb::ClientContextState {
 public:
  std::shared_ptr<RowState> Of(const std::string& name, const RowKeepers& keepers) {
    const std::lock_guard lock(mutex_);
    auto& state = states_[name];
    if (state) return state;
    const auto rows = keepers.Find(name);
    if (!rows) throw duckdb::InvalidInputException(NotThere());
    auto now = rows->Now();
    if (!now) throw duckdb::InvalidInputException(TextOf(now.error()));
    return state = *std::move(now);
  }

  void QueryEnd(duckdb::ClientContext&) override {
    const std::lock_guard lock(mutex_);
    states_.clear();
  }

  static std::string NotThere() {
    return std::string(kNamedErrorPrefix) + "TABLE_CHANGED:A table was changed while the statement began";
  }
  static std::string TextOf(const base::Error& error) {
    if (error.kind == base::ErrorKind::kNotFound) return NotThere();
    return std::string(kNamedErrorPrefix) + "GENERIC_INTERNAL_ERROR:" + error.message;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<RowState>> states_;
};

struct Bound final : duckdb::TableFunctionData {
  std::shared_ptr<RowState> state;
  std::string table;
  std::int64_t rows = 0;
};

struct Scanning final : duckdb::GlobalTableFunctionState {
  std::shared_ptr<RowState> state;  // longer than the scan
  std::unique_ptr<RowScan> scan;
  std::vector<duckdb::idx_t> places;  // in the output, of the scan's columns
};

class ChunkSink final : public CellSink {
 public:
  ChunkSink(duckdb::DataChunk& chunk, const std::vector<duckdb::idx_t>& places) : chunk_(chunk), places_(places) {}
  void Put(std::size_t row, std::size_t column, const Cell& cell) override {
    SetCell(chunk_.data[places_[column]], row, cell);
  }

 private:
  duckdb::DataChunk& chunk_;
  const std::vector<duckdb::idx_t>& places_;
};

duckdb::unique_ptr<duckdb::FunctionData> Bind(duckdb::ClientContext& context, duckdb::TableFunctionBindInput& input,
                                              duckdb::vector<duckdb::LogicalType>& types,
                                              duckdb::vector<duckdb::string>& names) {
  const auto& keepers = *input.info->Cast<Keepers>().keepers;
  auto bound = duckdb::make_uniq<Bound>();
  const auto states = context.registered_state->GetOrCreate<StatementStates>("tarn_kept_rows");
  bound->state = states->Of(input.inputs[0].GetValue<std::string>(), keepers);
  bound->table = input.inputs[1].GetValue<std::string>();
  const auto layout = bound->state->LayoutOf(bound->table);
  if (!layout) throw duckdb::InvalidInputException(StatementStates::TextOf(layout.error()));
  if (layout->mark != input.inputs[2].GetValue<std::string>())
    throw duckdb::InvalidInputException(StatementStates::NotThere());
  for (const auto& column : layout->columns) {
    const auto type = EngineTypeOf(column.type);
    if (!type) throw duckdb::InvalidInputException(StatementStates::TextOf(type.error()));
    types.push_back(duckdb::TransformStringToLogicalType(*type, context));
    names.push_back(column.name);
  }
  bound->rows = layout->rows;
  return bound;
}

duckdb::unique_ptr<duckdb::NodeStatistics> Cardinality(duckdb::ClientContext&, const duckdb::FunctionData* data) {
  return duckdb::make_uniq<duckdb::NodeStatistics>(static_cast<duckdb::idx_t>(data->Cast<Bound>().rows));
}

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> Begin(duckdb::ClientContext&,
                                                           duckdb::TableFunctionInitInput& input) {
  const auto& bound = input.bind_data->Cast<Bound>();
  auto scanning = duckdb::make_uniq<Scanning>();
  std::vector<std::size_t> columns;
  for (duckdb::idx_t place = 0; place < input.column_ids.size(); ++place) {
    if (duckdb::IsVirtualColumn(input.column_ids[place])) continue;  // only the number of rows is asked for
    columns.push_back(input.column_ids[place]);
    scanning->places.push_back(place);
  }
  scanning->state = bound.state;
  auto scan = bound.state->Scan(bound.table, columns);
  if (!scan) throw duckdb::InvalidInputException(StatementStates::TextOf(scan.error()));
  scanning->scan = *std::move(scan);
  return scanning;
}

void Read(duckdb::ClientContext&, duckdb::TableFunctionInput& input, duckdb::DataChunk& output) {
  auto& scanning = input.global_state->Cast<Scanning>();
  ChunkSink sink(output, scanning.places);
  const auto count = scanning.scan->Next(STANDARD_VECTOR_SIZE, sink);
  if (!count) throw duckdb::InvalidInputException(StatementStates::TextOf(count.error()));
  output.SetCardinality(*count);
}

}  // namespace

void RowKeepers::Put(const std::string& name, std::weak_ptr<KeptRows> rows) {
  const std::lock_guard lock(mutex_);
  std::erase_if(keepers_, [](const auto& entry) { return entry.second.expired(); });
  keepers_.insert_or_assign(name, std::move(rows));
}

std::shared_ptr<KeptRows> RowKeepers::Find(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = keepers_.find(name);
  return found == keepers_.end() ? nullptr : found->second.lock();
}

void RegisterKeptRows(duckdb::DatabaseInstance& instance, std::shared_ptr<RowKeepers> keepers) {
  duckdb::ExtensionLoader loader(instance, "tarn");
  duckdb::TableFunction function(
      "tarn_kept_rows", {duckdb::LogicalType::VARCHAR, duckdb::LogicalType::VARCHAR, duckdb::LogicalType::VARCHAR},
      Read, Bind, Begin);
  function.projection_pushdown = true;
  function.cardinality = Cardinality;
  function.function_info = duckdb::make_shared_ptr<Keepers>(std::move(keepers));
  loader.RegisterFunction(function);
}

}  // namespace tarn::engine
