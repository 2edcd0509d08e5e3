#include "connector/registry.h"

#include <boost/json.hpp>
#include <charconv>

#include "connector/files/files_source.h"
#include "connector/mysql/mysql_source.h"
#include "connector/mysql/rows_function.h"
#include "connector/postgres/postgres_source.h"
#include "connector/postgres/pushdown.h"
#include "connector/sqlite/sqlite_source.h"
#include "connector/tpch/tpch_source.h"
#include "engine/duck/instance.h"

namespace tarn::connector {
namespace {

using Type = CredentialField::Type;

ConnectorSpec MysqlSpec(std::string type, std::string label, std::string catalog_type) {
  return {
      .type = std::move(type),
      .label = std::move(label),
      .category = "Database",
      .authorization = "custom",
      .credential_schema = "mysql_credential_schema",
      .fields = {{.name = "url", .required = true, .description = "Host name or address"},
                 {.name = "port", .type = Type::kNumber, .required = true, .description = "Port"},
                 {.name = "user", .required = true, .description = "User"},
                 {.name = "password", .required = true, .secret = true, .description = "Password"},
                 {.name = "databaseName", .description = "The only database to show; all of the user's if not given"},
                 {.name = "useSsl", .type = Type::kBoolean, .description = "Refuse connections without SSL"}},
      .documentation_url = "",
      .catalog_type = std::move(catalog_type)};
}

std::vector<ConnectorSpec> MakeSpecs() {
  return {
      {.type = "POSTGRES",
       .label = "PostgreSQL",
       .category = "Database",
       .authorization = "custom",
       .credential_schema = "postgres_credential_schema",
       .fields = {{.name = "url", .required = true, .description = "Host name or address"},
                  {.name = "port", .type = Type::kNumber, .required = true, .description = "Port"},
                  {.name = "user", .required = true, .description = "User"},
                  {.name = "password", .required = true, .secret = true, .description = "Password"},
                  {.name = "databaseName", .required = true, .description = "Database name"},
                  {.name = "useSsl",
                   .type = Type::kBoolean,
                   .required = true,
                   .description = "Refuse connections without SSL"}},
       .documentation_url = "",
       .catalog_type = "postgres"},
      MysqlSpec("MYSQL", "MySQL", "mysql"),
      MysqlSpec("MARIADB", "MariaDB", "mariadb"),
      {.type = "SQLITE",
       .label = "SQLite",
       .category = "Database",
       .authorization = "custom",
       .credential_schema = "sqlite_credential_schema",
       .fields = {{.name = "path",
                   .required = true,
                   .description = "Path of the database file, within a folder that the server allows"}},
       .documentation_url = "",
       .catalog_type = "sqlite"},
      {.type = "FILES",
       .label = "Files",
       .category = "Files",
       .authorization = "custom",
       .credential_schema = "files_credential_schema",
       .fields = {{.name = "path",
                   .required = true,
                   .description = "Folder of CSV, Parquet and JSON files, within one that the server allows"},
                  {.name = "pattern",
                   .description = "Which files: a pattern with * and ? on their names, such as *.csv"}},
       .documentation_url = "",
       .catalog_type = "files"},
      {.type = "TPCH",
       .label = "TPC-H sample data",
       .category = "Sample",
       .authorization = "custom",
       .credential_schema = "tpch_credential_schema",
       .fields = {{.name = "scaleFactor",
                   .type = Type::kNumber,
                   .description = "A further scale factor to list; 0.01 if not given"},
                  {.name = "columnNaming",
                   .description = "STANDARD (l_orderkey) or SIMPLIFIED (orderkey); STANDARD if not given"}},
       .documentation_url = "",
       .catalog_type = "tpch"},
  };
}

std::string TextOf(const Credential& credential, const std::string& field) {
  const auto found = credential.find(field);
  return found == credential.end() ? std::string() : found->second.Reveal();
}

base::Result<DatabaseServer> ServerOf(const Credential& credential) {
  DatabaseServer server{.host = TextOf(credential, "url"),
                        .user = TextOf(credential, "user"),
                        .database = TextOf(credential, "databaseName")};
  const auto port = TextOf(credential, "port");
  const auto [end, failure] = std::from_chars(port.data(), port.data() + port.size(), server.port);
  if (failure != std::errc{} || end != port.data() + port.size() || server.port == 0) {
    auto refused = base::InvalidArgument("A port is a whole number from 1 to 65535", "credential.port");
    refused.error().code = "INVALID_CREDENTIALS";
    return refused;
  }
  if (const auto password = credential.find("password"); password != credential.end())
    server.password = password->second;
  server.use_ssl = TextOf(credential, "useSsl") == "true";
  return server;
}

base::Result<std::unique_ptr<Source>> MakePostgres(const Credential& credential) {
  TARN_ASSIGN_OR_RETURN(auto server, ServerOf(credential));
  return postgres::MakePostgresSource(std::move(server));
}

// No type has options yet.
base::Result<void> RefuseOptions(std::string_view options) {
  if (options.empty()) return {};
  boost::system::error_code failure;
  const auto parsed = boost::json::parse(options, failure);
  if (failure || !(parsed.is_object() || parsed.is_null())) {
    return base::InvalidArgument("Extra parameters are not a JSON object", "extraParameters");
  }
  if (parsed.is_null() || parsed.get_object().empty()) return {};
  const std::string_view first = parsed.get_object().begin()->key();
  return base::InvalidArgument(fmt::format("The connector has no such extra parameter: \"{}\"", first),
                               "extraParameters");
}

}  // namespace

const std::vector<ConnectorSpec>& AllSpecs() {
  static const std::vector<ConnectorSpec> specs = MakeSpecs();
  return specs;
}

const ConnectorSpec* FindSpec(std::string_view type) {
  const auto& specs = AllSpecs();
  const auto found = std::ranges::find(specs, type, &ConnectorSpec::type);
  return found == specs.end() ? nullptr : &*found;
}

base::Result<std::unique_ptr<Source>> MakeSource(const ConnectorSpec& spec, const Credential& credential,
                                                 std::string_view options, const ConnectorSettings& settings) {
  TARN_RETURN_IF_ERROR(RefuseOptions(options));
  if (spec.type == "POSTGRES") return MakePostgres(credential);
  if (spec.type == "MYSQL" || spec.type == "MARIADB") {
    TARN_ASSIGN_OR_RETURN(auto server, ServerOf(credential));
    return mysql::MakeMysqlSource(std::move(server));
  }
  if (spec.type == "SQLITE") return sqlite::MakeSqliteSource(TextOf(credential, "path"), settings.file_roots);
  if (spec.type == "FILES") {
    return files::MakeFilesSource(TextOf(credential, "path"), TextOf(credential, "pattern"), settings.file_roots);
  }
  if (spec.type == "TPCH") {
    return tpch::MakeTpchSource(TextOf(credential, "scaleFactor"), TextOf(credential, "columnNaming"),
                                settings.samples);
  }
  return base::Internal(fmt::format("There is no connector of this type: \"{}\"", spec.type));
}

void PrepareEngine(engine::Database& database) {
  postgres::InstallPushdown(database);
  auto& instance = *database.impl().instance->database.instance;
  mysql::InstallRowsFunction(instance);
  mysql::ShowRemoteTexts(instance);
}

}  // namespace tarn::connector
