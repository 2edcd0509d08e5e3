#include "store/migrations.h"

#include <array>
#include <span>

#include "store/session.h"

namespace tarn::store {

namespace {

// SQL that SQLite and PostgreSQL both understand. A step that was released is never changed: add another.
// Times are microseconds since the Unix epoch; truth values are 0 and 1.
constexpr std::array kFirstSchema = {
    R"(CREATE TABLE organizations (
         id TEXT PRIMARY KEY,
         name TEXT NOT NULL,
         owner TEXT NOT NULL,
         created_at BIGINT NOT NULL,
         description TEXT NOT NULL))",
    R"(CREATE TABLE workspaces (
         id TEXT PRIMARY KEY,
         name TEXT NOT NULL,
         created_by TEXT NOT NULL,
         organization_id TEXT NOT NULL REFERENCES organizations (id),
         description TEXT NOT NULL,
         created_at BIGINT NOT NULL,
         is_default INTEGER NOT NULL))",
    "CREATE UNIQUE INDEX workspaces_default ON workspaces (organization_id) WHERE is_default = 1",
    R"(CREATE TABLE projects (
         id TEXT PRIMARY KEY,
         name TEXT NOT NULL,
         description TEXT,
         domain TEXT NOT NULL,
         created_at BIGINT NOT NULL,
         owner TEXT NOT NULL,
         workspace_id TEXT NOT NULL REFERENCES workspaces (id)))",
    R"(CREATE TABLE api_keys (
         id TEXT PRIMARY KEY,
         prefix TEXT NOT NULL,
         hash TEXT NOT NULL UNIQUE,
         name TEXT NOT NULL,
         project_id TEXT REFERENCES projects (id) ON DELETE CASCADE,
         user_id TEXT NOT NULL,
         created_at BIGINT NOT NULL,
         expires_at BIGINT))",
    R"(CREATE TABLE connections (
         id TEXT PRIMARY KEY,
         project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
         name TEXT NOT NULL,
         type TEXT NOT NULL,
         sealed_credential TEXT NOT NULL,
         detail TEXT NOT NULL,
         created_at BIGINT NOT NULL))",
    // A connection may go before its catalogs, which then have no source: no reference.
    R"(CREATE TABLE catalogs (
         id TEXT PRIMARY KEY,
         project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
         name TEXT NOT NULL,
         display_name TEXT NOT NULL,
         type TEXT NOT NULL,
         connection_id TEXT NOT NULL,
         options TEXT NOT NULL,
         shared_from TEXT REFERENCES catalogs (id) ON DELETE CASCADE,
         created_at BIGINT NOT NULL,
         UNIQUE (project_id, name)))",
    R"(CREATE TABLE queries (
         id TEXT PRIMARY KEY,
         project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
         display_name TEXT NOT NULL,
         name TEXT NOT NULL,
         input_query TEXT NOT NULL,
         query_type TEXT NOT NULL,
         schedule TEXT NOT NULL,
         path TEXT NOT NULL,
         created_at BIGINT NOT NULL,
         updated_at BIGINT NOT NULL,
         UNIQUE (project_id, name)))",
    // A cache may outlive its catalog until its files are gone: no reference.
    R"(CREATE TABLE caches (
         id TEXT PRIMARY KEY,
         project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
         catalog_id TEXT NOT NULL,
         schema_name TEXT NOT NULL,
         table_name TEXT NOT NULL,
         incremental_schedule TEXT NOT NULL,
         full_schedule TEXT NOT NULL,
         next_incremental BIGINT,
         next_full BIGINT,
         created_at BIGINT NOT NULL,
         UNIQUE (catalog_id, schema_name, table_name)))",
    R"(CREATE TABLE manifests (
         cache_id TEXT PRIMARY KEY REFERENCES caches (id) ON DELETE CASCADE,
         generation TEXT NOT NULL,
         file TEXT NOT NULL,
         file_bytes BIGINT NOT NULL,
         checksum TEXT NOT NULL,
         row_count BIGINT NOT NULL,
         deleted_rows BIGINT NOT NULL,
         table_info TEXT NOT NULL,
         source_position TEXT NOT NULL,
         loaded_at BIGINT NOT NULL))",
    // Executions and logs are numbered in the order in which they began.
    R"(CREATE TABLE executions (
         number BIGINT PRIMARY KEY,
         id TEXT NOT NULL UNIQUE,
         cache_id TEXT NOT NULL REFERENCES caches (id) ON DELETE CASCADE,
         mode TEXT NOT NULL,
         status TEXT NOT NULL,
         scheduled INTEGER NOT NULL,
         error_code TEXT NOT NULL,
         error_message TEXT NOT NULL,
         rows_cached BIGINT NOT NULL,
         rows_inserted BIGINT NOT NULL,
         rows_updated BIGINT NOT NULL,
         rows_deleted BIGINT NOT NULL,
         last_offset TEXT NOT NULL,
         generation TEXT NOT NULL,
         attempt INTEGER NOT NULL,
         created_at BIGINT NOT NULL,
         updated_at BIGINT NOT NULL,
         finished_at BIGINT))",
    "CREATE INDEX executions_by_cache ON executions (cache_id, mode, number)",
    "CREATE INDEX executions_by_end ON executions (finished_at)",
    "CREATE INDEX executions_unfinished ON executions (cache_id) WHERE status IN ('QUEUED', 'RUNNING')",
    R"(CREATE TABLE action_logs (
         number BIGINT PRIMARY KEY,
         cache_id TEXT NOT NULL REFERENCES caches (id) ON DELETE CASCADE,
         happened_at BIGINT NOT NULL,
         action TEXT NOT NULL,
         message TEXT NOT NULL,
         mode TEXT NOT NULL,
         scheduled INTEGER NOT NULL))",
    "CREATE INDEX action_logs_by_cache ON action_logs (cache_id, number)",
    "CREATE INDEX action_logs_by_time ON action_logs (happened_at)",
};

