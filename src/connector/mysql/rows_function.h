// tarn_mysql_rows: the engine's table function that reads a table of MySQL or MariaDB. It asks for the columns that are
// wanted and the rows that filters leave, over a connection of a Reader, and reads texts into the engine's types on
// several threads while one fetches.
#pragma once

#include <string>

#include "connector/source.h"
#include "engine/database.h"

namespace duckdb {
class DatabaseInstance;
}

namespace tarn::connector::mysql {

// Makes the function known; again, changes nothing.
void InstallRowsFunction(duckdb::DatabaseInstance& instance);
// Has EXPLAIN show the text that goes to the server. Once per database.
void ShowRemoteTexts(duckdb::DatabaseInstance& instance);

// Engine SQL, legal after FROM: the table's columns under their names. `alias` is what EXPLAIN shows; `mark` is that of
// RunningScan.
[[nodiscard]] std::string RowsRelation(const TableInfo& table, const std::string& token, const std::string& alias,
                                       const std::string& mark);
// The mark of a relation; empty where there is none.
[[nodiscard]] std::string MarkOf(const std::string& relation);

}  // namespace tarn::connector::mysql
