// Bodies of the area Metadata, with the wire's own names.
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "http/json_traits.h"

namespace tarn::api {

// A column of a table that a query's column is made of.
struct MetadataColumnLineage {
  std::vector<std::string> tables;  // "catalog.schema.table": one
  std::string column;
  std::string expression;  // in Trino SQL, empty where the column is taken as it is
};
BOOST_DESCRIBE_STRUCT(MetadataColumnLineage, (), (tables, column, expression))

struct MetadataColumn {
  std::string columnName;
  std::optional<std::string> columnDescription;
  std::string dataType;
  std::int64_t order = 0;  // from 1
  bool isNotNull = false;
  bool isSystem = false;
  bool isUnique = false;
  bool isPrimary = false;
  bool isCategorical = false;
  std::vector<std::string> categoricalValues;
  std::optional<std::string> categoricalError = std::nullopt;  // ours: why the values were not read of late
  std::optional<std::vector<MetadataColumnLineage>> lineage = std::nullopt;
};
BOOST_DESCRIBE_STRUCT(MetadataColumn, (),
                      (columnName, columnDescription, dataType, order, isNotNull, isSystem, isUnique, isPrimary,
                       isCategorical, categoricalValues, categoricalError, lineage))

struct MetadataRelation {
  std::string id;
  std::string projectId;
  std::string sourceCatalogId;
  std::string sourceCatalogName;
  std::string sourceSchemaName;
  std::string sourceTableName;
  std::string sourceColumnName;
  std::string targetCatalogId;
  std::string targetCatalogName;
  std::string targetSchemaName;
  std::string targetTableName;
  std::string targetColumnName;
  std::string type;
  // Ours: what the data says of it, once it was asked.
  std::optional<std::string> measuredType = std::nullopt;
  std::optional<double> matchRate = std::nullopt;
  std::optional<std::string> measuredAt = std::nullopt;
  std::optional<std::string> measureError = std::nullopt;
};
BOOST_DESCRIBE_STRUCT(MetadataRelation, (),
                      (id, projectId, sourceCatalogId, sourceCatalogName, sourceSchemaName, sourceTableName,
                       sourceColumnName, targetCatalogId, targetCatalogName, targetSchemaName, targetTableName,
                       targetColumnName, type, measuredType, matchRate, measuredAt, measureError))

struct MetadataRelations {
  std::vector<MetadataRelation> relations;
};
BOOST_DESCRIBE_STRUCT(MetadataRelations, (), (relations))

struct TableMetadata {
  std::string projectId;
  std::string catalogId;
  std::string catalogType;  // in upper case
  std::string catalogQueryName;
  std::string catalogDisplayName;
  std::string schemaName;
  std::string tableName;
  std::optional<std::string> tableDescription;
  bool isCacheable = false;
  bool isDynamicTable = false;
  bool useWithAI = true;
  bool isCurrent = true;  // ours; false: the source did not answer, and this is what was last read of it
  std::vector<MetadataColumn> columns;
  std::vector<MetadataRelation> relations;
};
BOOST_DESCRIBE_STRUCT(TableMetadata, (),
                      (projectId, catalogId, catalogType, catalogQueryName, catalogDisplayName, schemaName, tableName,
                       tableDescription, isCacheable, isDynamicTable, useWithAI, isCurrent, columns, relations))

struct TableMetadataContainer {
  std::string id;
  std::string content;  // what is searched
  TableMetadata metadata;
};
BOOST_DESCRIBE_STRUCT(TableMetadataContainer, (), (id, content, metadata))

struct ProjectMetadata {
  std::vector<TableMetadataContainer> metadata;
};
BOOST_DESCRIBE_STRUCT(ProjectMetadata, (), (metadata))

struct MetadataResult {
  TableMetadata metadata;
};
BOOST_DESCRIBE_STRUCT(MetadataResult, (), (metadata))

struct MetadataMatches {
  std::vector<TableMetadata> result;
};
BOOST_DESCRIBE_STRUCT(MetadataMatches, (), (result))

// What a column's own reading tells (dataType, order, categoricalValues …) is taken from there, whatever is sent.
struct MetadataColumnChange {
  std::string columnName;
  std::optional<std::string> columnDescription;
  std::optional<bool> isNotNull;
  std::optional<bool> isUnique;
  std::optional<bool> isPrimary;
};
BOOST_DESCRIBE_STRUCT(MetadataColumnChange, (), (columnName, columnDescription, isNotNull, isUnique, isPrimary))

struct MetadataUpdateRequest {
  std::optional<std::string> tableDescription;
  std::optional<std::vector<MetadataColumnChange>> columns;
  std::optional<bool> useWithAI;
};
BOOST_DESCRIBE_STRUCT(MetadataUpdateRequest, (), (tableDescription, columns, useWithAI))

struct MetadataAIUsageUpdateRequest {
  bool useWithAI = true;
};
BOOST_DESCRIBE_STRUCT(MetadataAIUsageUpdateRequest, (), (useWithAI))

struct MetadataCategoricalColumnRequest {
  std::optional<std::int64_t> limit;  // 10
  std::optional<std::string> frequency;
};
BOOST_DESCRIBE_STRUCT(MetadataCategoricalColumnRequest, (), (limit, frequency))

struct MetadataAddRelationRequest {
  std::string targetCatalogId;
  std::string targetSchemaName;
  std::string targetTableName;
  std::string targetColumnName;
  std::string type;
};
BOOST_DESCRIBE_STRUCT(MetadataAddRelationRequest, (),
                      (targetCatalogId, targetSchemaName, targetTableName, targetColumnName, type))

struct MetadataUpdateRelationRequest {
  std::string type;
};
BOOST_DESCRIBE_STRUCT(MetadataUpdateRelationRequest, (), (type))

struct MetadataRefreshMetadataRequest {
  std::optional<std::string> catalogId;
  std::optional<std::string> callbackURL;
  std::optional<std::string> callbackToken;
};
BOOST_DESCRIBE_STRUCT(MetadataRefreshMetadataRequest, (), (catalogId, callbackURL, callbackToken))

struct MetadataRefreshMetadataCallbackRequest {
  std::string callbackURL;
  std::optional<std::string> callbackToken;
};
BOOST_DESCRIBE_STRUCT(MetadataRefreshMetadataCallbackRequest, (), (callbackURL, callbackToken))

// The token is told to whoever sends it, and never again.
struct RefreshCallback {
  std::optional<std::string> callbackURL;
  std::optional<std::string> callbackToken = std::nullopt;
};
BOOST_DESCRIBE_STRUCT(RefreshCallback, (), (callbackURL, callbackToken))

struct MetadataRefreshStarted {
  std::string status;
};
BOOST_DESCRIBE_STRUCT(MetadataRefreshStarted, (), (status))

struct MetadataRefreshJobStatusResult {
  std::string status;
  std::optional<std::string> error = std::nullopt;  // ours
};
BOOST_DESCRIBE_STRUCT(MetadataRefreshJobStatusResult, (), (status, error))

struct MetadataCreateSemanticsRequest {
  std::optional<std::string> threadId;
  std::optional<std::string> initialPrompt;
  std::optional<std::int64_t> limit;  // of sample rows: 3
};
BOOST_DESCRIBE_STRUCT(MetadataCreateSemanticsRequest, (), (threadId, initialPrompt, limit))

struct MetadataSemantics {
  TableMetadata metadata;  // a proposal, which nothing has stored
  std::string threadId;
};
BOOST_DESCRIBE_STRUCT(MetadataSemantics, (), (metadata, threadId))

struct SampleQuestion {
  std::string question;
  std::string category;
};
BOOST_DESCRIBE_STRUCT(SampleQuestion, (), (question, category))

struct SampleQuestions {
  std::vector<SampleQuestion> questions;
  std::string threadId;
};
BOOST_DESCRIBE_STRUCT(SampleQuestions, (), (questions, threadId))

struct MetadataAddGoldenSqlRequest {
  std::string prompt;
  std::string sql;
};
BOOST_DESCRIBE_STRUCT(MetadataAddGoldenSqlRequest, (), (prompt, sql))

struct GoldenSqlPair {
  std::string sql;
  std::string prompt;
  std::string projectId;
};
BOOST_DESCRIBE_STRUCT(GoldenSqlPair, (), (sql, prompt, projectId))

struct GoldenSql {
  std::string id;
  std::string content;  // what is searched
  GoldenSqlPair metadata;
  // Ours.
  std::string state;  // valid, broken
  std::optional<std::string> brokenReason = std::nullopt;
  std::string checkedAt;
};
BOOST_DESCRIBE_STRUCT(GoldenSql, (), (id, content, metadata, state, brokenReason, checkedAt))

struct GoldenSqls {
  std::vector<GoldenSql> result;
};
BOOST_DESCRIBE_STRUCT(GoldenSqls, (), (result))

struct GoldenSqlAnswer {
  std::string question;
  std::string sql;
};
BOOST_DESCRIBE_STRUCT(GoldenSqlAnswer, (), (question, sql))

struct GoldenSqlAnswers {
  std::vector<GoldenSqlAnswer> result;
};
BOOST_DESCRIBE_STRUCT(GoldenSqlAnswers, (), (result))

struct GoldenSqlDeleted {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(GoldenSqlDeleted, (), (id))

}  // namespace tarn::api

template <>
struct tarn::http::JsonTraits<tarn::api::MetadataColumn> {
  static constexpr std::string_view kOmitted[] = {"categoricalError", "lineage"};
};
template <>
struct tarn::http::JsonTraits<tarn::api::MetadataRelation> {
  static constexpr bool kOmitUnset = true;
};
template <>
struct tarn::http::JsonTraits<tarn::api::RefreshCallback> {
  static constexpr std::string_view kOmitted[] = {"callbackToken"};
};
template <>
struct tarn::http::JsonTraits<tarn::api::MetadataRefreshJobStatusResult> {
  static constexpr bool kOmitUnset = true;
};
template <>
struct tarn::http::JsonTraits<tarn::api::GoldenSql> {
  static constexpr bool kOmitUnset = true;
};

template <>
struct tarn::http::JsonTraits<tarn::api::MetadataAddGoldenSqlRequest> {
  static base::Result<void> Check(const api::MetadataAddGoldenSqlRequest& request) {
    constexpr std::size_t kMostBytes = 40'000;
    for (const auto& [text, field] : {std::pair(&request.prompt, "prompt"), std::pair(&request.sql, "sql")}) {
      if (text->empty()) return base::InvalidArgument(std::string(field) + " is empty", field);
      if (text->size() > kMostBytes) return base::InvalidArgument(std::string(field) + " is too long", field);
    }
    return {};
  }
};
