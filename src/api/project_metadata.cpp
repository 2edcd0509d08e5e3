// What is known of a project's tables: read, described, searched; values of categorical columns.
#include <boost/algorithm/string/predicate.hpp>

#include "api/areas.h"
#include "api/metadata_view.h"
#include "http/context.h"
#include "metadata/ranking.h"

namespace tarn::api {

using http::Method;
using http::NoBody;

namespace {

constexpr std::int64_t kUsualValues = 10;
constexpr std::int64_t kUsualMatches = 5;
constexpr std::int64_t kMostMatches = 100;
constexpr double kNameWeight = 4;
constexpr const char* kTable = "/metadata/{projectId}/{catalogId}/{schemaName}/{tableName}";
constexpr const char* kColumn = "/metadata/{projectId}/categorical/{catalogId}/{schemaName}/{tableName}/{columnName}";

http::OperationInfo Info(std::string id, Method method, const std::string& path, std::string summary) {
  return {.id = std::move(id), .method = method, .path = path, .area = kMetadataArea, .summary = std::move(summary)};
}

base::Result<ProjectMetadata> ShowTables(const Parts& parts, const ProjectCall& call, const std::string& catalog_id,
                                         const std::string& schema) {
  TARN_ASSIGN_OR_RETURN(const auto tables,
                        parts.metadata.tables.List(call.project.id, catalog_id, schema, call.context.limits()));
  ProjectMetadata shown;
  for (const auto& table : tables) shown.metadata.push_back(ShowContainer(parts, call.project.id, table));
  return shown;
}

base::Result<ProjectMetadata> Read(const Parts& parts, const ProjectCall& call) {
  return ShowTables(parts, call, call.context.Query("catalogId").value_or(""),
                    call.context.Query("schemaName").value_or(""));
}

base::Result<TableMetadata> ReadTable(const Parts& parts, const ProjectCall& call) {
  TARN_ASSIGN_OR_RETURN(const auto known,
                        parts.metadata.tables.Find(call.project.id, TableInPath(call), call.context.limits()));
  return ShowKnowledge(parts, call.project.id, known);
}

base::Result<TableMetadata> Update(const Parts& parts, const ProjectCall& call, const MetadataUpdateRequest& request) {
  metadata::TableChange change{
      .description = request.tableDescription, .use_with_ai = request.useWithAI, .columns = {}};
  for (const auto& column : request.columns.value_or(std::vector<MetadataColumnChange>{}))
    change.columns.push_back({.name = column.columnName,
                              .description = column.columnDescription,
                              .not_null = column.isNotNull,
                              .unique = column.isUnique,
                              .primary = column.isPrimary});
  TARN_RETURN_IF_ERROR(parts.metadata.tables.Change(call.project.id, TableInPath(call), change, call.context.limits()));
  return ReadTable(parts, call);
}

// Of a catalog, or of a schema of it.
base::Result<ProjectMetadata> UpdateMany(const Parts& parts, const ProjectCall& call, bool use) {
  const auto where = TableInPath(call);
  TARN_RETURN_IF_ERROR(parts.metadata.tables.Switch(call.project.id, where, use, call.context.limits()));
  return ShowTables(parts, call, where.catalog_id, where.schema);
}

store::ColumnAddress ColumnInPath(const ProjectCall& call) {
  return {TableInPath(call), call.context.Path("columnName")};
}

base::Result<MetadataResult> Categorize(const Parts& parts, const ProjectCall& call,
                                        const MetadataCategoricalColumnRequest& request) {
  TARN_RETURN_IF_ERROR(parts.metadata.categorical.Set(call.project.id, ColumnInPath(call),
                                                      request.limit.value_or(kUsualValues),
                                                      request.frequency.value_or("NONE"), call.context.limits()));
  TARN_ASSIGN_OR_RETURN(auto shown, ReadTable(parts, call));
  return MetadataResult{.metadata = std::move(shown)};
}

base::Result<MetadataResult> Uncategorize(const Parts& parts, const ProjectCall& call) {
  TARN_RETURN_IF_ERROR(parts.metadata.categorical.Remove(call.project.id, ColumnInPath(call), call.context.limits()));
  TARN_ASSIGN_OR_RETURN(auto shown, ReadTable(parts, call));
  return MetadataResult{.metadata = std::move(shown)};
}

base::Result<std::size_t> ReadMost(const ProjectCall& call) {
  const auto text = call.context.Query("topK");
  if (!text) return static_cast<std::size_t>(kUsualMatches);
  const auto most = http::ReadInteger(*text);
  if (!most || *most < 1 || *most > kMostMatches)
    return base::InvalidArgument(fmt::format("topK is no number from 1 to {}: \"{}\"", kMostMatches, *text), "topK");
  return static_cast<std::size_t>(*most);
}

base::Result<MetadataMatches> Search(const Parts& parts, const ProjectCall& call) {
  TARN_ASSIGN_OR_RETURN(const std::size_t most, ReadMost(call));
  const auto question = call.context.Query("table").value_or("");
  TARN_ASSIGN_OR_RETURN(const auto tables, parts.metadata.tables.List(call.project.id, "", "", call.context.limits()));
  std::vector<TableMetadata> shown;
  metadata::Ranking ranking;
  for (const auto& table : tables) {
    auto container = ShowContainer(parts, call.project.id, table);
    ranking.Add({{.text = table.name.table, .weight = kNameWeight}, {.text = container.content}});
    shown.push_back(std::move(container.metadata));
  }
  MetadataMatches matches;
  const auto is_named = [&](const TableMetadata& table) {
    return boost::algorithm::iequals(table.tableName, question);
  };
  // A table of that very name comes first, however often others have the word.
  for (const auto& table : shown) {
    if (is_named(table) && matches.result.size() < most) matches.result.push_back(table);
  }
  for (const auto i : ranking.Nearest(question, shown.size())) {
    if (matches.result.size() == most) break;
    if (!is_named(shown[i])) matches.result.push_back(shown[i]);
  }
  return matches;
}

void AddCategorical(Parts& parts, OperationList& operations) {
  operations.push_back(ProjectOperation<MetadataCategoricalColumnRequest, MetadataResult>(
      parts,
      Info("generateCategoricalColumnValues", Method::kPut, kColumn, "Generate categorical values from the column"),
      [&parts](const ProjectCall& call, const MetadataCategoricalColumnRequest& request) {
        return Categorize(parts, call, request);
      }));
  operations.push_back(ProjectOperation<NoBody, MetadataResult>(
      parts,
      Info("deleteCategoricalColumnValues", Method::kDelete, kColumn,
           "Delete categorical values from the column meta and remove the scheduled job"),
      [&parts](const ProjectCall& call, const NoBody&) { return Uncategorize(parts, call); }));
}

void AddSearchOfMetadata(Parts& parts, OperationList& operations) {
  auto search = Info("queryMetadata", Method::kGet, "/metadata/{projectId}/query", "Semantic query metadata");
  search.query = {{.name = "table", .required = true}, {.name = "topK"}};
  operations.push_back(ProjectOperation<NoBody, MetadataMatches>(
      parts, std::move(search), [&parts](const ProjectCall& call, const NoBody&) { return Search(parts, call); }));
}

}  // namespace

void AddProjectMetadata(Parts& parts, OperationList& operations) {
  auto read = Info("getProjectMetadata", Method::kGet, "/metadata/{projectId}", "Get Project Metadata");
  read.query = {{.name = "catalogId"}, {.name = "schemaName"}};
  operations.push_back(ProjectOperation<NoBody, ProjectMetadata>(
      parts, std::move(read), [&parts](const ProjectCall& call, const NoBody&) { return Read(parts, call); }));
  operations.push_back(ProjectOperation<MetadataUpdateRequest, TableMetadata>(
      parts, Info("updateMetadata", Method::kPut, kTable, "Update Metadata"),
      [&parts](const ProjectCall& call, const MetadataUpdateRequest& request) {
        return Update(parts, call, request);
      }));
  const auto many = [&](std::string id, const std::string& path, std::string summary) {
    operations.push_back(ProjectOperation<MetadataAIUsageUpdateRequest, ProjectMetadata>(
        parts, Info(std::move(id), Method::kPut, path, std::move(summary)),
        [&parts](const ProjectCall& call, const MetadataAIUsageUpdateRequest& request) {
          return UpdateMany(parts, call, request.useWithAI);
        }));
  };
  many("updateMetadataWithCatalogId", "/metadata/{projectId}/{catalogId}",
       "Update Metadata ai usage per catalog level");
  many("updateMetadataWithCatalogIdAndSchemaName", "/metadata/{projectId}/{catalogId}/{schemaName}",
       "Update Metadata ai usage per schema level");
  AddCategorical(parts, operations);
  AddSearchOfMetadata(parts, operations);
}

}  // namespace tarn::api
