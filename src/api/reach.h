// What a caller may reach. What he may not reach is answered as if it did not exist.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "api/api.h"
#include "base/error.h"
#include "http/operation.h"

namespace tarn::api {

// Errors of all: NotFound.
[[nodiscard]] base::Result<store::Organization> FindOrganization(const Parts& parts, const security::Caller& caller,
                                                                 const std::string& id);
[[nodiscard]] base::Result<store::Workspace> FindWorkspace(const Parts& parts, const security::Caller& caller,
                                                           const std::string& organization_id, const std::string& id);
[[nodiscard]] base::Result<store::Project> FindProject(const Parts& parts, const security::Caller& caller,
                                                       const std::string& id);
// A project that the user behind the caller's key reaches, whatever kind of key it is.
[[nodiscard]] base::Result<store::Project> FindProjectOfUser(const Parts& parts, const std::string& user_id,
                                                             const std::string& id);
// Not the built-in ones, which the store does not have.
[[nodiscard]] base::Result<store::Catalog> FindCatalog(const Parts& parts, const std::string& project_id,
                                                       const std::string& id);
// Errors: InvalidArgument with code INVALID_CONNECTION_ID.
[[nodiscard]] base::Result<store::Connection> FindConnection(const Parts& parts, const std::string& project_id,
                                                             const std::string& id);

// The same error for a thing that a body names instead of the path: the request is at fault, not the address.
template <class T>
[[nodiscard]] base::Result<T> NamedInBody(base::Result<T> result) {
  if (!result && result.error().kind == base::ErrorKind::kNotFound)
    result.error().kind = base::ErrorKind::kInvalidArgument;
  return result;
}

// A call on one project that the caller reaches.
struct ProjectCall {
  const http::Context& context;
  store::Project project;
};

// Declares an operation under {projectId}; a project that the caller does not reach is 404.
template <class Request, class Response>
[[nodiscard]] http::Operation ProjectOperation(
    Parts& parts, http::OperationInfo info,
    std::function<base::Result<Response>(const ProjectCall&, const Request&)> handler) {
  return http::MakeOperation<Request, Response>(
      std::move(info),
      [&parts, handler = std::move(handler)](const http::Context& context,
                                             const Request& request) -> base::Result<Response> {
        TARN_ASSIGN_OR_RETURN(store::Project project, FindProject(parts, context.caller(), context.Path("projectId")));
        return handler(ProjectCall{.context = context, .project = std::move(project)}, request);
      });
}

}  // namespace tarn::api
