// What Trino allows between types: casts, comparison and arithmetic. A type that is
// not known takes part in everything; the engine has the last word on it.
#pragma once

#include <optional>

#include "sql/ast_expression.h"
#include "sql/type.h"

namespace tarn::sql {

// CommonSupertype of types that need not be known: then an unknown type, unless they can have none in common.
[[nodiscard]] std::optional<Type> FindCommonType(const Type& left, const Type& right);

// CAST, explicit.
[[nodiscard]] bool CanCast(const Type& from, const Type& to);

// Whether the type is that of a sketch, such as approx_set makes: functions read it, and nothing else.
[[nodiscard]] bool IsDigest(const Type& type);

// Whether = and <> (or < and the order of rows) are defined.
[[nodiscard]] bool IsComparable(const Type& type);
[[nodiscard]] bool IsOrderable(const Type& type);

// The result of + - * / %; nullopt where Trino has no such operator.
[[nodiscard]] std::optional<Type> ArithmeticType(ArithmeticOperator op, const Type& left, const Type& right);

// The result of ||; nullopt where Trino has no such function.
[[nodiscard]] std::optional<Type> ConcatenationType(const Type& left, const Type& right);

}  // namespace tarn::sql
