// Saved queries in the control store.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"

namespace tarn::store {

class Database;

struct SavedQuery {
  std::string id;  // decimal text
  std::string project_id;
  std::string display_name;
  std::string name;         // SQL name, unique in its project
  std::string input_query;  // Trino SQL
  std::string query_type;   // PLAIN or MATERIALIZED
  std::string schedule;     // JSON text, or empty
  std::string path;         // folder path, or empty
  base::SystemTime created_at{};
  base::SystemTime updated_at{};
  bool operator==(const SavedQuery&) const = default;
};

// Thread-safe. Reads come from memory; writes go to the store first. Lists are in the order of creation.
class QueryRepository final {
 public:
  explicit QueryRepository(Database& database);
  ~QueryRepository();

  // Errors: AlreadyExists when the project has a query of this name; FailedPrecondition when there is no project.
  [[nodiscard]] base::Result<void> Insert(const SavedQuery& query);
  // Errors: NotFound; AlreadyExists when another query of the project has the name.
  [[nodiscard]] base::Result<void> Update(const SavedQuery& query);
  // Errors: NotFound.
  [[nodiscard]] base::Result<void> Delete(const std::string& project_id, const std::string& id);
  [[nodiscard]] std::optional<SavedQuery> Find(const std::string& project_id, const std::string& id) const;
  [[nodiscard]] std::optional<SavedQuery> FindByName(const std::string& project_id, const std::string& name) const;
  [[nodiscard]] std::vector<SavedQuery> List(const std::string& project_id) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tarn::store
