// Names as Tarn shows them: SQL matches names regardless of case, sources may not.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "connector/source.h"

namespace tarn::connector {

// Whether two names are one to SQL. Folds ASCII letters only, as the engine does.
[[nodiscard]] bool SameName(std::string_view left, std::string_view right);

// Sets each column's `name` to its `source_name`, with "_2", "_3" … behind one that an earlier column has.
void MakeNamesUnique(std::vector<ColumnInfo>& columns);

// The index of `name` in `names`: the exact one, else the only one that matches regardless of case;
// `names.size()` where there is none or several.
[[nodiscard]] std::size_t FindName(const std::vector<std::string>& names, std::string_view name);

// The usual errors of a look-up.
[[nodiscard]] std::unexpected<base::Error> NoSuchSchema(std::string_view schema);
[[nodiscard]] std::unexpected<base::Error> NoSuchTable(const TableName& table);

}  // namespace tarn::connector
