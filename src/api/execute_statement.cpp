#include "api/execute_statement.h"

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/predicate.hpp>

#include "api/builtin_catalogs.h"
#include "api/execute_arguments.h"
#include "api/query_builder.h"
#include "api/saved_query.h"

namespace tarn::api {

namespace {

// The catalog's SQL name, which the request gives itself or by the catalog's id.
base::Result<std::string> CatalogNameOf(const Parts& parts, const ProjectCall& call, const TableForQuery& table,
                                        const std::string& path) {
  const bool by_id = table.catalogId && !table.catalogId->empty();
  if (!by_id && table.catalogName && !table.catalogName->empty()) return *table.catalogName;
  if (!by_id) return base::InvalidArgument("Table has neither catalogId nor catalogName", path);
  if (IsBuiltinCatalog(*table.catalogId)) return std::string(kBuiltinCatalogName);
  TARN_ASSIGN_OR_RETURN(const store::Catalog catalog, FindCatalog(parts, call.project.id, *table.catalogId));
  return catalog.name;
}

// Types are needed only where a filter compares values with them.
base::Result<void> AddTypes(const Parts& parts, const ProjectCall& call, BuilderTable& table) {
  if (boost::algorithm::iequals(table.name.catalog, kBuiltinCatalogName)) return {};
  TARN_ASSIGN_OR_RETURN(const store::Catalog catalog, parts.catalogs.FindByName(call.project.id, table.name.catalog));
  TARN_ASSIGN_OR_RETURN(const connector::TableInfo described,
                        parts.catalogs.Describe(catalog, {.schema = table.name.schema, .table = table.name.table},
                                                call.context.limits()));
  for (const connector::ColumnInfo& column : described.columns)
    table.types[boost::algorithm::to_lower_copy(column.name)] = column.type;
  return {};
}

base::Result<std::string> WriteBuilder(const Parts& parts, const ProjectCall& call, const ExecuteRequest& request) {
  BuilderQuery query = {.from = {},
                        .columns = request.columns.value_or(std::vector<std::string>{}),
                        .filters = nullptr,
                        .order_by = request.orderBy.value_or(std::vector<std::string>{}),
                        .limit = request.limit,
                        .offset = request.offset};
  if (request.filters) query.filters = *request.filters;
  for (std::size_t i = 0; i < request.from->size(); ++i) {
    const TableForQuery& given = (*request.from)[i];
    TARN_ASSIGN_OR_RETURN(const std::string catalog, CatalogNameOf(parts, call, given, fmt::format("from[{}]", i)));
    BuilderTable table = {.name = {.catalog = catalog, .schema = given.schemaName, .table = given.tableName},
                          .catalog_id = given.catalogId.value_or(""),
                          .types = {}};
    if (request.filters && !request.filters->empty()) TARN_RETURN_IF_ERROR(AddTypes(parts, call, table));
    query.from.push_back(std::move(table));
  }
  return WriteStatement(query);
}

}  // namespace

base::Result<StatementToRun> ReadStatement(const Parts& parts, const ProjectCall& call, const ExecuteRequest& request) {
  const int forms = int{request.from.has_value()} + int{request.id.has_value()} +
                    int{request.qualifiedName.has_value()} + int{request.statement.has_value()};
  if (forms == 0)
    return base::InvalidArgument("Request has none of \"from\", \"id\", \"qualifiedName\" and \"statement\"");
  if (forms > 1)
    return base::InvalidArgument("Request has more than one of \"from\", \"id\", \"qualifiedName\" and \"statement\"");

  StatementToRun statement;
  if (request.statement) {
    statement.text = *request.statement;
    statement.written_by_caller = true;
    TARN_ASSIGN_OR_RETURN(statement.parameters, ReadArguments(request));
  } else if (request.id) {
    TARN_ASSIGN_OR_RETURN(const store::SavedQuery query, FindSavedQuery(parts, call.project.id, *request.id));
    statement.text = query.input_query;
    statement.written_by_caller = true;
  } else if (request.qualifiedName) {
    TARN_ASSIGN_OR_RETURN(const sql::QualifiedName name, ReadQualifiedName(*request.qualifiedName));
    statement.text = WriteWholeTable(name);
  } else {
    TARN_ASSIGN_OR_RETURN(statement.text, WriteBuilder(parts, call, request));
  }
  return statement;
}

}  // namespace tarn::api
