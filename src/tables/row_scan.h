// Reading the stored rows of an internal table.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "base/error.h"
#include "engine/kept_rows.h"
#include "tables/project_file.h"

namespace tarn::tables {

// A pass over the rows in the connection's transaction; holds `mutex` while it uses the connection. `columns` are
// indexes: the definition's columns, then the system columns. Precondition: the caller holds `mutex`.
[[nodiscard]] base::Result<std::unique_ptr<engine::RowScan>> OpenRowScan(Connection& connection, std::mutex& mutex,
                                                                         const TableDefinition& table,
                                                                         const std::vector<std::size_t>& columns);

}  // namespace tarn::tables
