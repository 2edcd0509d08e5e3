// One statement's rows into one file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"
#include "engine/csv.h"
#include "exports/file_sink.h"
#include "query/executor.h"

namespace tarn::exports {

enum class Format { kCsv, kJsonLines, kParquet };

// What an export's file holds, and how it is written.
struct Contents {
  query::StatementRequest statement;                // its shape and limits are the export's to set
  std::optional<std::vector<std::string>> columns;  // by name; nullopt: all
  std::optional<std::int64_t> limit;                // the first rows; nullopt: all, and more than may be is an error
  Format format = Format::kCsv;
  Compression compression = Compression::kNone;  // of Parquet: of its pages, which are never without one
  engine::CsvForm csv = {};
  bool header = true;
};

// The shape that the statement gets; `most_rows` 0 is any number.
[[nodiscard]] query::ResultShape ShapeOf(const Contents& contents, std::int64_t most_rows);

// Runs the statement and writes its rows into a new file, which is whole when this succeeds, and of no use when it
// fails. How many rows there are. Memory is bounded by that of the statement.
// Errors: those of the statement; ResourceExhausted for too many rows or a full disk; Cancelled.
[[nodiscard]] base::Result<std::int64_t> WriteExport(const Contents& contents, std::int64_t most_rows,
                                                     query::Executor& executor, const std::filesystem::path& file,
                                                     const base::CallLimits& limits);

}  // namespace tarn::exports
