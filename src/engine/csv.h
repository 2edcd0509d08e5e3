// Rows as lines of CSV, written straight from the engine's columns.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace tarn::engine {

struct CsvForm {
  std::string delimiter = ",";
  std::string quote = "\"";  // one character
  std::string record_separator = "\n";
  std::string null_text = {};
};

// Values are the texts that RowEncoder's string forms have. Quoted is what would be read as something else: a value
// with the delimiter, the quote (which is doubled) or a character of a line's end in it, and one that is the text of
// NULL. A line that would be empty is a pair of quotes, as readers pass over empty lines.
class CsvEncoder final {
 public:
  // Errors: InvalidArgument with the field of the option that no reader could make sense of.
  [[nodiscard]] static base::Result<void> Check(const CsvForm& form);

  // Precondition: Check has passed the form.
  CsvEncoder(std::vector<Column> columns, CsvForm form);
  ~CsvEncoder();

  // Appends the line of the columns' names.
  void AppendHeader(std::string& out);
  void Append(const Chunk& chunk, std::string& out);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tarn::engine
