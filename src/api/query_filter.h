// Filters of the builder form: shared between its two files.
#pragma once

#include <cstddef>
#include <string>

namespace tarn::api {

// The name under which the statement reads the table at `index` of `from`.
[[nodiscard]] std::string TableAlias(std::size_t index);

}  // namespace tarn::api
