// Tables that are made of others, in the control store: those of semantic catalogs, and parametric ones.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"

namespace tarn::store {

class Database;

// A saved query under a name of a semantic catalog.
struct SemanticTable {
  std::string id;  // decimal text
  std::string catalog_id;
  std::string schema;
  std::string table;
  std::string query_id;
  base::SystemTime created_at{};
};

// A table of a catalog with fixed values of some columns, under another name of the same catalog.
struct ParametricTable {
  std::string id;  // UUID
  std::string catalog_id;
  std::string from_schema;
  std::string from_table;
  std::string schema;
  std::string table;
  std::string parameters;  // JSON text: [{"key", "value"}]
  base::SystemTime created_at{};
};

// Thread-safe. Reads come from memory; writes go to the store first. Rows go with their catalog, and semantic tables
// also with their query: whoever deletes those lets this forget them, which nobody needs to wait for, as a table is
// found by what it hangs on. Names are unique in their catalog as they are written; whoever inserts sees to the rest.
class DerivedTableRepository final {
 public:
  explicit DerivedTableRepository(Database& database);
  ~DerivedTableRepository();

  // Errors of both: AlreadyExists; FailedPrecondition when there is no such catalog or query.
  [[nodiscard]] base::Result<void> Insert(const SemanticTable& table);
  [[nodiscard]] base::Result<void> Insert(const ParametricTable& table);
  // Errors of both: NotFound.
  [[nodiscard]] base::Result<void> DeleteSemantic(const std::string& id);
  [[nodiscard]] base::Result<void> DeleteParametric(const std::string& id);

  [[nodiscard]] std::optional<SemanticTable> FindSemantic(const std::string& id) const;
  // In the order of creation.
  [[nodiscard]] std::vector<SemanticTable> Semantic(const std::string& catalog_id) const;
  [[nodiscard]] std::vector<ParametricTable> Parametric(const std::string& catalog_id) const;

  // Of what was deleted with what it hung on.
  void ForgetCatalog(const std::string& catalog_id);
  void ForgetQuery(const std::string& query_id);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tarn::store
