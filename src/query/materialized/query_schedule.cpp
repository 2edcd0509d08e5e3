#include "query/materialized/query_schedule.h"

#include <boost/json.hpp>

#include "base/cron.h"
#include "jobs/schedule.h"

namespace tarn::query {

namespace json = boost::json;

namespace {

constexpr const char* kUtc = "UTC";

std::string TextOf(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::optional<base::SystemTime> NextByCron(const QuerySchedule& schedule, base::SystemTime after) {
  const auto cron = base::Cron::Parse(schedule.cron_expression);
  if (!cron) return std::nullopt;
  const auto next = cron->Next(after, schedule.time_zone.empty() ? kUtc : schedule.time_zone);
  return next ? std::optional(*next) : std::nullopt;
}

}  // namespace

base::Result<void> CheckSchedule(const QuerySchedule& schedule) {
  const auto in_field = [](base::Error error, const char* field) {
    error.field = field;
    return std::unexpected(std::move(error));
  };
  if (schedule.kind == QuerySchedule::Kind::kInterval) {
    if (const auto read = jobs::Schedule::Parse(schedule.repeat_duration); !read)
      return base::InvalidArgument(
          "Schedule is not an ISO-8601 duration of at least one minute: \"" + schedule.repeat_duration + "\"",
          "schedule.repeatDuration");
  }
  if (schedule.kind == QuerySchedule::Kind::kCron) {
    if (const auto read = base::Cron::Parse(schedule.cron_expression); !read)
      return in_field(read.error(), "schedule.cronExpression");
    if (!schedule.time_zone.empty() && !base::IsZoneName(schedule.time_zone))
      return base::InvalidArgument("Time zone is not known: \"" + schedule.time_zone + "\"", "schedule.timezone");
  }
  return {};
}

std::string WriteSchedule(const QuerySchedule& schedule) {
  switch (schedule.kind) {
    case QuerySchedule::Kind::kNone: return {};
    case QuerySchedule::Kind::kInterval:
      return json::serialize(json::object{{"type", "interval"}, {"repeatDuration", schedule.repeat_duration}});
    case QuerySchedule::Kind::kCron:
      return json::serialize(json::object{
          {"type", "cron"}, {"cronExpression", schedule.cron_expression}, {"timezone", schedule.time_zone}});
  }
  return {};
}

base::Result<QuerySchedule> ReadSchedule(std::string_view text) {
  if (text.empty()) return QuerySchedule{};
  boost::system::error_code failed;
  const auto read = json::parse(text, failed);
  if (failed || !read.is_object()) return base::Internal("A stored schedule cannot be read");
  const auto& object = read.as_object();
  const auto type = TextOf(object, "type");
  if (type == "interval")
    return QuerySchedule{.kind = QuerySchedule::Kind::kInterval, .repeat_duration = TextOf(object, "repeatDuration")};
  if (type == "cron")
    return QuerySchedule{.kind = QuerySchedule::Kind::kCron,
                         .cron_expression = TextOf(object, "cronExpression"),
                         .time_zone = TextOf(object, "timezone")};
  return base::Internal("A stored schedule cannot be read");
}

std::optional<base::SystemTime> FirstRun(const QuerySchedule& schedule, base::SystemTime now, std::string_view seed,
                                         double jitter) {
  if (schedule.kind == QuerySchedule::Kind::kNone) return std::nullopt;
  if (schedule.kind == QuerySchedule::Kind::kCron) return NextByCron(schedule, now);
  const auto interval = jobs::Schedule::Parse(schedule.repeat_duration);
  return interval ? std::optional(interval->First(now, seed, jitter)) : std::nullopt;
}

std::optional<base::SystemTime> NextRun(const QuerySchedule& schedule, base::SystemTime due, base::SystemTime now) {
  if (schedule.kind == QuerySchedule::Kind::kNone) return std::nullopt;
  if (schedule.kind == QuerySchedule::Kind::kCron) return NextByCron(schedule, now);
  const auto interval = jobs::Schedule::Parse(schedule.repeat_duration);
  return interval ? std::optional(interval->Next(due, now)) : std::nullopt;
}

}  // namespace tarn::query
