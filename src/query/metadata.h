// The rows of the tables that describe a project and its statements.
#pragma once

#include <string>
#include <vector>

#include "base/limits.h"
#include "engine/text_rows.h"
#include "query/system_tables.h"
#include "sql/translate.h"

namespace tarn::query {

struct ExecutorParts;

struct MetadataCall {
  ExecutorParts& parts;
  std::string project_id;
  base::CallLimits limits;
};

// The rows of a table of `catalog`, at least those that pass the filters. A source that does not answer has no rows,
// unless it is the only one asked for.
[[nodiscard]] base::Result<engine::TextRows> SystemRows(const MetadataCall& call, const std::string& catalog,
                                                        const SystemTable& table,
                                                        const std::vector<sql::ColumnFilter>& filters);

// A column as JDBC describes it.
struct JdbcType {
  int number = 0;  // of java.sql.Types
  std::optional<std::int64_t> size = {};
  std::optional<std::int64_t> digits = {};
  std::optional<std::int64_t> radix = {};
  std::optional<std::int64_t> octets = {};
};
[[nodiscard]] JdbcType JdbcTypeOf(const std::string& trino_type);

}  // namespace tarn::query
