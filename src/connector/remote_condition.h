// Filters of an engine's scan, written as conditions of the source's SQL.
#pragma once

#include <duckdb.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "connector/filter.h"

namespace tarn::connector {

struct ConditionStyle {
  std::string_view text_order = {};  // what makes a text column order by code point
  bool null_times = true;            // whether times that the engine sees as NULL are NULL at the source
};

// " WHERE …" of those filters that can be sent, empty where none can. Names are written in double quotes, constants as
// texts in single quotes.
[[nodiscard]] std::string WhereClause(const duckdb::LogicalGet& get, const std::vector<RemoteColumn>& columns,
                                      const ConditionStyle& style,
                                      const duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& filters);

}  // namespace tarn::connector
