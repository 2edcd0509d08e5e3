// Rows hashed by PostgreSQL, and the same hash made by the engine.
#pragma once

#include <optional>
#include <string>

#include "connector/source.h"

namespace tarn::connector::postgres {

struct RowHash {
  std::string remote;  // PostgreSQL expression, bigint
  std::string engine;  // engine expression over a row of a copy, BIGINT
};

// nullopt where a column's values cannot be hashed alike, as the engine writes them otherwise (json, arrays).
[[nodiscard]] std::optional<RowHash> HashOfRows(const TableInfo& table);

// PostgreSQL query that answers one text "true" where the server hashes as the engine does. Before version 11 it has no
// such hash.
[[nodiscard]] std::string HashesAlikeQuery();
inline constexpr int kFirstWithSeededHashes = 110000;

}  // namespace tarn::connector::postgres
