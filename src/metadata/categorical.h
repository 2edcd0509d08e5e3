// The values of columns that have few of them.
#pragma once

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

// Thread-safe.
class Categorical final {
 public:
  struct Parts {
    store::MetadataRepository& store;
    const store::CatalogRepository& catalogs;
    const Structure& structure;
    query::Executor& executor;
    const base::Clock& clock;
  };
  explicit Categorical(Parts parts) : parts_(parts) {}

  // Reads the values now, the most frequent first, and again by a frequency: NONE, DAILY, WEEKLY, MONTHLY.
  // Errors: NotFound; InvalidArgument with the field; those of the query.
  [[nodiscard]] base::Result<void> Set(const std::string& project_id, const store::ColumnAddress& column,
                                       std::int64_t limit, const std::string& frequency,
                                       const base::CallLimits& limits);
  // Errors: NotFound, also for a column that is not categorical.
  [[nodiscard]] base::Result<void> Remove(const std::string& project_id, const store::ColumnAddress& column,
                                          const base::CallLimits& limits);

  // Reads the values again; a failure is stored, and leaves those before.
  [[nodiscard]] base::Result<void> ReadAgain(store::CategoricalColumn column, const base::CallLimits& limits);
  [[nodiscard]] static std::vector<std::string> ValuesOf(const store::CategoricalColumn& column);
  // When the values are read after `now`; nullopt: never.
  [[nodiscard]] static std::optional<base::SystemTime> NextAfter(base::SystemTime now, const std::string& frequency);

 private:
  [[nodiscard]] base::Result<std::string> ReadValues(const store::CategoricalColumn& column,
                                                     const base::CallLimits& limits) const;

  const Parts parts_;
};

}  // namespace tarn::metadata
