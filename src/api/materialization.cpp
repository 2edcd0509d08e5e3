#include "api/materialization.h"

#include "api/execute_arguments.h"
#include "api/saved_query.h"
#include "base/log.h"

namespace tarn::api {

namespace {

using Kind = query::QuerySchedule::Kind;

// As long as clients wait for an answer without losing patience.
constexpr std::chrono::seconds kPatience{15};
constexpr std::chrono::seconds kTimeToAnswer{1};

std::optional<std::string> TextOrNone(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

// Puts the query back to what it was, unless somebody changed it meanwhile.
void Undo(Parts& parts, const store::SavedQuery& query, const std::optional<store::SavedQuery>& before) {
  const auto present = parts.queries.Find(query.project_id, query.id);
  if (!present || present->input_query != query.input_query || present->query_type != query.query_type ||
      present->updated_at != query.updated_at)
    return;
  const auto undone = before ? parts.queries.Update(*before) : parts.queries.Delete(query.project_id, query.id);
  if (!undone) {
    base::log::Warning("change of a query not undone", {{"query", query.id}, {"reason", undone.error().message}});
    return;
  }
  if (before && IsMaterialized(*before))
    IgnoreError(parts.materialized.Reschedule(*before), "it is rescheduled with its next change, or deleted");
  parts.materialized.ForgetGone();
}

}  // namespace

bool IsMaterialized(const store::SavedQuery& query) { return query.query_type == store::kMaterializedType; }

base::Result<query::QuerySchedule> ReadQuerySchedule(const MaterializedQuerySchedule& given) {
  if (!given.type) return base::InvalidArgument("Required field is missing", "schedule.type");
  query::QuerySchedule schedule;
  if (*given.type == ScheduleType::interval) {
    schedule.kind = Kind::kInterval;
    schedule.repeat_duration = given.repeatDuration.value_or("");
  }
  if (*given.type == ScheduleType::cron) {
    schedule.kind = Kind::kCron;
    schedule.cron_expression = given.cronExpression.value_or("");
    schedule.time_zone = given.timezone.value_or("UTC");
  }
  TARN_RETURN_IF_ERROR(query::CheckSchedule(schedule));
  return schedule;
}

MaterializedQuerySchedule ShowQuerySchedule(const query::QuerySchedule& schedule) {
  MaterializedQuerySchedule shown;
  shown.type = ScheduleType::none;
  if (schedule.kind == Kind::kInterval) shown.type = ScheduleType::interval;
  if (schedule.kind == Kind::kCron) shown.type = ScheduleType::cron;
  shown.repeatDuration = TextOrNone(schedule.repeat_duration);
  shown.cronExpression = TextOrNone(schedule.cron_expression);
  shown.timezone = TextOrNone(schedule.time_zone);
  return shown;
}

base::Result<void> ApplyMaterialization(const Parts& parts, const ProjectCall& call, const QueryRequest& request,
                                        store::SavedQuery& query) {
  if (request.queryType)
    query.query_type = *request.queryType == QueryType::MATERIALIZED ? store::kMaterializedType : store::kPlainType;
  if (!IsMaterialized(query)) {
    query.schedule.clear();
    if (request.inputQueryRefId)
      return base::InvalidArgument("Only a materialized query is made of another query", "inputQueryRefId");
    if (request.schedule && request.schedule->type && *request.schedule->type != ScheduleType::none)
      return base::InvalidArgument("Only a materialized query has a schedule", "schedule");
    return {};
  }
  if (request.schedule) {
    TARN_ASSIGN_OR_RETURN(const auto schedule, ReadQuerySchedule(*request.schedule));
    query.schedule = query::WriteSchedule(schedule);
  }
  if (request.inputQueryRefId) {
    if (request.inputQuery)
      return base::InvalidArgument("Query is made of a text and of another query", "inputQueryRefId");
    auto other = FindSavedQuery(parts, call.project.id, *request.inputQueryRefId);
    if (!other) {
      other.error().field = "inputQueryRefId";
      return std::unexpected(std::move(other).error());
    }
    query.input_query = std::move(other->input_query);
  }
  return {};
}

base::Result<void> Materialize(Parts& parts, const ProjectCall& call, const WrittenQuery& written) {
  const auto& [query, before, rebuild] = written;
  const bool was = before && IsMaterialized(*before);
  if (!IsMaterialized(query)) {
    if (was) parts.materialized.ForgetGone();
    return {};
  }
  std::shared_ptr<query::AwaitedRun> run;
  if (!was || before->input_query != query.input_query || rebuild) {
    auto begun = parts.materialized.Run(query);
    if (!begun) {
      Undo(parts, query, before);
      return std::unexpected(std::move(begun).error());
    }
    run = *std::move(begun);
  }
  if (!was || before->schedule != query.schedule) {
    if (auto scheduled = parts.materialized.Reschedule(query); !scheduled) {
      Undo(parts, query, before);
      return scheduled;
    }
  }
  if (!run) return {};
  base::CallLimits limits = base::CallLimits::Within(kPatience, call.context.limits().cancel);
  if (call.context.limits().deadline != base::SteadyTime::max())
    limits.deadline = std::min(limits.deadline, call.context.limits().deadline - kTimeToAnswer);
  auto ended = query::MaterializedQueries::Wait(*run, limits);
  if (!ended || *ended || ended->error().kind == base::ErrorKind::kCancelled) return {};
  Undo(parts, query, before);
  return std::unexpected(ShowStatementError(std::move(*ended).error(), true));
}

}  // namespace tarn::api
