#include "query/engine_rows.h"

#include <boost/json.hpp>

#include "engine/encode.h"
#include "query/statement_call.h"

namespace tarn::query {

base::Result<std::vector<std::vector<std::optional<std::string>>>> EngineRows(const StatementCall& call,
                                                                              const std::string& sql) {
  TARN_ASSIGN_OR_RETURN(const auto stream,
                        call.parts.engine.Run({.sql = sql, .time_zone = call.session.time_zone}, call.limits));
  // In this form every value is a text.
  engine::RowEncoder encoder(stream->columns(), engine::RowFormat::kCompact);
  std::string text = "[";
  for (;;) {
    TARN_ASSIGN_OR_RETURN(const auto chunk, stream->Next());
    if (!chunk) break;
    encoder.Append(*chunk, text);
  }
  boost::system::error_code failure;
  const auto answer = boost::json::parse(text + "]", failure);
  if (failure) return base::Internal("The engine's answer cannot be read");
  std::vector<std::vector<std::optional<std::string>>> rows;
  for (const auto& row : answer.as_array()) {
    auto& cells = rows.emplace_back();
    for (const auto& cell : row.as_array()) {
      cells.push_back(cell.is_null()     ? std::nullopt
                      : cell.is_string() ? std::optional<std::string>(cell.as_string())
                                         : std::optional(boost::json::serialize(cell)));
    }
  }
  return rows;
}

}  // namespace tarn::query
