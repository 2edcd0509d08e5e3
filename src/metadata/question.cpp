#include "metadata/question.h"

#include <boost/json.hpp>

#include "engine/encode.h"

namespace tarn::metadata {

namespace json = boost::json;

base::Result<std::vector<TextRow>> Ask(query::Executor& executor, const std::string& project_id,
                                       const std::string& statement, std::size_t most, const base::CallLimits& limits) {
  query::StatementRequest request{.project_id = project_id,
                                  .text = statement,
                                  .parameters = {},
                                  .session = {.catalog = {}, .schema = {}, .time_zone = "UTC", .user = "metadata"},
                                  .limits = limits};
  request.client.source = "tarn metadata";
  TARN_ASSIGN_OR_RETURN(const auto running, executor.Run(request));
  std::vector<engine::Column> columns;
  for (const auto& column : running->columns()) columns.push_back(column.column);
  engine::RowEncoder encoder(columns, engine::RowFormat::kCompact);
  std::string text;
  std::size_t count = 0;
  while (count < most) {
    TARN_ASSIGN_OR_RETURN(const auto chunk, running->Next());
    if (!chunk) break;
    count += chunk->rows();
    encoder.Append(*chunk, text);
  }
  const auto list = json::parse("[" + text + "]");
  std::vector<TextRow> rows;
  for (const auto& row : list.as_array()) {
    if (rows.size() == most) break;
    auto& values = rows.emplace_back();
    for (const auto& value : row.as_array())
      values.push_back(value.is_null() ? std::nullopt : std::optional<std::string>(value.as_string()));
  }
  return rows;
}

}  // namespace tarn::metadata
