#include "trino/client_headers.h"

#include <gmock/gmock.h>

#include "trino/base64.h"
#include "trino/compression.h"
#include "trino/identity.h"

namespace tarn::trino {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(ClientHeaders, AllOfThem) {
  const auto read = ReadClientHeaders({{"X-Trino-User", "alice"},
                                       {"x-trino-catalog", "tpch"},
                                       {"X-TRINO-SCHEMA", "tiny"},
                                       {"X-Trino-Time-Zone", "Europe/Istanbul"},
                                       {"X-Trino-Source", "a tool"},
                                       {"X-Trino-Client-Tags", "one, two,,three"},
                                       {"X-Trino-Session", "a=1,b=x%2Cy"},
                                       {"X-Trino-Session", "memory.c=2"},
                                       {"X-Trino-Role", "system=ROLE%7Badmin%7D"},
                                       {"X-Trino-Prepared-Statement", "p%201=SELECT+%3F"},
                                       {"X-Trino-Transaction-Id", "NONE"},
                                       {"X-Trino-Client-Capabilities", "PATH,PARAMETRIC_DATETIME"},
                                       {"X-Trino-Query-Data-Encoding", "json+zstd, json"},
                                       {"X-Trino-Extra-Credential", "peakaKey=a%2Bb, peakaProject=p1"},
                                       {"User-Agent", "agent"}})
                        .value();
  EXPECT_EQ(read.family, "X-Trino-");
  EXPECT_EQ(read.session.user, "alice");
  EXPECT_EQ(read.session.catalog + "." + read.session.schema, "tpch.tiny");
  EXPECT_EQ(read.session.time_zone, "Europe/Istanbul");
  EXPECT_THAT(read.client.client_tags, ElementsAre("one", "two", "three"));
  EXPECT_THAT(read.client.properties, ElementsAre(Pair("a", "1"), Pair("b", "x,y"), Pair("memory.c", "2")));
  EXPECT_THAT(read.client.roles, ElementsAre(Pair("system", "ROLE{admin}")));
  EXPECT_THAT(read.client.prepared, ElementsAre(Pair("p 1", "SELECT ?")));
  EXPECT_EQ(read.client.transaction_id, "NONE");
  EXPECT_TRUE(read.capabilities.contains("PARAMETRIC_DATETIME"));
  EXPECT_THAT(read.data_encodings, ElementsAre("json+zstd", "json"));
  EXPECT_EQ(read.peaka_key.Reveal(), "a+b");
  EXPECT_EQ(read.peaka_project, "p1");
  EXPECT_EQ(read.client.user_agent, "agent");
}

TEST(ClientHeaders, EmptySessionsMeanNone) {
  const auto read =
      ReadClientHeaders({{"X-Trino-User", ""}, {"X-Trino-Session", ""}, {"X-Trino-Prepared-Statement", " , "}}).value();
  EXPECT_TRUE(read.client.properties.empty() && read.client.prepared.empty() && read.session.user.empty());
  EXPECT_FALSE(read.client.transaction_id.has_value());
  EXPECT_EQ(read.session.time_zone, "UTC");
}

TEST(ClientHeaders, PrestoWhereThereIsNoTrino) {
  EXPECT_EQ(ReadClientHeaders({{"X-Presto-User", "bob"}})->family, "X-Presto-");
  EXPECT_EQ(ReadClientHeaders({{"X-Presto-User", "bob"}})->session.user, "bob");
  const auto mixed =
      ReadClientHeaders({{"X-Presto-User", "bob"}, {"X-Presto-Catalog", "c"}, {"X-Trino-User", "alice"}}).value();
  EXPECT_EQ(mixed.session.user, "alice");
  EXPECT_TRUE(mixed.session.catalog.empty());
}

TEST(ClientHeaders, CompressedPreparedStatements) {
  const std::string text = "SELECT ? -- " + std::string(5000, 'x');
  const auto header = "p=%24zstd%3A" + [&] {
    std::string encoded;
    for (const char c : EncodeBase64(CompressZstd(text)))
      encoded += c == '+' ? "%2B" : c == '/' ? "%2F" : c == '=' ? "%3D" : std::string(1, c);
    return encoded;
  }();
  EXPECT_THAT(ReadClientHeaders({{"X-Trino-Prepared-Statement", header}})->client.prepared,
              ElementsAre(Pair("p", text)));
  // Four megabytes at most, however small they came.
  const auto bomb = "p=$zstd:" + EncodeBase64(CompressZstd(std::string(std::size_t{8} << 20, 'x')));
  EXPECT_FALSE(ReadClientHeaders({{"X-Trino-Prepared-Statement", bomb}}));
}

TEST(ClientHeaders, MalformedOnesAreRefusedByName) {
  const auto error = [](const std::string& name, const std::string& value) {
    const auto read = ReadClientHeaders({{name, value}});
    return read ? "" : read.error().message;
  };
  EXPECT_EQ(error("X-Trino-Session", "nothing"), "Invalid X-Trino-Session header");
  EXPECT_EQ(error("X-Trino-Session", "=1"), "Invalid X-Trino-Session header");
  EXPECT_EQ(error("X-Presto-Session", "a=%zz"), "Invalid X-Presto-Session header");
  EXPECT_EQ(error("X-Trino-Role", "x"), "Invalid X-Trino-Role header");
  EXPECT_EQ(error("X-Trino-Extra-Credential", "x"), "Invalid X-Trino-Extra-Credential header");
  EXPECT_EQ(error("X-Trino-Prepared-Statement", "p=%FF"), "Invalid X-Trino-Prepared-Statement header");
  EXPECT_EQ(error("X-Trino-Prepared-Statement", "p=$zstd:AAAA"), "Invalid X-Trino-Prepared-Statement header");
  EXPECT_EQ(error("X-Trino-Schema", "tiny"), "Schema is set but catalog is not");
  EXPECT_EQ(error("Authorization", "Basic ***"), "Invalid Authorization header");
  EXPECT_EQ(error("Authorization", "Basic YWxpY2U="), "Invalid Authorization header");  // no colon
}

TEST(ClientHeaders, Credentials) {
  EXPECT_EQ(ReadClientHeaders({{"Authorization", "bearer  k "}})->bearer.Reveal(), "k");
  const auto basic = ReadClientHeaders({{"authorization", "Basic " + EncodeBase64("alice:k:ey")}}).value();
  EXPECT_EQ(basic.basic_user, "alice");
  EXPECT_EQ(basic.basic_password.Reveal(), "k:ey");
  EXPECT_FALSE(ReadClientHeaders({{"Authorization", "Basic " + EncodeBase64("alice:")}})->has_credential());
  EXPECT_FALSE(ReadClientHeaders({{"Authorization", "Negotiate abc"}})->has_credential());
}

class IdentityTest : public ::testing::Test {
 protected:
  static base::Result<Identity> Who(const http::Headers& headers) {
    const IdentityParts parts{
        .authenticate = [](std::string_view key) -> base::Result<security::Caller> {
          if (key == "project")
            return security::Caller{
                .kind = security::Caller::Kind::kProject, .key_id = "k", .user_id = "u", .project_id = "p1"};
          if (key == "partner")
            return security::Caller{
                .kind = security::Caller::Kind::kPartner, .key_id = "k", .user_id = "u", .project_id = ""};
          return std::unexpected(base::Error{.kind = base::ErrorKind::kUnauthenticated, .message = "no"});
        },
        .reach = [](const security::Caller&, const std::string& project) -> base::Result<void> {
          if (project == "p1" || project == "p2") return {};
          return base::NotFound("no");
        }};
    return Identify(ReadClientHeaders(headers).value(), parts);
  }
};

TEST_F(IdentityTest, AProjectKeySeesItsProject) {
  for (const auto& headers : {http::Headers{{"X-Trino-Extra-Credential", "peakaKey=project"}},
                              http::Headers{{"Authorization", "Bearer project"}},
                              http::Headers{{"Authorization", "Basic " + EncodeBase64("alice:project")}}}) {
    EXPECT_EQ(Who(headers)->project_id, "p1");
  }
  EXPECT_EQ(Who({{"X-Trino-Extra-Credential", "peakaKey=project,peakaProject=p2"}}).error().kind,
            base::ErrorKind::kPermissionDenied);
}

TEST_F(IdentityTest, APartnerKeyMustNameAProject) {
  EXPECT_EQ(Who({{"Authorization", "Bearer partner"}}).error().kind, base::ErrorKind::kPermissionDenied);
  EXPECT_EQ(Who({{"X-Trino-Extra-Credential", "peakaKey=partner,peakaProject=p2"}})->project_id, "p2");
  EXPECT_EQ(Who({{"Authorization", "Basic " + EncodeBase64("p1:partner")}})->project_id, "p1");
  EXPECT_EQ(Who({{"X-Trino-Extra-Credential", "peakaKey=partner,peakaProject=p3"}}).error().kind,
            base::ErrorKind::kPermissionDenied);
}

TEST_F(IdentityTest, WithoutAKeyNobody) {
  EXPECT_EQ(Who({{"X-Trino-User", "alice"}}).error().kind, base::ErrorKind::kUnauthenticated);
  EXPECT_EQ(Who({{"X-Trino-Extra-Credential", "peakaKey=wrong"}}).error().kind, base::ErrorKind::kUnauthenticated);
}

TEST_F(IdentityTest, TheUserIsWhoTheClientSays) {
  EXPECT_EQ(Who({{"X-Trino-User", "alice"}, {"Authorization", "Bearer project"}})->user, "alice");
  EXPECT_EQ(Who({{"Authorization", "Basic " + EncodeBase64("bob:project")}})->user, "bob");
  EXPECT_EQ(Who({{"Authorization", "Bearer project"}})->user, "u");
}

}  // namespace
}  // namespace tarn::trino
