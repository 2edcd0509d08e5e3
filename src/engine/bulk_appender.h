// Writes many rows into a table of the engine, past SQL.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "base/error.h"
#include "engine/cell.h"
#include "engine/database.h"

namespace tarn::engine {

// Not thread-safe; the session must outlive it. What it wrote belongs to the session's transaction.
class BulkAppender final {
 public:
  // Into all columns of the table, in its order. Errors: Internal.
  [[nodiscard]] static base::Result<std::unique_ptr<BulkAppender>> Open(Session& session, const std::string& database,
                                                                        const std::string& table);
  ~BulkAppender();

  // Rows one after another, each with a cell for every column. The bytes of texts are copied.
  // Errors: ResourceExhausted when the disk or the memory is full; Internal.
  [[nodiscard]] base::Result<void> Append(std::span<const Cell> cells);
  // Must be called once all rows are given; without it they may be lost.
  [[nodiscard]] base::Result<void> Close();

 private:
  struct Impl;
  explicit BulkAppender(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tarn::engine
