// Rows of internal tables: added, changed and removed by their ids.
#include "api/areas.h"
#include "api/dto_internal_table.h"
#include "api/internal_tables.h"
#include "tables/row_edit.h"

namespace tarn::api {

using http::Method;
using http::NoBody;
using http::RawBody;
using tables::Kind;

namespace {

http::OperationInfo Info(std::string id, Method method, std::string summary) {
  return {.id = std::move(id),
          .method = method,
          .path = InternalTablesPath(Kind::kRows) + "/{tableName}/rows",
          .area = "Data: Internal Tables",
          .summary = std::move(summary),
          .status_of_code = {{"VERSION_CONFLICT", 409}}};
}

// Numbers of the body keep their digits, so it is not read as JSON values.
http::Operation RowsOperation(http::Operation operation) {
  operation.request_schema = [](http::SchemaBook& book) {
    return http::SchemaOf<std::vector<boost::json::object>>(book);
  };
  return operation;
}

base::Result<void> Edit(const Parts& parts, const ProjectCall& call, const tables::InternalTables::ChangeRows& change) {
  return parts.tables.Edit(PlaceOf(call, Kind::kRows), call.context.caller().user_id, call.context.request_id(),
                           call.context.limits(), change);
}

base::Result<RowsInserted> Insert(const Parts& parts, const ProjectCall& call, const RawBody& body) {
  RowsInserted shown;
  TARN_RETURN_IF_ERROR(Edit(
      parts, call, [&](tables::Change& change, const tables::TableDefinition& table) -> base::Result<std::int64_t> {
        TARN_ASSIGN_OR_RETURN(const std::vector<std::int64_t> ids, tables::InsertRows(change, table, body.bytes));
        shown.inserted = static_cast<std::int64_t>(ids.size());
        for (const std::int64_t id : ids) shown.ids.push_back(std::to_string(id));
        return shown.inserted;
      }));
  return shown;
}

base::Result<RowsUpdated> Update(const Parts& parts, const ProjectCall& call, const RawBody& body) {
  RowsUpdated shown;
  TARN_RETURN_IF_ERROR(Edit(
      parts, call, [&](tables::Change& change, const tables::TableDefinition& table) -> base::Result<std::int64_t> {
        TARN_ASSIGN_OR_RETURN(shown.updated, tables::UpdateRows(change, table, body.bytes));
        return 0;
      }));
  return shown;
}

base::Result<RowsDeleted> Delete(const Parts& parts, const ProjectCall& call) {
  RowsDeleted shown;
  TARN_RETURN_IF_ERROR(Edit(
      parts, call, [&](tables::Change& change, const tables::TableDefinition& table) -> base::Result<std::int64_t> {
        TARN_ASSIGN_OR_RETURN(shown.deleted, tables::DeleteRows(change, table, call.context.Query("ids").value_or("")));
        return -shown.deleted;
      }));
  return shown;
}

}  // namespace

void AddInternalRows(Parts& parts, OperationList& operations) {
  operations.push_back(RowsOperation(ProjectOperation<RawBody, RowsInserted>(
      parts, Info("insertRows", Method::kPost, "Insert Rows"),
      [&parts](const ProjectCall& call, const RawBody& body) { return Insert(parts, call, body); })));
  operations.push_back(RowsOperation(ProjectOperation<RawBody, RowsUpdated>(
      parts, Info("updateRows", Method::kPatch, "Update Rows"),
      [&parts](const ProjectCall& call, const RawBody& body) { return Update(parts, call, body); })));
  auto info = Info("deleteRows", Method::kDelete, "Delete Rows");
  info.query.push_back({.name = "ids", .required = true, .description = "The _id of each row, with commas between"});
  operations.push_back(ProjectOperation<NoBody, RowsDeleted>(
      parts, std::move(info), [&parts](const ProjectCall& call, const NoBody&) { return Delete(parts, call); }));
}

}  // namespace tarn::api
