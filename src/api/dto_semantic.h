// Bodies of the area Semantic Catalogs, with the wire's own names.
#pragma once

#include <boost/describe.hpp>
#include <string>

#include "api/names.h"
#include "http/json_traits.h"

namespace tarn::api {

struct SemanticCatalogRequest {
  std::string name;
};
BOOST_DESCRIBE_STRUCT(SemanticCatalogRequest, (), (name))

struct SemanticTableRequest {
  std::string schemaName;
  std::string tableName;
  std::string queryId;
};
BOOST_DESCRIBE_STRUCT(SemanticTableRequest, (), (schemaName, tableName, queryId))

struct SemanticTable {
  std::string catalogId;
  std::string catalogName;
  std::string schemaName;
  std::string tableName;
  std::string tableId;
};
BOOST_DESCRIBE_STRUCT(SemanticTable, (), (catalogId, catalogName, schemaName, tableName, tableId))

struct CatalogShareRequest {
  std::string target;
};
BOOST_DESCRIBE_STRUCT(CatalogShareRequest, (), (target))

}  // namespace tarn::api

template <>
struct tarn::http::JsonTraits<tarn::api::SemanticCatalogRequest> {
  static base::Result<void> Check(const api::SemanticCatalogRequest& request) {
    return api::CheckName(request.name, "name");
  }
};

template <>
struct tarn::http::JsonTraits<tarn::api::SemanticTableRequest> {
  static base::Result<void> Check(const api::SemanticTableRequest& request) {
    TARN_RETURN_IF_ERROR(api::CheckName(request.schemaName, "schemaName"));
    return api::CheckName(request.tableName, "tableName");
  }
};
