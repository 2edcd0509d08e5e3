// Catalogs in the control store.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"

namespace tarn::store {

class Database;

struct Catalog {
  std::string id;  // decimal text
  std::string project_id;
  std::string name;  // SQL name, unique in its project
  std::string display_name;
  std::string type;  // what the contract calls catalogType
  std::string connection_id;
  std::string options;      // extraParameters as JSON text, or empty
  std::string shared_from;  // the id of the catalog that this one is a window on, or empty
  base::SystemTime created_at{};
};

// Thread-safe. Reads come from memory; writes go to the store first.
class CatalogRepository final {
 public:
  explicit CatalogRepository(Database& database);
  ~CatalogRepository();

  // Errors: AlreadyExists when the project has a catalog of this name; FailedPrecondition when there is no project.
  [[nodiscard]] base::Result<void> Insert(const Catalog& catalog);
  // Removes the catalog and the windows on it. Errors: NotFound.
  [[nodiscard]] base::Result<void> Delete(const std::string& project_id, const std::string& id);
  [[nodiscard]] std::optional<Catalog> Find(const std::string& id) const;
  [[nodiscard]] std::optional<Catalog> FindByName(const std::string& project_id, const std::string& name) const;
  [[nodiscard]] std::vector<Catalog> List(const std::string& project_id) const;
  [[nodiscard]] std::vector<Catalog> ListByConnection(const std::string& connection_id) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tarn::store
