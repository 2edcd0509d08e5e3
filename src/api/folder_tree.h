// The folders of one project's queries as they were at one moment, with their paths.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/api.h"
#include "base/error.h"

namespace tarn::api {

// Where queries lie that are in no folder.
inline constexpr const char* kRootPath = "/";

// The folder names of "/reports/monthly", outermost first; none for "/" and an empty text. A slash at the beginning
// or the end may be left out.
// Errors: InvalidArgument with the field, for a name that is empty or too long, and for over 64 of them.
[[nodiscard]] base::Result<std::vector<std::string>> ReadFolderPath(std::string_view path, const std::string& field);

// Not thread-safe to change, and never changes.
class FolderTree final {
 public:
  explicit FolderTree(std::vector<store::QueryFolder> folders);

  // "/reports/monthly"; "/" for the root and for what is not there.
  [[nodiscard]] const std::string& PathOf(const std::string& folder_id) const;
  // In the order of creation; those at the root for an empty id.
  [[nodiscard]] std::vector<store::QueryFolder> ChildrenOf(const std::string& folder_id) const;
  [[nodiscard]] const std::vector<store::QueryFolder>& folders() const { return folders_; }

 private:
  std::vector<store::QueryFolder> folders_;
  std::map<std::string, std::string> paths_;                  // by id
  std::map<std::string, std::vector<std::size_t>> children_;  // places in folders_ by the parent's id
};

[[nodiscard]] FolderTree FoldersOf(const Parts& parts, const std::string& project_id);

// The folder at the end of a path that begins in the folder `from` (empty: the root), after making those that are
// missing; empty for the root itself. `without` must not be on the way: it is what is to be moved there.
// Errors: FailedPrecondition when it is; Unavailable when others remove folders at the same time.
[[nodiscard]] base::Result<std::string> ObtainFolder(const Parts& parts, const std::string& project_id,
                                                     const std::string& from, const std::vector<std::string>& names,
                                                     const std::string& without = {});

}  // namespace tarn::api
