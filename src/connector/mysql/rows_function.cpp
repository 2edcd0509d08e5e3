#include "connector/mysql/rows_function.h"

#include <algorithm>
#include <duckdb.hpp>
#include <duckdb/main/extension/extension_loader.hpp>
#include <duckdb/optimizer/optimizer_extension.hpp>
#include <duckdb/parser/parsed_data/create_table_function_info.hpp>
#include <duckdb/planner/operator/logical_get.hpp>
#include <mutex>
#include <thread>

#include "connector/engine_text.h"
#include "connector/mysql/cell_reader.h"
#include "connector/mysql/readers.h"
#include "connector/mysql/types.h"
#include "connector/remote_condition.h"
#include "engine/duck/expansion.h"

namespace tarn::connector::mysql {
namespace {

constexpr const char* kFunction = "tarn_mysql_rows";
constexpr std::string_view kMark = "/*read ";
constexpr std::string_view kMarkEnd = "*/";
constexpr std::size_t kBatchBytes = std::size_t{16} << 20;
constexpr duckdb::idx_t kMostThreads = 4;
constexpr ConditionStyle kStyle = {.text_order = {}, .null_times = false};

struct Column {
  std::string name;    // the source's
  std::string remote;  // the expression to select
  duckdb::LogicalType type;
};

// What the arguments of a call say: (token, alias, mark, table, rows, [source name], [filter], [remote], [type]).
struct Scan final : duckdb::TableFunctionData {
  std::string token;
  std::string alias;
  std::string mark;
  std::string table;  // quoted, with its schema
  std::int64_t rows = -1;
  std::vector<Column> columns;
  std::vector<RemoteColumn> filters;  // by column
  std::string where;

  // The statement for some of the columns, by their places.
  [[nodiscard]] std::string Sql(const std::vector<duckdb::column_t>& places) const {
    std::string list;
    for (const auto place : places) {
      if (place < columns.size()) list += fmt::format("{}{}", list.empty() ? "" : ", ", columns[place].remote);
    }
    return fmt::format("SELECT {} FROM {}{}", list.empty() ? "1" : list, table, where);
  }
};

std::vector<std::string> TextsOf(const duckdb::Value& list) {
  std::vector<std::string> texts;
  for (const auto& value : duckdb::ListValue::GetChildren(list)) texts.push_back(duckdb::StringValue::Get(value));
  return texts;
}

duckdb::unique_ptr<duckdb::FunctionData> Bind(duckdb::ClientContext& context, duckdb::TableFunctionBindInput& input,
                                              duckdb::vector<duckdb::LogicalType>& types,
                                              duckdb::vector<duckdb::string>& names) {
  auto scan = duckdb::make_uniq<Scan>();
  scan->token = duckdb::StringValue::Get(input.inputs[0]);
  scan->alias = duckdb::StringValue::Get(input.inputs[1]);
  scan->mark = duckdb::StringValue::Get(input.inputs[2]);
  scan->table = duckdb::StringValue::Get(input.inputs[3]);
  scan->rows = input.inputs[4].GetValue<std::int64_t>();
  const auto source_names = TextsOf(input.inputs[5]);
  const auto filters = TextsOf(input.inputs[6]);
  const auto remotes = TextsOf(input.inputs[7]);
  const auto engine_types = TextsOf(input.inputs[8]);
  for (std::size_t i = 0; i < source_names.size(); ++i) {
    auto type = duckdb::TransformStringToLogicalType(engine_types[i], context);
    types.push_back(type);
    names.push_back(fmt::format("c{}", i));
    scan->columns.push_back({.name = source_names[i], .remote = remotes[i], .type = std::move(type)});
    scan->filters.push_back({.source_name = source_names[i], .filter = static_cast<Filter>(filters[i].front())});
  }
  return scan;
}

// One statement at the server; threads take its rows in turn.
class Running final : public duckdb::GlobalTableFunctionState {
 public:
  Running(const Scan& scan, std::vector<duckdb::column_t> places, duckdb::idx_t threads)
      : places_(std::move(places)), threads_(std::min(threads, kMostThreads)) {
    const auto reader = FindReader(scan.token);
    if (reader == nullptr) throw duckdb::IOException("The MySQL source is not attached");
    auto connection = reader->Take();
    if (!connection) throw duckdb::IOException("MySQL: " + connection.error().message);
    connection_ = *std::move(connection);
    if (!scan.mark.empty()) running_.emplace(scan.mark, connection_);
    if (const auto started = connection_->Start(scan.Sql(places_)); !started) Throw(started.error());
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() override { connection_->Finish(); }

  duckdb::idx_t MaxThreads() const override { return threads_; }

  // The next rows; none at the end. `batch` keeps its memory.
  void Fetch(CellBatch& batch) {
    batch.text.clear();
    batch.rows = 0;
    batch.columns.resize(places_.size());
    for (auto& column : batch.columns) column.resize(STANDARD_VECTOR_SIZE);
    const std::scoped_lock lock(mutex_);
    if (ended_) return;
    while (batch.rows < STANDARD_VECTOR_SIZE && batch.text.size() < kBatchBytes) {
      const auto cells = connection_->Next();
      if (!cells) Throw(cells.error());
      if (cells->values == nullptr) {
        ended_ = true;
        return;
      }
      Add(*cells, batch);
    }
  }

  [[nodiscard]] const std::vector<duckdb::column_t>& places() const { return places_; }

 private:
  void Add(const Connection::Cells& cells, CellBatch& batch) const {
    std::size_t cell = 0;  // virtual columns are not asked for
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (duckdb::IsVirtualColumn(places_[i])) continue;
      auto& to = batch.columns[i][batch.rows];
      if (cells.values[cell] == nullptr) {
        to = {.begin = 0, .length = CellBatch::kNull};
      } else {
        to = {.begin = static_cast<std::uint32_t>(batch.text.size()),
              .length = static_cast<std::uint32_t>(cells.lengths[cell])};
        batch.text.append(cells.values[cell], cells.lengths[cell]);
      }
      ++cell;
    }
    ++batch.rows;
  }

