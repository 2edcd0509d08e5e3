// Relations between columns of tables: declared by users, and measured.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "metadata/structure.h"
#include "query/executor.h"
#include "store/catalogs.h"
#include "store/metadata.h"

namespace tarn::metadata {

// What the data says of a relation.
struct Measure {
  std::string type;                  // ONE_TO_ONE, ONE_TO_MANY, MANY_TO_ONE, MANY_TO_MANY; empty where it failed
  std::optional<double> match_rate;  // the share of the source's values that the target has; nullopt: it has none
  std::string error;                 // why it is not known; the rest is then empty
  std::string at;                    // ISO-8601
};

// Thread-safe.
class Relations final {
 public:
  struct Parts {
    store::MetadataRepository& store;
    const store::CatalogRepository& catalogs;
    const Structure& structure;
    query::Executor& executor;
    const base::Clock& clock;
  };
  explicit Relations(Parts parts) : parts_(parts) {}

  // Those that begin or end in a catalog. Errors: NotFound.
  [[nodiscard]] base::Result<std::vector<store::Relation>> OfCatalog(const std::string& project_id,
                                                                     const std::string& catalog_id) const;
  // Errors: NotFound for what the source's address names; InvalidArgument with the field for the target and the type.
  [[nodiscard]] base::Result<store::Relation> Add(const std::string& project_id, const store::ColumnAddress& source,
                                                  const store::ColumnAddress& target, const std::string& type,
                                                  const base::CallLimits& limits);
  // `table` is where the relation begins. Errors of both: NotFound; InvalidArgument.
  [[nodiscard]] base::Result<store::Relation> Change(const std::string& project_id, const store::TableAddress& table,
                                                     const std::string& id, const std::string& type);
  [[nodiscard]] base::Result<store::Relation> Delete(const std::string& project_id, const store::TableAddress& table,
                                                     const std::string& id);

  // Asks the data, and stores what it says or why it cannot be known.
  [[nodiscard]] base::Result<void> TakeMeasure(store::Relation relation, const base::CallLimits& limits);
  // nullopt: it was not measured yet.
  [[nodiscard]] static std::optional<Measure> MeasureOf(const store::Relation& relation);

 private:
  [[nodiscard]] base::Result<store::Relation> Find(const std::string& project_id, const store::TableAddress& table,
                                                   const std::string& id) const;
  [[nodiscard]] base::Result<Measure> AskData(const store::Relation& relation, const base::CallLimits& limits) const;

  const Parts parts_;
};

}  // namespace tarn::metadata
