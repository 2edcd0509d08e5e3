#include "api/areas.h"
#include "api/dto_catalog.h"
#include "api/table_address.h"

namespace tarn::api {

namespace {

base::Result<TableStatistics> Read(const Parts& parts, const ProjectCall& call) {
  TARN_ASSIGN_OR_RETURN(const catalog::FoundTable found, FindTable(parts, call));
  auto statistics = parts.catalogs.Statistics(found.catalog, found.table, call.context.limits());
  if (!statistics && statistics.error().kind == base::ErrorKind::kNotSupported)
    return base::NotSupported(fmt::format("Catalog type: {} is not being supported yet", found.catalog.type));
  if (!statistics) return std::unexpected(std::move(statistics).error());

  TableStatistics shown = {.catalogId = found.catalog.id,
                           .schemaName = found.table.name.schema,
                           .tableName = found.table.name.table,
                           .columnStatistics = {}};
  for (const connector::ColumnStatistics& column : *statistics)
    shown.columnStatistics.push_back({.columnName = column.column, .distinctFraction = column.distinct_fraction});
  return shown;
}

}  // namespace

void AddStatistics(Parts& parts, OperationList& operations) {
  operations.push_back(ProjectOperation<http::NoBody, TableStatistics>(
      parts,
      {.id = "getTableStatistics",
       .method = http::Method::kGet,
       .path = "/data/projects/{projectId}/catalogs/{catalogId}/schemas/{schemaName}/tables/{tableName}/statistics",
       .area = "Data: Catalogs",
       .summary = "Table Statistics"},
      [&parts](const ProjectCall& call, const http::NoBody&) { return Read(parts, call); }));
}

}  // namespace tarn::api