  [[noreturn]] static void Throw(const base::Error& error) {
    if (error.message.find("42S02") != std::string::npos || error.message.find("42S22") != std::string::npos)
      engine::Fail("TABLE_CHANGED", "A table of the source has changed; a moment later its new structure is known");
    throw duckdb::IOException("MySQL: " + error.message);
  }

  const std::vector<duckdb::column_t> places_;
  const duckdb::idx_t threads_;
  std::shared_ptr<Connection> connection_;
  std::optional<RunningScan> running_;
  std::mutex mutex_;
  bool ended_ = false;
};

struct Local final : duckdb::LocalTableFunctionState {
  CellBatch batch;
};

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> InitGlobal(duckdb::ClientContext& context,
                                                                duckdb::TableFunctionInitInput& input) {
  const auto threads = duckdb::TaskScheduler::GetScheduler(context).NumberOfThreads();
  return duckdb::make_uniq<Running>(input.bind_data->Cast<Scan>(),
                                    std::vector<duckdb::column_t>(input.column_ids.begin(), input.column_ids.end()),
                                    static_cast<duckdb::idx_t>(threads));
}

duckdb::unique_ptr<duckdb::LocalTableFunctionState> InitLocal(duckdb::ExecutionContext&,
                                                              duckdb::TableFunctionInitInput&,
                                                              duckdb::GlobalTableFunctionState*) {
  return duckdb::make_uniq<Local>();
}

void Read(duckdb::ClientContext&, duckdb::TableFunctionInput& input, duckdb::DataChunk& out) {
  const auto& scan = input.bind_data->Cast<Scan>();
  auto& running = input.global_state->Cast<Running>();
  auto& batch = input.local_state->Cast<Local>().batch;
  running.Fetch(batch);
  for (std::size_t i = 0; i < running.places().size(); ++i) {
    const auto place = running.places()[i];
    if (duckdb::IsVirtualColumn(place)) {
      out.data[i].Sequence(0, 0, batch.rows);
    } else {
      ReadCells(batch, i, scan.columns[place].name, out.data[i]);
    }
  }
  out.SetCardinality(batch.rows);
}

void PushFilters(duckdb::ClientContext&, duckdb::LogicalGet& get, duckdb::FunctionData* data,
                 duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& filters) {
  auto& scan = data->Cast<Scan>();
  scan.where = WhereClause(get, scan.filters, kStyle, filters);  // the filters stay: the engine applies them, too
}

duckdb::unique_ptr<duckdb::NodeStatistics> Cardinality(duckdb::ClientContext&, const duckdb::FunctionData* data) {
  const auto rows = data->Cast<Scan>().rows;
  if (rows < 0) return nullptr;
  return duckdb::make_uniq<duckdb::NodeStatistics>(static_cast<duckdb::idx_t>(std::max<std::int64_t>(rows, 1)));
}

// EXPLAIN shows the text that goes to a source, and which source it is.
void ShowTexts(duckdb::LogicalOperator& node) {
  if (node.type == duckdb::LogicalOperatorType::LOGICAL_GET) {
    auto& get = node.Cast<duckdb::LogicalGet>();
    if (get.function.name == kFunction) {
      const auto& scan = get.bind_data->Cast<Scan>();
      std::vector<duckdb::column_t> places;
      for (const auto& id : get.GetColumnIds()) places.push_back(id.GetPrimaryIndex());
      get.extra_info.file_filters = scan.alias + "\n" + scan.Sql(places);
    }
  }
  for (auto& child : node.children) ShowTexts(*child);
}

template <class Part>
std::string ListOf(const TableInfo& table, const Part& part) {
  std::string list;
  for (const auto& column : table.columns)
    list += fmt::format("{}{}", list.empty() ? "" : ", ", Literal(part(column, MapType(column.source_type))));
  return "[" + list + "]";
}

}  // namespace

void InstallRowsFunction(duckdb::DatabaseInstance& instance) {
  using duckdb::LogicalType;
  const auto texts = LogicalType::LIST(LogicalType::VARCHAR);
  duckdb::TableFunction function(kFunction,
                                 {LogicalType::VARCHAR, LogicalType::VARCHAR, LogicalType::VARCHAR,
                                  LogicalType::VARCHAR, LogicalType::BIGINT, texts, texts, texts, texts},
                                 Read, Bind, InitGlobal, InitLocal);
  function.projection_pushdown = true;
  function.pushdown_complex_filter = PushFilters;
  function.cardinality = Cardinality;
  duckdb::CreateTableFunctionInfo info(std::move(function));
  info.on_conflict = duckdb::OnCreateConflict::IGNORE_ON_CONFLICT;
  duckdb::ExtensionLoader loader(instance, "tarn");
  loader.RegisterFunction(std::move(info));
}

void ShowRemoteTexts(duckdb::DatabaseInstance& instance) {
  duckdb::OptimizerExtension extension;
  extension.optimize_function = [](duckdb::OptimizerExtensionInput&,
                                   duckdb::unique_ptr<duckdb::LogicalOperator>& plan) { ShowTexts(*plan); };
  duckdb::OptimizerExtension::Register(duckdb::DBConfig::GetConfig(instance), std::move(extension));
}

std::string RowsRelation(const TableInfo& table, const std::string& token, const std::string& alias,
                         const std::string& mark) {
  std::string shown;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto& column = table.columns[i];
    const auto value = column.engine_type == "JSON" ? fmt::format("trino_json_parse(c{})", i) : fmt::format("c{}", i);
    shown += fmt::format("{}{} AS {}", i == 0 ? "" : ", ", value, Name(column.name));
  }
  return fmt::format(
      "(SELECT {} FROM {}({}, {}, {}, {}, {}, {}, {}, {}, {}))", shown, kFunction, Literal(token), Literal(alias),
      Literal(mark.empty() ? "" : fmt::format("{}{}{}", kMark, mark, kMarkEnd)),
      Literal(fmt::format("{}.{}", Name(table.name.schema), Name(table.name.table))), table.estimated_rows,
      ListOf(table, [](const ColumnInfo& column, const TypeMapping&) { return column.source_name; }),
      ListOf(table, [](const ColumnInfo&,
                       const TypeMapping& mapping) { return std::string(1, static_cast<char>(mapping.filter)); }),
      ListOf(table,
             [](const ColumnInfo& column, const TypeMapping& mapping) {
               return Fill(mapping.remote, {{"{c}", Name(column.source_name)}});
             }),
      ListOf(table, [](const ColumnInfo& column, const TypeMapping&) {
        return column.engine_type == "JSON" ? std::string("VARCHAR") : column.engine_type;
      }));
}

std::string MarkOf(const std::string& relation) {
  const auto begin = relation.find(kMark);
  const auto end = begin == std::string::npos ? begin : relation.find(kMarkEnd, begin);
  if (end == std::string::npos) return {};
  return relation.substr(begin, end + kMarkEnd.size() - begin);
}

}  // namespace tarn::connector::mysql
