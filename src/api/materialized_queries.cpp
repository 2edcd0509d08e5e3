// Stored results of saved queries, readable as "peaka"."mtquery"."<name>": their status, refreshes and cancellations.
#include "api/areas.h"
#include "api/dto_materialized.h"
#include "api/materialization.h"
#include "api/saved_query.h"
#include "base/clock.h"
#include "query/materialized/inputs.h"

namespace tarn::api {

using http::Method;
using http::NoBody;
using http::NoContent;

namespace {

constexpr std::size_t kNextRunsShown = 3;

http::OperationInfo Info(std::string id, Method method, const std::string& path, std::string summary) {
  return {.id = std::move(id),
          .method = method,
          .path = "/data/projects/{projectId}/materialized-queries" + path,
          .area = "Data: Materialized Queries",
          .summary = std::move(summary)};
}

std::string StatusName(store::RunStatus status) {
  switch (status) {
    case store::RunStatus::kNone:
    case store::RunStatus::kRunning: return "RUNNING";  // what was never run is about to be
    case store::RunStatus::kCompleted: return "COMPLETED";
    case store::RunStatus::kFailed: return "FAILED";
    case store::RunStatus::kCancelled: return "CANCELED";
  }
  return "FAILED";
}

std::optional<std::string> ShowTime(const std::optional<base::SystemTime>& time) {
  return time ? std::optional(base::FormatTime(*time)) : std::nullopt;
}

base::Result<std::vector<MaterializedQueryInput>> ShowInputs(const store::StoredResult& result) {
  TARN_ASSIGN_OR_RETURN(const auto inputs, query::ReadInputs(result.inputs));
  std::vector<MaterializedQueryInput> shown;
  for (const auto& input : inputs) {
    shown.push_back({.catalogName = input.catalog,
                     .schemaName = input.schema,
                     .tableName = input.table,
                     .servedBy = input.served_by,
                     .asOf = ShowTime(input.as_of)});
  }
  return shown;
}

base::Result<MaterializedQueryStatusView> ShowStatus(const Parts& parts, const store::SavedQuery& query) {
  TARN_ASSIGN_OR_RETURN(const auto schedule, query::ReadSchedule(query.schedule));
  MaterializedQueryStatusView shown{.queryId = query.id,
                                    .queryName = query.name,
                                    .scheduleSettings = ShowQuerySchedule(schedule),
                                    .nextExecutionStartTime = std::nullopt,
                                    .status = StatusName(store::RunStatus::kNone),
                                    .lastExecutionStartTime = std::nullopt,
                                    .lastUpdateTime = std::nullopt,
                                    .nextExecutionStartTimes = {},
                                    .errorCode = std::nullopt,
                                    .errorMessage = std::nullopt,
                                    .rowCount = std::nullopt,
                                    .byteCount = std::nullopt,
                                    .inputs = {}};
  const auto state = parts.materialized.Find(query.id);
  if (!state) return shown;
  shown.status = StatusName(state->run.status);
  shown.lastExecutionStartTime = ShowTime(state->run.started_at);
  shown.nextExecutionStartTime = ShowTime(state->next_run);
  for (auto next = state->next_run; next && shown.nextExecutionStartTimes.size() < kNextRunsShown;
       next = query::NextRun(schedule, *next, *next))
    shown.nextExecutionStartTimes.push_back(base::FormatTime(*next));
  if (!state->run.error_message.empty()) shown.errorMessage = state->run.error_message;
  if (!state->run.error_code.empty()) shown.errorCode = state->run.error_code;
  if (!state->result) return shown;
  shown.lastUpdateTime = base::FormatTime(state->result->published_at);
  shown.rowCount = state->result->row_count;
  shown.byteCount = state->result->file_bytes;
  TARN_ASSIGN_OR_RETURN(shown.inputs, ShowInputs(*state->result));
  return shown;
}

// Errors: InvalidArgument, also for a query that is not materialized.
base::Result<store::SavedQuery> FindMaterialized(const Parts& parts, const ProjectCall& call) {
  TARN_ASSIGN_OR_RETURN(auto query, FindSavedQuery(parts, call.project.id, call.context.Path("queryId")));
  if (!IsMaterialized(query)) return base::InvalidArgument(fmt::format("Query is not materialized: {}", query.id));
  return query;
}

base::Result<std::vector<MaterializedQueryStatusView>> List(const Parts& parts, const ProjectCall& call) {
  std::vector<MaterializedQueryStatusView> shown;
  for (const store::SavedQuery& query : parts.queries.List(call.project.id)) {
    if (!IsMaterialized(query)) continue;
    TARN_ASSIGN_OR_RETURN(auto status, ShowStatus(parts, query));
    shown.push_back(std::move(status));
  }
  return shown;
}

}  // namespace

void AddMaterializedQueries(Parts& parts, OperationList& operations) {
  using Statuses = std::vector<MaterializedQueryStatusView>;
  operations.push_back(ProjectOperation<NoBody, Statuses>(
      parts, Info("listMaterializedQueryStatuses", Method::kGet, "/status", "List Materialized Query Statuses"),
      [&parts](const ProjectCall& call, const NoBody&) { return List(parts, call); }));
  operations.push_back(ProjectOperation<NoBody, MaterializedQueryStatusView>(
      parts, Info("readMaterializedQueryStatus", Method::kGet, "/{queryId}/status", "Read Materialized Query Status"),
      [&parts](const ProjectCall& call, const NoBody&) -> base::Result<MaterializedQueryStatusView> {
        TARN_ASSIGN_OR_RETURN(const store::SavedQuery query, FindMaterialized(parts, call));
        return ShowStatus(parts, query);
      }));
  operations.push_back(ProjectOperation<NoBody, NoContent>(
      parts, Info("refreshMaterializedQuery", Method::kPost, "/{queryId}/refresh", "Refresh Materialized Query"),
      [&parts](const ProjectCall& call, const NoBody&) -> base::Result<NoContent> {
        TARN_ASSIGN_OR_RETURN(const store::SavedQuery query, FindMaterialized(parts, call));
        TARN_RETURN_IF_ERROR(parts.materialized.Run(query));
        return NoContent{};
      }));
  operations.push_back(ProjectOperation<NoBody, NoContent>(
      parts, Info("cancelMaterializedQuery", Method::kPost, "/{queryId}/cancel", "Cancel Materialized Query Refresh"),
      [&parts](const ProjectCall& call, const NoBody&) -> base::Result<NoContent> {
        TARN_ASSIGN_OR_RETURN(const store::SavedQuery query, FindMaterialized(parts, call));
        parts.materialized.Cancel(query.id);
        return NoContent{};
      }));
}

}  // namespace tarn::api
