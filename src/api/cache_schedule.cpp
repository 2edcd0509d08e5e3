#include "api/cache_schedule.h"

#include "base/duration.h"

namespace tarn::api {

namespace {

constexpr std::chrono::minutes kShortestInterval{1};

// Whether a request asks for no schedule. A type of null beside an expression is as good as no type.
base::Result<bool> AsksForNone(const ScheduleRequest& schedule, const std::string& field) {
  if (schedule.type.value == "NONE") return true;
  if (schedule.type.present && !schedule.type.value && !schedule.expression) return true;
  if (!schedule.type.value || schedule.type.value == "BASIC") return false;
  return base::InvalidArgument(fmt::format("Schedule type is neither BASIC nor NONE: \"{}\"", *schedule.type.value),
                               field + ".type");
}

}  // namespace

base::Result<std::optional<std::string>> ReadSchedule(const http::Nullable<ScheduleRequest>& given,
                                                      const std::string& field) {
  if (!given.present) return std::nullopt;
  if (!given.value) return std::string();
  TARN_ASSIGN_OR_RETURN(const bool none, AsksForNone(*given.value, field));
  if (none) return std::string();
  const std::string path = field + ".expression";
  if (!given.value->expression) return base::InvalidArgument("Schedule expression is missing", path);
  const std::string& expression = *given.value->expression;
  const auto duration = base::CalendarDuration::Parse(expression);
  if (!duration)
    return base::InvalidArgument(fmt::format("Schedule expression is not an ISO-8601 duration: \"{}\"", expression),
                                 path);
  if (!duration->IsAtLeast(kShortestInterval))
    return base::InvalidArgument(fmt::format("Schedule expression is shorter than a minute: \"{}\"", expression), path);
  return expression;
}

base::Result<cache::CacheRequest> ReadCacheRequest(const CacheRequest& request) {
  TARN_ASSIGN_OR_RETURN(auto incremental, ReadSchedule(request.incrementalCacheSchedule, "incrementalCacheSchedule"));
  TARN_ASSIGN_OR_RETURN(auto full, ReadSchedule(request.fullRefreshCacheSchedule, "fullRefreshCacheSchedule"));
  return cache::CacheRequest{.catalog_id = request.catalogId,
                             .schema_name = request.schemaName,
                             .table_name = request.tableName,
                             .incremental_schedule = std::move(incremental),
                             .full_schedule = std::move(full),
                             .options = ReadOptions(request)};
}

std::optional<Schedule> ShowSchedule(const std::string& expression) {
  if (expression.empty()) return std::nullopt;
  return Schedule{.type = "BASIC", .expression = expression};
}

}  // namespace tarn::api
