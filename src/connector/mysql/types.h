// How each MySQL and MariaDB type is shown and read: exactly, or as the text that the server itself writes.
#pragma once

#include <string>
#include <string_view>

#include "connector/filter.h"

namespace tarn::connector::mysql {

struct TypeMapping {
  std::string type;         // Trino's
  std::string engine_type;  // the engine's
  Filter filter = Filter::kNone;
  // MySQL expression whose text the reader turns into `engine_type`; "{c}" stands for the column.
  std::string remote = "{c}";
  bool may_become_null = false;  // values that the source does not call NULL are shown so: dates with a zero in them
};

// `column_type` as information_schema.columns has it: "int(10) unsigned", "decimal(12,2)", "enum('a','b')".
[[nodiscard]] TypeMapping MapType(std::string_view column_type);

}  // namespace tarn::connector::mysql
