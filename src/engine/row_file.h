// A new database file of one table, "main"."data", that is filled with the rows of a result: what a generation is made
// of. It is written by an instance of its own, so that the serving engine never writes a file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "base/error.h"
#include "base/limits.h"
#include "engine/engine.h"

namespace tarn::engine {

struct RowFileSettings {
  std::filesystem::path file;
  std::filesystem::path spill;  // a folder for what does not fit into memory
  std::int64_t memory_bytes = std::int64_t{256} << 20U;
  int threads = 1;
};

// Not thread-safe. A file that was not closed is no good; whoever made it removes it.
class RowFile final {
 public:
  // The columns are those of the stream whose rows are appended.
  // Errors: Unavailable; ResourceExhausted; AlreadyExists where there is such a file.
  [[nodiscard]] static base::Result<std::unique_ptr<RowFile>> Create(const RowFileSettings& settings,
                                                                     const std::vector<Column>& columns);
  ~RowFile();

  // Errors: ResourceExhausted when the disk is full.
  [[nodiscard]] base::Result<void> Append(const Chunk& chunk);
  // Writes all that was appended into the file and lets go of it. Errors: as of Append; Cancelled, DeadlineExceeded.
  [[nodiscard]] base::Result<void> Close(const base::CallLimits& limits);

  [[nodiscard]] std::int64_t rows() const;

 private:
  struct Impl;
  explicit RowFile(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tarn::engine
