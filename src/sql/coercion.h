// Which types Trino converts by itself, and the type that two values have in common.
#pragma once

#include <optional>

#include "sql/type.h"

namespace tarn::sql {

// Whether a value of `from` may stand where `to` is wanted, without a cast. Both must be known.
[[nodiscard]] bool CanCoerce(const Type& from, const Type& to);

// The narrowest type that both can become; nullopt where there is none. Both must be known.
[[nodiscard]] std::optional<Type> CommonSupertype(const Type& left, const Type& right);

// An integer type as the decimal that holds all its values; other types as they are.
[[nodiscard]] Type AsDecimal(const Type& type);

}  // namespace tarn::sql
