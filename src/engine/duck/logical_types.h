// The engine's bound types as Trino type text.
#pragma once

#include <string>

#include <duckdb.hpp>

namespace tarn::engine {

[[nodiscard]] std::string TrinoTypeOf(const duckdb::LogicalType& type);

}  // namespace tarn::engine
