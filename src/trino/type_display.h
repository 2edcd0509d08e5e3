// Column types as the protocol shows them: a text and a tree.
#pragma once

#include <string>

#include "sql/type.h"

namespace tarn::trino {

// "decimal(10, 2)", "map(varchar, double)", "INTERVAL DAY TO SECOND".
[[nodiscard]] std::string TypeText(const sql::Type& type);

// Appends {"rawType": …, "arguments": […]}.
void AppendTypeSignature(const sql::Type& type, std::string& out);

// Times as clients know them that do not know their precision: three digits, and none said. The first form is what
// values are written by, the second what is shown.
[[nodiscard]] sql::Type WithMilliseconds(sql::Type type);
[[nodiscard]] sql::Type WithoutPrecision(sql::Type type);

}  // namespace tarn::trino