// Queries lie in folders; before, all of them lay at the root.
constexpr std::array kQueryFolders = {
    R"(CREATE TABLE query_folders (
         id TEXT PRIMARY KEY,
         project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
         parent_id TEXT NOT NULL,
         name TEXT NOT NULL,
         created_at BIGINT NOT NULL,
         UNIQUE (project_id, parent_id, name)))",
    "ALTER TABLE queries RENAME COLUMN path TO folder_id",
};

// The statements that were run, and how they ended.
constexpr std::array kStatements = {
    R"(CREATE TABLE statements (
         id TEXT PRIMARY KEY,
         project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
         user_name TEXT NOT NULL,
         source TEXT NOT NULL,
         text TEXT NOT NULL,
         state TEXT NOT NULL,
         created_at BIGINT NOT NULL,
         started_at BIGINT,
         ended_at BIGINT,
         row_count BIGINT NOT NULL,
         byte_count BIGINT NOT NULL,
         error_kind TEXT NOT NULL,
         error_code TEXT NOT NULL,
         error_message TEXT NOT NULL))",
    "CREATE INDEX statements_by_project ON statements (project_id, created_at)",
    "CREATE INDEX statements_by_time ON statements (created_at)",
    "CREATE INDEX statements_unfinished ON statements (state) WHERE state IN ('QUEUED', 'RUNNING')",
};

