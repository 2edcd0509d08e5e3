// Rows as JSON text, written straight from the engine's columns.
#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"

namespace tarn::engine {

// The answer forms of Execute Query.
enum class RowFormat {
  kCellTyped,  // [[{"name","displayName","dataType","order","value"}]]
  kSimple,     // [{"column": "text"}]
  kCompact,    // [["text"]]
  kTyped,      // [[1, true, "text", "123.45"]]: JSON numbers and booleans; integers beyond 2^53 and decimals as strings
  kPage,       // [[1, true, "text", "123.45"]]: a page of the Trino protocol, in which all integers are numbers
  kLines,      // {"column": 1}: an object on a line of its own for each row, with values as in kTyped
};

// Writes rows one after another. kPage follows the columns' types at every depth: char(n) is padded to n, times have as
// many digits as their type says, rows are arrays. In the first three forms each value is the text that Trino gives
// for CAST(value AS varchar), except that double and real are written as Java does (1.254740786E7,
// 669.74), as the contract's clients expect; arrays, maps and rows are JSON; varbinary is base64. NULL is null.
// Values that are not finite are the texts NaN, Infinity and -Infinity.
class RowEncoder final {
 public:
  RowEncoder(std::vector<Column> columns, RowFormat format);
  ~RowEncoder();

  // Appends the chunk's rows to `out`, with a comma before each row but the first of all, or since BeginList; lines
  // have no commas between them.
  void Append(const Chunk& chunk, std::string& out);
  // The next row begins a list of its own.
  void BeginList();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Appends `text` as a JSON string with its quotes; bytes that are not UTF-8 become U+FFFD.
void AppendJsonString(std::string_view text, std::string& out);

}  // namespace tarn::engine
