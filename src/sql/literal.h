// The values of typed literals, computed at translation: DATE '…', TIMESTAMP '…', DECIMAL '…', INTERVAL '…'.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sql/ast_expression.h"
#include "sql/type.h"

namespace tarn::sql {

// A literal as engine SQL, with its exact Trino type. Of a timestamp with time zone the SQL is the local time, a
// TIMESTAMP, and type.zone says where.
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

// "+2" as "+02:00", "z" as "UTC", a region as it is; nullopt for what cannot be a zone. Regions are not looked up.
[[nodiscard]] std::optional<std::string> NormalZone(std::string_view zone);
// INTERVAL '2' HOUR as a zone, "+02:00"; nullopt when it is none.
[[nodiscard]] std::optional<std::string> OffsetOfInterval(const IntervalLiteral& literal);

}  // namespace tarn::sql
