// The file of a column store: one table of the engine, written once. Its columns are stored by number, with four more
// that tell where a row comes from; a column that is younger than the file is not in it.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"
#include "engine/bulk_appender.h"
#include "engine/database.h"
#include "tables/import.h"
#include "tables/project_file.h"
#include "tables/row_writer.h"

namespace tarn::tables {

// Engine SQL, legal after FROM, that yields all columns of the table from `stored`, which is engine SQL for the file's
// table, or empty where there is none.
[[nodiscard]] base::Result<std::string> ColumnRelation(const TableDefinition& table, const std::string& stored);

struct ColumnFileSpec {
  std::filesystem::path folder;    // of the project's files
  std::filesystem::path previous;  // whose rows are kept; empty: none are
  std::string generation;          // names the new file
  std::int64_t memory_bytes = 0;
};

// Writes a new file. Used by one thread at a time, but for its sinks.
class ColumnFile final {
 public:
  // Errors: Unavailable; ResourceExhausted where the disk is full.
  [[nodiscard]] static base::Result<std::unique_ptr<ColumnFile>> Create(const ColumnFileSpec& spec,
                                                                        const TableDefinition& table,
                                                                        const Given& given, const Author& author,
                                                                        std::int64_t first_id,
                                                                        const base::CallLimits& limits);
  // Removes what was not finished.
  ~ColumnFile();

  // For threads that write side by side: each has a transaction of its own, which Finish ends. They live as long as the
  // file.
  [[nodiscard]] std::vector<ImportSink> Sinks();
  struct Outcome {
    std::int64_t rows = 0;
    std::vector<std::int64_t> stored;
    std::filesystem::path file;
  };
  // Checks that unique columns are, and makes the file durable under its name.
  // Errors: AlreadyExists.
  [[nodiscard]] base::Result<Outcome> Finish(const base::CallLimits& limits);

 private:
  struct Impl;
  explicit ColumnFile(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// What the rows of a stored column are, asked in a session of the engine that reads the file.
[[nodiscard]] base::Result<std::int64_t> CountValues(engine::Session& session, const std::string& stored,
                                                     const ColumnDefinition& column, const base::CallLimits& limits);
[[nodiscard]] base::Result<bool> HasRepeats(engine::Session& session, const std::string& stored,
                                            const ColumnDefinition& column, const base::CallLimits& limits);

}  // namespace tarn::tables
