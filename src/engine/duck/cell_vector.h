// Cells into the engine's vectors.
#pragma once

#include <duckdb.hpp>

#include "engine/cell.h"

namespace tarn::engine {

// Precondition: the vector is flat and of the type that the cell's number is meant for (cell.h).
void SetCell(duckdb::Vector& vector, duckdb::idx_t row, const Cell& cell);
// As SetCell, but the bytes of a text stay where they are: the vector must not outlive them.
void ReferToCell(duckdb::Vector& vector, duckdb::idx_t row, const Cell& cell);

}  // namespace tarn::engine
