// Records of a file that is imported, as texts, one after another and in bounded memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/limits.h"

namespace tarn::tables {

// A part of a file.
struct FileRange {
  std::filesystem::path file;
  std::int64_t offset = 0;
  std::int64_t size = 0;
};

// Reads a range from its beginning, block by block.
class RangeReader final {
 public:
  // Errors: Unavailable.
  [[nodiscard]] static base::Result<std::unique_ptr<RangeReader>> Open(const FileRange& range);
  ~RangeReader();
  RangeReader(const RangeReader&) = delete;
  RangeReader& operator=(const RangeReader&) = delete;
  // The number of bytes read; 0 is the end.
  [[nodiscard]] base::Result<std::size_t> Read(std::span<char> into);
  [[nodiscard]] std::int64_t consumed() const { return consumed_; }

 private:
  RangeReader(int descriptor, std::int64_t offset, std::int64_t size)
      : descriptor_(descriptor), offset_(offset), size_(size) {}
  int descriptor_;
  std::int64_t offset_;
  std::int64_t size_;
  std::int64_t consumed_ = 0;
};

// What a file says of a column: by a name, or by its place.
struct FieldName {
  std::optional<std::string> name;
  std::optional<std::int64_t> index;  // from 0
};

// A value of a record; its bytes live until the next record is read.
struct Field {
  std::string_view text;
  bool is_null = false;
};

// Not thread-safe.
class RecordReader {
 public:
  virtual ~RecordReader() = default;
  // Fills a value for each of the fields that the reader was made for. False: there was no further record.
  // Errors: InvalidArgument with the place in the file.
  [[nodiscard]] virtual base::Result<bool> Next(std::vector<Field>& fields) = 0;
  // Where the record that was last read stands: `line 3`, `row 3`.
  [[nodiscard]] virtual std::string Place(std::int64_t line) const = 0;
  [[nodiscard]] virtual std::int64_t line() const = 0;
  // Called after the last record. Errors: InvalidArgument for a field that no record had.
  [[nodiscard]] virtual base::Result<void> Finish() { return {}; }
  // Done and all, in the same unit. Also callable while another thread reads.
  [[nodiscard]] virtual double Progress() const = 0;
};

// How values are written in a CSV file.
struct CsvStyle {
  char delimiter = ',';
  char quote = '"';
  std::string null_text;  // unquoted, it is NULL
  bool has_header = true;
};

// CSV as RFC 4180 says, in UTF-8, with lines that end as on any system. An empty line is no record.
// Errors: InvalidArgument for a header that lacks a field or has it twice.
[[nodiscard]] base::Result<std::unique_ptr<RecordReader>> OpenCsv(const FileRange& range, const CsvStyle& style,
                                                                  const std::vector<FieldName>& fields);

// One JSON object on each line. A field that an object lacks is NULL; numbers keep all their digits; arrays and objects
// are given as their text.
[[nodiscard]] base::Result<std::unique_ptr<RecordReader>> OpenJsonLines(const FileRange& range,
                                                                        const std::vector<FieldName>& fields);

// A Parquet file. The range must be a file of its own.
// Errors: InvalidArgument where the file is none, or lacks a field.
[[nodiscard]] base::Result<std::unique_ptr<RecordReader>> OpenParquet(const FileRange& range,
                                                                      const std::vector<FieldName>& fields,
                                                                      const base::CallLimits& limits);

}  // namespace tarn::tables
