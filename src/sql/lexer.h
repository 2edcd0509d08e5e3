// Text to tokens. Never fails: a character that begins no token becomes one, and the parser says so.
#pragma once

#include <string_view>
#include <vector>

#include "sql/token.h"

namespace tarn::sql {

// The tokens of `text`, which they point into, ending with one kEnd. Comments and blanks are dropped.
[[nodiscard]] std::vector<Token> Tokenize(std::string_view text);

}  // namespace tarn::sql
