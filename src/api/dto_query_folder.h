// Bodies of the area Query Folders, with the wire's own names.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <vector>

#include "api/dto_query.h"

namespace tarn::api {

struct QueryPathUpdateRequest {
  std::string path;
};
BOOST_DESCRIBE_STRUCT(QueryPathUpdateRequest, (), (path))

struct QueryFolderCreateRequest {
  std::string folderName;
};
BOOST_DESCRIBE_STRUCT(QueryFolderCreateRequest, (), (folderName))

struct QueryFolderRenameRequest {
  std::string name;
};
BOOST_DESCRIBE_STRUCT(QueryFolderRenameRequest, (), (name))

struct QueryFolderUpdateRequest {
  std::optional<std::vector<std::string>> queryIdsAdded;
  std::optional<std::vector<std::string>> queryIdsRemoved;
};
BOOST_DESCRIBE_STRUCT(QueryFolderUpdateRequest, (), (queryIdsAdded, queryIdsRemoved))

struct QueryFolderItem {
  std::string id;
  std::string name;
  std::string path;
  std::optional<std::string> parentId;
  std::string createdAt;
};
BOOST_DESCRIBE_STRUCT(QueryFolderItem, (), (id, name, path, parentId, createdAt))

struct QueryFolderListResponse {
  std::vector<QueryFolderItem> items;
};
BOOST_DESCRIBE_STRUCT(QueryFolderListResponse, (), (items))

struct QueryFolderWithContentsResponse {
  std::string id;
  std::string name;
  std::string path;
  std::optional<std::string> parentId;
  std::string createdAt;
  std::vector<QueryFolderItem> folders;
  std::vector<Query> queries;
};
BOOST_DESCRIBE_STRUCT(QueryFolderWithContentsResponse, (), (id, name, path, parentId, createdAt, folders, queries))

}  // namespace tarn::api
