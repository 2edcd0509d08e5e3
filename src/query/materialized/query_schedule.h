// When a materialized query is refreshed by itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/limits.h"

namespace tarn::query {

struct QuerySchedule {
  enum class Kind { kNone, kInterval, kCron };
  Kind kind = Kind::kNone;
  std::string repeat_duration = {};  // of an interval: an ISO-8601 duration
  std::string cron_expression = {};  // of cron: five fields
  std::string time_zone = {};        // of cron: an IANA name
  bool operator==(const QuerySchedule&) const = default;
};

// Errors: InvalidArgument with the field, such as "schedule.cronExpression".
[[nodiscard]] base::Result<void> CheckSchedule(const QuerySchedule& schedule);

// As the control store has it; an empty text is no schedule. Errors of reading: Internal.
[[nodiscard]] std::string WriteSchedule(const QuerySchedule& schedule);
[[nodiscard]] base::Result<QuerySchedule> ReadSchedule(std::string_view json);

// When it is due for the first time from now on. `seed` gives intervals a phase of their own, which is at most `jitter`
// of the interval and a minute. nullopt: never.
[[nodiscard]] std::optional<base::SystemTime> FirstRun(const QuerySchedule& schedule, base::SystemTime now,
                                                       std::string_view seed, double jitter);
// What follows the run that was due at `due`; runs that were missed are made up for by the one that happens now.
[[nodiscard]] std::optional<base::SystemTime> NextRun(const QuerySchedule& schedule, base::SystemTime due,
                                                      base::SystemTime now);

}  // namespace tarn::query
