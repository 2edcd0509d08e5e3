// What the door decides, asked over real sockets.
#include "http/server_fixture_test.h"

namespace tarn::http {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class DoorTest : public ServerTest {
 protected:
  void SetUp() override {
    auto get = Info("getCache", Method::kGet, "/data/projects/{projectId}/cache/{cacheId}");
    get.fast = true;
    operations_.push_back(
        MakeOperation<NoBody, CacheView>(get, [](const Context& context, const NoBody&) -> base::Result<CacheView> {
          if (context.Path("cacheId") == "missing") return base::NotFound("Cache does not exist: \"missing\"");
          if (context.Path("cacheId") == "throws") throw std::runtime_error("secret detail");
          return CacheView{.id = context.Path("cacheId"),
                           .projectId = context.Path("projectId"),
                           .cacheActionLogs = {},
                           .error = {},
                           .tables = {}};
        }));
    operations_.push_back(MakeOperation<NoBody, boost::json::value>(
        Info("getCacheStatus", Method::kGet, "/data/projects/{projectId}/cache/status"),
        [](const Context&, const NoBody&) -> base::Result<boost::json::value> {
          return boost::json::value{{"literal", true}};
        }));
    auto batch = Info("createBatchCache", Method::kPost, "/data/projects/{projectId}/cache/batch");
    batch.max_items = 3;
    operations_.push_back(MakeOperation<std::vector<CacheItem>, CacheView>(
        batch, [](const Context&, const std::vector<CacheItem>& items) -> base::Result<CacheView> {
          CacheView view;
          for (const auto& item : items) view.tables.push_back(item.tableName);
          return view;
        }));
    operations_.push_back(MakeOperation<CacheItem, NoContent>(
        Info("updateCache", Method::kPut, "/data/projects/{projectId}/cache/{cacheId}"),
        [](const Context&, const CacheItem&) -> base::Result<NoContent> { return NoContent{}; }));
    auto remove = Info("deleteCache", Method::kDelete, "/data/projects/{projectId}/cache/{cacheId}");
    remove.success = 204;
    operations_.push_back(MakeOperation<NoBody, NoContent>(
        remove, [](const Context&, const NoBody&) -> base::Result<NoContent> { return NoContent{}; }));
    auto organizations = Info("listOrganizations", Method::kGet, "/organizations");
    organizations.keys = KeyKind::kPartner;
    operations_.push_back(MakeOperation<NoBody, boost::json::value>(
        organizations,
        [](const Context&, const NoBody&) -> base::Result<boost::json::value> { return boost::json::array{}; }));
    auto history = Info("history", Method::kGet, "/data/projects/{projectId}/history");
    history.query = {{.name = "limit", .type = QueryParameter::Type::kInteger, .default_value = "10"},
                     {.name = "format", .type = QueryParameter::Type::kEnum, .values = {"SIMPLE", "COMPACT"}},
                     {.name = "force", .type = QueryParameter::Type::kBoolean},
                     {.name = "table", .required = true}};
    operations_.push_back(MakeOperation<NoBody, boost::json::value>(
        history, [](const Context& context, const NoBody&) -> base::Result<boost::json::value> {
          return boost::json::value{{"limit", *context.QueryInteger("limit")},
                                    {"table", *context.Query("table")},
                                    {"force", context.QueryBoolean("force").value_or(false)}};
        }));
    auto failing = Info("fail", Method::kPost, "/data/projects/{projectId}/fail");
    failing.errors = ErrorShape::kService;
    failing.status_of_code = {{"INVALID_CONNECTION_ID", 400}};
    operations_.push_back(
        MakeOperation<NoBody, NoContent>(failing, [](const Context&, const NoBody&) -> base::Result<NoContent> {
          return base::NotFound("invalid connection id", "INVALID_CONNECTION_ID");
        }));
    operations_.push_back(NotBuilt(Info("generateSemantics", Method::kPost, "/metadata/{projectId}/generate")));
    raw_.push_back({.id = "health",
                    .path = "/healthz",
                    .run = [](const Context&) -> base::Result<Reply> {
                      return Reply{.content_type = "text/plain", .body = "ok\n"};
                    },
                    .fast = true});
  }
};

TEST_F(DoorTest, AnswersWithTheContractsHeaders) {
  Start();
  const auto answer = Ask("GET", "/api/v1/data/projects/p1/cache/c1");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"id":"c1","projectId":"p1","error":null,"tables":[]})");
  EXPECT_EQ(answer.Header("Content-Type"), "application/json");
  EXPECT_EQ(answer.Header("Cache-Control"), "no-store");
  EXPECT_EQ(answer.Header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(answer.Header("X-Frame-Options"), "DENY");
  EXPECT_EQ(answer.Header("Referrer-Policy"), "no-referrer");
  EXPECT_EQ(answer.Header("Server"), "Tarn");
  EXPECT_FALSE(answer.Header("X-Request-Id").empty());
}

