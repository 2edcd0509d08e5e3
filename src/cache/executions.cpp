#include "cache/executions.h"

#include <fmt/format.h>

#include "base/ids.h"

namespace tarn::cache {

std::string ModeName(store::RefreshMode mode) { return mode == store::RefreshMode::kFull ? "Full" : "Incremental"; }

store::Execution NewExecution(const std::string& cache_id, store::RefreshMode mode, bool scheduled,
                              base::SystemTime now) {
  store::Execution execution;
  execution.id = base::NewUuid();
  execution.cache_id = cache_id;
  execution.mode = mode;
  execution.status = store::ExecutionStatus::kRunning;
  execution.scheduled = scheduled;
  execution.created_at = now;
  execution.updated_at = now;
  return execution;
}

store::ActionLog LogOf(const store::Execution& execution, const std::string& action, const std::string& message,
                       base::SystemTime now) {
  return {.cache_id = execution.cache_id,
          .timestamp = now,
          .action = action,
          .message = message,
          .mode = execution.mode,
          .scheduled = execution.scheduled};
}

store::ActionLog EndWithError(store::Execution& execution, const base::Error& error, base::SystemTime now) {
  const bool cancelled = error.kind == base::ErrorKind::kCancelled;
  execution.status = cancelled ? store::ExecutionStatus::kCancelled : store::ExecutionStatus::kFailed;
  execution.error_code = error.code.empty() ? std::string(base::ToString(error.kind)) : error.code;
  execution.error_message = error.message;
  execution.updated_at = now;
  execution.finished_at = now;
  if (cancelled)
    return LogOf(execution, "CANCELLED", fmt::format("{} refresh cancelled", ModeName(execution.mode)), now);
  return LogOf(execution, "FAILED", fmt::format("{} refresh failed: {}", ModeName(execution.mode), error.message), now);
}

store::ActionLog EndWithOutcome(store::Execution& execution, const RefreshOutcome& outcome,
                                const std::string& generation, base::SystemTime now) {
  execution.status = store::ExecutionStatus::kCompleted;
  execution.counts = outcome.counts;
  execution.last_offset = outcome.position.watermark;
  execution.generation = outcome.changed ? generation : "";
  execution.updated_at = now;
  execution.finished_at = now;
  const auto& counts = outcome.counts;
  auto message = fmt::format("{} refresh completed: {} rows, {} inserted, {} updated, {} deleted",
                             ModeName(execution.mode), counts.cached, counts.inserted, counts.updated, counts.deleted);
  if (!outcome.note.empty()) message += "; " + outcome.note;
  return LogOf(execution, "COMPLETED", message, now);
}

}  // namespace tarn::cache
