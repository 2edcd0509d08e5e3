// Bodies of the areas Organizations, Workspaces, Projects and Api Key, with the wire's own names.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>

#include "api/names.h"
#include "http/json_traits.h"

namespace tarn::api {

struct Organization {
  std::string id;
  std::string name;
  std::string owner;
  std::string createdAt;
  std::optional<std::string> iconFileId;
  std::string description;
};
BOOST_DESCRIBE_STRUCT(Organization, (), (id, name, owner, createdAt, iconFileId, description))

struct WorkspaceRequest {
  std::string name;
  std::optional<std::string> description;
};
BOOST_DESCRIBE_STRUCT(WorkspaceRequest, (), (name, description))

struct Workspace {
  std::string id;
  std::string name;
  std::string createdBy;
  std::string organizationId;
  std::string description;
  std::string createdAt;
  bool defaultWorkspace = false;
};
BOOST_DESCRIBE_STRUCT(Workspace, (), (id, name, createdBy, organizationId, description, createdAt, defaultWorkspace))

struct ProjectRequest {
  std::string name;
  std::optional<std::string> description;
};
BOOST_DESCRIBE_STRUCT(ProjectRequest, (), (name, description))

struct Project {
  std::string id;
  std::string name;
  std::optional<std::string> description;
  std::string domain;
  std::optional<std::string> webhookBaseUrl;
  std::string createdAt;
  std::string owner;
  std::string workspaceId;
};
BOOST_DESCRIBE_STRUCT(Project, (), (id, name, description, domain, webhookBaseUrl, createdAt, owner, workspaceId))

struct ApiKeyRequest {
  std::string name;
  std::optional<std::string> expiresAt;  // never, where absent
};
BOOST_DESCRIBE_STRUCT(ApiKeyRequest, (), (name, expiresAt))

struct ApiKey {
  std::string name;
  std::optional<std::string> apiKey;  // in the answer to its creation alone
  std::string apiKeyId;
  std::optional<std::string> expiresAt;
};
BOOST_DESCRIBE_STRUCT(ApiKey, (), (name, apiKey, apiKeyId, expiresAt))

// What a key is for.
struct KeyInfo {
  std::optional<std::string> projectId;  // of a project key
  std::optional<std::string> projectName;
  std::string userId;
  std::string email;
};
BOOST_DESCRIBE_STRUCT(KeyInfo, (), (projectId, projectName, userId, email))

}  // namespace tarn::api

template <>
struct tarn::http::JsonTraits<tarn::api::WorkspaceRequest> {
  static base::Result<void> Check(const api::WorkspaceRequest& request) { return api::CheckName(request.name, "name"); }
};

template <>
struct tarn::http::JsonTraits<tarn::api::ProjectRequest> {
  static base::Result<void> Check(const api::ProjectRequest& request) { return api::CheckName(request.name, "name"); }
};

template <>
struct tarn::http::JsonTraits<tarn::api::ApiKeyRequest> {
  static base::Result<void> Check(const api::ApiKeyRequest& request) { return api::CheckName(request.name, "name"); }
};
