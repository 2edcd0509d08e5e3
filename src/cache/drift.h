// How a table's structure differs from the one its copy was made with.
#pragma once

#include <string>

#include "base/error.h"
#include "cache/refresh_options.h"
#include "connector/source.h"

namespace tarn::cache {

// A sentence part that names every difference that a copy depends on (columns, their engine types, their
// order, the key); empty when there is none.
[[nodiscard]] std::string DescribeDrift(const connector::TableInfo& before, const connector::TableInfo& now);

// Holds a table to the structure that its copy has, as the options want it: kFreeze leaves new columns out.
// Errors: FailedPrecondition with STRUCTURE_CHANGED where that cannot be.
[[nodiscard]] base::Result<void> KeepStructure(const RefreshOptions& options, connector::TableInfo before,
                                               connector::TableInfo& now);

}  // namespace tarn::cache
