// SQLite columns hold any value whatever type they declare. Here the declared type decides, and a value
// that does not fit it is an error that names the column.
#pragma once

#include <string>
#include <string_view>

namespace tarn::connector::sqlite {

struct TypeMapping {
  std::string type;         // Trino's
  std::string engine_type;  // the engine's
  // SQLite expression over "{c}" that gives the value as a text, or fails. "{n}" is the column's name within a text
  // literal.
  std::string remote;
  // Engine expression over "{x}", that text, which gives the value or fails.
  std::string value;
};

[[nodiscard]] TypeMapping MapType(std::string_view declared_type);

}  // namespace tarn::connector::sqlite
