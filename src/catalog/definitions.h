// What names stand for that no source has: saved queries and their stored results.
#pragma once

#include <string>

#include "base/error.h"
#include "catalog/generation.h"
#include "store/queries.h"

namespace tarn::catalog {

// A query that stands for a table.
struct Definition {
  std::string text;        // in Trino SQL
  std::string project_id;  // whose names it uses
};

// Thread-safe.
class Definitions final {
 public:
  explicit Definitions(const store::QueryRepository& queries) : queries_(queries) {}

  // Of "peaka"."query"."<name>". Errors: NotFound with TABLE_NOT_FOUND.
  [[nodiscard]] base::Result<Definition> SavedQuery(const std::string& project_id, const std::string& name) const;
  // Of "peaka"."mtquery"."<name>": where its result is published. Errors: NotFound with TABLE_NOT_FOUND.
  [[nodiscard]] base::Result<Generations::Key> StoredResult(const std::string& project_id,
                                                            const std::string& name) const;

  // Where the stored result of a query is published.
  [[nodiscard]] static Generations::Key KeyOf(const std::string& query_id);

 private:
  const store::QueryRepository& queries_;
};

}  // namespace tarn::catalog
