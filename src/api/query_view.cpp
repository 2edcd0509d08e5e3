#include "api/query_view.h"

#include "api/materialization.h"
#include "base/log.h"

namespace tarn::api {

namespace {

std::optional<ShownQuerySchedule> ScheduleOf(const store::SavedQuery& query) {
  if (!IsMaterialized(query)) return std::nullopt;
  const auto schedule = query::ReadSchedule(query.schedule);
  if (!schedule) {
    base::log::Error("schedule of a query not readable", {{"query", query.id}});
    return std::nullopt;
  }
  auto [type, repeat_duration, cron_expression, time_zone] = ShowQuerySchedule(*schedule);
  return ShownQuerySchedule{.type = type,
                            .repeatDuration = std::move(repeat_duration),
                            .cronExpression = std::move(cron_expression),
                            .timezone = std::move(time_zone)};
}

}  // namespace

Query ShowQuery(const store::SavedQuery& query, const FolderTree& folders) {
  return {.id = query.id,
          .displayName = query.display_name,
          .name = query.name,
          .inputQuery = query.input_query,
          .queryType = IsMaterialized(query) ? QueryType::MATERIALIZED : QueryType::PLAIN,
          .schedule = ScheduleOf(query),
          .path = folders.PathOf(query.folder_id),
          .folderId = query.folder_id.empty() ? std::nullopt : std::optional(query.folder_id)};
}

}  // namespace tarn::api
