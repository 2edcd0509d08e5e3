// Values in the server's text form, read into the engine's vectors.
#pragma once

#include <duckdb.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tarn::connector::mysql {

// Some rows of a scan, column by column: where each cell stands in one text.
struct CellBatch {
  struct Cell {
    std::uint32_t begin = 0;
    std::uint32_t length = 0;
  };
  static constexpr std::uint32_t kNull = ~std::uint32_t{0};  // as a length

  std::string text;
  std::vector<std::vector<Cell>> columns;
  std::size_t rows = 0;

  [[nodiscard]] std::string_view TextOf(const Cell& cell) const {
    return std::string_view(text).substr(cell.begin, cell.length);
  }
};

// Fills the vector of one column. Dates with a zero in them are NULL.
// Throws an error named INVALID_CAST_ARGUMENT that names the column when a value is none of the type.
void ReadCells(const CellBatch& batch, std::size_t column, const std::string& name, duckdb::Vector& out);

}  // namespace tarn::connector::mysql
