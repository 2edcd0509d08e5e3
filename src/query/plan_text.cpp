#include "query/plan_text.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "query/statement_call.h"

namespace tarn::query {

namespace {

std::string_view Words(ServedTable::By by) {
  switch (by) {
    case ServedTable::By::kSource: return "read from its source";
    case ServedTable::By::kCopy: return "read from its copy";
    case ServedTable::By::kView: return "a view";
    case ServedTable::By::kTarn: return "made by Tarn";
  }
  return "read from its source";
}

std::string Described(const std::string& name, const ServedTable& table) {
  std::string text = fmt::format("{}: {}", name, Words(table.by));
  if (!table.catalog_type.empty()) text += fmt::format(" ({})", table.catalog_type);
  if (table.rows >= 0) text += fmt::format(", {} rows", table.rows);
  return text;
}

std::string Outputs(const Plan& plan) {
  std::string columns;
  for (const auto& column : plan.translation.columns)
    columns += (columns.empty() ? "" : ", ") + column.name + (column.type.empty() ? "" : ":" + column.type);
  return columns;
}

boost::json::array Estimates(double rows) {
  return {boost::json::object{{"outputRowCount", rows < 0 ? boost::json::value("NaN") : boost::json::value(rows)},
                              {"outputSizeInBytes", "NaN"},
                              {"cpuCost", "NaN"},
                              {"memoryCost", "NaN"},
                              {"networkCost", "NaN"}}};
}

boost::json::object InputEstimate(double rows) {
  return {{"outputRowCount", rows < 0 ? boost::json::value("NaN") : boost::json::value(rows)},
          {"outputSizeInBytes", "NaN"},
          {"cpuCost", "NaN"},
          {"maxMemory", "NaN"},
          {"networkCost", "NaN"}};
}

std::string GraphLabel(std::string_view text) {
  std::string label;
  for (const char c : text) label += c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
  return label;
}

}  // namespace

std::string PlanText(const Plan& plan) {
  std::string text = "Tarn\n";
  for (const auto& [name, table] : plan.served) text += "Table " + Described(name, table) + "\n";
  text += "Output [" + Outputs(plan) + "]\n";
  for (const auto& sent : plan.sent) text += fmt::format("Source {}: {}\n", sent.catalog, sent.text);
  return text + "Engine: " + plan.translation.engine_sql + "\n";
}

std::string PlanJson(const Plan& plan) {
  boost::json::array outputs, children;
  for (const auto& column : plan.translation.columns)
    outputs.push_back(boost::json::object{{"type", column.type}, {"name", column.name}});
  std::size_t id = 0;
  for (const auto& [name, table] : plan.served) {
    children.push_back(
        boost::json::object{{"id", std::to_string(++id)},
                            {"name", "TableScan"},
                            {"descriptor", boost::json::object{{"table", name}, {"served", Words(table.by)}}},
                            {"outputs", boost::json::array{}},
                            {"details", boost::json::array{}},
                            {"estimates", Estimates(static_cast<double>(table.rows))},
                            {"children", boost::json::array{}}});
  }
  for (const auto& sent : plan.sent) {
    children.push_back(boost::json::object{{"id", std::to_string(++id)},
                                           {"name", "SourceQuery"},
                                           {"descriptor", boost::json::object{{"catalog", sent.catalog}}},
                                           {"outputs", boost::json::array{}},
                                           {"details", boost::json::array{boost::json::value(sent.text)}},
                                           {"estimates", boost::json::array{}},
                                           {"children", boost::json::array{}}});
  }
  boost::json::object output{{"id", "0"},
                             {"name", "Output"},
                             {"descriptor", boost::json::object{{"columnNames", "[" + Outputs(plan) + "]"}}},
                             {"outputs", outputs},
                             {"details", boost::json::array{boost::json::value(plan.translation.engine_sql)}},
                             {"estimates", boost::json::array{}},
                             {"children", children}};
  return boost::json::serialize(boost::json::object{{"0", output}});
}

std::string PlanGraph(const Plan& plan) {
  std::string text = "digraph logical_plan {\n  output [label=\"Output[" + GraphLabel(Outputs(plan)) + "]\"];\n";
  std::size_t id = 0;
  for (const auto& [name, table] : plan.served) {
    ++id;
    text +=
        fmt::format("  table_{0} [label=\"{1}\"];\n  output -> table_{0};\n", id, GraphLabel(Described(name, table)));
  }
  return text + "}\n";
}

std::string InputText(const Plan& plan) {
  boost::json::array tables;
  for (const auto& name : plan.translation.tables) {
    const auto served = plan.served.find(Spelled(name));
    if (served != plan.served.end() && served->second.by == ServedTable::By::kView) continue;
    const auto rows = served == plan.served.end() ? -1.0 : static_cast<double>(served->second.rows);
    tables.push_back(boost::json::object{
        {"table",
         boost::json::object{{"catalog", name.catalog},
                             {"schemaTable", boost::json::object{{"schema", name.schema}, {"table", name.table}}}}},
        {"constraint", boost::json::object{{"none", false}, {"columnConstraints", boost::json::array{}}}},
        {"estimate", InputEstimate(rows)}});
  }
  return boost::json::serialize(boost::json::object{
      {"inputTableColumnInfos", tables}, {"estimate", InputEstimate(static_cast<double>(plan.estimated_rows))}});
}

}  // namespace tarn::query
