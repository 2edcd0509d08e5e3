#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/params_view.hpp>
#include <boost/url/parse_query.hpp>

#include "api/areas.h"
#include "api/dto_catalog.h"
#include "api/reach.h"
#include "base/ids.h"

namespace tarn::api {

using http::KeyKind;
using http::Method;
using http::NoBody;
using http::NoContent;

namespace {

constexpr const char* kConnections = "/connections/{projectId}";
constexpr const char* kConnection = "/connections/{projectId}/{connectionId}";
constexpr std::chrono::seconds kCheckTime{10};

http::OperationInfo Info(std::string id, Method method, std::string path, std::string summary) {
  return {.id = std::move(id),
          .method = method,
          .path = std::move(path),
          .area = "Connections",
          .summary = std::move(summary),
          .keys = KeyKind::kAny,
          .errors = http::ErrorShape::kService};
}

std::string_view ToString(connector::CredentialField::Type type) {
  switch (type) {
    case connector::CredentialField::Type::kText: return "text";
    case connector::CredentialField::Type::kNumber: return "number";
    case connector::CredentialField::Type::kBoolean: return "boolean";
  }
  return "text";
}

ConnectionConfiguration Show(const connector::ConnectorSpec& spec) {
  ConnectionConfiguration shown = {.connectionType = spec.type,
                                   .connectionTypeLabel = spec.label,
                                   .name = spec.label,
                                   .authorizationType = spec.authorization,
                                   .credentialSchemaType = spec.credential_schema,
                                   .redirectRequired = false,
                                   .category = spec.category,
                                   .configuration = {},
                                   .documentationUrl = spec.documentation_url};
  for (const connector::CredentialField& field : spec.fields)
    shown.configuration.push_back({.fieldName = field.name,
                                   .fieldType = std::string(ToString(field.type)),
                                   .required = field.required,
                                   .description = field.description});
  return shown;
}

Connection Show(const store::Connection& connection) {
  return {.id = connection.id, .name = connection.name, .type = connection.type};
}

// Whatever keeps a source from taking a credential is a fault of the credential to the one who gives it.
base::Result<void> CheckSource(const Parts& parts, const connector::ConnectorSpec& spec,
                               const connector::Credential& credential, const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const std::unique_ptr<connector::Source> source,
                        connector::MakeSource(spec, credential, "", parts.connector_settings));
  base::CallLimits bounded = base::CallLimits::Within(kCheckTime, limits.cancel);
  bounded.deadline = std::min(bounded.deadline, limits.deadline);
  auto checked = source->Check(bounded);
  if (checked || checked.error().kind == base::ErrorKind::kInternal) return checked;
  base::Error error = std::move(checked).error();
  if (error.kind == base::ErrorKind::kDeadlineExceeded) error.message = "Source does not answer in time";
  error.kind = base::ErrorKind::kInvalidArgument;
  error.code = "INVALID_CREDENTIALS";
  return std::unexpected(std::move(error));
}

// Fills in what a request says, once the source has taken the credential.
base::Result<void> Apply(const Parts& parts, const ProjectCall& call, const ConnectionRequest& request,
                         store::Connection& connection) {
  const connector::ConnectorSpec* spec = connector::FindSpec(request.type);
  if (spec == nullptr)
    return base::InvalidArgument(fmt::format("Connection type is unknown: \"{}\"", request.type), "type");
  const std::string text = boost::json::serialize(request.credential);
  TARN_ASSIGN_OR_RETURN(const connector::Credential credential, connector::ReadCredential(*spec, text));
  TARN_RETURN_IF_ERROR(CheckSource(parts, *spec, credential, call.context.limits()));
  connection.name = request.name;
  connection.type = spec->type;
  connection.sealed_credential = parts.vault.Seal(text, connection.id);
  connection.detail = connector::PublicDetail(*spec, credential);
  return {};
}

base::Result<Connection> Create(const Parts& parts, const ProjectCall& call, const ConnectionRequest& request) {
  store::Connection connection = {.id = base::NewUuid(),
                                  .project_id = call.project.id,
                                  .name = {},
                                  .type = {},
                                  .sealed_credential = {},
                                  .detail = {},
                                  .created_at = parts.clock.Now()};
  TARN_RETURN_IF_ERROR(Apply(parts, call, request, connection));
  TARN_RETURN_IF_ERROR(parts.connections.Insert(connection));
  return Show(connection);
}

base::Result<Connection> Update(const Parts& parts, const ProjectCall& call, const ConnectionRequest& request) {
  TARN_ASSIGN_OR_RETURN(store::Connection connection,
                        FindConnection(parts, call.project.id, call.context.Path("connectionId")));
  if (request.type != connection.type)
    return base::InvalidArgument(fmt::format("Connection cannot change its type: \"{}\"", connection.type), "type");
  TARN_RETURN_IF_ERROR(Apply(parts, call, request, connection));
  TARN_RETURN_IF_ERROR(parts.connections.Update(connection));
  parts.catalogs.ForgetConnection(connection.id);
  return Show(connection);
}

// None of the connector types that Tarn has begins a consent, so no state is ever a known one.
base::Result<Connection> FinishConsent(const Oauth2Callback& callback) {
  const auto query = boost::urls::parse_query(callback.queryParameters);
  if (!query) return base::InvalidArgument("Text is not a query string", "queryParameters");
  const boost::urls::params_view parameters(*query);
  const auto state = parameters.find("state");
  if (state == parameters.end()) return base::InvalidArgument("Query string has no state", "queryParameters");
  return base::InvalidArgument("No consent is waiting for this state", "queryParameters");
}

void AddConfigurations(OperationList& operations) {
  operations.push_back(http::MakeOperation<NoBody, std::vector<ConnectionConfiguration>>(
      Info("listConnectionConfig", Method::kGet, "/connections/config", "List Connection Config"),
      [](const http::Context&, const NoBody&) -> base::Result<std::vector<ConnectionConfiguration>> {
        std::vector<ConnectionConfiguration> shown;
        for (const connector::ConnectorSpec& spec : connector::AllSpecs()) shown.push_back(Show(spec));
        return shown;
      }));

  operations.push_back(http::MakeOperation<NoBody, ConnectionConfiguration>(
      Info("getConnectionConfig", Method::kGet, "/connections/config/{connectionType}", "Get Connection Config"),
      [](const http::Context& context, const NoBody&) -> base::Result<ConnectionConfiguration> {
        const std::string& type = context.Path("connectionType");
        const connector::ConnectorSpec* spec = connector::FindSpec(type);
        if (spec == nullptr) return base::NotFound(fmt::format("Connection type is unknown: \"{}\"", type));
        return Show(*spec);
      }));
}

void AddReading(Parts& parts, OperationList& operations) {
  operations.push_back(ProjectOperation<NoBody, std::vector<Connection>>(
      parts, Info("listConnections", Method::kGet, kConnections, "List Connections"),
      [&parts](const ProjectCall& call, const NoBody&) -> base::Result<std::vector<Connection>> {
        std::vector<Connection> shown;
        for (const store::Connection& connection : parts.connections.List(call.project.id))
          shown.push_back(Show(connection));
        return shown;
      }));

  operations.push_back(ProjectOperation<NoBody, Connection>(
      parts, Info("getConnection", Method::kGet, kConnection, "Get Connection"),
      [&parts](const ProjectCall& call, const NoBody&) -> base::Result<Connection> {
        TARN_ASSIGN_OR_RETURN(const store::Connection connection,
                              FindConnection(parts, call.project.id, call.context.Path("connectionId")));
        return Show(connection);
      }));

  operations.push_back(ProjectOperation<NoBody, boost::json::value>(
      parts,
      Info("getConnectionView", Method::kGet, "/connections/{projectId}/{connectionId}/detail",
           "Get Connection Detail"),
      [&parts](const ProjectCall& call, const NoBody&) -> base::Result<boost::json::value> {
        TARN_ASSIGN_OR_RETURN(const store::Connection connection,
                              FindConnection(parts, call.project.id, call.context.Path("connectionId")));
        return http::ParseJson(connection.detail);
      }));
}

}  // namespace

