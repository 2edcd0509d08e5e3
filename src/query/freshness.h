// How old what a statement reads is, and may be.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/duration.h"
#include "base/error.h"
#include "base/limits.h"

namespace tarn::query {

struct StatementInput;

// "5m", "1.5h" or, in ISO-8601, "PT5M".
class MaxAge final {
 public:
  // Errors: InvalidArgument.
  [[nodiscard]] static base::Result<MaxAge> Read(std::string_view text);
  // Whether what was seen at `as_of` is young enough at `now`.
  [[nodiscard]] bool Allows(base::SystemTime as_of, base::SystemTime now) const;

 private:
  std::variant<std::chrono::milliseconds, base::CalendarDuration> age_ = std::chrono::milliseconds(0);
};

// What a statement asks of the copies that it reads. One that is too old is refreshed first where that is asked for;
// what is still too old is passed over for its source, or is an error.
struct Freshness {
  std::optional<MaxAge> max_age = {};  // nullopt: any
  bool fail_if_stale = false;
  bool refresh_if_stale = false;
};

// SOURCE, CACHE or MATERIALIZED_QUERY.
[[nodiscard]] std::string_view ServedBy(const StatementInput& input);

// Whether a copy is too old.
[[nodiscard]] bool IsTooOld(const Freshness& wanted, base::SystemTime as_of);
// Whether a copy must be passed over. Errors: FailedPrecondition with STALE_COPY where the statement wants that.
[[nodiscard]] base::Result<bool> IsStale(const Freshness& wanted, base::SystemTime as_of, const std::string& name);

}  // namespace tarn::query