TEST_F(DoorTest, RepeatsASaneRequestIdOnly) {
  Start();
  EXPECT_EQ(Ask("GET", "/healthz", {}, {}, "X-Request-Id: abc-1.2\r\n").Header("X-Request-Id"), "abc-1.2");
  EXPECT_NE(Ask("GET", "/healthz", {}, {}, "X-Request-Id: a b<script>\r\n").Header("X-Request-Id"), "a b<script>");
}

TEST_F(DoorTest, LiteralSegmentsWinAndParametersAreDecoded) {
  Start();
  EXPECT_EQ(Ask("GET", "/api/v1/data/projects/p1/cache/status").body, R"({"literal":true})");
  EXPECT_THAT(Ask("GET", "/api/v1/data/projects/p1/cache/%C3%A9'%3B%20--%20%22%3C%25").body,
              HasSubstr(R"("id":"é'; -- \"<%")"));
  EXPECT_THAT(Ask("GET", "/api/v1/data/projects/p1/cache/a%2Fb").body, HasSubstr(R"("id":"a/b")"));
  EXPECT_THAT(Ask("GET", "/api/v1/data/projects/p1/cache/a+b").body, HasSubstr(R"("id":"a+b")"));
  EXPECT_THAT(Ask("GET", "http://elsewhere/api/v1/data/projects/p1/cache/c").body, HasSubstr(R"("id":"c")"));
}

TEST_F(DoorTest, HostilePathsAreRefusedWithAClearBody) {
  Start();
  for (const auto* path :
       {"/api/v1/data/projects/p1/cache/%", "/api/v1/data/projects/p1/cache/%zz", "/api/v1/data/projects/p1/cache/%00",
        "/api/v1/data/projects/p1/cache/%FF", "/api/v1/data/projects/p1/cache/%ED%A0%80"}) {
    const auto answer = Ask("GET", path);
    EXPECT_EQ(answer.status, 400) << path;
    EXPECT_THAT(answer.body, HasSubstr("\"message\":\"Path is not percent-encoded UTF-8 text\"")) << path;
  }
  for (const auto* path : {"/", "/api/v1", "/api/v1/", "/api/v1//", "/api/v1/data/projects/p1/cache/",
                           "/api/v1/data/../healthz", "//healthz", "/api/v1/data/projects/p1/cache/c/x"}) {
    EXPECT_EQ(Ask("GET", path).status, 404) << path;
  }
  const std::string long_name(10'000, 'x');
  EXPECT_THAT(Ask("GET", "/api/v1/data/projects/p1/cache/" + long_name).body, HasSubstr(long_name));
}

TEST_F(DoorTest, UnknownRoutesAndMethods) {
  Start();
  const auto unknown = Ask("GET", "/api/v1/nothing", {}, {});
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.body,
            R"({"error":"Not Found","message":"There is nothing at this path","errorCode":null,"status":404})");
  const auto wrong = Ask("PATCH", "/api/v1/data/projects/p1/cache/c1");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.Header("Allow"), "DELETE, GET, HEAD, PUT, OPTIONS");
  EXPECT_EQ(Ask("BREW", "/healthz").status, 405);
}

TEST_F(DoorTest, HeadAnswersLikeGetWithoutABody) {
  Start();
  Client client(server_->port());
  client.Send(Request("HEAD", "/healthz") + Request("GET", "/healthz"));
  const auto head = client.Read(false);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.Header("Content-Length"), "3");
  EXPECT_EQ(client.Read().body, "ok\n");
}

