#include "api/cache_view.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "http/json_write.h"

namespace tarn::api {
namespace {

using std::chrono::seconds;

const base::SystemTime kStart{seconds(1'760'000'000)};

store::Execution Execution(store::RefreshMode mode, store::ExecutionStatus status, int after) {
  store::Execution execution;
  execution.id = "e" + std::to_string(after);
  execution.mode = mode;
  execution.status = status;
  execution.created_at = kStart + seconds(after);
  execution.updated_at = execution.created_at;
  return execution;
}

store::CacheState State() {
  store::CacheState state;
  state.cache.id = "c";
  state.cache.project_id = "SksnYuxH";
  state.cache.catalog_id = "7";
  state.cache.schema_name = "main";
  state.cache.table_name = "orders";
  state.cache.full_schedule = "P1D";
  return state;
}

template <class T>
boost::json::object Written(const T& value) {
  std::string text;
  http::WriteJson(value, text);
  return boost::json::parse(text).as_object();
}

TEST(CacheView, CarriesBothNamesOfTheProject) {
  EXPECT_EQ(Written(ShowCache(State().cache)),
            boost::json::parse(R"({"id": "c", "catalogId": "7", "schemaName": "main", "tableName": "orders",
              "incrementalCacheSchedule": null, "fullRefreshCacheSchedule": {"type": "BASIC", "expression": "P1D"},
              "projectId": "SksnYuxH", "appId": "SksnYuxH"})")
                .as_object());
}

TEST(CacheView, StatusIsThatOfTheNewestExecution) {
  auto state = State();
  EXPECT_EQ(ShowStatus(state).status, "NOT_INITIALIZED");
  state.last_full = Execution(store::RefreshMode::kFull, store::ExecutionStatus::kFailed, 1);
  EXPECT_EQ(ShowStatus(state).status, "FAILED");
  state.last_incremental = Execution(store::RefreshMode::kIncremental, store::ExecutionStatus::kCompleted, 2);
  EXPECT_EQ(ShowStatus(state).status, "COMPLETED");
  state.last_full->created_at = kStart + seconds(3);
  EXPECT_EQ(ShowStatus(state).status, "FAILED");
}

TEST(CacheView, AnythingUnderWayIsRunning) {
  auto state = State();
  state.last_full = Execution(store::RefreshMode::kFull, store::ExecutionStatus::kQueued, 1);
  state.last_incremental = Execution(store::RefreshMode::kIncremental, store::ExecutionStatus::kCancelled, 2);
  EXPECT_EQ(ShowStatus(state).status, "RUNNING");
  EXPECT_EQ(ShowStatus(state).lastFullRefreshCacheExecution->status, "RUNNING");
  EXPECT_EQ(ShowStatus(state).lastIncrementalCacheExecution->status, "CANCELLED");
}

TEST(CacheView, LogsAreLeftOutWhenNotAskedFor) {
  auto shown = ShowStatus(State());
  EXPECT_FALSE(Written(shown).contains("cacheActionLogs"));
  shown.cacheActionLogs.emplace();
  EXPECT_TRUE(Written(shown).at("cacheActionLogs").is_array());
}

TEST(CacheView, ExecutionShowsCountsAndItsError) {
  auto execution = Execution(store::RefreshMode::kIncremental, store::ExecutionStatus::kFailed, 0);
  execution.counts = {.cached = 1005, .inserted = 7, .updated = 3, .deleted = 2};
  execution.error_code = "SOURCE_UNAVAILABLE";
  execution.error_message = "Source does not answer";
  const auto shown = Written(ShowExecution(execution));
  EXPECT_EQ(shown.at("executionMode"), "INCREMENTAL");
  EXPECT_EQ(shown.at("finishedAt"), nullptr);
  EXPECT_EQ(shown.at("progress"), boost::json::parse(R"({"numberOfCachedRecords": 1005, "numberOfInsertedRecords": 7,
              "numberOfUpdatedRecords": 3, "numberOfDeletedRecords": 2, "lastOffset": null, "lastCacheTxId": null})"));
  EXPECT_EQ(shown.at("error").at("message"), "Source does not answer");
}

}  // namespace
}  // namespace tarn::api
