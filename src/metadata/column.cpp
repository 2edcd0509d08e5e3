#include "metadata/column.h"

#include <fmt/format.h>

#include <boost/algorithm/string/predicate.hpp>

#include "metadata/address.h"

namespace tarn::metadata {

base::Result<store::ColumnAddress> FindColumn(const store::CatalogRepository& catalogs, const Structure& structure,
                                              const std::string& project_id, const store::ColumnAddress& column,
                                              const base::CallLimits& limits) {
  const auto& [table, name] = column;
  TARN_ASSIGN_OR_RETURN(const auto catalog, FindCatalog(catalogs, project_id, table.catalog_id));
  TARN_ASSIGN_OR_RETURN(const auto info,
                        structure.Table(catalog, {.schema = table.schema, .table = table.table}, limits));
  const auto found = std::ranges::find_if(
      info.columns, [&name](const auto& other) { return boost::algorithm::iequals(other.name, name); });
  if (found == info.columns.end())
    return base::NotFound(fmt::format("The table has no such column: \"{}\"", name), "COLUMN_NOT_FOUND");
  return store::ColumnAddress{{catalog.id, info.name.schema, info.name.table}, found->name};
}

}  // namespace tarn::metadata
