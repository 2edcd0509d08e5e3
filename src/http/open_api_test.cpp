#include "http/open_api.h"

#include "http/server_fixture_test.h"

namespace tarn::http {
namespace {

std::vector<Operation> Sample() {
  OperationInfo get{
      .id = "getCache", .path = "/data/projects/{projectId}/cache/{cacheId}", .area = "Cache", .summary = "One cache"};
  get.query = {
      {.name = "limit", .type = QueryParameter::Type::kInteger, .default_value = "10"},
      {.name = "format", .type = QueryParameter::Type::kEnum, .required = true, .values = {"SIMPLE", "COMPACT"}}};
  OperationInfo batch{.id = "createBatchCache",
                      .method = Method::kPost,
                      .path = "/data/projects/{projectId}/cache/batch",
                      .area = "Cache"};
  OperationInfo missing{.id = "chat",
                        .method = Method::kPost,
                        .path = "/ai-agent/{projectId}/chat",
                        .area = "AI",
                        .keys = KeyKind::kPartner};
  std::vector<Operation> operations;
  operations.push_back(MakeOperation<NoBody, CacheView>(
      get, [](const Context&, const NoBody&) -> base::Result<CacheView> { return CacheView{}; }));
  operations.push_back(MakeOperation<std::vector<CacheItem>, std::vector<CacheView>>(
      batch, [](const Context&, const std::vector<CacheItem>&) -> base::Result<std::vector<CacheView>> {
        return std::vector<CacheView>{};
      }));
  operations.push_back(NotBuilt(missing));
  return operations;
}

TEST(OpenApiTest, DescribesPathsParametersAndSchemas) {
  const boost::json::value document = OpenApiDocument(Sample(), "/api/v1", "1.2.3");
  EXPECT_EQ(document.at("openapi"), "3.0.3");
  EXPECT_EQ(document.at("components").at("securitySchemes").at("bearerAuth").at("bearerFormat"), "Api Key");
  const auto& get = document.at("paths").at("/data/projects/{projectId}/cache/{cacheId}").at("get");
  EXPECT_EQ(get.at("operationId"), "getCache");
  EXPECT_EQ(get.at("parameters").as_array().size(), 4U);
  EXPECT_EQ(get.at("parameters").at(0).at("name"), "projectId");
  EXPECT_EQ(get.at("parameters").at(2).at("schema").at("default"), 10);
  EXPECT_EQ(get.at("parameters").at(3).at("schema").at("enum").as_array().size(), 2U);
  EXPECT_EQ(get.at("responses").at("200").at("content").at("application/json").at("schema").at("$ref"),
            "#/components/schemas/CacheView");
  const auto& post = document.at("paths").at("/data/projects/{projectId}/cache/batch").at("post");
  EXPECT_EQ(post.at("requestBody").at("content").at("application/json").at("schema").at("items").at("$ref"),
            "#/components/schemas/CacheItem");
  const auto& item = document.at("components").at("schemas").at("CacheItem");
  EXPECT_EQ(item.at("required"), (boost::json::array{"tableName"}));
  EXPECT_EQ(item.at("properties").at("limit").at("format"), "int32");
  EXPECT_EQ(item.at("properties").at("schedule").at("allOf").at(0).at("$ref"), "#/components/schemas/Schedule");
  const auto& chat = document.at("paths").at("/ai-agent/{projectId}/chat").at("post");
  EXPECT_TRUE(chat.at("responses").as_object().contains("501"));
  EXPECT_EQ(chat.at("x-keys"), (boost::json::array{"partner"}));
}

TEST(OpenApiTest, ListsWhatIsBuiltByArea) {
  EXPECT_EQ(CoverageDocument(Sample()),
            "# API coverage\n\nGenerated from the route table; do not edit. 2 of 3 operations are built; the others "
            "answer 501.\n"
            "\n## Cache\n\n| operation | method | path | state |\n| --- | --- | --- | --- |\n"
            "| getCache | GET | `/data/projects/{projectId}/cache/{cacheId}` | done |\n"
            "| createBatchCache | POST | `/data/projects/{projectId}/cache/batch` | done |\n"
            "\n## AI\n\n| operation | method | path | state |\n| --- | --- | --- | --- |\n"
            "| chat | POST | `/ai-agent/{projectId}/chat` | 501 |\n");
}

}  // namespace
}  // namespace tarn::http
