// Bodies of the area Materialized Queries, with the wire's own names.
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/dto_query.h"

namespace tarn::api {

// A table that the stored result was made of: from where it was read, and of which time it was.
struct MaterializedQueryInput {
  std::string catalogName;
  std::string schemaName;
  std::string tableName;
  std::string servedBy;  // SOURCE, CACHE or MATERIALIZED_QUERY
  std::optional<std::string> asOf;
};
BOOST_DESCRIBE_STRUCT(MaterializedQueryInput, (), (catalogName, schemaName, tableName, servedBy, asOf))

// The contract's fields, and behind them those of Tarn: the next three runs, why the latest failed, and what the
// stored result is.
struct MaterializedQueryStatusView {
  std::string queryId;
  std::string queryName;
  MaterializedQuerySchedule scheduleSettings;
  std::optional<std::string> nextExecutionStartTime;
  std::string status;  // RUNNING, COMPLETED, FAILED or CANCELED
  std::optional<std::string> lastExecutionStartTime;
  std::optional<std::string> lastUpdateTime;
  std::vector<std::string> nextExecutionStartTimes;
  std::optional<std::string> errorCode;
  std::optional<std::string> errorMessage;
  std::optional<std::int64_t> rowCount;
  std::optional<std::int64_t> byteCount;
  std::vector<MaterializedQueryInput> inputs;
};
BOOST_DESCRIBE_STRUCT(MaterializedQueryStatusView, (),
                      (queryId, queryName, scheduleSettings, nextExecutionStartTime, status, lastExecutionStartTime,
                       lastUpdateTime, nextExecutionStartTimes, errorCode, errorMessage, rowCount, byteCount, inputs))

}  // namespace tarn::api
