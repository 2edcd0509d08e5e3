// An import: what of a file goes where, and the way of its values there.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"
#include "engine/cell.h"
#include "tables/definition.h"
#include "tables/record_reader.h"

namespace tarn::tables {

enum class ImportFormat { kCsv, kJsonLines, kParquet };
enum class ImportMode {
  kAppend,
  kUpsert,   // rows whose key is there are changed, the others added
  kReplace,  // the rows that were there are removed
};

struct Mapping {
  std::string column;  // of the table
  FieldName field;
};

struct ImportRequest {
  ImportFormat format = ImportFormat::kCsv;
  ImportMode mode = ImportMode::kAppend;
  std::vector<Mapping> mappings;
  CsvStyle csv;
  std::optional<std::string> key;  // of kUpsert; without it the only unique column that is mapped
};

struct ImportOutcome {
  std::int64_t processed = 0;  // records of the file
  std::int64_t inserted = 0;
  std::int64_t updated = 0;
};

// Values on their way: records one after another, each with a cell for every mapped column. Texts are the batch's own.
struct ImportBatch {
  std::int64_t first = 0;  // how many records come before it
  std::vector<engine::Cell> cells;
  std::vector<std::int64_t> lines;  // of the records
  std::vector<std::unique_ptr<char[]>> texts;
};

// Takes the values of an import. An error says which record of the batch it is about, where it is about one.
struct SinkError {
  base::Error error;
  std::optional<std::size_t> record;
};
using ImportSink = std::function<std::optional<SinkError>(const ImportBatch&)>;

// Opens the file and checks that it has all that is mapped, before any row is read.
// Errors: InvalidArgument.
[[nodiscard]] base::Result<std::unique_ptr<RecordReader>> OpenRecords(const ImportRequest& request,
                                                                      const FileRange& range,
                                                                      const base::CallLimits& limits);

// Reads all records, makes values of them, and gives these to the sinks, each of which runs on a thread of its own
// meanwhile; with several, a batch goes to whichever is free.
// `columns` are those that are mapped, in the mappings' order. Gives the number of records.
// Errors: InvalidArgument for a value that is none of its column: `Value is not a bigint: line 3, column "n": "many"`;
// those of the sink, with the line.
[[nodiscard]] base::Result<std::int64_t> RunImport(RecordReader& records, const std::vector<ColumnDefinition>& columns,
                                                   const std::vector<Mapping>& mappings,
                                                   const std::vector<ImportSink>& sinks,
                                                   const base::CallLimits& limits);

}  // namespace tarn::tables
