// The engine's bound types as Trino type text.
#pragma once

#include <duckdb.hpp>
#include <string>

namespace tarn::engine {

[[nodiscard]] std::string TrinoTypeOf(const duckdb::LogicalType& type);

}  // namespace tarn::engine
