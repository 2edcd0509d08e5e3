#include "trino/identity.h"

namespace tarn::trino {
namespace {

std::unexpected<base::Error> Denied(std::string message) {
  return std::unexpected(base::Error{
      .kind = base::ErrorKind::kPermissionDenied, .message = std::move(message), .fault = base::Fault::kCaller});
}

const base::SecretString& KeyOf(const ClientHeaders& headers) {
  if (!headers.peaka_key.empty()) return headers.peaka_key;
  return headers.bearer.empty() ? headers.basic_password : headers.bearer;
}

base::Result<std::string> ProjectOf(const security::Caller& caller, const ClientHeaders& headers,
                                    const IdentityParts& parts) {
  if (caller.kind == security::Caller::Kind::kProject) {
    if (!headers.peaka_project.empty() && headers.peaka_project != caller.project_id)
      return Denied("This key does not reach the project");
    return caller.project_id;
  }
  const auto& named = headers.peaka_project.empty() ? headers.basic_user : headers.peaka_project;
  if (named.empty()) {
    return Denied(
        "A partner key has no project of its own: use a project's key, or name the project in the extra credential "
        "peakaProject");
  }
  if (!parts.reach(caller, named)) return Denied("This key does not reach the project");
  return named;
}

}  // namespace

base::Result<Identity> Identify(const ClientHeaders& headers, const IdentityParts& parts) {
  if (!headers.has_credential()) {
    return std::unexpected(base::Error{
        .kind = base::ErrorKind::kUnauthenticated,
        .message = "An API key is needed: as the extra credential peakaKey, as a bearer token or as the password",
        .fault = base::Fault::kCaller});
  }
  Identity identity;
  TARN_ASSIGN_OR_RETURN(identity.caller, parts.authenticate(KeyOf(headers).Reveal()));
  TARN_ASSIGN_OR_RETURN(identity.project_id, ProjectOf(identity.caller, headers, parts));
  identity.user = headers.session.user;
  if (identity.user.empty()) identity.user = headers.basic_user;
  if (identity.user.empty()) identity.user = identity.caller.user_id;
  return identity;
}

}  // namespace tarn::trino
