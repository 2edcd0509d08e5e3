// Bodies as the contract's samples have them.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "api/dto_catalog.h"
#include "api/dto_organization.h"
#include "api/dto_query.h"
#include "api/execute_arguments.h"
#include "http/json_read.h"
#include "http/json_write.h"

namespace tarn::api {
namespace {

template <class T>
boost::json::value Written(const T& value) {
  std::string text;
  http::WriteJson(value, text);
  return boost::json::parse(text);
}

template <class T>
base::Result<T> Read(const char* text) {
  return http::ReadJson<T>(boost::json::parse(text));
}

TEST(Bodies, RequestsNameTheFieldAtFault) {
  EXPECT_EQ(Read<ProjectRequest>("{}").error().field, "name");
  EXPECT_EQ(Read<ProjectRequest>(R"({"name": ""})").error().field, "name");
  EXPECT_EQ(Read<ProjectRequest>(R"({"name": {"wrong": ["type"]}})").error().field, "name");
  EXPECT_EQ(Read<ConnectionRequest>(R"({"name": "bare", "type": "POSTGRES"})").error().field, "credential");
  EXPECT_EQ(Read<SearchRequest>(R"({"query": "e", "limit": 0})").error().field, "limit");
  EXPECT_EQ(Read<SearchRequest>(R"({"query": "e", "offset": -1})").error().field, "offset");
  EXPECT_EQ(Read<QueryRequest>(R"({"queryType": "NO_SUCH_VALUE"})").error().field, "queryType");
}

TEST(Bodies, ACatalogOfNoConnectionShowsNull) {
  EXPECT_EQ(
      Written(Catalog{.id = "1",
                      .name = "peaka",
                      .displayName = "Peaka",
                      .catalogType = "internal",
                      .connectionId = {},
                      .type = {}}),
      boost::json::parse(
          R"({"id": "1", "name": "peaka", "displayName": "Peaka", "catalogType": "internal", "connectionId": null})"));
}

TEST(Bodies, SearchResultLikeTheSample) {
  using Group = std::vector<CatalogSchemaTable>;
  SearchResult result;
  result.matchedCatalogs = Group{{.catalog = "apple_catalog", .schema = {}, .table = {}}};
  result.matchedTables = Group{{.catalog = "my_catalog", .schema = "apple_schema", .table = "apple_table"}};
  result.meta = {.page = {.limit = 100, .offset = 0, .nextOffset = {}}, .query = {.text = "apple"}};
  EXPECT_EQ(Written(result),
            boost::json::parse(R"({"matchedCatalogs": [{"catalog": "apple_catalog"}], "matchedSchemas": null,
    "matchedTables": [{"catalog": "my_catalog", "schema": "apple_schema", "table": "apple_table"}],
    "meta": {"page": {"limit": 100, "offset": 0, "nextOffset": null}, "query": {"text": "apple"}}})"));
}

TEST(Bodies, AKeyInAListHasNoSecret) {
  EXPECT_EQ(Written(ApiKey{.name = "test", .apiKey = {}, .apiKeyId = "k", .expiresAt = {}}),
            boost::json::parse(R"({"name": "test", "apiKey": null, "apiKeyId": "k", "expiresAt": null})"));
}

TEST(ExecuteRequest, ReadsTheFourForms) {
  EXPECT_EQ(Read<ExecuteRequest>(R"({"statement": "SELECT 1", "timeout": 30})")->statement, "SELECT 1");
  EXPECT_EQ(Read<ExecuteRequest>(R"({"id": "12345"})")->id, "12345");
  EXPECT_EQ(Read<ExecuteRequest>(R"({"id": 12345})").error().field, "id");
  EXPECT_EQ(Read<ExecuteRequest>(R"({"qualifiedName": "peaka.query.samplequery"})")->qualifiedName,
            "peaka.query.samplequery");
  const auto builder =
      Read<ExecuteRequest>(R"({"from": [{"catalogId": "7", "schemaName": "main", "tableName": "orders"}], "rows": null,
                                                "columns": ["id"], "orderBy": ["id DESC"], "limit": 20, "offset": 5})");
  EXPECT_EQ(builder->from->front().tableName, "orders");
  EXPECT_EQ(Read<ExecuteRequest>(R"({"from": [{"catalogId": "7", "tableName": "orders"}]})").error().field,
            "from[0].schemaName");
}

TEST(ExecuteRequest, ArgumentsUnderEitherName) {
  using Texts = std::vector<std::optional<std::string>>;
  EXPECT_EQ(ReadArguments(*Read<ExecuteRequest>(R"({"bindings": ["x", 9, 1.5, true, null]})")).value(),
            (Texts{"x", "9", "1.5E0", "true", std::nullopt}));
  EXPECT_EQ(ReadArguments(*Read<ExecuteRequest>(R"({"bindArgs": ["x"]})")).value(), Texts{"x"});
  EXPECT_EQ(ReadArguments(*Read<ExecuteRequest>("{}")).value(), Texts{});
  EXPECT_EQ(ReadArguments(*Read<ExecuteRequest>(R"({"bindArgs": ["x", [1]]})")).error().field, "bindArgs[1]");
}

TEST(StatementError, ShowsThePositionToWhoWroteTheText) {
  base::Error error = base::NotFound("Column 'x' cannot be resolved", "COLUMN_NOT_FOUND").error();
  error.position = base::SqlPosition{.line = 1, .column = 8};
  const base::Error shown = ShowStatementError(error, true);
  EXPECT_EQ(shown.kind, base::ErrorKind::kInvalidArgument);
  EXPECT_EQ(shown.message, "line 1:8: Column 'x' cannot be resolved");
  const base::Error hidden = ShowStatementError(error, false);
  EXPECT_EQ(hidden.message, "Column 'x' cannot be resolved");
  EXPECT_FALSE(hidden.position.has_value());
}

}  // namespace
}  // namespace tarn::api
