// The tables of a project's catalogs, with their columns, as they are now or were last seen.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"
#include "catalog/catalogs.h"
#include "connector/source.h"
#include "query/executor.h"
#include "store/queries.h"

namespace tarn::metadata {

// Thread-safe.
class Structure final {
 public:
  struct Parts {
    catalog::Catalogs& catalogs;
    const store::QueryRepository& queries;
    query::Executor& executor;
  };
  explicit Structure(Parts parts) : parts_(parts) {}

  // All tables of a catalog, or of one of its schemas; none where it has no such schema. Errors: those of the source.
  [[nodiscard]] base::Result<std::vector<connector::TableInfo>> Tables(const store::Catalog& catalog,
                                                                       const std::string& schema,
                                                                       const base::CallLimits& limits) const;
  // Errors: NotFound; those of the source.
  [[nodiscard]] base::Result<connector::TableInfo> Table(const store::Catalog& catalog,
                                                         const connector::TableName& name,
                                                         const base::CallLimits& limits) const;
  // Of a query that stands for a table: where its columns come from, by their names; nothing for other tables, and for
  // a query that does not resolve.
  [[nodiscard]] std::map<std::string, sql::Lineage> Lineage(const store::Catalog& catalog,
                                                            const connector::TableName& name,
                                                            const base::CallLimits& limits) const;
  // Whether copies of the table can be kept.
  [[nodiscard]] bool IsCacheable(const store::Catalog& catalog, const connector::TableName& name) const;

  [[nodiscard]] static std::string Write(const std::vector<connector::TableInfo>& tables);
  // Errors: Internal.
  [[nodiscard]] static base::Result<std::vector<connector::TableInfo>> Read(const std::string& json);

 private:
  [[nodiscard]] std::vector<connector::TableInfo> SavedQueries(const std::string& project_id, const std::string& schema,
                                                               const base::CallLimits& limits) const;
  [[nodiscard]] base::Result<connector::TableInfo> SavedQuery(const std::string& project_id,
                                                              const connector::TableName& name,
                                                              const base::CallLimits& limits) const;

  const Parts parts_;
};

}  // namespace tarn::metadata
