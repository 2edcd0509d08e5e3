// EXPLAIN: which tables a query reads and what serves each, and the SQL that the engine runs, with tables under their
// names: how a source is reached is never shown.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <chrono>

#include "query/statement_call.h"

namespace tarn::query {

namespace {

constexpr base::SqlPosition kStart{};

// Resolves as the statement itself does, and remembers what serves each table.
class ExplainResolver final : public sql::TableResolver {
 public:
  explicit ExplainResolver(ProjectResolver resolver) : resolver_(std::move(resolver)) {}

  [[nodiscard]] base::Result<sql::ResolvedTable> Resolve(const sql::QualifiedName& name) override {
    return ResolveFiltered(name, {});
  }
  [[nodiscard]] base::Result<sql::ResolvedTable> ResolveFiltered(
      const sql::QualifiedName& name, const std::vector<sql::ColumnFilter>& filters) override {
    const auto copies = resolver_.copies();
    TARN_ASSIGN_OR_RETURN(auto table, resolver_.ResolveFiltered(name, filters));
    if (table.view_text) {
      served_[Spelled(name)] = "view";
    } else {
      if (!served_.contains(Spelled(name))) served_[Spelled(name)] = resolver_.copies() > copies ? "copy" : "live";
      table.engine_sql = sql::QuoteIdentifier(name.catalog) + "." + sql::QuoteIdentifier(name.schema) + "." +
                         sql::QuoteIdentifier(name.table);
    }
    return table;
  }

  [[nodiscard]] const std::map<std::string, std::string>& served() const { return served_; }

 private:
  ProjectResolver resolver_;
  std::map<std::string, std::string> served_;
};

struct Plan {
  sql::Translation translation;
  std::map<std::string, std::string> served;
};

base::Result<Plan> PlanOf(const StatementCall& call, const sql::Query& query) {
  ExplainResolver resolver(call.Resolver());
  TARN_ASSIGN_OR_RETURN(auto translation, sql::TranslateQuery(query, call.session, resolver, call.arguments));
  return Plan{.translation = std::move(translation), .served = resolver.served()};
}

std::string PlanText(const Plan& plan) {
  std::string text = "Tarn\n";
  for (const auto& [table, by] : plan.served)
    text += fmt::format("Table {}: {}\n", table,
                        by == "copy"   ? "read from its copy"
                        : by == "view" ? "a view"
                                       : "read from its source");
  std::string columns;
  for (const auto& column : plan.translation.columns)
    columns += (columns.empty() ? "" : ", ") + column.name + (column.type.empty() ? "" : ":" + column.type);
  return text + "Output [" + columns + "]\nEngine: " + plan.translation.engine_sql + "\n";
}

std::string PlanJson(const Plan& plan) {
  boost::json::array outputs, tables;
  for (const auto& column : plan.translation.columns)
    outputs.push_back(boost::json::object{{"type", column.type}, {"name", column.name}});
  for (const auto& [table, by] : plan.served)
    tables.push_back(boost::json::object{{"id", table},
                                         {"name", "TableScan"},
                                         {"descriptor", boost::json::object{{"table", table}, {"served", by}}},
                                         {"outputs", boost::json::array{}},
                                         {"details", boost::json::array{}},
                                         {"estimates", boost::json::array{}},
                                         {"children", boost::json::array{}}});
  boost::json::object output{{"id", "0"},
                             {"name", "Output"},
                             {"descriptor", boost::json::object{}},
                             {"outputs", outputs},
                             {"details", boost::json::array{plan.translation.engine_sql}},
                             {"estimates", boost::json::array{}},
                             {"children", tables}};
  return boost::json::serialize(boost::json::object{{"0", output}});
}

std::string InputText(const Plan& plan) {
  const boost::json::object unknown{{"outputRowCount", "NaN"},
                                    {"outputSizeInBytes", "NaN"},
                                    {"cpuCost", "NaN"},
                                    {"maxMemory", "NaN"},
                                    {"networkCost", "NaN"}};
  boost::json::array tables;
  for (const auto& name : plan.translation.tables) {
    if (plan.served.contains(Spelled(name)) && plan.served.at(Spelled(name)) == "view") continue;
    tables.push_back(boost::json::object{
        {"table",
         boost::json::object{{"catalog", name.catalog},
                             {"schemaTable", boost::json::object{{"schema", name.schema}, {"table", name.table}}}}},
        {"constraint", boost::json::object{{"none", false}, {"columnConstraints", boost::json::array{}}}},
        {"estimate", unknown}});
  }
  return boost::json::serialize(boost::json::object{{"inputTableColumnInfos", tables}, {"estimate", unknown}});
}

const sql::Query* QueryOf(const sql::Statement& statement) {
  if (statement.query) return statement.query.get();
  if (const auto* insert = std::get_if<sql::Insert>(&statement.body)) return insert->query.get();
  if (const auto* create = std::get_if<sql::CreateTable>(&statement.body)) return create->query.get();
  return nullptr;
}

StatementResult AnswerText(const StatementCall& call, std::string text, bool sized) {
  std::size_t length = 0;
  for (const char c : text) length += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return AnswerRows(
      call, {.columns = {{"Query Plan",
                          sized ? "varchar(" + std::to_string(std::max<std::size_t>(length, 1)) + ")" : "varchar"}},
             .rows = {{std::move(text)}}});
}

StatementResult RunAnalyze(const StatementCall& call, const sql::Explain& explain) {
  if (!explain.statement->query) return Unsupported("EXPLAIN ANALYZE is supported for queries", kStart);
  TARN_ASSIGN_OR_RETURN(const auto plan, PlanOf(call, *explain.statement->query));
  const auto started = std::chrono::steady_clock::now();
  TARN_ASSIGN_OR_RETURN(const auto running, RunQuery(call, *explain.statement->query));
  const auto first = std::chrono::steady_clock::now();
  std::size_t rows = 0;
  for (;;) {
    TARN_ASSIGN_OR_RETURN(const auto chunk, running->Next());
    if (!chunk) break;
    rows += chunk->rows();
  }
  const auto milliseconds = [](auto time) { return std::chrono::duration<double, std::milli>(time).count(); };
  const auto ended = std::chrono::steady_clock::now();
  auto text = PlanText(plan) + fmt::format("Start: {:.2f}ms, Execution: {:.2f}ms, Output: {} rows\n",
                                           milliseconds(first - started), milliseconds(ended - first), rows);
  return AnswerText(call, std::move(text), false);
}

}  // namespace

StatementResult RunExplain(const StatementCall& call, const sql::Explain& explain) {
  if (explain.analyze) return RunAnalyze(call, explain);
  const auto* query = QueryOf(*explain.statement);
  const auto type = explain.type.value_or("DISTRIBUTED");
  if (explain.format == "GRAPHVIZ") return Unsupported("EXPLAIN with FORMAT GRAPHVIZ is not supported", kStart);
  if (query == nullptr) {
    if (type == "VALIDATE") return AnswerRows(call, {.columns = {{"Valid", "boolean"}}, .rows = {{"true"}}});
    return AnswerText(call, explain.statement->kind + "\n", true);
  }
  TARN_ASSIGN_OR_RETURN(const auto plan, PlanOf(call, *query));
  if (type == "VALIDATE") return AnswerRows(call, {.columns = {{"Valid", "boolean"}}, .rows = {{"true"}}});
  if (type == "IO") return AnswerText(call, InputText(plan), true);
  return AnswerText(call, explain.format == "JSON" ? PlanJson(plan) : PlanText(plan), true);
}

}  // namespace tarn::query
