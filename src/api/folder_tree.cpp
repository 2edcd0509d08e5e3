#include "api/folder_tree.h"

#include "api/names.h"
#include "base/ids.h"

namespace tarn::api {

namespace {

constexpr std::size_t kDeepest = 64;
constexpr int kTries = 5;  // each only fails when somebody else makes or removes folders at that moment

// One try of ObtainFolder. AlreadyExists and NotFound say that others were at work meanwhile.
base::Result<std::string> TryToObtain(const Parts& parts, const std::string& project_id, std::string folder_id,
                                      const std::vector<std::string>& names, const std::string& without) {
  std::vector<store::QueryFolder> made;
  for (const std::string& name : names) {
    if (made.empty()) {
      if (const auto found = parts.queries.FindFolderByName(project_id, folder_id, name)) {
        if (found->id == without) return base::FailedPrecondition("A folder cannot be moved into itself");
        folder_id = found->id;
        continue;
      }
    }
    made.push_back({.id = base::NewUuid(),
                    .project_id = project_id,
                    .parent_id = folder_id,
                    .name = name,
                    .created_at = parts.clock.Now()});
    folder_id = made.back().id;
  }
  if (!made.empty()) TARN_RETURN_IF_ERROR(parts.queries.InsertFolders(made));
  return folder_id;
}

}  // namespace

base::Result<std::vector<std::string>> ReadFolderPath(std::string_view path, const std::string& field) {
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  std::vector<std::string> names;
  while (!path.empty() || !names.empty()) {
    const auto end = path.find('/');
    names.emplace_back(path.substr(0, end));
    TARN_RETURN_IF_ERROR(CheckName(names.back(), field));
    if (end == std::string_view::npos) break;
    path.remove_prefix(end + 1);
    if (names.size() == kDeepest)
      return base::InvalidArgument(fmt::format("Path has more folders than allowed: \"{}\"", kDeepest), field);
  }
  return names;
}

FolderTree::FolderTree(std::vector<store::QueryFolder> folders) : folders_(std::move(folders)) {
  std::map<std::string_view, const store::QueryFolder*> by_id;
  for (std::size_t i = 0; i < folders_.size(); ++i) {
    by_id[folders_[i].id] = &folders_[i];
    children_[folders_[i].parent_id].push_back(i);
  }
  for (const store::QueryFolder& folder : folders_) {
    std::string path;
    for (const store::QueryFolder* step = &folder; step != nullptr;) {
      path.insert(0, "/" + step->name);
      const auto parent = by_id.find(step->parent_id);
      step = parent == by_id.end() ? nullptr : parent->second;
    }
    paths_.emplace(folder.id, std::move(path));
  }
}

const std::string& FolderTree::PathOf(const std::string& folder_id) const {
  static const std::string kRoot = kRootPath;
  const auto found = paths_.find(folder_id);
  return found == paths_.end() ? kRoot : found->second;
}

std::vector<store::QueryFolder> FolderTree::ChildrenOf(const std::string& folder_id) const {
  std::vector<store::QueryFolder> children;
  if (const auto found = children_.find(folder_id); found != children_.end()) {
    for (const std::size_t place : found->second) children.push_back(folders_[place]);
  }
  return children;
}

FolderTree FoldersOf(const Parts& parts, const std::string& project_id) {
  return FolderTree(parts.queries.ListFolders(project_id));
}

base::Result<std::string> ObtainFolder(const Parts& parts, const std::string& project_id, const std::string& from,
                                       const std::vector<std::string>& names, const std::string& without) {
  for (int i = 0; i < kTries; ++i) {
    auto obtained = TryToObtain(parts, project_id, from, names, without);
    const bool again = !obtained && (obtained.error().kind == base::ErrorKind::kAlreadyExists ||
                                     obtained.error().kind == base::ErrorKind::kNotFound);
    if (!again) return obtained;
  }
  return base::Unavailable("Folders are being made and removed by others at the same time");
}

}  // namespace tarn::api
