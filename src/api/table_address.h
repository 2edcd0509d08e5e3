// The table or schema that an address names.
#pragma once

#include <string>

#include "api/reach.h"

namespace tarn::api {

[[nodiscard]] std::unexpected<base::Error> NoSchema(const std::string& schema);

// The table under {catalogId}, {schemaName} and {tableName}.
// Errors: NotFound; those of reading the source.
[[nodiscard]] base::Result<catalog::FoundTable> FindTable(const Parts& parts, const ProjectCall& call);

// Errors: NotFound; those of reading the source.
[[nodiscard]] base::Result<void> CheckSchemaExists(const Parts& parts, const store::Catalog& catalog,
                                                   const std::string& schema, const base::CallLimits& limits);

}  // namespace tarn::api
