// The PostgreSQL query behind a live relation, with notes for the engine's optimizer in a leading comment:
// how many rows to expect and which columns filters may be sent for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connector/postgres/types.h"
#include "connector/source.h"

namespace tarn::connector::postgres {

// The table as PostgreSQL names it.
[[nodiscard]] std::string RemoteTable(const TableInfo& table);

// Engine SQL, legal after FROM: the table's columns under their names, read through postgres_query of the
// attached database `alias`.
// `mark` is a word that the server shows of the statement while it runs; empty: none.
[[nodiscard]] std::string QueryRelation(const TableInfo& table, const std::string& alias, const std::string& mark = {});
// The mark of a relation, with what makes it one in the server's list of statements; empty where there is none.
[[nodiscard]] std::string MarkOf(std::string_view relation);

// The rows of the table that meet a PostgreSQL condition, with the column "_op" = 'U' behind.
[[nodiscard]] std::string ChangedRelation(const TableInfo& table, const std::string& alias,
                                          const std::string& condition);
// The rows of a relation at the source (SQL, legal after FROM) with the table's columns by their source names and
// "ctid"; "_op" is 'D' where that is NULL, else 'U'.
[[nodiscard]] std::string LoggedRelation(const TableInfo& table, const std::string& alias, const std::string& rows);
// The key columns alone, of the rows that meet a PostgreSQL condition.
[[nodiscard]] std::string KeyRelation(const TableInfo& table, const std::string& alias, const std::string& condition);

struct RemoteQuery {
  std::int64_t rows = -1;
  std::vector<RemoteColumn> columns;  // column i is "c<i>" in the result
  std::string sql;                    // without the notes; ends with its FROM clause
};

// Reads a query text of QueryRelation; nullopt for any other text.
[[nodiscard]] std::optional<RemoteQuery> ReadRemoteQuery(std::string_view text);

}  // namespace tarn::connector::postgres
