#include "query/freshness.h"

#include "base/clock.h"
#include "query/executor.h"
#include "query/session_properties.h"

namespace tarn::query {

base::Result<MaxAge> MaxAge::Read(std::string_view text) {
  MaxAge read;
  if (const auto age = ReadDuration(text)) {
    read.age_ = *age;
  } else if (const auto calendar = base::CalendarDuration::Parse(text)) {
    read.age_ = *calendar;
  } else {
    return base::InvalidArgument("An age is a duration such as 5m or PT5M, not: \"" + std::string(text) + "\"");
  }
  return read;
}

bool MaxAge::Allows(base::SystemTime as_of, base::SystemTime now) const {
  if (const auto* age = std::get_if<std::chrono::milliseconds>(&age_)) return now - as_of <= *age;
  return std::get<base::CalendarDuration>(age_).AddTo(as_of) >= now;
}

std::string_view ServedBy(const StatementInput& input) {
  if (!input.query_id.empty()) return "MATERIALIZED_QUERY";
  return input.generation.empty() ? "SOURCE" : "CACHE";
}

bool IsTooOld(const Freshness& wanted, base::SystemTime as_of) {
  return wanted.max_age && !wanted.max_age->Allows(as_of, base::RealClock().Now());
}

base::Result<bool> IsStale(const Freshness& wanted, base::SystemTime as_of, const std::string& name) {
  if (!IsTooOld(wanted, as_of)) return false;
  if (!wanted.fail_if_stale) return true;
  return base::FailedPrecondition(
      "The copy of \"" + name + "\" is older than the statement allows: it is of " + base::FormatTime(as_of),
      "STALE_COPY");
}

}  // namespace tarn::query
