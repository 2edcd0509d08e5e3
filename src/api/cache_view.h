// Caches as responses show them.
#pragma once

#include <string_view>
#include <vector>

#include "api/dto_cache.h"
#include "store/caches.h"

namespace tarn::api {

// "INCREMENTAL", "FULL_REFRESH".
[[nodiscard]] std::string_view ModeName(store::RefreshMode mode);

[[nodiscard]] Cache ShowCache(const store::Cache& cache);
[[nodiscard]] CacheExecutionInfo ShowExecution(const store::Execution& execution);
[[nodiscard]] CacheActionRecord ShowLog(const store::ActionLog& log);

// Without action logs. The status is RUNNING while anything is at work, else that of the newest execution of either
// kind, and NOT_INITIALIZED when there was none.
[[nodiscard]] CacheStatus ShowStatus(const store::CacheState& state);

}  // namespace tarn::api
