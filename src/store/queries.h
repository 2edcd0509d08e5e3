// Saved queries and the folders they lie in, in the control store.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"

namespace tarn::store {

class Database;

inline constexpr const char* kPlainType = "PLAIN";
inline constexpr const char* kMaterializedType = "MATERIALIZED";

struct SavedQuery {
  std::string id;  // decimal text
  std::string project_id;
  std::string display_name;
  std::string name;         // SQL name, unique in its project
  std::string input_query;  // Trino SQL
  std::string query_type;   // PLAIN or MATERIALIZED
  std::string schedule;     // JSON text, or empty
  std::string folder_id;    // empty at the root
  base::SystemTime created_at{};
  base::SystemTime updated_at{};
  bool operator==(const SavedQuery&) const = default;
};

// A folder of queries. Its path follows from its ancestors, so moving one moves all within by changing one row.
struct QueryFolder {
  std::string id;
  std::string project_id;
  std::string parent_id;  // empty at the root
  std::string name;       // unique among its siblings, without a slash
  base::SystemTime created_at{};
  bool operator==(const QueryFolder&) const = default;
};

// Thread-safe. Reads come from memory; writes go to the store first. Lists are in the order of creation.
class QueryRepository final {
 public:
  explicit QueryRepository(Database& database);
  ~QueryRepository();

  // Errors: AlreadyExists when the project has a query of this name; FailedPrecondition when there is no project;
  // NotFound when there is no folder.
  [[nodiscard]] base::Result<void> Insert(const SavedQuery& query);
  // Changes everything but the folder. Errors: NotFound; AlreadyExists when another query of the project has the name.
  [[nodiscard]] base::Result<void> Update(const SavedQuery& query);
  // Errors: NotFound.
  [[nodiscard]] base::Result<void> Delete(const std::string& project_id, const std::string& id);
  [[nodiscard]] std::optional<SavedQuery> Find(const std::string& project_id, const std::string& id) const;
  [[nodiscard]] std::optional<SavedQuery> FindByName(const std::string& project_id, const std::string& name) const;
  [[nodiscard]] std::vector<SavedQuery> List(const std::string& project_id) const;
  // Of all projects.
  [[nodiscard]] std::vector<SavedQuery> ListByType(const std::string& query_type) const;

  // A query and the folder it goes to, empty for the root.
  struct Move {
    std::string query_id;
    std::string folder_id;
  };
  // All of them or none. Errors: NotFound when a query or a folder is not there.
  [[nodiscard]] base::Result<void> MoveQueries(const std::string& project_id, const std::vector<Move>& moves);

  // Of the folders all at once: either all are there afterwards or none. Parents come before their children.
  // Errors: AlreadyExists when a sibling has the name; NotFound when there is no parent.
  [[nodiscard]] base::Result<void> InsertFolders(const std::vector<QueryFolder>& folders);
  // Gives a folder another name, another parent, or both.
  // Errors: as for InsertFolders; FailedPrecondition when the new parent is the folder itself or lies in it.
  [[nodiscard]] base::Result<void> MoveFolder(const std::string& project_id, const std::string& id,
                                              const std::string& parent_id, const std::string& name);
  // Errors: NotFound; FailedPrecondition when it is not empty, unless its contents are to go with it.
  [[nodiscard]] base::Result<void> DeleteFolder(const std::string& project_id, const std::string& id,
                                                bool with_contents);
  [[nodiscard]] std::optional<QueryFolder> FindFolder(const std::string& project_id, const std::string& id) const;
  // By name within a parent, empty for the root.
  [[nodiscard]] std::optional<QueryFolder> FindFolderByName(const std::string& project_id, const std::string& parent_id,
                                                            const std::string& name) const;
  [[nodiscard]] std::vector<QueryFolder> ListFolders(const std::string& project_id) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tarn::store
