// How each PostgreSQL type is shown and read: exactly, or as the text that PostgreSQL itself writes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "connector/filter.h"

namespace tarn::connector::postgres {

struct TypeMapping {
  std::string type;         // Trino's
  std::string engine_type;  // the engine's
  Filter filter = Filter::kNone;
  // PostgreSQL expression that gives the value in a form that the engine's reader reads exactly, or
  // fails and names the column. "{c}" stands for the column, "{n}" for its name
  // inside a text literal, without the closing quote.
  std::string remote = "{c}";
  // Engine expression over the column "{c}" of an attached table, for bulk reading; nullopt where only
  // `remote` will do.
  std::optional<std::string> attached = "{c}";
  // Engine condition over "{c}" that marks values which bulk reading may have got wrong, and the
  // PostgreSQL condition that tells whether such values exist; empty where there are none.
  std::string suspicious = {};
  std::string wrong = {};
  std::string wrong_name = {};  // "NaN"
};

// `source_type` is what format_type() writes with only pg_catalog in the search path; for a domain its base
// type with " domain …" behind; for an array declared with several dimensions with as many "[]".
[[nodiscard]] TypeMapping MapType(std::string_view source_type);

// A template of TypeMapping for one column.
[[nodiscard]] std::string Fill(std::string_view expression, std::string_view column_name);

}  // namespace tarn::connector::postgres
