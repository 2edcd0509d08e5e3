// Addresses with which drivers of the Trino protocol connect, made for the caller's own key.
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "api/areas.h"
#include "api/dto_drivers.h"

namespace tarn::api {

using http::Method;
using http::NoBody;

namespace {

constexpr const char* kDrivers = "/supportedDrivers";
constexpr const char* kJdbc = "/supportedDrivers/jdbc";
constexpr const char* kSqlAlchemy = "/supportedDrivers/sql_alchemy";
constexpr std::string_view kBearer = "Bearer ";
// What the caller puts in where it was not said.
constexpr std::string_view kCatalogPlace = "{catalogName}";
constexpr std::string_view kProjectPlace = "{projectId}";

http::OperationInfo Info(std::string id, std::string path, std::string summary) {
  return {.id = std::move(id),
          .method = Method::kGet,
          .path = std::move(path),
          .area = "Supported Drivers",
          .summary = std::move(summary),
          .keys = http::KeyKind::kAny};
}

http::OperationInfo InfoWithCatalog(std::string id, std::string path, std::string summary) {
  auto info = Info(std::move(id), std::move(path), std::move(summary));
  info.query = {{.name = "catalogName", .description = "The catalog that SQLAlchemy works with"}};
  return info;
}

// Where the caller's driver finds Tarn, and as whom it asks.
struct Access {
  bool tls = false;
  std::string host;  // with its port
  std::string key;
  bool names_project = false;  // a partner's key is for no project of its own
};

Access AccessOf(const Parts& parts, const http::Context& context) {
  std::string url = http::BaseUrl(context, parts.address);
  Access access{.tls = url.starts_with("https://"),
                .host = url.substr(url.find("://") + 3),
                .key = std::string(context.Header("Authorization").substr(kBearer.size())),
                .names_project = context.caller().kind == security::Caller::Kind::kPartner};
  access.host = access.host.substr(0, access.host.find('/'));
  // Drivers take other ports than their users think where none is said.
  const auto bracket = access.host.find(']');
  if (access.host.find(':', bracket == std::string::npos ? 0 : bracket) == std::string::npos)
    access.host += access.tls ? ":443" : ":80";
  return access;
}

std::string JdbcAddress(const Access& access) {
  std::string address = fmt::format("jdbc:trino://{}/?user=tarn&extraCredentials=peakaKey:{}", access.host, access.key);
  if (access.names_project) address += fmt::format(";peakaProject:{}", kProjectPlace);
  if (access.tls) address += "&SSL=true";
  return address;
}

// Over TLS the key is also a token: that is what makes SQLAlchemy use TLS on any port.
std::string SqlAlchemyAddress(const Access& access, const std::optional<std::string>& catalog) {
  std::string credentials = fmt::format(R"(["peakaKey","{}"])", access.key);
  if (access.names_project) credentials += fmt::format(R"(,["peakaProject","{}"])", kProjectPlace);
  const std::string named =
      catalog ? boost::urls::encode(*catalog, boost::urls::unreserved_chars) : std::string(kCatalogPlace);
  return fmt::format("trino://tarn@{}/{}?extra_credential=[{}]{}", access.host, named, credentials,
                     access.tls ? "&access_token=" + access.key : "");
}

}  // namespace

void AddSupportedDrivers(Parts& parts, OperationList& operations) {
  operations.push_back(http::MakeOperation<NoBody, Drivers>(
      InfoWithCatalog("getSupportedDrivers", kDrivers, "List Supported Drivers"),
      [&parts](const http::Context& context, const NoBody&) -> base::Result<Drivers> {
        const Access access = AccessOf(parts, context);
        return Drivers{.JDBC = JdbcAddress(access),
                       .SQL_ALCHEMY = SqlAlchemyAddress(access, context.Query("catalogName"))};
      }));
  operations.push_back(http::MakeOperation<NoBody, JdbcDriver>(
      Info("getJdbcDriver", kJdbc, "Get JDBC Driver"),
      [&parts](const http::Context& context, const NoBody&) -> base::Result<JdbcDriver> {
        return JdbcDriver{.JDBC = JdbcAddress(AccessOf(parts, context))};
      }));
  operations.push_back(http::MakeOperation<NoBody, SqlAlchemyDriver>(
      InfoWithCatalog("getSqlAlchemyDriver", kSqlAlchemy, "Get SQL Alchemy Driver"),
      [&parts](const http::Context& context, const NoBody&) -> base::Result<SqlAlchemyDriver> {
        return SqlAlchemyDriver{.SQL_ALCHEMY =
                                    SqlAlchemyAddress(AccessOf(parts, context), context.Query("catalogName"))};
      }));
}

}  // namespace tarn::api
