// Saved queries: texts that are resolved when they run, readable as "peaka"."query"."<name>".
#include "api/areas.h"
#include "api/dto_query_folder.h"
#include "api/folder_tree.h"
#include "api/materialization.h"
#include "api/query_view.h"
#include "api/reach.h"
#include "api/saved_query.h"
#include "base/ids.h"

namespace tarn::api {

using http::Method;
using http::NoBody;
using http::NoContent;
using http::QueryParameter;

namespace {

constexpr const char* kQueries = "/data/projects/{projectId}/queries";
constexpr const char* kQuery = "/data/projects/{projectId}/queries/{queryId}";

http::OperationInfo Info(std::string id, Method method, std::string path, std::string summary) {
  return {.id = std::move(id),
          .method = method,
          .path = std::move(path),
          .area = "Data: Queries",
          .summary = std::move(summary)};
}

// Of an operation that writes a query.
http::OperationInfo WritingInfo(std::string id, Method method, std::string path, std::string summary) {
  http::OperationInfo info = Info(std::move(id), method, std::move(path), std::move(summary));
  info.query = {{.name = "checkSchemaExists",
                 .type = QueryParameter::Type::kBoolean,
                 .description = "Refuse a text that names a catalog or schema that does not exist",
                 .default_value = "true"}};
  return info;
}

std::unexpected<base::Error> NameTaken(const std::string& name) {
  return base::AlreadyExists(fmt::format("There is a query of the same name already: \"{}\"", name));
}

// Takes over what the request says.
base::Result<void> Apply(const Parts& parts, const ProjectCall& call, const QueryRequest& request,
                         store::SavedQuery& query) {
  if (request.displayName) {
    query.display_name = *request.displayName;
    query.name = QueryName(*request.displayName);
  }
  if (request.inputQuery) {
    if (request.inputQuery->empty()) return base::InvalidArgument("Query has no text", "inputQuery");
    if (call.context.QueryBoolean("checkSchemaExists").value_or(true))
      TARN_RETURN_IF_ERROR(CheckSchemasExist(parts, call, *request.inputQuery));
    query.input_query = *request.inputQuery;
  }
  TARN_RETURN_IF_ERROR(ApplyMaterialization(parts, call, request, query));
  const auto other = parts.queries.FindByName(call.project.id, query.name);
  if (other && other->id != query.id) return NameTaken(query.name);
  query.updated_at = parts.clock.Now();
  return {};
}

// Another query may have got the name between the check and the writing.
base::Result<Query> ShowWritten(const Parts& parts, const base::Result<void>& written, const store::SavedQuery& query) {
  if (written) return ShowQuery(query, FoldersOf(parts, query.project_id));
  if (written.error().kind == base::ErrorKind::kAlreadyExists) return NameTaken(query.name);
  return std::unexpected(written.error());
}

base::Result<Query> Create(Parts& parts, const ProjectCall& call, const QueryRequest& request) {
  if (!request.displayName) return base::InvalidArgument("Required field is missing", "displayName");
  if (!request.inputQuery && !request.inputQueryRefId)
    return base::InvalidArgument("Required field is missing", "inputQuery");
  TARN_ASSIGN_OR_RETURN(const auto folders, ReadFolderPath(request.path.value_or(kRootPath), "path"));
  store::SavedQuery query = {.id = base::NewSnowflake(),
                             .project_id = call.project.id,
                             .display_name = {},
                             .name = {},
                             .input_query = {},
                             .query_type = store::kPlainType,
                             .schedule = {},
                             .folder_id = {},
                             .created_at = parts.clock.Now()};
  TARN_RETURN_IF_ERROR(Apply(parts, call, request, query));
  TARN_ASSIGN_OR_RETURN(query.folder_id, ObtainFolder(parts, call.project.id, "", folders));
  const auto inserted = parts.queries.Insert(query);
  if (inserted) TARN_RETURN_IF_ERROR(Materialize(parts, call, {.query = query, .before = std::nullopt}));
  return ShowWritten(parts, inserted, query);
}

base::Result<Query> Update(Parts& parts, const ProjectCall& call, const QueryRequest& request) {
  TARN_ASSIGN_OR_RETURN(const store::SavedQuery before,
                        FindSavedQuery(parts, call.project.id, call.context.Path("queryId")));
  store::SavedQuery query = before;
  TARN_RETURN_IF_ERROR(Apply(parts, call, request, query));
  const auto updated = parts.queries.Update(query);
  if (updated)
    TARN_RETURN_IF_ERROR(
        Materialize(parts, call, {.query = query, .before = before, .rebuild = request.inputQueryRefId.has_value()}));
  return ShowWritten(parts, updated, query);
}

base::Result<NoContent> UpdatePath(const Parts& parts, const ProjectCall& call, const QueryPathUpdateRequest& request) {
  TARN_ASSIGN_OR_RETURN(const store::SavedQuery query,
                        FindSavedQuery(parts, call.project.id, call.context.Path("queryId")));
  TARN_ASSIGN_OR_RETURN(const auto names, ReadFolderPath(request.path, "path"));
  TARN_ASSIGN_OR_RETURN(const std::string folder_id, ObtainFolder(parts, call.project.id, "", names));
  TARN_RETURN_IF_ERROR(parts.queries.MoveQueries(call.project.id, {{.query_id = query.id, .folder_id = folder_id}}));
  return NoContent{};
}

}  // namespace

void AddSavedQueries(Parts& parts, OperationList& operations) {
  operations.push_back(ProjectOperation<NoBody, std::vector<Query>>(
      parts, Info("listQueries", Method::kGet, kQueries, "List Queries"),
      [&parts](const ProjectCall& call, const NoBody&) -> base::Result<std::vector<Query>> {
        std::vector<Query> shown;
        const FolderTree folders = FoldersOf(parts, call.project.id);
        for (const store::SavedQuery& query : parts.queries.List(call.project.id))
          shown.push_back(ShowQuery(query, folders));
        return shown;
      }));
  operations.push_back(ProjectOperation<QueryRequest, Query>(
      parts, WritingInfo("createQuery", Method::kPost, kQueries, "Create Query"),
      [&parts](const ProjectCall& call, const QueryRequest& request) { return Create(parts, call, request); }));
  operations.push_back(ProjectOperation<NoBody, Query>(
      parts, Info("readQuery", Method::kGet, kQuery, "Read Query"),
      [&parts](const ProjectCall& call, const NoBody&) -> base::Result<Query> {
        TARN_ASSIGN_OR_RETURN(const store::SavedQuery query,
                              FindSavedQuery(parts, call.project.id, call.context.Path("queryId")));
        return ShowQuery(query, FoldersOf(parts, call.project.id));
      }));
  operations.push_back(ProjectOperation<QueryRequest, Query>(
      parts, WritingInfo("updateQuery", Method::kPut, kQuery, "Update Query"),
      [&parts](const ProjectCall& call, const QueryRequest& request) { return Update(parts, call, request); }));
  operations.push_back(ProjectOperation<QueryPathUpdateRequest, NoContent>(
      parts, Info("updateQueryPath", Method::kPatch, std::string(kQuery) + "/path", "Update Query Path"),
      [&parts](const ProjectCall& call, const QueryPathUpdateRequest& request) {
        return UpdatePath(parts, call, request);
      }));
  operations.push_back(ProjectOperation<NoBody, NoContent>(
      parts, Info("deleteQuery", Method::kDelete, kQuery, "Delete Query"),
      [&parts](const ProjectCall& call, const NoBody&) -> base::Result<NoContent> {
        TARN_ASSIGN_OR_RETURN(const store::SavedQuery query,
                              FindSavedQuery(parts, call.project.id, call.context.Path("queryId")));
        TARN_RETURN_IF_ERROR(parts.queries.Delete(call.project.id, query.id));
        parts.materialized.ForgetGone();
        parts.derived_tables.ForgetQuery(query.id);
        return NoContent{};
      }));
}

}  // namespace tarn::api
