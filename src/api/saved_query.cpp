#include "api/saved_query.h"

#include <boost/algorithm/string/predicate.hpp>

#include "api/builtin_catalogs.h"
#include "sql/translate.h"

namespace tarn::api {

namespace {

// Answers names with what the catalogs know, so that the translation meets every table of the text.
class SchemaCheck final : public sql::TableResolver {
 public:
  SchemaCheck(const Parts& parts, const ProjectCall& call) : parts_(parts), call_(call) {}

  base::Result<sql::ResolvedTable> Resolve(const sql::QualifiedName& name) override {
    const bool saved =
        boost::algorithm::iequals(name.schema, "query") || boost::algorithm::iequals(name.schema, "mtquery");
    if (saved && boost::algorithm::iequals(name.catalog, kBuiltinCatalogName)) return ResolveSavedQuery(name);
    TARN_ASSIGN_OR_RETURN(const store::Catalog catalog, parts_.catalogs.FindByName(call_.project.id, name.catalog));
    TARN_ASSIGN_OR_RETURN(
        const connector::TableInfo table,
        parts_.catalogs.Describe(catalog, {.schema = name.schema, .table = name.table}, call_.context.limits()));
    sql::ResolvedTable resolved = {.name = name, .columns = {}, .engine_sql = "checked", .view_text = std::nullopt};
    for (const connector::ColumnInfo& column : table.columns)
      resolved.columns.push_back({.name = column.name, .type = column.type, .hidden = column.hidden});
    return resolved;
  }

 private:
  base::Result<sql::ResolvedTable> ResolveSavedQuery(const sql::QualifiedName& name) const {
    const auto query = parts_.queries.FindByName(call_.project.id, name.table);
    if (!query)
      return base::NotFound(fmt::format("Table '{}.{}.{}' does not exist", name.catalog, name.schema, name.table),
                            "TABLE_NOT_FOUND");
    return sql::ResolvedTable{.name = name, .columns = {}, .engine_sql = {}, .view_text = query->input_query};
  }

  const Parts& parts_;
  const ProjectCall& call_;
};

}  // namespace

base::Result<store::SavedQuery> FindSavedQuery(const Parts& parts, const std::string& project_id,
                                               const std::string& id) {
  auto query = parts.queries.Find(project_id, id);
  if (!query) return base::InvalidArgument(fmt::format("There is no query with id: {}", id));
  return *std::move(query);
}

base::Result<void> CheckSchemasExist(const Parts& parts, const ProjectCall& call, const std::string& text) {
  const auto parsed = sql::Parse(text);
  if (!parsed) return {};
  SchemaCheck check(parts, call);
  const std::vector<std::optional<std::string>> parameters(parsed->parameter_count());
  auto translated = sql::Translate(*parsed, {}, check, parameters);
  if (translated) return {};
  base::Error error = std::move(translated).error();
  if (error.code != "CATALOG_NOT_FOUND" && error.code != "SCHEMA_NOT_FOUND") return {};
  error.kind = base::ErrorKind::kInvalidArgument;
  return std::unexpected(std::move(error));
}

}  // namespace tarn::api
