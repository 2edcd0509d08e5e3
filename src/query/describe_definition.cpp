// The columns of what a query stands for, without reading its rows.
#include "query/statement_call.h"

namespace tarn::query {

base::Result<connector::TableInfo> DescribeDefinition(ExecutorParts& parts, const catalog::Definition& definition,
                                                      const connector::TableName& name,
                                                      const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto parsed, sql::Parse(definition.text));
  if (!parsed.IsQuery() || parsed.parameter_count() > 0)
    return base::FailedPrecondition("The table is not made of a query without parameters", "INVALID_VIEW");
  ProjectResolver resolver(parts.catalogs, parts.saved_query, definition.project_id, limits, &parts);
  TARN_ASSIGN_OR_RETURN(const auto translation, sql::Translate(parsed, {}, resolver));
  const auto held = resolver.TakeHeld();
  TARN_ASSIGN_OR_RETURN(
      const auto rows,
      parts.engine.Run({.sql = "SELECT * FROM (" + translation.engine_sql + ") LIMIT 0", .on_stop = held.Stop()},
                       limits));
  connector::TableInfo table{.name = name, .columns = {}, .key = {}};
  const auto& columns = rows->columns();
  for (std::size_t i = 0; i < translation.columns.size() && i < columns.size(); ++i) {
    const auto& known = translation.columns[i];
    const auto& type = known.type.empty() ? columns[i].type : known.type;
    table.columns.push_back({.name = known.name,
                             .source_name = known.name,
                             .type = type,
                             .engine_type = columns[i].engine_type,
                             .source_type = type});
  }
  return table;
}

}  // namespace tarn::query
