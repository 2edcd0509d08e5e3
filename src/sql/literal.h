// The values of typed literals, computed at translation: DATE '…', TIMESTAMP '…', DECIMAL '…', INTERVAL '…'.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sql/ast_expression.h"
#include "sql/type.h"

namespace tarn::sql {

// A literal as engine SQL, with its exact Trino type.
struct TypedLiteral {
  std::string sql;
  Type type;
};

// Whether TYPE '…' can be computed here.
[[nodiscard]] bool IsLiteralType(std::string_view type_name);
// nullopt: the text is not a literal of the type. Precondition: IsLiteralType(type_name).
[[nodiscard]] std::optional<TypedLiteral> MakeTypedLiteral(std::string_view type_name, std::string_view value);

// 12.50 with its precision and scale; nullopt beyond 38 digits or when it is not a decimal number.
[[nodiscard]] std::optional<TypedLiteral> MakeDecimalLiteral(std::string_view value);

[[nodiscard]] std::optional<TypedLiteral> MakeIntervalLiteral(const IntervalLiteral& literal);

}  // namespace tarn::sql
