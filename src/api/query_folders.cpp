// Folders of saved queries.
#include "api/areas.h"
#include "api/dto_query_folder.h"
#include "api/folder_tree.h"
#include "api/names.h"
#include "api/query_view.h"
#include "api/reach.h"
#include "api/saved_query.h"
#include "base/clock.h"
#include "base/ids.h"

namespace tarn::api {

using http::Method;
using http::NoBody;
using http::NoContent;
using http::QueryParameter;

namespace {

constexpr const char* kFolders = "/data/projects/{projectId}/queries/folders";
constexpr const char* kFolder = "/data/projects/{projectId}/queries/folders/{folderId}";

http::OperationInfo Info(std::string id, Method method, std::string path, std::string summary) {
  return {.id = std::move(id),
          .method = method,
          .path = std::move(path),
          .area = "Data: Query Folders",
          .summary = std::move(summary),
          .status_of_kind = {{base::ErrorKind::kAlreadyExists, 409}, {base::ErrorKind::kFailedPrecondition, 409}}};
}

base::Result<store::QueryFolder> FindFolder(const Parts& parts, const ProjectCall& call, const std::string& id) {
  auto folder = parts.queries.FindFolder(call.project.id, id);
  if (!folder) return base::NotFound(fmt::format("There is no folder with id: {}", id));
  return *std::move(folder);
}

QueryFolderItem Show(const store::QueryFolder& folder, const FolderTree& folders) {
  return {.id = folder.id,
          .name = folder.name,
          .path = folders.PathOf(folder.id),
          .parentId = folder.parent_id.empty() ? std::nullopt : std::optional(folder.parent_id),
          .createdAt = base::FormatTime(folder.created_at)};
}

base::Result<QueryFolderItem> ShowById(const Parts& parts, const ProjectCall& call, const std::string& id) {
  TARN_ASSIGN_OR_RETURN(const store::QueryFolder folder, FindFolder(parts, call, id));
  return Show(folder, FoldersOf(parts, call.project.id));
}

std::vector<Query> QueriesIn(const Parts& parts, const ProjectCall& call, const std::string& folder_id,
                             const FolderTree& folders) {
  std::vector<Query> shown;
  for (const store::SavedQuery& query : parts.queries.List(call.project.id)) {
    if (query.folder_id == folder_id) shown.push_back(ShowQuery(query, folders));
  }
  return shown;
}

base::Result<QueryFolderWithContentsResponse> ShowWithContents(const Parts& parts, const ProjectCall& call) {
  TARN_ASSIGN_OR_RETURN(const store::QueryFolder folder, FindFolder(parts, call, call.context.Path("folderId")));
  const FolderTree folders = FoldersOf(parts, call.project.id);
  QueryFolderItem item = Show(folder, folders);
  QueryFolderWithContentsResponse shown{.id = std::move(item.id),
                                        .name = std::move(item.name),
                                        .path = std::move(item.path),
                                        .parentId = std::move(item.parentId),
                                        .createdAt = std::move(item.createdAt),
                                        .folders = {},
                                        .queries = QueriesIn(parts, call, folder.id, folders)};
  for (const store::QueryFolder& child : folders.ChildrenOf(folder.id)) shown.folders.push_back(Show(child, folders));
  return shown;
}

// A folder, and those within, as {"id", "name", "path", "children": [...], "queries": [...]}; the last on request.
boost::json::object ShowTree(const store::QueryFolder& folder, const FolderTree& folders,
                             const std::multimap<std::string, Query>* queries) {
  boost::json::array children;
  for (const store::QueryFolder& child : folders.ChildrenOf(folder.id))
    children.push_back(ShowTree(child, folders, queries));
  boost::json::object node{
      {"id", folder.id}, {"name", folder.name}, {"path", folders.PathOf(folder.id)}, {"children", std::move(children)}};
  if (queries != nullptr) {
    boost::json::array inside;
    const auto [begin, end] = queries->equal_range(folder.id);
    for (auto query = begin; query != end; ++query) {
      std::string text;
      http::WriteJson(query->second, text);
      inside.push_back(boost::json::parse(text));
    }
    node["queries"] = std::move(inside);
  }
  return node;
}

base::Result<boost::json::value> Tree(const Parts& parts, const ProjectCall& call) {
  const FolderTree folders = FoldersOf(parts, call.project.id);
  std::multimap<std::string, Query> queries;
  const bool with_queries = call.context.QueryBoolean("includeQueries").value_or(false);
  if (with_queries) {
    for (const store::SavedQuery& query : parts.queries.List(call.project.id))
      queries.emplace(query.folder_id, ShowQuery(query, folders));
  }
  std::vector<store::QueryFolder> roots;
  if (const auto root = call.context.Query("rootFolderId")) {
    TARN_ASSIGN_OR_RETURN(const store::QueryFolder folder, FindFolder(parts, call, *root));
    roots.push_back(folder);
  } else {
    roots = folders.ChildrenOf("");
  }
  boost::json::array tree;
  for (const store::QueryFolder& root : roots)
    tree.push_back(ShowTree(root, folders, with_queries ? &queries : nullptr));
  return boost::json::value(boost::json::object{{"tree", std::move(tree)}});
}

// Makes a folder below another, or below the root for an empty id; a name with slashes makes those on the way too.
base::Result<QueryFolderItem> Create(const Parts& parts, const ProjectCall& call, const std::string& parent_id,
                                     const std::string& path) {
  TARN_ASSIGN_OR_RETURN(std::vector<std::string> names, ReadFolderPath(path, "folderName"));
  if (names.empty()) return base::InvalidArgument("Name is empty", "folderName");
  const std::string name = names.back();
  names.pop_back();
  TARN_ASSIGN_OR_RETURN(const std::string parent, ObtainFolder(parts, call.project.id, parent_id, names));
  const store::QueryFolder folder{.id = base::NewUuid(),
                                  .project_id = call.project.id,
                                  .parent_id = parent,
                                  .name = name,
                                  .created_at = parts.clock.Now()};
  TARN_RETURN_IF_ERROR(parts.queries.InsertFolders({folder}));
  return Show(folder, FoldersOf(parts, call.project.id));
}

base::Result<QueryFolderWithContentsResponse> ChangeContents(const Parts& parts, const ProjectCall& call,
                                                             const QueryFolderUpdateRequest& request) {
  TARN_ASSIGN_OR_RETURN(const store::QueryFolder folder, FindFolder(parts, call, call.context.Path("folderId")));
  std::vector<store::QueryRepository::Move> moves;
  const auto add = [&](const std::vector<std::string>& ids, const std::string& folder_id) -> base::Result<void> {
    for (const std::string& id : ids) {
      TARN_ASSIGN_OR_RETURN(const store::SavedQuery query, FindSavedQuery(parts, call.project.id, id));
      // What lies elsewhere is not removed from there.
      if (folder_id.empty() && query.folder_id != folder.id) continue;
      moves.push_back({.query_id = id, .folder_id = folder_id});
    }
    return {};
  };
  if (request.queryIdsAdded) TARN_RETURN_IF_ERROR(add(*request.queryIdsAdded, folder.id));
  if (request.queryIdsRemoved) TARN_RETURN_IF_ERROR(add(*request.queryIdsRemoved, ""));
  TARN_RETURN_IF_ERROR(parts.queries.MoveQueries(call.project.id, moves));
  return ShowWithContents(parts, call);
}

base::Result<QueryFolderItem> Rename(const Parts& parts, const ProjectCall& call, const std::string& name) {
  TARN_ASSIGN_OR_RETURN(const store::QueryFolder folder, FindFolder(parts, call, call.context.Path("folderId")));
  TARN_RETURN_IF_ERROR(CheckName(name, "name"));
  if (name.find('/') != std::string::npos) return base::InvalidArgument("Name has a slash", "name");
  TARN_RETURN_IF_ERROR(parts.queries.MoveFolder(call.project.id, folder.id, folder.parent_id, name));
  return ShowById(parts, call, folder.id);
}

base::Result<QueryFolderItem> Move(const Parts& parts, const ProjectCall& call, const std::string& path) {
  TARN_ASSIGN_OR_RETURN(const store::QueryFolder folder, FindFolder(parts, call, call.context.Path("folderId")));
  TARN_ASSIGN_OR_RETURN(std::vector<std::string> names, ReadFolderPath(path, "path"));
  if (names.empty()) return base::InvalidArgument("Path names no folder", "path");
  const std::string name = names.back();
  names.pop_back();
  TARN_ASSIGN_OR_RETURN(const std::string parent, ObtainFolder(parts, call.project.id, "", names, folder.id));
  TARN_RETURN_IF_ERROR(parts.queries.MoveFolder(call.project.id, folder.id, parent, name));
  return ShowById(parts, call, folder.id);
}

void AddReading(Parts& parts, OperationList& operations) {
  operations.push_back(ProjectOperation<NoBody, QueryFolderListResponse>(
      parts, Info("listQueryFolders", Method::kGet, kFolders, "List Query Folders"),
      [&parts](const ProjectCall& call, const NoBody&) -> base::Result<QueryFolderListResponse> {
        const FolderTree folders = FoldersOf(parts, call.project.id);
        QueryFolderListResponse shown;
        for (const store::QueryFolder& folder : folders.folders()) shown.items.push_back(Show(folder, folders));
        return shown;
      }));
  http::OperationInfo tree =
      Info("getQueryFolderTree", Method::kGet, std::string(kFolders) + "/tree", "Get Query Folder Tree");
  tree.query = {{.name = "includeQueries",
                 .type = QueryParameter::Type::kBoolean,
                 .description = "Show the queries of each folder",
                 .default_value = "false"},
                {.name = "rootFolderId", .description = "Show this folder and what it holds"}};
  operations.push_back(ProjectOperation<NoBody, boost::json::value>(
      parts, std::move(tree), [&parts](const ProjectCall& call, const NoBody&) { return Tree(parts, call); }));
  operations.push_back(ProjectOperation<NoBody, QueryFolderWithContentsResponse>(
      parts, Info("readQueryFolder", Method::kGet, kFolder, "Read Query Folder"),
      [&parts](const ProjectCall& call, const NoBody&) { return ShowWithContents(parts, call); }));
}

void AddMaking(Parts& parts, OperationList& operations) {
  http::OperationInfo at_root = Info("createQueryFolderAtRoot", Method::kPost, kFolders, "Create Query Folder");
  at_root.success = 201;
  operations.push_back(ProjectOperation<QueryFolderCreateRequest, QueryFolderItem>(
      parts, std::move(at_root), [&parts](const ProjectCall& call, const QueryFolderCreateRequest& request) {
        return Create(parts, call, "", request.folderName);
      }));
  http::OperationInfo below = Info("createQueryFolderWithParentId", Method::kPost,
                                   std::string(kFolders) + "/{parentFolderId}", "Create Query Folder Under Parent");
  below.success = 201;
  operations.push_back(ProjectOperation<QueryFolderCreateRequest, QueryFolderItem>(
      parts, std::move(below),
      [&parts](const ProjectCall& call, const QueryFolderCreateRequest& request) -> base::Result<QueryFolderItem> {
        TARN_ASSIGN_OR_RETURN(const auto parent, FindFolder(parts, call, call.context.Path("parentFolderId")));
        return Create(parts, call, parent.id, request.folderName);
      }));
}

void AddChanging(Parts& parts, OperationList& operations) {
  operations.push_back(ProjectOperation<QueryFolderUpdateRequest, QueryFolderWithContentsResponse>(
      parts, Info("addOrRemoveQueryFromFolder", Method::kPut, kFolder, "Add/Remove Queries In/From Folder"),
      [&parts](const ProjectCall& call, const QueryFolderUpdateRequest& request) {
        return ChangeContents(parts, call, request);
      }));
  operations.push_back(ProjectOperation<QueryFolderRenameRequest, QueryFolderItem>(
      parts, Info("renameQueryFolder", Method::kPatch, std::string(kFolder) + "/name", "Rename Query Folder"),
      [&parts](const ProjectCall& call, const QueryFolderRenameRequest& request) {
        return Rename(parts, call, request.name);
      }));
  operations.push_back(ProjectOperation<QueryPathUpdateRequest, QueryFolderItem>(
      parts, Info("moveQueryFolder", Method::kPatch, std::string(kFolder) + "/path", "Move Query Folder"),
      [&parts](const ProjectCall& call, const QueryPathUpdateRequest& request) {
        return Move(parts, call, request.path);
      }));
  http::OperationInfo remove = Info("deleteQueryFolder", Method::kDelete, kFolder, "Delete Query Folder");
  remove.success = 204;
  remove.query = {{.name = "force",
                   .type = QueryParameter::Type::kBoolean,
                   .description = "Delete also the folders and queries within",
                   .default_value = "false"}};
  operations.push_back(ProjectOperation<NoBody, NoContent>(
      parts, std::move(remove), [&parts](const ProjectCall& call, const NoBody&) -> base::Result<NoContent> {
        TARN_ASSIGN_OR_RETURN(const auto folder, FindFolder(parts, call, call.context.Path("folderId")));
        const bool force = call.context.QueryBoolean("force").value_or(false);
        TARN_RETURN_IF_ERROR(parts.queries.DeleteFolder(call.project.id, folder.id, force));
        parts.materialized.ForgetGone();
        return NoContent{};
      }));
}

}  // namespace

void AddQueryFolders(Parts& parts, OperationList& operations) {
  AddReading(parts, operations);
  AddMaking(parts, operations);
  AddChanging(parts, operations);
}

}  // namespace tarn::api
