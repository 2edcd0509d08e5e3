// Bodies of the areas Connections and Catalogs, with the wire's own names.
#pragma once

#include <fmt/format.h>

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/names.h"
#include "http/json_traits.h"

namespace tarn::api {

struct ConnectionConfigurationItem {
  std::string fieldName;
  std::string fieldType;  // text, number, boolean
  bool required = false;
  std::string description;
};
BOOST_DESCRIBE_STRUCT(ConnectionConfigurationItem, (), (fieldName, fieldType, required, description))

struct ConnectionConfiguration {
  std::string connectionType;
  std::string connectionTypeLabel;
  std::string name;
  std::string authorizationType;
  std::string credentialSchemaType;
  bool redirectRequired = false;
  std::string category;
  std::vector<ConnectionConfigurationItem> configuration;
  std::string documentationUrl;
};
BOOST_DESCRIBE_STRUCT(ConnectionConfiguration, (),
                      (connectionType, connectionTypeLabel, name, authorizationType, credentialSchemaType,
                       redirectRequired, category, configuration, documentationUrl))

struct ConnectionRequest {
  std::string name;
  std::string type;
  boost::json::object credential;  // its fields are those of the type's configuration
  std::optional<std::string> connectionCallback;
};
BOOST_DESCRIBE_STRUCT(ConnectionRequest, (), (name, type, credential, connectionCallback))

struct Connection {
  std::string id;
  std::string name;
  std::string type;
};
BOOST_DESCRIBE_STRUCT(Connection, (), (id, name, type))

struct Oauth2Callback {
  std::string queryParameters;  // a whole query string
};
BOOST_DESCRIBE_STRUCT(Oauth2Callback, (), (queryParameters))

struct CatalogRequest {
  std::string name;
  std::string connectionId;
  std::optional<boost::json::object> extraParameters;
};
BOOST_DESCRIBE_STRUCT(CatalogRequest, (), (name, connectionId, extraParameters))

struct Catalog {
  std::string id;
  std::string name;
  std::string displayName;
  std::string catalogType;
  std::optional<std::string> connectionId;
  std::optional<std::string> type;  // SEMANTIC, and nothing for others
};
BOOST_DESCRIBE_STRUCT(Catalog, (), (id, name, displayName, catalogType, connectionId, type))

struct CatalogShareRequestV2 {
  std::string targetProjectId;
};
BOOST_DESCRIBE_STRUCT(CatalogShareRequestV2, (), (targetProjectId))

struct SharedCatalogResponse {
  std::string sharedCatalogId;
};
BOOST_DESCRIBE_STRUCT(SharedCatalogResponse, (), (sharedCatalogId))

struct Schema {
  std::string catalogId;
  std::string catalogName;
  std::string schemaName;
};
BOOST_DESCRIBE_STRUCT(Schema, (), (catalogId, catalogName, schemaName))

struct Table {
  std::string catalogId;
  std::string catalogName;
  std::string schemaName;
  std::string tableName;
  bool isCacheable = false;
  bool isDynamicTable = false;
  bool isCached = false;
  std::vector<std::string> supportedCacheTypes;
};
BOOST_DESCRIBE_STRUCT(Table, (),
                      (catalogId, catalogName, schemaName, tableName, isCacheable, isDynamicTable, isCached,
                       supportedCacheTypes))

struct ColumnDetail {
  std::string id;
  std::string name;
  std::string dataType;
  std::string displayName;
  std::optional<std::string> defaultValue;
  bool isNotNull = false;
  bool isUnique = false;
  std::optional<std::string> desc;
};
BOOST_DESCRIBE_STRUCT(ColumnDetail, (), (id, name, dataType, displayName, defaultValue, isNotNull, isUnique, desc))

struct TableCacheResult {
  bool isCached = false;
  bool isCacheable = false;
  std::vector<std::string> supportedCacheTypes;
};
BOOST_DESCRIBE_STRUCT(TableCacheResult, (), (isCached, isCacheable, supportedCacheTypes))

struct ColumnStatistics {
  std::string columnName;
  double distinctFraction = 0;  // negative: minus the share of the rows; positive: a number of values
};
BOOST_DESCRIBE_STRUCT(ColumnStatistics, (), (columnName, distinctFraction))

struct TableStatistics {
  std::string catalogId;
  std::string schemaName;
  std::string tableName;
  std::vector<ColumnStatistics> columnStatistics;
};
BOOST_DESCRIBE_STRUCT(TableStatistics, (), (catalogId, schemaName, tableName, columnStatistics))

inline constexpr std::int32_t kLargestSearchLimit = 10'000;
inline constexpr std::int32_t kLargestSearchOffset = 1'000'000'000;

struct SearchRequest {
  std::string query;
  std::optional<std::string> catalog;
  std::optional<std::string> schema;
  std::optional<std::int32_t> limit;
  std::optional<std::int32_t> offset;
};
BOOST_DESCRIBE_STRUCT(SearchRequest, (), (query, catalog, schema, limit, offset))

// The levels that apply.
struct CatalogSchemaTable {
  std::string catalog;
  std::optional<std::string> schema;
  std::optional<std::string> table;
};
BOOST_DESCRIBE_STRUCT(CatalogSchemaTable, (), (catalog, schema, table))

struct Page {
  std::int32_t limit = 0;
  std::int32_t offset = 0;
  std::optional<std::int32_t> nextOffset;
};
BOOST_DESCRIBE_STRUCT(Page, (), (limit, offset, nextOffset))

struct SearchedText {
  std::string text;
};
BOOST_DESCRIBE_STRUCT(SearchedText, (), (text))

struct Meta {
  Page page;
  SearchedText query;
};
BOOST_DESCRIBE_STRUCT(Meta, (), (page, query))

// Groups without a match are null.
struct SearchResult {
  std::optional<std::vector<CatalogSchemaTable>> matchedCatalogs;
  std::optional<std::vector<CatalogSchemaTable>> matchedSchemas;
  std::optional<std::vector<CatalogSchemaTable>> matchedTables;
  Meta meta;
};
BOOST_DESCRIBE_STRUCT(SearchResult, (), (matchedCatalogs, matchedSchemas, matchedTables, meta))

}  // namespace tarn::api

template <>
struct tarn::http::JsonTraits<tarn::api::Catalog> {
  static constexpr std::string_view kOmitted[] = {"type"};
};

template <>
struct tarn::http::JsonTraits<tarn::api::ConnectionRequest> {
  static base::Result<void> Check(const api::ConnectionRequest& request) {
    return api::CheckName(request.name, "name");
  }
};

template <>
struct tarn::http::JsonTraits<tarn::api::CatalogRequest> {
  static base::Result<void> Check(const api::CatalogRequest& request) { return api::CheckName(request.name, "name"); }
};

template <>
struct tarn::http::JsonTraits<tarn::api::CatalogSchemaTable> {
  static constexpr bool kOmitUnset = true;
};

template <>
struct tarn::http::JsonTraits<tarn::api::SearchRequest> {
  static base::Result<void> Check(const api::SearchRequest& request) {
    if (request.limit && (*request.limit < 1 || *request.limit > api::kLargestSearchLimit))
      return base::InvalidArgument(
          fmt::format("Limit is not between 1 and {}: \"{}\"", api::kLargestSearchLimit, *request.limit), "limit");
    if (request.offset && (*request.offset < 0 || *request.offset > api::kLargestSearchOffset))
      return base::InvalidArgument(
          fmt::format("Offset is not between 0 and {}: \"{}\"", api::kLargestSearchOffset, *request.offset), "offset");
    return {};
  }
};
