#include "catalog/parametric_structure.h"

#include <algorithm>

#include "catalog/definitions.h"
#include "sql/text.h"

namespace tarn::catalog {

void AddParametricSchemas(const std::vector<store::ParametricTable>& tables, std::vector<std::string>& schemas) {
  for (const auto& table : tables) {
    const auto is_same = [&](const std::string& schema) { return sql::ToLower(schema) == sql::ToLower(table.schema); };
    if (std::ranges::none_of(schemas, is_same)) schemas.push_back(table.schema);
  }
  std::ranges::sort(schemas);
}

void AddParametricNames(const std::vector<store::ParametricTable>& tables, const std::string& schema,
                        std::vector<connector::TableName>& names) {
  for (const auto& table : tables) {
    if (!schema.empty() && sql::ToLower(table.schema) != sql::ToLower(schema)) continue;
    const connector::TableName name{.schema = table.schema, .table = table.table};
    std::erase_if(names, [&](const connector::TableName& other) { return IsSameTable(other, name); });
    names.push_back(name);
  }
  std::ranges::sort(names);
}

connector::TableInfo DescribeParametric(const store::ParametricTable& table, connector::TableInfo from) {
  from.name = {.schema = table.schema, .table = table.table};
  from.key.clear();
  from.estimated_rows = -1;
  for (auto& column : from.columns) column.unique = false;
  return from;
}

}  // namespace tarn::catalog
