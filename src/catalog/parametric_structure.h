// What parametric tables add to the structure of the catalog that they are in.
#pragma once

#include <string>
#include <vector>

#include "connector/source.h"
#include "store/derived_tables.h"

namespace tarn::catalog {

// Adds the schemas that the source does not have.
void AddParametricSchemas(const std::vector<store::ParametricTable>& tables, std::vector<std::string>& schemas);

// Adds the names in a schema, or in all where it is empty. A table of the source that has such a name by now is hidden.
void AddParametricNames(const std::vector<store::ParametricTable>& tables, const std::string& schema,
                        std::vector<connector::TableName>& names);

// What a parametric table looks like: as the table that it reads, without its keys and numbers.
[[nodiscard]] connector::TableInfo DescribeParametric(const store::ParametricTable& table, connector::TableInfo from);

}  // namespace tarn::catalog
