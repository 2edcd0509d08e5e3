#include "connector/postgres/pushdown.h"

#include <duckdb.hpp>
#include <duckdb/optimizer/optimizer_extension.hpp>
#include <duckdb/parser/tableref/table_function_ref.hpp>
#include <duckdb/planner/binder.hpp>
#include <duckdb/planner/operator/logical_filter.hpp>
#include <duckdb/planner/operator/logical_get.hpp>

#include "connector/postgres/remote_query.h"
#include "connector/remote_condition.h"
#include "engine/duck/instance.h"

namespace tarn::connector::postgres {
namespace {

std::optional<RemoteQuery> QueryOf(const duckdb::LogicalOperator& node) {
  if (node.type != duckdb::LogicalOperatorType::LOGICAL_GET) return std::nullopt;
  const auto& get = node.Cast<duckdb::LogicalGet>();
  if (get.function.name != "postgres_query" || get.parameters.size() < 2 || get.parameters[1].IsNull())
    return std::nullopt;
  return ReadRemoteQuery(get.parameters[1].ToString());
}

// Binds the scan again, to a narrower query with the same result columns.
void Rebind(duckdb::ClientContext& context, duckdb::LogicalGet& get, std::string sql) {
  auto parameters = get.parameters;
  parameters[1] = duckdb::Value(std::move(sql));
  auto binder = duckdb::Binder::CreateBinder(context);
  const duckdb::TableFunctionRef reference;
  duckdb::vector<duckdb::LogicalType> types;
  duckdb::vector<duckdb::string> names;
  duckdb::TableFunctionBindInput input(parameters, get.named_parameters, get.input_table_types, get.input_table_names,
                                       get.function.function_info.get(), binder.get(), get.function, reference);
  auto bound = get.function.bind(context, input, types, names);
  if (types != get.returned_types) throw duckdb::IOException("The source's table changed while the query was planned");
  get.bind_data = std::move(bound);
  get.parameters = std::move(parameters);
}

void PushFilter(duckdb::ClientContext& context, duckdb::LogicalFilter& filter) {
  auto& child = *filter.children[0];
  const auto query = QueryOf(child);
  if (!query) return;
  auto& get = child.Cast<duckdb::LogicalGet>();
  const auto conditions = WhereClause(get, query->columns, {.text_order = " COLLATE \"C\""}, filter.expressions);
  if (!conditions.empty()) Rebind(context, get, query->sql + conditions);
}

void PushFilters(duckdb::ClientContext& context, duckdb::LogicalOperator& node) {
  if (node.type == duckdb::LogicalOperatorType::LOGICAL_FILTER) PushFilter(context, node.Cast<duckdb::LogicalFilter>());
  for (auto& child : node.children) PushFilters(context, *child);
}

void EstimateRows(duckdb::LogicalOperator& node) {
  if (const auto query = QueryOf(node); query && query->rows >= 0) {
    node.has_estimated_cardinality = true;
    node.estimated_cardinality = static_cast<duckdb::idx_t>(std::max<std::int64_t>(query->rows, 1));
  }
  for (auto& child : node.children) EstimateRows(*child);
}

// EXPLAIN shows the text that goes to a source, and which source it is.
void ShowTexts(duckdb::LogicalOperator& node) {
  if (node.type == duckdb::LogicalOperatorType::LOGICAL_GET) {
    auto& get = node.Cast<duckdb::LogicalGet>();
    const bool remote = get.function.name == "postgres_query" || get.function.name == "sqlite_query";
    if (remote && get.parameters.size() >= 2 && !get.parameters[0].IsNull() && !get.parameters[1].IsNull()) {
      auto text = get.parameters[1].ToString();
      if (auto query = ReadRemoteQuery(text)) text = std::move(query->sql);
      if (const auto mark = MarkOf(text); !mark.empty()) text.erase(text.find(mark), mark.size() + 1);
      get.extra_info.file_filters = get.parameters[0].ToString() + "\n" + text;
    }
  }
  for (auto& child : node.children) ShowTexts(*child);
}

}  // namespace

void InstallPushdown(engine::Database& database) {
  duckdb::OptimizerExtension extension;
  extension.pre_optimize_function = [](duckdb::OptimizerExtensionInput&,
                                       duckdb::unique_ptr<duckdb::LogicalOperator>& plan) { EstimateRows(*plan); };
  extension.optimize_function = [](duckdb::OptimizerExtensionInput& input,
                                   duckdb::unique_ptr<duckdb::LogicalOperator>& plan) {
    PushFilters(input.context, *plan);
    ShowTexts(*plan);
  };
  duckdb::OptimizerExtension::Register(duckdb::DBConfig::GetConfig(*database.impl().instance->database.instance),
                                       std::move(extension));
}

}  // namespace tarn::connector::postgres
