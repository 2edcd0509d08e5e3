// What the operations on internal tables share: where a call's table is, and how columns are shown.
#pragma once

#include <string>

#include "api/dto_catalog.h"
#include "api/reach.h"
#include "tables/internal_tables.h"

namespace tarn::api {

// "/data/projects/{projectId}/table", or "…/bitable".
[[nodiscard]] std::string InternalTablesPath(tables::Kind kind);
// The table that the path names.
[[nodiscard]] tables::InternalTables::Place PlaceOf(const ProjectCall& call, tables::Kind kind);

[[nodiscard]] Table ShowInternalTable(const tables::TableDefinition& table);
[[nodiscard]] ColumnDetail ShowInternalColumn(const tables::ColumnDefinition& column);

}  // namespace tarn::api
