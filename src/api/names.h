// Names that users give, and the SQL names made of them.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace tarn::api {

// Errors: InvalidArgument for a name that is empty, only blanks, or over 255 characters.
[[nodiscard]] base::Result<void> CheckName(std::string_view name, std::string field);

// A catalog's SQL name: ASCII letters lower-cased, blanks and whatever is neither letter, digit nor
// underscore become underscores; one underscore per character, letters beyond ASCII stay.
[[nodiscard]] std::string CatalogName(std::string_view display_name);

// A saved query's SQL name: as above, but blanks are dropped.
[[nodiscard]] std::string QueryName(std::string_view display_name);

// Whether a catalog may not have this SQL name, because Tarn or SQL itself uses it.
[[nodiscard]] bool IsReservedCatalogName(std::string_view name);

// A project's domain: the letters and digits of its name, lower-cased, with a random ending.
[[nodiscard]] std::string ProjectDomain(std::string_view name);

// `wanted`, or the first of wanted_2, wanted_3 … that is free.
[[nodiscard]] std::string FreeName(const std::string& wanted, const std::function<bool(const std::string&)>& taken);

}  // namespace tarn::api
