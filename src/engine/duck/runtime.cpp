#include "engine/duck/runtime.h"

namespace tarn::engine {

void RegisterRuntime(duckdb::DatabaseInstance&) {}

}  // namespace tarn::engine
