// A CSV file that a table would take.
#pragma once

#include <string>

#include "tables/definition.h"

namespace tarn::tables {

// A header with the names of all columns, and five rows of made-up values.
[[nodiscard]] std::string SampleCsv(const TableDefinition& table);

}  // namespace tarn::tables
