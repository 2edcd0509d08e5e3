// Parametric tables: tables of a catalog with fixed values of some columns, under other names of the same catalog.
#include <boost/algorithm/string/predicate.hpp>
#include <boost/json.hpp>

#include "api/areas.h"
#include "api/dto_parametric.h"
#include "api/execute_arguments.h"
#include "api/reach.h"
#include "base/ids.h"
#include "catalog/parametric_text.h"

namespace tarn::api {

using http::Method;
using http::NoBody;
using http::NoContent;

namespace {

http::OperationInfo Info(std::string id, Method method, std::string summary) {
  return {.id = std::move(id),
          .method = method,
          .path = "/data/projects/{projectId}/catalogs/{catalogId}/parametricTables",
          .area = "Data: Parametric Tables",
          .summary = std::move(summary)};
}

ParametricTable Show(const store::ParametricTable& table) {
  ParametricTable shown{.fromSchema = table.from_schema,
                        .fromTable = table.from_table,
                        .toSchema = table.schema,
                        .toTable = table.table,
                        .paramValues = std::vector<ParametricTableColumn>()};
  boost::system::error_code failed;
  const auto parameters = boost::json::parse(table.parameters, failed);
  if (failed) return shown;
  for (const auto& parameter : parameters.as_array()) {
    const auto& object = parameter.as_object();
    shown.paramValues->push_back({.key = std::string(object.at("key").as_string()), .value = object.at("value")});
  }
  return shown;
}

// Errors: InvalidArgument with the field of a parameter that is no column, or given twice.
base::Result<std::string> WriteParameters(const ParametricTable& request, const connector::TableInfo& from) {
  boost::json::array parameters;
  std::vector<std::string> seen;
  for (const ParametricTableColumn& parameter : request.paramValues.value_or(std::vector<ParametricTableColumn>{})) {
    const std::string field = fmt::format("paramValues[{}].", parameters.size());
    const auto named = [&](const std::string& name) { return boost::algorithm::iequals(name, parameter.key); };
    const auto column = std::ranges::find_if(from.columns, named, &connector::ColumnInfo::name);
    if (column == from.columns.end())
      return base::InvalidArgument(fmt::format("Column does not exist: \"{}\"", parameter.key), field + "key");
    if (std::ranges::any_of(seen, named))
      return base::InvalidArgument(fmt::format("Parameter is given twice: \"{}\"", parameter.key), field + "key");
    seen.push_back(parameter.key);
    if (auto value = catalog::ParameterExpression(parameter.value, column->type); !value) {
      value.error().field = field + "value";
      return std::unexpected(std::move(value).error());
    }
    parameters.push_back(boost::json::object{{"key", parameter.key}, {"value", parameter.value}});
  }
  return boost::json::serialize(parameters);
}

// Computes the parameters once, so that a value that its column cannot have is refused now.
base::Result<void> CheckValues(Parts& parts, const ProjectCall& call, const ParametricTable& request,
                               const connector::TableInfo& from) {
  std::string list;
  for (const ParametricTableColumn& parameter : request.paramValues.value_or(std::vector<ParametricTableColumn>{})) {
    const auto column = std::ranges::find_if(
        from.columns, [&](const auto& each) { return boost::algorithm::iequals(each.name, parameter.key); });
    TARN_ASSIGN_OR_RETURN(const std::string value, catalog::ParameterExpression(parameter.value, column->type));
    list += (list.empty() ? "" : ", ") + value;
  }
  if (list.empty()) return {};
  query::StatementRequest check{
      .project_id = call.project.id,
      .text = "SELECT " + list,
      .parameters = {},
      .session = {.catalog = {}, .schema = {}, .time_zone = "UTC", .user = call.context.caller().user_id},
      .limits = call.context.limits()};
  auto running = parts.executor.Run(check);
  while (running) {
    const auto rows = (*running)->Next();
    if (!rows) return std::unexpected(ShowStatementError(rows.error(), false));
    if (!*rows) return {};
  }
  return std::unexpected(ShowStatementError(std::move(running).error(), false));
}

// Errors: NotFound; FailedPrecondition for a catalog that is shared from another project, or has no source.
base::Result<store::Catalog> FindOwnCatalog(const Parts& parts, const ProjectCall& call) {
  TARN_ASSIGN_OR_RETURN(auto catalog, FindCatalog(parts, call.project.id, call.context.Path("catalogId")));
  if (!catalog.shared_from.empty())
    return base::FailedPrecondition(
        fmt::format("A catalog shared from another project can only be read: \"{}\"", catalog.id));
  if (catalog.type == catalog::kSemanticType)
    return base::FailedPrecondition(fmt::format("A semantic catalog has no parametric tables: \"{}\"", catalog.id));
  return catalog;
}

base::Result<ParametricTable> Create(Parts& parts, const ProjectCall& call, const ParametricTable& request) {
  TARN_ASSIGN_OR_RETURN(const store::Catalog catalog, FindOwnCatalog(parts, call));
  if (boost::algorithm::iequals(request.toSchema, "information_schema"))
    return base::InvalidArgument("Schema name is taken by SQL itself: \"information_schema\"", "toSchema");
  const connector::TableName source{.schema = request.fromSchema, .table = request.fromTable};
  const connector::TableName target{.schema = request.toSchema, .table = request.toTable};
  if (parts.catalogs.definitions()->FindParametric(catalog, source))
    return base::InvalidArgument("Source table is a parametric one itself", "fromTable");
  auto from = NamedInBody(parts.catalogs.Describe(catalog, source, call.context.limits()));
  if (!from) {
    if (from.error().kind == base::ErrorKind::kInvalidArgument) from.error().field = "fromTable";
    return std::unexpected(std::move(from).error());
  }
  const auto taken = [&] {
    return base::AlreadyExists(
        fmt::format("The catalog has a table of this name already: \"{}.{}\"", target.schema, target.table));
  };
  const auto present = parts.catalogs.Describe(catalog, target, call.context.limits());
  if (present) return taken();
  if (present.error().kind != base::ErrorKind::kNotFound) return std::unexpected(present.error());
  TARN_ASSIGN_OR_RETURN(const std::string parameters, WriteParameters(request, *from));
  TARN_RETURN_IF_ERROR(CheckValues(parts, call, request, *from));
  const store::ParametricTable table{.id = base::NewUuid(),
                                     .catalog_id = catalog.id,
                                     .from_schema = source.schema,
                                     .from_table = source.table,
                                     .schema = target.schema,
                                     .table = target.table,
                                     .parameters = parameters,
                                     .created_at = parts.clock.Now()};
  if (auto inserted = parts.derived_tables.Insert(table); !inserted) {
    if (inserted.error().kind == base::ErrorKind::kAlreadyExists) return taken();
    return std::unexpected(std::move(inserted).error());
  }
  return Show(table);
}

base::Result<NoContent> Delete(const Parts& parts, const ProjectCall& call) {
  TARN_ASSIGN_OR_RETURN(const store::Catalog catalog, FindOwnCatalog(parts, call));
  const auto schema = call.context.Query("toSchema");
  const auto name = call.context.Query("toTable");
  if (!schema) return base::InvalidArgument("Query parameter is missing", "toSchema");
  if (!name) return base::InvalidArgument("Query parameter is missing", "toTable");
  const auto table = parts.catalogs.definitions()->FindParametric(catalog, {.schema = *schema, .table = *name});
  if (!table)
    return base::NotFound(fmt::format("There is no parametric table: \"{}.{}\"", *schema, *name), "TABLE_NOT_FOUND");
  TARN_RETURN_IF_ERROR(parts.derived_tables.DeleteParametric(table->id));
  return NoContent{};
}

}  // namespace

void AddParametricTables(Parts& parts, OperationList& operations) {
  using Shown = std::vector<ParametricTable>;
  operations.push_back(ProjectOperation<NoBody, Shown>(
      parts, Info("listParametricTables", Method::kGet, "List Parametric Tables"),
      [&parts](const ProjectCall& call, const NoBody&) -> base::Result<Shown> {
        TARN_ASSIGN_OR_RETURN(const store::Catalog catalog,
                              FindCatalog(parts, call.project.id, call.context.Path("catalogId")));
        Shown shown;
        for (const auto& table : parts.catalogs.definitions()->ParametricTables(catalog)) shown.push_back(Show(table));
        return shown;
      }));
  operations.push_back(ProjectOperation<ParametricTable, ParametricTable>(
      parts, Info("createParametricTable", Method::kPost, "Create Parametric Table"),
      [&parts](const ProjectCall& call, const ParametricTable& request) { return Create(parts, call, request); }));
  http::OperationInfo remove = Info("deleteParametricTable", Method::kDelete, "Delete Parametric Table");
  remove.success = 204;
  remove.query = {{.name = "toSchema", .type = http::QueryParameter::Type::kString, .required = true},
                  {.name = "toTable", .type = http::QueryParameter::Type::kString, .required = true}};
  operations.push_back(ProjectOperation<NoBody, NoContent>(
      parts, std::move(remove), [&parts](const ProjectCall& call, const NoBody&) { return Delete(parts, call); }));
}

}  // namespace tarn::api
