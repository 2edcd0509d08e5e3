// Finding the tables that cache requests name, with one look at each source for a whole batch.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/limits.h"
#include "cache/caches.h"
#include "catalog/catalogs.h"
#include "store/catalogs.h"

namespace tarn::cache {

struct LookedUpTable {
  store::Catalog catalog;
  connector::TableName name;  // in the source's spelling
};

// Remembers what sources answered, errors too, so it lives for one request only. Not thread-safe.
class TableLookup final {
 public:
  TableLookup(const store::CatalogRepository& store, catalog::Catalogs& catalogs, const base::CallLimits& limits)
      : store_(store), catalogs_(catalogs), limits_(limits) {}

  [[nodiscard]] const base::CallLimits& limits() const { return limits_; }

  // The catalog, if the project has it.
  // Errors: InvalidArgument (field catalogId); FailedPrecondition with TABLE_NOT_CACHEABLE for what lives in Tarn.
  [[nodiscard]] base::Result<store::Catalog> FindCatalog(const std::string& project_id,
                                                         const std::string& catalog_id) const;
  // Names match regardless of case where that is unambiguous.
  // Errors: as FindCatalog; InvalidArgument (fields schemaName, tableName); those of the source.
  [[nodiscard]] base::Result<LookedUpTable> Find(const std::string& project_id, const CacheRequest& request);

 private:
  using Names = base::Result<std::vector<std::string>>;
  const Names& Schemas(const store::Catalog& catalog);
  const Names& Tables(const store::Catalog& catalog, const std::string& schema);

  const store::CatalogRepository& store_;
  catalog::Catalogs& catalogs_;
  const base::CallLimits& limits_;
  std::map<std::string, Names> schemas_;
  std::map<std::pair<std::string, std::string>, Names> tables_;
};

}  // namespace tarn::cache
