// Finding a column by its address.
#pragma once

#include <string>

#include "base/error.h"
#include "base/limits.h"
#include "metadata/structure.h"
#include "store/catalogs.h"
#include "store/metadata.h"

namespace tarn::metadata {

// The address as the source spells it. Errors: NotFound with CATALOG_, SCHEMA_, TABLE_ or COLUMN_NOT_FOUND; those of
// the source.
[[nodiscard]] base::Result<store::ColumnAddress> FindColumn(const store::CatalogRepository& catalogs,
                                                            const Structure& structure, const std::string& project_id,
                                                            const store::ColumnAddress& column,
                                                            const base::CallLimits& limits);

}  // namespace tarn::metadata
