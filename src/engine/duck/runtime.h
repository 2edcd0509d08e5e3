// The functions that give the engine Trino's meaning: trino_div, trino_cast_varchar, trino_avg …
#pragma once

#include <duckdb.hpp>

namespace tarn::engine {

// Makes every trino_* function known to the instance, in all databases attached to it.
void RegisterRuntime(duckdb::DatabaseInstance& instance);

}  // namespace tarn::engine