// Stored results of queries, and tables that are made of others: those of semantic catalogs, and parametric ones.
constexpr std::array kDerivedTables = {
    R"(CREATE TABLE materializations (
         query_id TEXT PRIMARY KEY REFERENCES queries (id) ON DELETE CASCADE,
         project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
         created_at BIGINT NOT NULL,
         next_run BIGINT,
         pending INTEGER NOT NULL,
         run_id TEXT NOT NULL,
         status TEXT NOT NULL,
         scheduled INTEGER NOT NULL,
         error_code TEXT NOT NULL,
         error_message TEXT NOT NULL,
         started_at BIGINT,
         ended_at BIGINT,
         generation TEXT NOT NULL,
         file TEXT NOT NULL,
         file_bytes BIGINT NOT NULL,
         checksum TEXT NOT NULL,
         row_count BIGINT NOT NULL,
         table_info TEXT NOT NULL,
         inputs TEXT NOT NULL,
         loaded_at BIGINT,
         published_at BIGINT))",
    R"(CREATE TABLE semantic_tables (
         id TEXT PRIMARY KEY,
         catalog_id TEXT NOT NULL REFERENCES catalogs (id) ON DELETE CASCADE,
         schema_name TEXT NOT NULL,
         table_name TEXT NOT NULL,
         query_id TEXT NOT NULL REFERENCES queries (id) ON DELETE CASCADE,
         created_at BIGINT NOT NULL,
         UNIQUE (catalog_id, schema_name, table_name)))",
    R"(CREATE TABLE parametric_tables (
         id TEXT PRIMARY KEY,
         catalog_id TEXT NOT NULL REFERENCES catalogs (id) ON DELETE CASCADE,
         from_schema TEXT NOT NULL,
         from_table TEXT NOT NULL,
         to_schema TEXT NOT NULL,
         to_table TEXT NOT NULL,
         parameters TEXT NOT NULL,
         created_at BIGINT NOT NULL,
         UNIQUE (catalog_id, to_schema, to_table)))",
};

// What was asked to be written into files, and what became of it.
constexpr std::array kExports = {
    R"(CREATE TABLE exports (
         id TEXT PRIMARY KEY,
         project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
         user_id TEXT NOT NULL,
         api_key_prefix TEXT NOT NULL,
         client_source TEXT NOT NULL,
         format TEXT NOT NULL,
         compression TEXT NOT NULL,
         query_id TEXT NOT NULL,
         catalog_id TEXT NOT NULL,
         schema_name TEXT NOT NULL,
         table_name TEXT NOT NULL,
         source TEXT NOT NULL,
         file_name TEXT NOT NULL,
         status TEXT NOT NULL,
         row_count BIGINT NOT NULL,
         byte_count BIGINT NOT NULL,
         error TEXT NOT NULL,
         created_at BIGINT NOT NULL,
         started_at BIGINT,
         ended_at BIGINT,
         expires_at BIGINT))",
    "CREATE INDEX exports_by_project ON exports (project_id, created_at)",
    "CREATE INDEX exports_unfinished ON exports (status) WHERE status IN ('PENDING', 'RUNNING', 'SUCCEEDED')",
};

constexpr const char* kCacheOptions[] = {
    "ALTER TABLE caches ADD COLUMN options TEXT NOT NULL DEFAULT ''",
};

