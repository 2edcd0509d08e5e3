// Schedules of caches as requests write them.
#pragma once

#include <optional>
#include <string>

#include "api/dto_cache.h"
#include "cache/caches.h"

namespace tarn::api {

// The schedule as cache::CacheRequest has it: nullopt where the request does not say, empty for none, else an
// ISO-8601 duration of a minute or more. `field` is where it stands.
// Errors: InvalidArgument with the path of the type or the expression.
[[nodiscard]] base::Result<std::optional<std::string>> ReadSchedule(const http::Nullable<ScheduleRequest>& given,
                                                                    const std::string& field);

// Errors: as ReadSchedule.
[[nodiscard]] base::Result<cache::CacheRequest> ReadCacheRequest(const CacheRequest& request);

// As responses show it; nullopt for none.
[[nodiscard]] std::optional<Schedule> ShowSchedule(const std::string& expression);

// The options of either request.
template <class Request>
[[nodiscard]] cache::RefreshOptionsChange ReadOptions(const Request& request) {
  return {.method = request.incrementalMethod,
          .cursor_column = request.cursorColumn,
          .lookback = request.lookback,
          .key_columns = request.keyColumns,
          .drift = request.driftPolicy,
          .deletes = request.deleteDetection};
}

}  // namespace tarn::api