void AddConnections(Parts& parts, OperationList& operations) {
  AddConfigurations(operations);
  AddReading(parts, operations);

  operations.push_back(ProjectOperation<ConnectionRequest, Connection>(
      parts, Info("createConnection", Method::kPost, kConnections, "Create Connection"),
      [&parts](const ProjectCall& call, const ConnectionRequest& request) { return Create(parts, call, request); }));

  operations.push_back(ProjectOperation<Oauth2Callback, Connection>(
      parts, Info("oauth2Callback", Method::kPost, "/connections/{projectId}/oauth2", "Oauth2 Callback"),
      [](const ProjectCall&, const Oauth2Callback& callback) { return FinishConsent(callback); }));

  operations.push_back(ProjectOperation<ConnectionRequest, Connection>(
      parts, Info("updateConnection", Method::kPut, kConnection, "Update Connection"),
      [&parts](const ProjectCall& call, const ConnectionRequest& request) { return Update(parts, call, request); }));

  operations.push_back(ProjectOperation<NoBody, NoContent>(
      parts, Info("deleteConnection", Method::kDelete, kConnection, "Delete Connection"),
      [&parts](const ProjectCall& call, const NoBody&) -> base::Result<NoContent> {
        TARN_ASSIGN_OR_RETURN(const store::Connection connection,
                              FindConnection(parts, call.project.id, call.context.Path("connectionId")));
        TARN_RETURN_IF_ERROR(parts.connections.Delete(call.project.id, connection.id));
        parts.catalogs.ForgetConnection(connection.id);
        return NoContent{};
      }));
}

}  // namespace tarn::api
