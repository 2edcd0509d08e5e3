// Trino type text as a tree.
#pragma once

#include <string_view>

#include "sql/type.h"

namespace tarn::engine {

// Reads "decimal(12,2)", "row(x bigint, \"a b\" array(char(3)))", "timestamp(3) with time zone". Names keep their
// case, blanks do not matter. A text that is no type becomes a type whose name is the whole text, so that an unknown
// type is shown as it came.
[[nodiscard]] sql::Type ReadTypeText(std::string_view text);

}  // namespace tarn::engine