TEST_F(DoorTest, KeysAreCheckedBeforeEverythingElse) {
  Start();
  const auto none = Ask("POST", "/api/v1/data/projects/p1/cache/batch", "{broken", {});
  EXPECT_EQ(none.status, 401);
  EXPECT_THAT(none.body, StartsWith(R"({"error":"Unauthorized","message":")"));
  EXPECT_THAT(none.body, HasSubstr(R"("errorCode":null)"));
  EXPECT_EQ(none.Header("WWW-Authenticate"), "Bearer");
  EXPECT_EQ(Ask("GET", "/api/v1/data/projects/p1/cache/c", {}, "unknown").status, 401);
  EXPECT_EQ(Ask("GET", "/api/v1/data/projects/p1/cache/c", {}, {}, "Authorization: Bearer \r\n").status, 401);
  EXPECT_EQ(Ask("GET", "/api/v1/data/projects/p1/cache/c", {}, {}, "Authorization: Basic cGFydG5lcjA=\r\n").status,
            401);
  EXPECT_EQ(Ask("GET", "/api/v1/data/projects/p1/cache/c", {}, {}, "authorization: bearer partner0.key\r\n").status,
            200);
}

TEST_F(DoorTest, ProjectKeysStayInTheirProject) {
  Start();
  EXPECT_EQ(Ask("GET", "/api/v1/data/projects/p1/cache/c", {}, kProjectKey).status, 200);
  const auto foreign = Ask("GET", "/api/v1/data/projects/p2/cache/c", {}, kProjectKey);
  EXPECT_EQ(foreign.status, 403);
  EXPECT_THAT(foreign.body, StartsWith(R"({"error":"Forbidden",)"));
  EXPECT_EQ(Ask("GET", "/api/v1/data/projects/%701/cache/c", {}, kProjectKey).status, 200);
  EXPECT_EQ(Ask("POST", "/api/v1/metadata/p2/generate", {}, kProjectKey).status, 403);
  EXPECT_EQ(Ask("GET", "/api/v1/organizations", {}, kProjectKey).status, 403);
  EXPECT_EQ(Ask("GET", "/api/v1/organizations").body, "[]");
}

TEST_F(DoorTest, WhatIsNotBuiltSaysSo) {
  Start();
  const auto answer = Ask("POST", "/api/v1/metadata/p1/generate", "whatever");
  EXPECT_EQ(answer.status, 501);
  EXPECT_THAT(answer.body, HasSubstr("Operation is not available in this version of Tarn: \\\"generateSemantics\\\""));
}

TEST_F(DoorTest, QueryParametersAreChecked) {
  Start();
  const std::string base = "/api/v1/data/projects/p1/history";
  EXPECT_EQ(Ask("GET", base + "?table=a%20b&unknown=1").body, R"({"limit":10,"table":"a b","force":false})");
  EXPECT_EQ(Ask("GET", base + "?table=a+b&limit=5&limit=-7&force=TRUE").body,
            R"({"limit":-7,"table":"a b","force":true})");
  EXPECT_THAT(Ask("GET", base).body, HasSubstr(R"x("message":"Query parameter is required (field \"table\")")x"));
  for (const auto* query : {"", "?table=a&limit=soon", "?table=a&limit=1.5", "?table=a&limit=99999999999999999999",
                            "?table=a&force=perhaps", "?table=a&format=NO_SUCH_VALUE", "?table=%zz"}) {
    EXPECT_EQ(Ask("GET", base + query).status, 400) << query;
  }
}

TEST_F(DoorTest, BodiesThatDoNotFitNameTheField) {
  Start();
  const std::string path = "/api/v1/data/projects/p1/cache/batch";
  EXPECT_THAT(Ask("POST", path, R"([{"tableName":"a","extra":1,"schedule":null},{"tableName":"b"}])").body,
              HasSubstr(R"(["a","b"])"));
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {R"([{"tableName":"a"},{"tableName":{"wrong":["type"]}}])",
       R"(Expected a text but found an object (field \"[1].tableName\"))"},
      {R"([{}])", R"(Field is required (field \"[0].tableName\"))"},
      {R"([{"tableName":null}])", R"(Expected a text but found null (field \"[0].tableName\"))"},
      {R"([7])", R"(Expected an object but found a number (field \"[0]\"))"},
      {R"({"tableName":"a"})", "Expected an array but found an object"},
      {R"("text")", "Expected an array but found a text"},
      {R"([{"tableName":"a","schedule":{"expression":5}}])", R"(field \"[0].schedule.expression\")"},
      {R"([{"tableName":"a","schedule":{"type":"CRON","expression":"x"}}])",
       R"(Value is none of BASIC, NONE: \"CRON\" (field \"[0].schedule.type\"))"},
      {R"([{"tableName":"a","limit":2147483648}])", R"(Number is out of range: 2147483648 (field \"[0].limit\"))"},
      {R"([{"tableName":"a","limit":1.5}])", R"(Expected an integer but found a number (field \"[0].limit\"))"},
      {"[{\"tableName\":\"a\"},\n {\"tableName\": x}]", "at line 2, column 16"},
      {R"({"name": "x",)", "Request body is not valid JSON"},
      {R"([] [])", "Request body is not valid JSON"},
      {"   ", "Request body is missing"},
      {std::string(100, '[') + std::string(100, ']'), "Request body is not valid JSON"},
      {"[\"\xff\"]", "Request body is not valid JSON"},
      {R"([{"tableName":"a"},{"tableName":"a"},{"tableName":"a"},{"tableName":"a"}])",
       "Array has too many items: 4, where at most 3 are allowed"},
  };
  for (const auto& [body, message] : wrong) {
    const auto answer = Ask("POST", path, body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_THAT(answer.body, StartsWith(R"({"errorCode":100,"message":")")) << body;
    EXPECT_THAT(answer.body, HasSubstr(message)) << body;
  }
  EXPECT_EQ(Ask("POST", path).status, 400);
  EXPECT_THAT(Ask("POST", path, R"([{"tableName":"a","tableName":"b"}])").body, HasSubstr(R"(["b"])"));
  EXPECT_THAT(Ask("POST", path, R"([{"tableName":"a","limit":1e1}])").body, HasSubstr(R"(["a"])"));
}

TEST_F(DoorTest, EmptyAnswersHaveNoBody) {
  Start();
  const auto updated = Ask("PUT", "/api/v1/data/projects/p1/cache/c", R"({"tableName":"a"})");
  EXPECT_EQ(updated.status, 200);
  EXPECT_EQ(updated.Header("Content-Length"), "0");
  EXPECT_EQ(updated.Header("Content-Type"), "");
  EXPECT_EQ(Ask("DELETE", "/api/v1/data/projects/p1/cache/c").status, 204);
}

TEST_F(DoorTest, ErrorsKeepTheContractsShapes) {
  Start();
  EXPECT_EQ(Ask("POST", "/api/v1/data/projects/p1/fail").body,
            R"({"error":"INVALID_CONNECTION_ID","message":"invalid connection id","errorCode":"cn004"})");
  const auto missing = Ask("GET", "/api/v1/data/projects/p1/cache/missing");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.body, R"({"errorCode":100,"message":"Cache does not exist: \"missing\""})");
}

TEST_F(DoorTest, ExceptionsBecomeInternalErrorsWithoutDetails) {
  Start();
  const auto answer = Ask("GET", "/api/v1/data/projects/p1/cache/throws", {}, kPartnerKey, "X-Request-Id: r-7\r\n");
  EXPECT_EQ(answer.status, 500);
  EXPECT_THAT(answer.body, HasSubstr(R"("requestId":"r-7")"));
  EXPECT_THAT(answer.body, Not(HasSubstr("secret")));
}

TEST_F(DoorTest, AnswersBelowAPrefixToo) {
  door_settings_.prefix = "/tarn/";
  Start();
  EXPECT_EQ(Ask("GET", "/tarn/healthz").status, 200);
  EXPECT_EQ(Ask("GET", "/tarn/api/v1/organizations").status, 200);
  EXPECT_EQ(Ask("GET", "/healthz").status, 200);
  EXPECT_EQ(Ask("GET", "/tarnhealthz").status, 404);
}

TEST_F(DoorTest, BrowsersOfAllowedOriginsMayCall) {
  door_settings_.allowed_origins = {"https://studio.example"};
  Start();
  const auto preflight = Ask("OPTIONS", "/api/v1/data/projects/p1/cache/c", {}, {},
                             "Origin: https://studio.example\r\nAccess-Control-Request-Method: PUT\r\n");
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.Header("Access-Control-Allow-Origin"), "https://studio.example");
  EXPECT_THAT(preflight.Header("Access-Control-Allow-Methods"), HasSubstr("PUT"));
  EXPECT_THAT(preflight.Header("Access-Control-Allow-Headers"), HasSubstr("Authorization"));
  const auto refused = Ask("GET", "/api/v1/organizations", {}, {}, "Origin: https://studio.example\r\n");
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.Header("Access-Control-Allow-Origin"), "https://studio.example");
  EXPECT_EQ(Ask("GET", "/api/v1/organizations", {}, kPartnerKey, "Origin: https://evil.example\r\n")
                .Header("Access-Control-Allow-Origin"),
            "");
  EXPECT_EQ(Ask("OPTIONS", "/api/v1/nothing").status, 404);
}

TEST_F(DoorTest, CountsAnswersByOperationAndStatus) {
  Start();
  Ask("GET", "/api/v1/organizations");
  Ask("GET", "/api/v1/organizations", {}, {});
  EXPECT_TRUE(Eventually([&] {
    const auto text = metrics_.Render();
    return text.contains("tarn_http_requests_total{operation=\"listOrganizations\",status=\"200\"} 1\n") &&
           text.contains("tarn_http_requests_total{operation=\"listOrganizations\",status=\"401\"} 1\n") &&
           text.contains("tarn_http_request_seconds_count{operation=\"listOrganizations\"} 2\n");
  }));
}

}  // namespace
}  // namespace tarn::http
