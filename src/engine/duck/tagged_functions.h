// The families of trino_* functions on types that the engine has none for; see functions.h.
#pragma once

#include <duckdb/main/extension/extension_loader.hpp>

namespace tarn::engine {

void RegisterAnyNumbers(duckdb::ExtensionLoader& loader);
void RegisterZoned(duckdb::ExtensionLoader& loader);

}  // namespace tarn::engine
