// What a MySQL or MariaDB server contains, from its information_schema.
#pragma once

#include <string>
#include <vector>

#include "connector/mysql/connection.h"
#include "connector/source.h"

namespace tarn::connector::mysql {

// `only` is the one schema to show; empty: all of the user's.
[[nodiscard]] base::Result<std::vector<std::string>> ReadSchemas(Connection& connection, const std::string& only,
                                                                 const base::CallLimits& limits);
[[nodiscard]] base::Result<std::vector<TableName>> ReadTables(Connection& connection, const std::string& only,
                                                              const std::string& schema,
                                                              const base::CallLimits& limits);
// All tables of a schema, or of all, in one question; without keys.
[[nodiscard]] base::Result<std::vector<TableInfo>> ReadAllTables(Connection& connection, const std::string& only,
                                                                 const std::string& schema,
                                                                 const base::CallLimits& limits);
[[nodiscard]] base::Result<TableInfo> ReadTable(Connection& connection, const std::string& only, const TableName& name,
                                                const base::CallLimits& limits);
[[nodiscard]] base::Result<std::vector<ColumnStatistics>> ReadStatistics(Connection& connection, const TableInfo& table,
                                                                         const base::CallLimits& limits);

}  // namespace tarn::connector::mysql
