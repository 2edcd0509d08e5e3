// Operators and casts of the type number, for the expanders that meet it among other types.
#pragma once

#include <string>

#include "engine/duck/number_value.h"
#include "engine/duck/tagged_types.h"

namespace tarn::engine {

[[nodiscard]] inline bool IsNumber(const duckdb::LogicalType& type) { return TagOf(type) == Tag::kNumber; }

// CAST(value AS number): of integers, decimals, doubles, booleans and texts.
[[nodiscard]] Expr ToNumber(const Expansion& e, Expr value);

// `name` is the operator's symbol, + - * / %. Either side may be another exact number.
[[nodiscard]] Expr NumberOperator(Expansion& e, char name);
[[nodiscard]] Expr NegateNumber(Expansion& e);
// round, truncate, ceiling and floor, with the digits as a second argument.
[[nodiscard]] Expr RoundNumber(Expansion& e, NumberRounding how);
[[nodiscard]] Expr SignOfNumber(Expansion& e);

// CAST of a number. half away from zero; raises INVALID_CAST_ARGUMENT for what does not fit.
[[nodiscard]] Expr NumberToInteger(Expansion& e, const duckdb::LogicalType& type, const std::string& name);
[[nodiscard]] Expr NumberToDecimal(Expansion& e, const duckdb::LogicalType& type);
[[nodiscard]] Expr NumberToDouble(Expansion& e);
[[nodiscard]] Expr NumberToBoolean(Expansion& e);

}  // namespace tarn::engine
