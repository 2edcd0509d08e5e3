// Golden SQL: questions with the statements that are known to answer them.
#include "api/areas.h"
#include "api/execute_arguments.h"
#include "api/metadata_view.h"

namespace tarn::api {

using http::Method;
using http::NoBody;

namespace {

http::OperationInfo Info(std::string id, Method method, const std::string& path, std::string summary) {
  return {.id = std::move(id),
          .method = method,
          .path = "/metadata/{projectId}" + path,
          .area = kMetadataArea,
          .summary = std::move(summary)};
}

GoldenSql Show(const store::GoldenQuery& query) {
  GoldenSql shown{.id = query.id,
                  .content = query.prompt,
                  .metadata = {.sql = query.statement, .prompt = query.prompt, .projectId = query.project_id},
                  .state = query.broken.empty() ? "valid" : "broken",
                  .checkedAt = base::FormatTime(query.checked_at)};
  if (!query.broken.empty()) shown.brokenReason = query.broken;
  return shown;
}

base::Result<GoldenSql> Add(const Parts& parts, const ProjectCall& call, const MetadataAddGoldenSqlRequest& request) {
  auto added = parts.metadata.golden.Add(call.project.id, request.prompt, request.sql, call.context.limits());
  if (added) return Show(*added);
  auto error = ShowStatementError(std::move(added).error(), true);
  if (error.kind == base::ErrorKind::kInvalidArgument) error.field = "sql";
  return std::unexpected(std::move(error));
}

base::Result<GoldenSqls> List(const Parts& parts, const ProjectCall& call) {
  TARN_ASSIGN_OR_RETURN(const auto all, parts.metadata.golden.List(call.project.id));
  GoldenSqls shown;
  for (const auto& query : all) shown.result.push_back(Show(query));
  return shown;
}

base::Result<GoldenSqlAnswers> Search(const Parts& parts, const ProjectCall& call) {
  TARN_ASSIGN_OR_RETURN(
      const auto nearest,
      parts.metadata.golden.Nearest(call.project.id, call.context.Query("q").value_or(""), call.context.limits()));
  GoldenSqlAnswers shown;
  for (const auto& query : nearest) shown.result.push_back({.question = query.prompt, .sql = query.statement});
  return shown;
}

}  // namespace

void AddGoldenQueries(Parts& parts, OperationList& operations) {
  operations.push_back(ProjectOperation<MetadataAddGoldenSqlRequest, GoldenSql>(
      parts, Info("addGoldenSql", Method::kPost, "/golden-sqls", "Create golden sql for the project"),
      [&parts](const ProjectCall& call, const MetadataAddGoldenSqlRequest& request) {
        return Add(parts, call, request);
      }));
  operations.push_back(ProjectOperation<NoBody, GoldenSqls>(
      parts, Info("listGoldenSqls", Method::kGet, "/golden-sqls", "List of golden sqls for the project"),
      [&parts](const ProjectCall& call, const NoBody&) { return List(parts, call); }));
  auto search =
      Info("queryGoldenSqls", Method::kGet, "/golden-sql/query", "Semantic query golden sqls for the project");
  search.query = {{.name = "q", .required = true}};
  operations.push_back(ProjectOperation<NoBody, GoldenSqlAnswers>(
      parts, std::move(search), [&parts](const ProjectCall& call, const NoBody&) { return Search(parts, call); }));
  operations.push_back(ProjectOperation<NoBody, GoldenSqlDeleted>(
      parts, Info("deleteGoldenSql", Method::kDelete, "/golden-sqls/{id}", "Delete golden sql from the project"),
      [&parts](const ProjectCall& call, const NoBody&) -> base::Result<GoldenSqlDeleted> {
        const auto& id = call.context.Path("id");
        TARN_RETURN_IF_ERROR(parts.metadata.golden.Delete(call.project.id, id));
        return GoldenSqlDeleted{.id = id};
      }));
}

}  // namespace tarn::api
