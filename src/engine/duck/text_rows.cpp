#include "engine/duck/text_rows.h"

#include <duckdb/function/table_function.hpp>
#include <duckdb/main/extension/extension_loader.hpp>

#include "engine/types.h"

namespace tarn::engine {
namespace {

struct Sets final : duckdb::TableFunctionInfo {
  explicit Sets(std::shared_ptr<HeldRowSets> given) : sets(std::move(given)) {}
  std::shared_ptr<HeldRowSets> sets;
};

struct Bound final : duckdb::TableFunctionData {
  std::shared_ptr<const TextRows> rows;
};

struct Position final : duckdb::GlobalTableFunctionState {
  std::size_t next = 0;
};

duckdb::unique_ptr<duckdb::FunctionData> Bind(duckdb::ClientContext&, duckdb::TableFunctionBindInput& input,
                                              duckdb::vector<duckdb::LogicalType>& types,
                                              duckdb::vector<duckdb::string>& names) {
  auto bound = duckdb::make_uniq<Bound>();
  bound->rows =
      input.info->Cast<Sets>().sets->Find(static_cast<std::uint64_t>(input.inputs[0].GetValue<std::int64_t>()));
  if (!bound->rows) throw duckdb::InvalidInputException("The rows are no longer held");
  for (std::size_t i = 0; i < bound->rows->columns.size(); ++i) {
    types.push_back(duckdb::LogicalType::VARCHAR);
    names.push_back("c" + std::to_string(i));
  }
  return bound;
}

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> Begin(duckdb::ClientContext&, duckdb::TableFunctionInitInput&) {
  return duckdb::make_uniq<Position>();
}

void Read(duckdb::ClientContext&, duckdb::TableFunctionInput& input, duckdb::DataChunk& output) {
  const auto& rows = input.bind_data->Cast<Bound>().rows->rows;
  auto& next = input.global_state->Cast<Position>().next;
  const auto count = std::min<std::size_t>(STANDARD_VECTOR_SIZE, rows.size() - next);
  for (std::size_t column = 0; column < output.ColumnCount(); ++column) {
    auto& vector = output.data[column];
    auto* texts = duckdb::FlatVector::GetData<duckdb::string_t>(vector);
    for (std::size_t row = 0; row < count; ++row) {
      const auto& value = rows[next + row][column];
      if (value) {
        texts[row] = duckdb::StringVector::AddString(vector, *value);
      } else {
        duckdb::FlatVector::SetNull(vector, row, true);
      }
    }
  }
  next += count;
  output.SetCardinality(count);
}

std::string Quoted(const std::string& name) {
  std::string quoted = "\"";
  for (const char c : name) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

base::Result<HeldRows> HeldRowSets::Hold(TextRows rows) {
  std::string columns;
  for (std::size_t i = 0; i < rows.columns.size(); ++i) {
    TARN_ASSIGN_OR_RETURN(const auto type, EngineTypeOf(rows.columns[i].type));
    columns +=
        (i == 0 ? "" : ", ") + ("CAST(c" + std::to_string(i)) + " AS " + type + ") AS " + Quoted(rows.columns[i].name);
  }
  std::uint64_t number = 0;
  {
    const std::scoped_lock lock(mutex_);
    number = ++numbers_;
  }
  std::shared_ptr<const TextRows> held(new TextRows(std::move(rows)),
                                       [self = shared_from_this(), number](const TextRows* gone) {
                                         {
                                           const std::scoped_lock lock(self->mutex_);
                                           self->sets_.erase(number);
                                         }
                                         delete gone;
                                       });
  const std::scoped_lock lock(mutex_);
  sets_.emplace(number, held);
  return HeldRows{.hold = held, .relation = "(SELECT " + columns + " FROM tarn_rows(" + std::to_string(number) + "))"};
}

std::shared_ptr<const TextRows> HeldRowSets::Find(std::uint64_t number) const {
  const std::scoped_lock lock(mutex_);
  const auto found = sets_.find(number);
  return found == sets_.end() ? nullptr : found->second.lock();
}

void RegisterTextRows(duckdb::DatabaseInstance& instance, std::shared_ptr<HeldRowSets> sets) {
  duckdb::ExtensionLoader loader(instance, "tarn");
  duckdb::TableFunction function("tarn_rows", {duckdb::LogicalType::BIGINT}, Read, Bind, Begin);
  function.function_info = duckdb::make_shared_ptr<Sets>(std::move(sets));
  loader.RegisterFunction(function);
}

}  // namespace tarn::engine
