// A semantic catalog as a source: its structure comes from the control store, its tables are queries.
#pragma once

#include <functional>
#include <memory>

#include "catalog/definitions.h"
#include "connector/source.h"

namespace tarn::catalog {

// The columns of what a query stands for. Errors: those of the query.
using DescribeDefinition = std::function<base::Result<connector::TableInfo>(
    const Definition& definition, const connector::TableName& name, const base::CallLimits& limits)>;

// `definitions` outlives the source.
[[nodiscard]] std::unique_ptr<connector::Source> MakeDefinitionSource(store::Catalog catalog,
                                                                      const Definitions& definitions,
                                                                      DescribeDefinition describe);

}  // namespace tarn::catalog
