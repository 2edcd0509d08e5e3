// What names stand for that no source has: saved queries and their stored results, tables of semantic catalogs,
// parametric tables.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "catalog/generation.h"
#include "connector/source.h"
#include "store/catalogs.h"
#include "store/derived_tables.h"
#include "store/queries.h"

namespace tarn::catalog {

// What a catalog of saved queries under other names is called.
inline constexpr const char* kSemanticType = "semantic";

// A query that stands for a table.
struct Definition {
  std::string text;        // in Trino SQL
  std::string project_id;  // whose names it uses
};

// Thread-safe. Names of tables are found regardless of case.
class Definitions final {
 public:
  struct Parts {
    const store::QueryRepository& queries;
    const store::CatalogRepository& catalogs;
    const store::DerivedTableRepository& tables;
  };
  explicit Definitions(Parts parts) : parts_(parts) {}

  // Of "peaka"."query"."<name>". Errors: NotFound with TABLE_NOT_FOUND.
  [[nodiscard]] base::Result<Definition> SavedQuery(const std::string& project_id, const std::string& name) const;
  // Of "peaka"."mtquery"."<name>": the query, and where its result is published. Errors: NotFound with TABLE_NOT_FOUND.
  [[nodiscard]] base::Result<Definition> StoredQuery(const std::string& project_id, const std::string& name) const;
  [[nodiscard]] base::Result<Generations::Key> StoredResult(const std::string& project_id,
                                                            const std::string& name) const;

  // The tables of a semantic catalog, or of the one that it is a window on.
  [[nodiscard]] std::vector<connector::TableName> SemanticTables(const store::Catalog& catalog) const;
  // nullopt: there is no such table.
  [[nodiscard]] std::optional<Definition> FindSemantic(const store::Catalog& catalog,
                                                       const connector::TableName& name) const;

  // The parametric tables of a catalog, and of the one that it is a window on.
  [[nodiscard]] std::vector<store::ParametricTable> ParametricTables(const store::Catalog& catalog) const;
  [[nodiscard]] std::optional<store::ParametricTable> FindParametric(const store::Catalog& catalog,
                                                                     const connector::TableName& name) const;

  // Where the stored result of a query is published.
  [[nodiscard]] static Generations::Key KeyOf(const std::string& query_id);

 private:
  // The catalog that a window is on, or the catalog itself; nullopt when that is gone.
  [[nodiscard]] std::optional<store::Catalog> OwnerOf(const store::Catalog& catalog) const;

  const Parts parts_;
};

// Whether two names of tables are the same one to SQL.
[[nodiscard]] bool IsSameTable(const connector::TableName& left, const connector::TableName& right);

}  // namespace tarn::catalog
