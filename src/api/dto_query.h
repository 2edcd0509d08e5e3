// Bodies of the area Queries, with the wire's own names.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/names.h"
#include "http/json_traits.h"

namespace tarn::api {

enum class QueryType { PLAIN, MATERIALIZED };
BOOST_DESCRIBE_ENUM(QueryType, PLAIN, MATERIALIZED)

enum class ScheduleType { interval, cron, none };
BOOST_DESCRIBE_ENUM(ScheduleType, interval, cron, none)

struct MaterializedQuerySchedule {
  std::optional<ScheduleType> type;
  std::optional<std::string> repeatDuration;
  std::optional<std::string> cronExpression;
  std::optional<std::string> timezone;
};
BOOST_DESCRIBE_STRUCT(MaterializedQuerySchedule, (), (type, repeatDuration, cronExpression, timezone))

// The same in a query, where fields that are not of the type are left out.
struct ShownQuerySchedule {
  std::optional<ScheduleType> type;
  std::optional<std::string> repeatDuration;
  std::optional<std::string> cronExpression;
  std::optional<std::string> timezone;
};
BOOST_DESCRIBE_STRUCT(ShownQuerySchedule, (), (type, repeatDuration, cronExpression, timezone))

// Of a creation and of an update, which keeps what is absent.
struct QueryRequest {
  std::optional<std::string> displayName;
  std::optional<std::string> inputQuery;
  std::optional<QueryType> queryType;
  std::optional<MaterializedQuerySchedule> schedule;
  std::optional<std::string> inputQueryRefId;
  std::optional<std::string> path;
};
BOOST_DESCRIBE_STRUCT(QueryRequest, (), (displayName, inputQuery, queryType, schedule, inputQueryRefId, path))

struct Query {
  std::string id;
  std::string displayName;
  std::string name;
  std::string inputQuery;
  QueryType queryType = QueryType::PLAIN;
  std::optional<ShownQuerySchedule> schedule;
  std::optional<std::string> path;
  std::optional<std::string> folderId;
};
BOOST_DESCRIBE_STRUCT(Query, (), (id, displayName, name, inputQuery, queryType, schedule, path, folderId))

// A table by its catalog's id or name.
struct TableForQuery {
  std::optional<std::string> catalogId;
  std::optional<std::string> catalogName;
  std::string schemaName;
  std::string tableName;
};
BOOST_DESCRIBE_STRUCT(TableForQuery, (), (catalogId, catalogName, schemaName, tableName))

// The four forms in one: which one it is shows in which of from, id, qualifiedName and statement is there.
struct ExecuteRequest {
  std::optional<std::vector<TableForQuery>> from;
  std::optional<std::vector<std::string>> columns;
  std::optional<boost::json::object> filters;
  std::optional<std::vector<std::string>> orderBy;
  std::optional<std::int64_t> limit;
  std::optional<std::int64_t> offset;
  std::optional<std::string> id;
  std::optional<std::string> qualifiedName;
  std::optional<std::string> statement;
  std::optional<std::vector<boost::json::value>> bindings;
  std::optional<std::vector<boost::json::value>> bindArgs;  // the older name of bindings
  std::optional<std::int32_t> timeout;                      // seconds
  std::optional<std::string> maxAge;                        // of copies: "5m", "PT5M"
  std::optional<bool> failIfStale;                          // do not read the source where a copy is older
  std::optional<bool> refreshIfStale;                       // refresh a copy that is older first, and wait for it
};
BOOST_DESCRIBE_STRUCT(ExecuteRequest, (),
                      (from, columns, filters, orderBy, limit, offset, id, qualifiedName, statement, bindings, bindArgs,
                       timeout, maxAge, failIfStale, refreshIfStale))

// Where a result column was taken from unchanged; null where it was computed.
struct QueryResultColumn {
  std::optional<std::string> catalogId;
  std::optional<std::string> catalogName;
  std::optional<std::string> schemaName;
  std::optional<std::string> tableName;
  std::string columnName;
};
BOOST_DESCRIBE_STRUCT(QueryResultColumn, (), (catalogId, catalogName, schemaName, tableName, columnName))

// A table that the answer was made of.
struct QueryResultTable {
  std::string catalogName;
  std::string schemaName;
  std::string tableName;
  std::string servedBy;  // SOURCE, CACHE or MATERIALIZED_QUERY
  std::string asOf;
  bool complete = true;
};
BOOST_DESCRIBE_STRUCT(QueryResultTable, (), (catalogName, schemaName, tableName, servedBy, asOf, complete))

// The answer as its readers see it; it is written row by row. The form of a row follows from the format.
struct QueryResult {
  std::vector<QueryResultColumn> columns;
  std::optional<std::vector<QueryResultTable>> tables;  // in the format TYPED
  std::vector<boost::json::value> data;
};
BOOST_DESCRIBE_STRUCT(QueryResult, (), (columns, tables, data))

struct SQLTranspileQueryRequest {
  std::string query;
};
BOOST_DESCRIBE_STRUCT(SQLTranspileQueryRequest, (), (query))

// Both have the text: clients read one or the other.
struct TranspileResult {
  std::string query;
  std::string result;
};
BOOST_DESCRIBE_STRUCT(TranspileResult, (), (query, result))

}  // namespace tarn::api

template <>
struct tarn::http::JsonTraits<tarn::api::ShownQuerySchedule> {
  static constexpr bool kOmitUnset = true;
};

template <>
struct tarn::http::JsonTraits<tarn::api::Query> {
  static constexpr std::string_view kOmitted[] = {"schedule"};
};

template <>
struct tarn::http::JsonTraits<tarn::api::QueryRequest> {
  static base::Result<void> Check(const api::QueryRequest& request) {
    if (request.displayName) return api::CheckName(*request.displayName, "displayName");
    return {};
  }
};