// What users say of tables. The references go with their catalogs; built-in ones have none.
constexpr std::array kMetadata = {
    R"(CREATE TABLE metadata_notes (
         project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
         catalog_id TEXT NOT NULL,
         catalog_reference TEXT REFERENCES catalogs (id) ON DELETE CASCADE,
         schema_name TEXT NOT NULL,
         table_name TEXT NOT NULL,
         description TEXT,
         columns TEXT NOT NULL,
         PRIMARY KEY (project_id, catalog_id, schema_name, table_name)))",
    R"(CREATE TABLE metadata_switches (
         project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
         catalog_id TEXT NOT NULL,
         catalog_reference TEXT REFERENCES catalogs (id) ON DELETE CASCADE,
         schema_name TEXT NOT NULL,
         table_name TEXT NOT NULL,
         used INTEGER NOT NULL,
         PRIMARY KEY (project_id, catalog_id, schema_name, table_name)))",
    R"(CREATE TABLE metadata_relations (
         id TEXT PRIMARY KEY,
         project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
         source_catalog TEXT NOT NULL,
         source_reference TEXT REFERENCES catalogs (id) ON DELETE CASCADE,
         source_schema TEXT NOT NULL,
         source_table TEXT NOT NULL,
         source_column TEXT NOT NULL,
         target_catalog TEXT NOT NULL,
         target_reference TEXT REFERENCES catalogs (id) ON DELETE CASCADE,
         target_schema TEXT NOT NULL,
         target_table TEXT NOT NULL,
         target_column TEXT NOT NULL,
         type TEXT NOT NULL,
         measure TEXT NOT NULL,
         created_at BIGINT NOT NULL))",
    "CREATE INDEX metadata_relations_by_project ON metadata_relations (project_id, created_at)",
    R"(CREATE TABLE metadata_categorical (
         project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
         catalog_id TEXT NOT NULL,
         catalog_reference TEXT REFERENCES catalogs (id) ON DELETE CASCADE,
         schema_name TEXT NOT NULL,
         table_name TEXT NOT NULL,
         column_name TEXT NOT NULL,
         row_limit BIGINT NOT NULL,
         frequency TEXT NOT NULL,
         stored_values TEXT NOT NULL,
         error TEXT NOT NULL,
         next_at BIGINT,
         PRIMARY KEY (project_id, catalog_id, schema_name, table_name, column_name)))",
    R"(CREATE TABLE metadata_callbacks (
         project_id TEXT PRIMARY KEY REFERENCES projects (id) ON DELETE CASCADE,
         url TEXT NOT NULL,
         token TEXT NOT NULL))",
    R"(CREATE TABLE metadata_refreshes (
         project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
         catalog_id TEXT NOT NULL,
         catalog_reference TEXT REFERENCES catalogs (id) ON DELETE CASCADE,
         id TEXT NOT NULL,
         status TEXT NOT NULL,
         error TEXT NOT NULL,
         callback TEXT NOT NULL,
         token TEXT NOT NULL,
         structure TEXT NOT NULL,
         changed_at BIGINT NOT NULL,
         PRIMARY KEY (project_id, catalog_id)))",
    R"(CREATE TABLE golden_queries (
         id TEXT PRIMARY KEY,
         project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
         prompt TEXT NOT NULL,
         statement TEXT NOT NULL,
         broken TEXT NOT NULL,
         checked_at BIGINT NOT NULL,
         created_at BIGINT NOT NULL,
         UNIQUE (project_id, prompt, statement)))",
};

constexpr const char* kModelUsage[] = {
    R"(CREATE TABLE model_usage (
         project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
         day TEXT NOT NULL,
         tokens BIGINT NOT NULL,
         PRIMARY KEY (project_id, day)))",
};

constexpr const char* kGoldenVectors[] = {
    R"(CREATE TABLE golden_vectors (
         golden_id TEXT PRIMARY KEY REFERENCES golden_queries (id) ON DELETE CASCADE,
         model TEXT NOT NULL,
         vector BLOB NOT NULL))",
};

// Step n leads from schema n to schema n + 1.
constexpr std::array<std::span<const char* const>, 9> kSteps = {kFirstSchema,   kQueryFolders, kStatements,
                                                                kDerivedTables, kExports,      kCacheOptions,
                                                                kMetadata,      kModelUsage,   kGoldenVectors};

int ReadSchemaVersion(soci::session& session) {
  int tables = 0;
  int version_tables = 0;
  session << "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table'", soci::into(tables);
  session << "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'",
      soci::into(version_tables);
  if (tables == 0) return 0;
  if (version_tables == 0) Refuse(base::FailedPrecondition("The file is not a control store"));
  int version = 0;
  session << "SELECT COALESCE(MAX(version), 0) FROM schema_version", soci::into(version);
  return version;
}

}  // namespace

int CurrentSchemaVersion() { return static_cast<int>(kSteps.size()); }

void Migrate(soci::session& session) {
  int version = ReadSchemaVersion(session);
  if (version > CurrentSchemaVersion()) {
    Refuse(base::FailedPrecondition(
        fmt::format("The control store was written by a newer Tarn; this one reads schemas up to {}: \"{}\"",
                    CurrentSchemaVersion(), version)));
  }
  while (version < CurrentSchemaVersion()) {
    session << "BEGIN IMMEDIATE";
    session << "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY)";
    for (const char* statement : kSteps[static_cast<std::size_t>(version)]) session << statement;
    ++version;
    session << "INSERT INTO schema_version (version) VALUES (:version)", soci::use(version);
    session << "COMMIT";
  }
}

}  // namespace tarn::store
