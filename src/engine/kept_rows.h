// Rows that are kept outside of the engine and read while statements run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "engine/cell.h"
#include "engine/engine.h"

namespace tarn::engine {

// Takes the values of a scan; a value is only looked at during the call.
class CellSink {
 public:
  virtual ~CellSink() = default;
  virtual void Put(std::size_t row, std::size_t column, const Cell& cell) = 0;
};

// A pass over a table's rows. Used by one thread at a time.
class RowScan {
 public:
  virtual ~RowScan() = default;
  // Puts at most `most` further rows, counted from 0, and says how many; 0 is the end.
  [[nodiscard]] virtual base::Result<std::size_t> Next(std::size_t most, CellSink& sink) = 0;
};

// One state of the rows, which nobody's changes touch. Thread-safe.
class RowState {
 public:
  virtual ~RowState() = default;
  struct Layout {
    std::vector<Column> columns;
    std::int64_t rows = 0;
    std::string mark = {};  // another one where the columns are others
  };
  // Errors: NotFound.
  [[nodiscard]] virtual base::Result<Layout> LayoutOf(const std::string& table) = 0;
  // `columns` are indexes into the layout. The scan must not outlive the state.
  [[nodiscard]] virtual base::Result<std::unique_ptr<RowScan>> Scan(const std::string& table,
                                                                    const std::vector<std::size_t>& columns) = 0;
};

// Thread-safe.
class KeptRows {
 public:
  virtual ~KeptRows() = default;
  // The state now. All that one statement reads is read from one state.
  [[nodiscard]] virtual base::Result<std::shared_ptr<RowState>> Now() = 0;
};

}  // namespace tarn::engine
