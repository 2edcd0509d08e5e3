#include "api/metadata_view.h"

#include "metadata/address.h"
#include "sql/text.h"

namespace tarn::api {

namespace {

std::string CatalogNameOf(const Parts& parts, const std::string& project_id, const std::string& id) {
  const auto catalog = metadata::FindCatalog(parts.catalog_store, project_id, id);
  return catalog ? catalog->name : "";
}

// The text by which a table is found.
std::string ContentOf(const TableMetadata& table) {
  auto content = table.catalogQueryName + "." + table.schemaName + "." + table.tableName;
  if (table.tableDescription) content += ": " + *table.tableDescription;
  for (const auto& column : table.columns) {
    content += "\n" + column.columnName + " " + column.dataType;
    if (column.columnDescription) content += ": " + *column.columnDescription;
  }
  return content;
}

std::vector<MetadataColumnLineage> ShowLineage(const sql::Lineage& lineage) {
  std::vector<MetadataColumnLineage> shown;
  for (const auto& [table, column] : lineage.columns)
    shown.push_back({.tables = {table.catalog + "." + table.schema + "." + table.table},
                     .column = column,
                     .expression = lineage.expression});
  // Of no column: a constant, or a count of rows.
  if (shown.empty()) shown.push_back({.tables = {}, .column = {}, .expression = lineage.expression});
  return shown;
}

MetadataColumn ShowColumn(const metadata::ColumnKnowledge& known, std::size_t order) {
  MetadataColumn shown{.columnName = known.column.name,
                       .columnDescription = known.description,
                       .dataType = known.column.type,
                       .order = static_cast<std::int64_t>(order),
                       .isNotNull = known.not_null,
                       .isSystem = known.column.hidden,
                       .isUnique = known.unique,
                       .isPrimary = known.primary,
                       .isCategorical = known.categorical.has_value(),
                       .categoricalValues = {}};
  if (known.lineage) shown.lineage = ShowLineage(*known.lineage);
  if (!known.categorical) return shown;
  shown.categoricalValues = metadata::Categorical::ValuesOf(*known.categorical);
  if (!known.categorical->error.empty()) shown.categoricalError = known.categorical->error;
  return shown;
}

}  // namespace

MetadataRelation ShowRelation(const Parts& parts, const store::Relation& relation) {
  const auto& [from, from_column] = relation.source;
  const auto& [to, to_column] = relation.target;
  MetadataRelation shown{.id = relation.id,
                         .projectId = relation.project_id,
                         .sourceCatalogId = from.catalog_id,
                         .sourceCatalogName = CatalogNameOf(parts, relation.project_id, from.catalog_id),
                         .sourceSchemaName = from.schema,
                         .sourceTableName = from.table,
                         .sourceColumnName = from_column,
                         .targetCatalogId = to.catalog_id,
                         .targetCatalogName = CatalogNameOf(parts, relation.project_id, to.catalog_id),
                         .targetSchemaName = to.schema,
                         .targetTableName = to.table,
                         .targetColumnName = to_column,
                         .type = relation.type};
  const auto measure = metadata::Relations::MeasureOf(relation);
  if (!measure) return shown;
  shown.measuredAt = measure->at;
  shown.matchRate = measure->match_rate;
  if (!measure->type.empty()) shown.measuredType = measure->type;
  if (!measure->error.empty()) shown.measureError = measure->error;
  return shown;
}

TableMetadata ShowKnowledge(const Parts& parts, const std::string& project_id, const metadata::TableKnowledge& known) {
  TableMetadata shown{.projectId = project_id,
                      .catalogId = known.catalog.id,
                      .catalogType = sql::ToUpper(known.catalog.type),
                      .catalogQueryName = known.catalog.name,
                      .catalogDisplayName = known.catalog.display_name,
                      .schemaName = known.name.schema,
                      .tableName = known.name.table,
                      .tableDescription = known.description,
                      .isCacheable = known.cacheable,
                      .isDynamicTable = false,
                      .useWithAI = known.use_with_ai,
                      .isCurrent = known.current,
                      .columns = {},
                      .relations = {}};
  for (const auto& column : known.columns) shown.columns.push_back(ShowColumn(column, shown.columns.size() + 1));
  for (const auto& relation : known.relations) shown.relations.push_back(ShowRelation(parts, relation));
  return shown;
}

TableMetadataContainer ShowContainer(const Parts& parts, const std::string& project_id,
                                     const metadata::TableKnowledge& known) {
  auto shown = ShowKnowledge(parts, project_id, known);
  return {.id = shown.catalogId + "." + shown.schemaName + "." + shown.tableName,
          .content = ContentOf(shown),
          .metadata = std::move(shown)};
}

store::TableAddress TableInPath(const ProjectCall& call) {
  return {call.context.Path("catalogId"), call.context.Path("schemaName"), call.context.Path("tableName")};
}

}  // namespace tarn::api
