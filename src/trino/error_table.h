// Errors as the Trino protocol names them: a name, a number, and who has to act.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace tarn::trino {

struct ErrorName {
  std::string_view name;  // "TABLE_NOT_FOUND"
  std::int32_t code = 0;
  std::string_view type;  // USER_ERROR, INTERNAL_ERROR, INSUFFICIENT_RESOURCES, EXTERNAL
};

// By the error's own code where Trino knows it, else by its kind. Never fails.
[[nodiscard]] ErrorName NameOf(const base::Error& error);

// Whether Trino gives a place in the text with errors of this name: those that show only while rows are computed have
// none.
[[nodiscard]] bool HasPlace(const base::Error& error);

// The message as clients see it: "line 1:8: …" in front where the error has a place; a fixed text for internal errors.
[[nodiscard]] std::string ShownMessage(const base::Error& error);

}  // namespace tarn::trino
