// Lists in header values (RFC 9110, 5.6.1).
#pragma once

#include <string_view>
#include <vector>

namespace tarn::trino {

// Without blanks and tabs at its ends.
[[nodiscard]] std::string_view Trimmed(std::string_view text);

// The parts between commas, trimmed; empty ones count for nothing.
[[nodiscard]] std::vector<std::string_view> ListItems(std::string_view text);

}  // namespace tarn::trino
