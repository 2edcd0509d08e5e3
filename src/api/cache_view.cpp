#include "api/cache_view.h"

#include "api/cache_schedule.h"
#include "base/clock.h"
#include "cache/refresh_options.h"
#include "cache/table_json.h"

namespace tarn::api {

namespace {

// A refresh that waits for a free worker is under way, as its client sees it.
std::string_view StatusName(store::ExecutionStatus status) {
  switch (status) {
    case store::ExecutionStatus::kQueued:
    case store::ExecutionStatus::kRunning: return "RUNNING";
    case store::ExecutionStatus::kCompleted: return "COMPLETED";
    case store::ExecutionStatus::kFailed: return "FAILED";
    case store::ExecutionStatus::kCancelled: return "CANCELLED";
  }
  return "FAILED";
}

std::string_view StatusOf(const store::CacheState& state) {
  const store::Execution* newest = nullptr;
  for (const auto* execution : {&state.last_incremental, &state.last_full}) {
    if (!*execution) continue;
    if (StatusName((*execution)->status) == "RUNNING") return "RUNNING";
    if (newest == nullptr || (*execution)->created_at > newest->created_at) newest = &**execution;
  }
  return newest == nullptr ? "NOT_INITIALIZED" : StatusName(newest->status);
}

std::optional<std::string> IfAny(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

}  // namespace

std::string_view ModeName(store::RefreshMode mode) {
  return mode == store::RefreshMode::kIncremental ? "INCREMENTAL" : "FULL_REFRESH";
}

Cache ShowCache(const store::Cache& cache) {
  Cache shown = {.id = cache.id,
                 .catalogId = cache.catalog_id,
                 .schemaName = cache.schema_name,
                 .tableName = cache.table_name,
                 .incrementalCacheSchedule = ShowSchedule(cache.incremental_schedule),
                 .fullRefreshCacheSchedule = ShowSchedule(cache.full_schedule),
                 .projectId = cache.project_id,
                 .appId = cache.project_id};
  const auto options = cache::ReadRefreshOptions(cache.options).value_or(cache::RefreshOptions{});
  const cache::RefreshOptions usual;
  const auto word = [](const auto& chosen, const auto& otherwise) {
    return chosen == otherwise ? std::nullopt : std::optional(std::string(cache::NameOf(chosen)));
  };
  shown.incrementalMethod = word(options.method, usual.method);
  shown.cursorColumn = IfAny(options.cursor_column);
  shown.lookback = IfAny(options.lookback);
  if (!options.key_columns.empty()) shown.keyColumns = options.key_columns;
  shown.driftPolicy = word(options.drift, usual.drift);
  shown.deleteDetection = word(options.deletes, usual.deletes);
  return shown;
}

CacheExecutionInfo ShowExecution(const store::Execution& execution) {
  CacheExecutionInfo shown = {.id = execution.id,
                              .executionMode = std::string(ModeName(execution.mode)),
                              .status = std::string(StatusName(execution.status)),
                              .error = std::nullopt,
                              .progress = {.numberOfCachedRecords = execution.counts.cached,
                                           .numberOfInsertedRecords = execution.counts.inserted,
                                           .numberOfUpdatedRecords = execution.counts.updated,
                                           .numberOfDeletedRecords = execution.counts.deleted,
                                           .lastOffset = IfAny(execution.last_offset),
                                           .lastCacheTxId = IfAny(execution.generation),
                                           .numberOfBytesWritten = std::nullopt,
                                           .estimatedNumberOfRecords = std::nullopt},
                              .createdAt = base::FormatTime(execution.created_at),
                              .updatedAt = base::FormatTime(execution.updated_at),
                              .finishedAt = std::nullopt};
  if (execution.status == store::ExecutionStatus::kRunning || execution.status == store::ExecutionStatus::kQueued) {
    shown.progress.numberOfBytesWritten = execution.counts.bytes;
    if (execution.counts.expected >= 0) shown.progress.estimatedNumberOfRecords = execution.counts.expected;
  }
  if (!execution.error_message.empty())
    shown.error = CacheExecutionError{.errorCode = execution.error_code, .message = execution.error_message};
  if (execution.finished_at) shown.finishedAt = base::FormatTime(*execution.finished_at);
  return shown;
}

CacheActionRecord ShowLog(const store::ActionLog& log) {
  return {.timestamp = base::FormatTime(log.timestamp),
          .action = log.action,
          .message = log.message,
          .cacheType = std::string(ModeName(log.mode)),
          .isScheduled = log.scheduled};
}

std::optional<CacheRefreshMethod> ShowMethod(const store::Manifest& manifest) {
  const auto version = cache::ReadTableVersion(manifest.table);
  if (!version) return std::nullopt;
  const auto& method = version->method;
  const auto seen = base::FormatTime(manifest.loaded_at);
  const auto& audit = version->audit;
  const bool audited = audit.at != base::SystemTime{};
  return CacheRefreshMethod{.incrementalMethod = method.name,
                            .level = method.level,
                            .reason = method.reason.empty() ? std::nullopt : std::optional(method.reason),
                            .verifiedAt = seen,
                            .deletesCheckedAt = seen,
                            .auditedAt = audited ? std::optional(base::FormatTime(audit.at)) : std::nullopt,
                            .auditRepairedRows = audit.repaired};
}

CacheStatus ShowStatus(const store::CacheState& state) {
  CacheStatus shown = {.id = state.cache.id,
                       .status = std::string(StatusOf(state)),
                       .catalogId = state.cache.catalog_id,
                       .schemaName = state.cache.schema_name,
                       .tableName = state.cache.table_name,
                       .projectId = state.cache.project_id,
                       .appId = state.cache.project_id,
                       .lastIncrementalCacheExecution = std::nullopt,
                       .lastFullRefreshCacheExecution = std::nullopt,
                       .cacheActionLogs = std::nullopt,
                       .refreshMethod = std::nullopt};
  if (state.last_incremental) shown.lastIncrementalCacheExecution = ShowExecution(*state.last_incremental);
  if (state.last_full) shown.lastFullRefreshCacheExecution = ShowExecution(*state.last_full);
  if (state.manifest) shown.refreshMethod = ShowMethod(*state.manifest);
  return shown;
}

}  // namespace tarn::api
