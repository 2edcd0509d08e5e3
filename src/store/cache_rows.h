// The rows of caches in SQL; their life in memory is in caches.cpp.
#pragma once

#include <string_view>
#include <vector>

#include "store/caches.h"
#include "store/session.h"

namespace tarn::store {

[[nodiscard]] bool HasEnded(ExecutionStatus status);

// What was stored of an execution before it was saved again.
enum class Stored { kNothing, kUnfinished, kEnded };

// All of these throw what SOCI throws, and Refusal.

[[nodiscard]] std::vector<Cache> ReadCaches(soci::session& session);
[[nodiscard]] std::vector<Manifest> ReadManifests(soci::session& session);
// Each cache's newest execution of a mode.
[[nodiscard]] std::vector<Execution> ReadLastExecutions(soci::session& session, RefreshMode mode);
[[nodiscard]] std::vector<Execution> ReadUnfinishedExecutions(soci::session& session);
[[nodiscard]] std::vector<Execution> ReadHistory(soci::session& session, const std::string& cache_id, int limit,
                                                 int offset);
[[nodiscard]] std::vector<ActionLog> ReadLogs(soci::session& session, const std::string& cache_id, int limit);

void InsertCache(soci::session& session, const Cache& cache);
void UpdateSettings(soci::session& session, const Cache& cache);
void DeleteCache(soci::session& session, const std::string& cache_id);
// Refuses with NotFound.
void RequireCache(soci::session& session, const std::string& cache_id);

void SaveManifest(soci::session& session, const Manifest& manifest);
[[nodiscard]] Stored FindStored(soci::session& session, const std::string& execution_id);
void SaveExecution(soci::session& session, const Execution& execution);
void InsertLog(soci::session& session, const ActionLog& log);
// All but the last execution of each cache and mode.
void DeleteBefore(soci::session& session, base::SystemTime time);

}  // namespace tarn::store
