// What a PostgreSQL database contains, from its catalogs. Takes no lock on the tables, so it answers
// also while one is locked exclusively.
#pragma once

#include <string>
#include <vector>

#include "connector/postgres/connection.h"
#include "connector/source.h"

namespace tarn::connector::postgres {

[[nodiscard]] base::Result<std::vector<std::string>> ReadSchemas(Connection& connection,
                                                                 const base::CallLimits& limits);
[[nodiscard]] base::Result<std::vector<TableName>> ReadTables(Connection& connection, const std::string& schema,
                                                              const base::CallLimits& limits);
// All tables of a schema, or of all, in one question; without keys.
[[nodiscard]] base::Result<std::vector<TableInfo>> ReadAllTables(Connection& connection, const std::string& schema,
                                                                 const base::CallLimits& limits);
[[nodiscard]] base::Result<TableInfo> ReadTable(Connection& connection, const TableName& name,
                                                const base::CallLimits& limits);
[[nodiscard]] base::Result<std::vector<ColumnStatistics>> ReadStatistics(Connection& connection, const TableInfo& table,
                                                                         const base::CallLimits& limits);

}  // namespace tarn::connector::postgres
