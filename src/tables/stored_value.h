// Values as SQLite keeps them: numbers as integers, decimals beyond 64 bits as their digits, UUIDs as 16 bytes. Equal
// values are stored alike, so that unique indexes compare right.
#pragma once

#include <array>

#include "engine/cell.h"
#include "tables/definition.h"
#include "tables/sqlite.h"

namespace tarn::tables {

// Bytes of a bound value that the cell does not own; must live as long as the binding.
using BoundBytes = std::array<char, 48>;

void BindValue(Statement& statement, int place, ColumnType type, const engine::Cell& cell, BoundBytes& bytes);
// A text cell points into the statement's row.
[[nodiscard]] engine::Cell StoredValue(const Statement& statement, int column, ColumnType type);

}  // namespace tarn::tables
