// Rows as JSON objects: a member for each column, "_id" and "_version" for the row itself. Numbers may be JSON numbers,
// whose digits all count, or texts.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "tables/project_file.h"

namespace tarn::tables {

// Rows that one call may name.
inline constexpr std::size_t kMostRowsAtOnce = 10'000;

// Errors of all: InvalidArgument, with the row's place as the field ("[3].quantity"), also for unknown columns; as
// RowWriter::Write and ChangeRow.

// A JSON array of objects, or a single object. Gives the ids of the new rows, in their order.
[[nodiscard]] base::Result<std::vector<std::int64_t>> InsertRows(Change& change, const TableDefinition& table,
                                                                 std::string_view json);
// As above; each object has "_id", and may have "_version", which the row must then have. Gives their number.
[[nodiscard]] base::Result<std::int64_t> UpdateRows(Change& change, const TableDefinition& table,
                                                    std::string_view json);
// Ids with commas between. Gives their number.
[[nodiscard]] base::Result<std::int64_t> DeleteRows(Change& change, const TableDefinition& table, std::string_view ids);

}  // namespace tarn::tables
