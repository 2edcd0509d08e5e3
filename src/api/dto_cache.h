// Bodies of the area Cache, with the wire's own names.
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "http/json_traits.h"

namespace tarn::api {

// `type` is BASIC (also where absent) or NONE; `expression` an ISO-8601 duration.
struct ScheduleRequest {
  http::Nullable<std::string> type;
  std::optional<std::string> expression;
};
BOOST_DESCRIBE_STRUCT(ScheduleRequest, (), (type, expression))

// A schedule that is absent keeps what a cache has; null is none.
struct CacheRequest {
  std::string catalogId;
  std::string schemaName;
  std::string tableName;
  http::Nullable<ScheduleRequest> incrementalCacheSchedule;
  http::Nullable<ScheduleRequest> fullRefreshCacheSchedule;
  // Tarn's own: see docs/refresh.md.
  std::optional<std::string> incrementalMethod;
  std::optional<std::string> cursorColumn;
  std::optional<std::string> lookback;
  std::optional<std::vector<std::string>> keyColumns;
  std::optional<std::string> driftPolicy;
  std::optional<std::string> deleteDetection;
};
BOOST_DESCRIBE_STRUCT(CacheRequest, (),
                      (catalogId, schemaName, tableName, incrementalCacheSchedule, fullRefreshCacheSchedule,
                       incrementalMethod, cursorColumn, lookback, keyColumns, driftPolicy, deleteDetection))

struct CacheSettingsUpdateRequest {
  http::Nullable<ScheduleRequest> incrementalCacheSchedule;
  http::Nullable<ScheduleRequest> fullRefreshCacheSchedule;
  std::optional<std::string> incrementalMethod;
  std::optional<std::string> cursorColumn;
  std::optional<std::string> lookback;
  std::optional<std::vector<std::string>> keyColumns;
  std::optional<std::string> driftPolicy;
  std::optional<std::string> deleteDetection;
};
BOOST_DESCRIBE_STRUCT(CacheSettingsUpdateRequest, (),
                      (incrementalCacheSchedule, fullRefreshCacheSchedule, incrementalMethod, cursorColumn, lookback,
                       keyColumns, driftPolicy, deleteDetection))

struct Schedule {
  std::string type;
  std::string expression;
};
BOOST_DESCRIBE_STRUCT(Schedule, (), (type, expression))

struct Cache {
  std::string id;
  std::string catalogId;
  std::string schemaName;
  std::string tableName;
  std::optional<Schedule> incrementalCacheSchedule;  // null: none
  std::optional<Schedule> fullRefreshCacheSchedule;
  std::string projectId;
  std::string appId;  // the same, under its older name
  // Where they are not the usual ones.
  std::optional<std::string> incrementalMethod = std::nullopt;
  std::optional<std::string> cursorColumn = std::nullopt;
  std::optional<std::string> lookback = std::nullopt;
  std::optional<std::vector<std::string>> keyColumns = std::nullopt;
  std::optional<std::string> driftPolicy = std::nullopt;
  std::optional<std::string> deleteDetection = std::nullopt;
};
BOOST_DESCRIBE_STRUCT(Cache, (),
                      (id, catalogId, schemaName, tableName, incrementalCacheSchedule, fullRefreshCacheSchedule,
                       projectId, appId, incrementalMethod, cursorColumn, lookback, keyColumns, driftPolicy,
                       deleteDetection))

struct CacheCreateStatus {
  bool success = false;
  std::optional<std::string> error;
  std::optional<Cache> cache;
};
BOOST_DESCRIBE_STRUCT(CacheCreateStatus, (), (success, error, cache))

struct CacheExecutionProgress {
  std::int64_t numberOfCachedRecords = 0;
  std::int64_t numberOfInsertedRecords = 0;
  std::int64_t numberOfUpdatedRecords = 0;
  std::int64_t numberOfDeletedRecords = 0;
  std::optional<std::string> lastOffset;
  std::optional<std::string> lastCacheTxId;              // the generation that the execution published
  std::optional<std::int64_t> numberOfBytesWritten;      // while it runs
  std::optional<std::int64_t> estimatedNumberOfRecords;  // to be read, while it runs
};
BOOST_DESCRIBE_STRUCT(CacheExecutionProgress, (),
                      (numberOfCachedRecords, numberOfInsertedRecords, numberOfUpdatedRecords, numberOfDeletedRecords,
                       lastOffset, lastCacheTxId, numberOfBytesWritten, estimatedNumberOfRecords))

struct CacheExecutionError {
  std::string errorCode;
  std::string message;
};
BOOST_DESCRIBE_STRUCT(CacheExecutionError, (), (errorCode, message))

struct CacheExecutionInfo {
  std::string id;
  std::string executionMode;  // INCREMENTAL, FULL_REFRESH
  std::string status;         // RUNNING, COMPLETED, FAILED, CANCELLED
  std::optional<CacheExecutionError> error;
  CacheExecutionProgress progress;
  std::string createdAt;
  std::string updatedAt;
  std::optional<std::string> finishedAt;
};
BOOST_DESCRIBE_STRUCT(CacheExecutionInfo, (),
                      (id, executionMode, status, error, progress, createdAt, updatedAt, finishedAt))

struct CacheActionRecord {
  std::string timestamp;
  std::string action;
  std::string message;
  std::string cacheType;  // INCREMENTAL, FULL_REFRESH
  bool isScheduled = false;
};
BOOST_DESCRIBE_STRUCT(CacheActionRecord, (), (timestamp, action, message, cacheType, isScheduled))

// Of a complete copy: how its next incremental refresh finds changes, and when the copy was last seen equal to its
// source in number of rows, which with this method also says that no deleted row is left. One of our own fields.
struct CacheRefreshMethod {
  std::string incrementalMethod;  // log, xmin, updated_at, cursor, append, full
  int level = 0;
  std::optional<std::string> reason;  // why not a better one
  std::string verifiedAt;
  std::string deletesCheckedAt;
  std::optional<std::string> auditedAt;  // when it was last seen equal in every value
  std::int64_t auditRepairedRows = 0;    // that differed then
};
BOOST_DESCRIBE_STRUCT(CacheRefreshMethod, (),
                      (incrementalMethod, level, reason, verifiedAt, deletesCheckedAt, auditedAt, auditRepairedRows))

struct CacheStatus {
  std::string id;
  std::string status;  // of the newest execution of either kind
  std::string catalogId;
  std::string schemaName;
  std::string tableName;
  std::string projectId;
  std::string appId;
  std::optional<CacheExecutionInfo> lastIncrementalCacheExecution;
  std::optional<CacheExecutionInfo> lastFullRefreshCacheExecution;
  std::optional<std::vector<CacheActionRecord>> cacheActionLogs;  // the newest ones, newest first
  std::optional<CacheRefreshMethod> refreshMethod;
};
BOOST_DESCRIBE_STRUCT(CacheStatus, (),
                      (id, status, catalogId, schemaName, tableName, projectId, appId, lastIncrementalCacheExecution,
                       lastFullRefreshCacheExecution, cacheActionLogs, refreshMethod))

// The answer to a trigger.
struct JobAccepted {
  std::string status;
  std::string message;
};
BOOST_DESCRIBE_STRUCT(JobAccepted, (), (status, message))

}  // namespace tarn::api

template <>
struct tarn::http::JsonTraits<tarn::api::Cache> {
  static constexpr std::string_view kOmitted[] = {"incrementalMethod", "cursorColumn", "lookback",
                                                  "keyColumns",        "driftPolicy",  "deleteDetection"};
};

template <>
struct tarn::http::JsonTraits<tarn::api::CacheExecutionProgress> {
  static constexpr std::string_view kOmitted[] = {"numberOfBytesWritten", "estimatedNumberOfRecords"};
};

template <>
struct tarn::http::JsonTraits<tarn::api::CacheStatus> {
  static constexpr std::string_view kOmitted[] = {"cacheActionLogs"};
};
