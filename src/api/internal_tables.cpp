// Internal tables of both kinds, and their columns.
#include "api/internal_tables.h"

#include "api/areas.h"
#include "api/builtin_catalogs.h"
#include "api/dto_internal_table.h"

namespace tarn::api {

using http::Method;
using http::NoBody;
using http::NoContent;
using tables::Kind;

namespace {

constexpr std::size_t kMostColumnsAtOnce = 1000;

http::OperationInfo Info(std::string id, Method method, std::string path, std::string summary) {
  return {.id = std::move(id),
          .method = method,
          .path = std::move(path),
          .area = "Data: Internal Tables",
          .summary = std::move(summary)};
}

tables::ColumnDefinition ReadColumn(const ColumnRequest& request) {
  const auto type = tables::ColumnTypeOf(
      boost::describe::enum_to_string(request.dataType, "VARCHAR"));  // the two lists of types are the same
  return {.number = 0,
          .name = request.name,
          .type = type.value_or(tables::ColumnType::kVarchar),
          .display_name = request.displayName.value_or(request.name),
          .default_value = request.defaultValue,
          .not_null = request.isNotNull.value_or(false),
          .unique = request.isUnique.value_or(false),
          .description = request.desc};
}

std::vector<ColumnDetail> ShowColumns(const std::vector<tables::ColumnDefinition>& columns) {
  std::vector<ColumnDetail> shown;
  shown.reserve(columns.size());
  for (const tables::ColumnDefinition& column : columns) shown.push_back(ShowInternalColumn(column));
  return shown;
}

base::Result<std::vector<Table>> List(const Parts& parts, const ProjectCall& call, Kind kind) {
  TARN_ASSIGN_OR_RETURN(const std::vector<tables::TableDefinition> found, parts.tables.List(call.project.id, kind));
  std::vector<Table> shown;
  shown.reserve(found.size());
  for (const tables::TableDefinition& table : found) shown.push_back(ShowInternalTable(table));
  return shown;
}

base::Result<Table> Create(const Parts& parts, const ProjectCall& call, Kind kind) {
  TARN_ASSIGN_OR_RETURN(const tables::TableDefinition table,
                        parts.tables.Create(PlaceOf(call, kind), call.context.limits()));
  return ShowInternalTable(table);
}

base::Result<std::vector<ColumnDetail>> ListColumns(const Parts& parts, const ProjectCall& call, Kind kind) {
  TARN_ASSIGN_OR_RETURN(const tables::TableDefinition table, parts.tables.Find(PlaceOf(call, kind)));
  return ShowColumns(table.columns);
}

// The body is an array, or a single column.
base::Result<std::vector<ColumnDetail>> AddColumns(const Parts& parts, const ProjectCall& call, Kind kind,
                                                   const boost::json::value& body) {
  std::vector<ColumnRequest> requests;
  if (body.is_object()) {
    TARN_ASSIGN_OR_RETURN(auto request, http::ReadJson<ColumnRequest>(body));
    requests.push_back(std::move(request));
  } else {
    TARN_RETURN_IF_ERROR(http::CheckItemCount(body, kMostColumnsAtOnce));
    TARN_ASSIGN_OR_RETURN(requests, http::ReadJson<std::vector<ColumnRequest>>(body));
  }
  std::vector<tables::ColumnDefinition> columns;
  for (const ColumnRequest& request : requests) columns.push_back(ReadColumn(request));
  TARN_ASSIGN_OR_RETURN(const auto added,
                        parts.tables.AddColumns(PlaceOf(call, kind), std::move(columns), call.context.limits()));
  return ShowColumns(added);
}

base::Result<ColumnDetail> UpdateColumn(const Parts& parts, const ProjectCall& call, Kind kind,
                                        const ColumnRequest& request) {
  TARN_ASSIGN_OR_RETURN(const auto updated,
                        parts.tables.UpdateColumn(PlaceOf(call, kind), call.context.Path("columnName"),
                                                  ReadColumn(request), call.context.limits()));
  return ShowInternalColumn(updated);
}

void AddTablesOf(Parts& parts, OperationList& operations, Kind kind) {
  const bool rows = kind == Kind::kRows;
  const std::string what = rows ? "" : "Bi", shown = rows ? "Table" : "BI Table";
  const std::string all = InternalTablesPath(kind), one = all + "/{tableName}";
  operations.push_back(ProjectOperation<NoBody, std::vector<Table>>(
      parts, Info("list" + what + "Tables", Method::kGet, all, "List " + shown + "s"),
      [&parts, kind](const ProjectCall& call, const NoBody&) { return List(parts, call, kind); }));
  operations.push_back(ProjectOperation<NoBody, Table>(
      parts, Info("createInternal" + what + "Table", Method::kPost, one, "Create " + shown),
      [&parts, kind](const ProjectCall& call, const NoBody&) { return Create(parts, call, kind); }));
  operations.push_back(ProjectOperation<NoBody, NoContent>(
      parts, Info("delete" + what + "Table", Method::kDelete, one, "Delete " + shown),
      [&parts, kind](const ProjectCall& call, const NoBody&) -> base::Result<NoContent> {
        TARN_RETURN_IF_ERROR(parts.tables.Drop(PlaceOf(call, kind), call.context.limits()));
        return NoContent{};
      }));
}

void AddColumnsOf(Parts& parts, OperationList& operations, Kind kind) {
  const bool rows = kind == Kind::kRows;
  const std::string what = rows ? "" : "Bi", shown = rows ? "" : "BI ";
  const std::string all = InternalTablesPath(kind) + "/{tableName}/columns", one = all + "/{columnName}";
  operations.push_back(ProjectOperation<NoBody, std::vector<ColumnDetail>>(
      parts, Info("list" + what + "Columns", Method::kGet, all, "List " + shown + "Columns"),
      [&parts, kind](const ProjectCall& call, const NoBody&) { return ListColumns(parts, call, kind); }));
  auto add = ProjectOperation<boost::json::value, std::vector<ColumnDetail>>(
      parts, Info("add" + what + "Column", Method::kPost, all, "Add " + shown + "Columns"),
      [&parts, kind](const ProjectCall& call, const boost::json::value& body) {
        return AddColumns(parts, call, kind, body);
      });
  add.request_schema = [](http::SchemaBook& book) { return http::SchemaOf<std::vector<ColumnRequest>>(book); };
  operations.push_back(std::move(add));
  operations.push_back(ProjectOperation<ColumnRequest, ColumnDetail>(
      parts, Info("update" + what + "Column", Method::kPut, one, "Update " + shown + "Column"),
      [&parts, kind](const ProjectCall& call, const ColumnRequest& request) {
        return UpdateColumn(parts, call, kind, request);
      }));
  operations.push_back(ProjectOperation<NoBody, NoContent>(
      parts, Info("delete" + what + "Column", Method::kDelete, one, "Delete " + shown + "Column"),
      [&parts, kind](const ProjectCall& call, const NoBody&) -> base::Result<NoContent> {
        TARN_RETURN_IF_ERROR(
            parts.tables.DropColumn(PlaceOf(call, kind), call.context.Path("columnName"), call.context.limits()));
        return NoContent{};
      }));
}

}  // namespace

std::string InternalTablesPath(Kind kind) {
  return "/data/projects/{projectId}/" + std::string(tables::SchemaOf(kind));
}

tables::InternalTables::Place PlaceOf(const ProjectCall& call, Kind kind) {
  return {.project_id = call.project.id, .kind = kind, .table = call.context.Path("tableName")};
}

Table ShowInternalTable(const tables::TableDefinition& table) {
  return {.catalogId = std::string(kInternalCatalogId),
          .catalogName = std::string(kBuiltinCatalogName),
          .schemaName = std::string(tables::SchemaOf(table.kind)),
          .tableName = table.name,
          .isCacheable = false,
          .isDynamicTable = false,
          .isCached = false,
          .supportedCacheTypes = {}};
}

ColumnDetail ShowInternalColumn(const tables::ColumnDefinition& column) {
  return {.id = std::to_string(column.number),
          .name = column.name,
          .dataType = std::string(tables::TrinoType(column.type)),
          .displayName = column.display_name,
          .defaultValue = column.default_value,
          .isNotNull = column.not_null,
          .isUnique = column.unique,
          .desc = column.description};
}

void AddInternalTables(Parts& parts, OperationList& operations) {
  for (const Kind kind : {Kind::kRows, Kind::kColumns}) {
    AddTablesOf(parts, operations, kind);
    AddColumnsOf(parts, operations, kind);
  }
}

}  // namespace tarn::api
