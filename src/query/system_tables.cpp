// The columns of the tables that describe a project and its statements, as Trino has them.
#include "query/system_tables.h"

#include <algorithm>
#include <array>

namespace tarn::query {
namespace {

constexpr auto kJdbcAttributes = std::to_array<SystemColumn>({
    {"type_cat", "varchar", false},         {"type_schem", "varchar", false},
    {"type_name", "varchar", false},        {"attr_name", "varchar", false},
    {"data_type", "bigint", false},         {"attr_type_name", "varchar", false},
    {"attr_size", "bigint", false},         {"decimal_digits", "bigint", false},
    {"num_prec_radix", "bigint", false},    {"nullable", "bigint", false},
    {"remarks", "varchar", false},          {"attr_def", "varchar", false},
    {"sql_data_type", "bigint", false},     {"sql_datetime_sub", "bigint", false},
    {"char_octet_length", "bigint", false}, {"ordinal_position", "bigint", false},
    {"is_nullable", "varchar", false},      {"scope_catalog", "varchar", false},
    {"scope_schema", "varchar", false},     {"scope_table", "varchar", false},
    {"source_data_type", "bigint", false},
});
constexpr auto kJdbcCatalogs = std::to_array<SystemColumn>({
    {"table_cat", "varchar", false},
});
constexpr auto kJdbcColumns = std::to_array<SystemColumn>({
    {"table_cat", "varchar", false},        {"table_schem", "varchar", false},
    {"table_name", "varchar", false},       {"column_name", "varchar", false},
    {"data_type", "bigint", false},         {"type_name", "varchar", false},
    {"column_size", "bigint", false},       {"buffer_length", "bigint", false},
    {"decimal_digits", "bigint", false},    {"num_prec_radix", "bigint", false},
    {"nullable", "bigint", false},          {"remarks", "varchar", false},
    {"column_def", "varchar", false},       {"sql_data_type", "bigint", false},
    {"sql_datetime_sub", "bigint", false},  {"char_octet_length", "bigint", false},
    {"ordinal_position", "bigint", false},  {"is_nullable", "varchar", false},
    {"scope_catalog", "varchar", false},    {"scope_schema", "varchar", false},
    {"scope_table", "varchar", false},      {"source_data_type", "bigint", false},
    {"is_autoincrement", "varchar", false}, {"is_generatedcolumn", "varchar", false},
});
constexpr auto kJdbcProcedureColumns = std::to_array<SystemColumn>({
    {"procedure_cat", "varchar", false},
    {"procedure_schem", "varchar", false},
    {"procedure_name", "varchar", false},
    {"column_name", "varchar", false},
    {"column_type", "bigint", false},
    {"data_type", "bigint", false},
    {"type_name", "varchar", false},
    {"precision", "bigint", false},
    {"length", "bigint", false},
    {"scale", "bigint", false},
    {"radix", "bigint", false},
    {"nullable", "bigint", false},
    {"remarks", "varchar", false},
    {"column_def", "varchar", false},
    {"sql_data_type", "bigint", false},
    {"sql_datetime_sub", "bigint", false},
    {"char_octet_length", "bigint", false},
    {"ordinal_position", "bigint", false},
    {"is_nullable", "varchar", false},
    {"specific_name", "varchar", false},
});
constexpr auto kJdbcProcedures = std::to_array<SystemColumn>({
    {"procedure_cat", "varchar", false},
    {"procedure_schem", "varchar", false},
    {"procedure_name", "varchar", false},
    {"remarks", "varchar", false},
    {"procedure_type", "bigint", false},
    {"specific_name", "varchar", false},
});
constexpr auto kJdbcPseudoColumns = std::to_array<SystemColumn>({
    {"table_cat", "varchar", false},
    {"table_schem", "varchar", false},
    {"table_name", "varchar", false},
    {"column_name", "varchar", false},
    {"data_type", "bigint", false},
    {"column_size", "bigint", false},
    {"decimal_digits", "bigint", false},
    {"num_prec_radix", "bigint", false},
    {"column_usage", "varchar", false},
    {"remarks", "varchar", false},
    {"char_octet_length", "bigint", false},
    {"is_nullable", "bigint", false},
});
constexpr auto kJdbcSchemas = std::to_array<SystemColumn>({
    {"table_schem", "varchar", false},
    {"table_catalog", "varchar", false},
});
constexpr auto kJdbcSuperTables = std::to_array<SystemColumn>({
    {"table_cat", "varchar", false},
    {"table_schem", "varchar", false},
    {"table_name", "varchar", false},
    {"supertable_name", "varchar", false},
});
constexpr auto kJdbcSuperTypes = std::to_array<SystemColumn>({
    {"type_cat", "varchar", false},
    {"type_schem", "varchar", false},
    {"type_name", "varchar", false},
    {"supertype_cat", "varchar", false},
    {"supertype_schem", "varchar", false},
    {"supertype_name", "varchar", false},
});
constexpr auto kJdbcTableTypes = std::to_array<SystemColumn>({
    {"table_type", "varchar", false},
});
constexpr auto kJdbcTables = std::to_array<SystemColumn>({
    {"table_cat", "varchar", false},
    {"table_schem", "varchar", false},
    {"table_name", "varchar", false},
    {"table_type", "varchar", false},
    {"remarks", "varchar", false},
    {"type_cat", "varchar", false},
    {"type_schem", "varchar", false},
    {"type_name", "varchar", false},
    {"self_referencing_col_name", "varchar", false},
    {"ref_generation", "varchar", false},
});
constexpr auto kJdbcTypes = std::to_array<SystemColumn>({
    {"type_name", "varchar", false},
    {"data_type", "bigint", false},
    {"precision", "bigint", false},
    {"literal_prefix", "varchar", false},
    {"literal_suffix", "varchar", false},
    {"create_params", "varchar", false},
    {"nullable", "bigint", false},
    {"case_sensitive", "boolean", false},
    {"searchable", "bigint", false},
    {"unsigned_attribute", "boolean", false},
    {"fixed_prec_scale", "boolean", false},
    {"auto_increment", "boolean", false},
    {"local_type_name", "varchar", false},
    {"minimum_scale", "bigint", false},
    {"maximum_scale", "bigint", false},
    {"sql_data_type", "bigint", false},
    {"sql_datetime_sub", "bigint", false},
    {"num_prec_radix", "bigint", false},
});
constexpr auto kJdbcUdts = std::to_array<SystemColumn>({
    {"type_cat", "varchar", false},
    {"type_schem", "varchar", false},
    {"type_name", "varchar", false},
    {"class_name", "varchar", false},
    {"data_type", "varchar", false},
    {"remarks", "varchar", false},
    {"base_type", "varchar", false},
});
constexpr auto kRuntimeNodes = std::to_array<SystemColumn>({
    {"node_id", "varchar", false},
    {"http_uri", "varchar", false},
    {"node_version", "varchar", false},
    {"coordinator", "boolean", false},
    {"state", "varchar", false},
});
constexpr auto kRuntimeOptimizerRuleStats = std::to_array<SystemColumn>({
    {"rule_name", "varchar", false},
    {"invocations", "bigint", false},
    {"matches", "bigint", false},
    {"failures", "bigint", false},
    {"average_time", "double", false},
    {"time_distribution_percentiles", "map(double, double)", false},
});
constexpr auto kRuntimeQueries = std::to_array<SystemColumn>({
    {"query_id", "varchar", false},
    {"state", "varchar", false},
    {"user", "varchar", false},
    {"source", "varchar", false},
    {"query", "varchar", false},
    {"resource_group_id", "array(varchar)", false},
    {"queued_time_ms", "bigint", false},
    {"analysis_time_ms", "bigint", false},
    {"planning_time_ms", "bigint", false},
    {"created", "timestamp(3) with time zone", false},
    {"started", "timestamp(3) with time zone", false},
    {"last_heartbeat", "timestamp(3) with time zone", false},
    {"end", "timestamp(3) with time zone", false},
    {"error_type", "varchar", false},
    {"error_code", "varchar", false},
});
constexpr auto kRuntimeTasks = std::to_array<SystemColumn>({
    {"node_id", "varchar", false},
    {"task_id", "varchar", false},
    {"stage_id", "varchar", false},
    {"query_id", "varchar", false},
    {"state", "varchar", false},
    {"splits", "bigint", false},
    {"queued_splits", "bigint", false},
    {"running_splits", "bigint", false},
    {"completed_splits", "bigint", false},
    {"split_scheduled_time_ms", "bigint", false},
    {"split_cpu_time_ms", "bigint", false},
    {"split_blocked_time_ms", "bigint", false},
    {"raw_input_bytes", "bigint", false},
    {"raw_input_rows", "bigint", false},
    {"processed_input_bytes", "bigint", false},
    {"processed_input_rows", "bigint", false},
    {"output_bytes", "bigint", false},
    {"output_rows", "bigint", false},
    {"physical_input_bytes", "bigint", false},
    {"physical_written_bytes", "bigint", false},
    {"created", "timestamp(3) with time zone", false},
    {"start", "timestamp(3) with time zone", false},
    {"last_heartbeat", "timestamp(3) with time zone", false},
    {"end", "timestamp(3) with time zone", false},
});
constexpr auto kRuntimeTransactions = std::to_array<SystemColumn>({
    {"transaction_id", "varchar", false},
    {"isolation_level", "varchar", false},
    {"read_only", "boolean", false},
    {"auto_commit_context", "boolean", false},
    {"create_time", "timestamp(3) with time zone", false},
    {"idle_time_secs", "bigint", false},
    {"written_catalog", "varchar", false},
    {"catalogs", "array(varchar)", false},
});
constexpr auto kMetadataAnalyzeProperties = std::to_array<SystemColumn>({
    {"catalog_name", "varchar", false},
    {"property_name", "varchar", false},
    {"default_value", "varchar", false},
    {"type", "varchar", false},
    {"description", "varchar", false},
});
constexpr auto kMetadataCatalogs = std::to_array<SystemColumn>({
    {"catalog_name", "varchar", false},
    {"connector_id", "varchar", false},
    {"connector_name", "varchar", false},
});
constexpr auto kMetadataColumnProperties = std::to_array<SystemColumn>({
    {"catalog_name", "varchar", false},
    {"property_name", "varchar", false},
    {"default_value", "varchar", false},
    {"type", "varchar", false},
    {"description", "varchar", false},
});
constexpr auto kMetadataMaterializedViewProperties = std::to_array<SystemColumn>({
    {"catalog_name", "varchar", false},
    {"property_name", "varchar", false},
    {"default_value", "varchar", false},
    {"type", "varchar", false},
    {"description", "varchar", false},
});
constexpr auto kMetadataMaterializedViews = std::to_array<SystemColumn>({
    {"catalog_name", "varchar", false},
    {"schema_name", "varchar", false},
    {"name", "varchar", false},
    {"storage_catalog", "varchar", false},
    {"storage_schema", "varchar", false},
    {"storage_table", "varchar", false},
    {"freshness", "varchar", false},
    {"last_fresh_time", "timestamp(9) with time zone", false},
    {"comment", "varchar", false},
    {"definition", "varchar", false},
});
constexpr auto kMetadataSchemaProperties = std::to_array<SystemColumn>({
    {"catalog_name", "varchar", false},
    {"property_name", "varchar", false},
    {"default_value", "varchar", false},
    {"type", "varchar", false},
    {"description", "varchar", false},
});
constexpr auto kMetadataTableComments = std::to_array<SystemColumn>({
    {"catalog_name", "varchar", false},
    {"schema_name", "varchar", false},
    {"table_name", "varchar", false},
    {"comment", "varchar", false},
});
// Tarn's own: the tables that have a cache, and of when the copy is that serves them.
constexpr auto kMetadataTableFreshness = std::to_array<SystemColumn>({
    {"catalog_name", "varchar", false},
    {"schema_name", "varchar", false},
    {"table_name", "varchar", false},
    {"served_by", "varchar", false},
    {"as_of", "timestamp(3) with time zone", false},
    {"is_complete", "boolean", false},
});
constexpr auto kMetadataTableProperties = std::to_array<SystemColumn>({
    {"catalog_name", "varchar", false},
    {"property_name", "varchar", false},
    {"default_value", "varchar", false},
    {"type", "varchar", false},
    {"description", "varchar", false},
});
constexpr auto kInformationSchemaApplicableRoles = std::to_array<SystemColumn>({
    {"grantee", "varchar", false},
    {"grantee_type", "varchar", false},
    {"role_name", "varchar", false},
    {"is_grantable", "varchar", false},
});
constexpr auto kInformationSchemaColumns = std::to_array<SystemColumn>({
    {"table_catalog", "varchar", false},
    {"table_schema", "varchar", false},
    {"table_name", "varchar", false},
    {"column_name", "varchar", false},
    {"ordinal_position", "bigint", false},
    {"column_default", "varchar", false},
    {"is_nullable", "varchar", false},
    {"data_type", "varchar", false},
    {"comment", "varchar", true},
    {"extra_info", "varchar", true},
});
constexpr auto kInformationSchemaEnabledRoles = std::to_array<SystemColumn>({
    {"role_name", "varchar", false},
});
constexpr auto kInformationSchemaRoles = std::to_array<SystemColumn>({
    {"role_name", "varchar", false},
});
constexpr auto kInformationSchemaSchemata = std::to_array<SystemColumn>({
    {"catalog_name", "varchar", false},
    {"schema_name", "varchar", false},
});
constexpr auto kInformationSchemaTablePrivileges = std::to_array<SystemColumn>({
    {"grantor", "varchar", false},
    {"grantor_type", "varchar", false},
    {"grantee", "varchar", false},
    {"grantee_type", "varchar", false},
    {"table_catalog", "varchar", false},
    {"table_schema", "varchar", false},
    {"table_name", "varchar", false},
    {"privilege_type", "varchar", false},
    {"is_grantable", "varchar", false},
    {"with_hierarchy", "varchar", false},
});
constexpr auto kInformationSchemaTables = std::to_array<SystemColumn>({
    {"table_catalog", "varchar", false},
    {"table_schema", "varchar", false},
    {"table_name", "varchar", false},
    {"table_type", "varchar", false},
});
constexpr auto kInformationSchemaViews = std::to_array<SystemColumn>({
    {"table_catalog", "varchar", false},
    {"table_schema", "varchar", false},
    {"table_name", "varchar", false},
    {"view_definition", "varchar", false},
});
constexpr auto kTables = std::to_array<SystemTable>({
    {"jdbc", "attributes", kJdbcAttributes},
    {"jdbc", "catalogs", kJdbcCatalogs},
    {"jdbc", "columns", kJdbcColumns},
    {"jdbc", "procedure_columns", kJdbcProcedureColumns},
    {"jdbc", "procedures", kJdbcProcedures},
    {"jdbc", "pseudo_columns", kJdbcPseudoColumns},
    {"jdbc", "schemas", kJdbcSchemas},
    {"jdbc", "super_tables", kJdbcSuperTables},
    {"jdbc", "super_types", kJdbcSuperTypes},
    {"jdbc", "table_types", kJdbcTableTypes},
    {"jdbc", "tables", kJdbcTables},
    {"jdbc", "types", kJdbcTypes},
    {"jdbc", "udts", kJdbcUdts},
    {"runtime", "nodes", kRuntimeNodes},
    {"runtime", "optimizer_rule_stats", kRuntimeOptimizerRuleStats},
    {"runtime", "queries", kRuntimeQueries},
    {"runtime", "tasks", kRuntimeTasks},
    {"runtime", "transactions", kRuntimeTransactions},
    {"metadata", "analyze_properties", kMetadataAnalyzeProperties},
    {"metadata", "catalogs", kMetadataCatalogs},
    {"metadata", "column_properties", kMetadataColumnProperties},
    {"metadata", "materialized_view_properties", kMetadataMaterializedViewProperties},
    {"metadata", "materialized_views", kMetadataMaterializedViews},
    {"metadata", "schema_properties", kMetadataSchemaProperties},
    {"metadata", "table_comments", kMetadataTableComments},
    {"metadata", "table_freshness", kMetadataTableFreshness},
    {"metadata", "table_properties", kMetadataTableProperties},
    {"information_schema", "applicable_roles", kInformationSchemaApplicableRoles},
    {"information_schema", "columns", kInformationSchemaColumns},
    {"information_schema", "enabled_roles", kInformationSchemaEnabledRoles},
    {"information_schema", "roles", kInformationSchemaRoles},
    {"information_schema", "schemata", kInformationSchemaSchemata},
    {"information_schema", "table_privileges", kInformationSchemaTablePrivileges},
    {"information_schema", "tables", kInformationSchemaTables},
    {"information_schema", "views", kInformationSchemaViews},
});

}  // namespace

std::span<const SystemTable> SystemTables() { return kTables; }

const SystemTable* FindSystemTable(std::string_view schema, std::string_view table) {
  const auto found = std::ranges::find_if(
      kTables, [&](const SystemTable& each) { return each.schema == schema && each.name == table; });
  return found == kTables.end() ? nullptr : &*found;
}

}  // namespace tarn::query
