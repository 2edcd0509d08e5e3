#include "server/server.h"

#include <unistd.h>

#include <fstream>
#include <vector>

#include "api/api.h"
#include "api/reach.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "cache/caches.h"
#include "catalog/catalogs.h"
#include "engine/duck_engine.h"
#include "exports/exports.h"
#include "http/door.h"
#include "http/open_api.h"
#include "http/server.h"
#include "query/executor.h"
#include "security/keyring.h"
#include "security/vault.h"
#include "server/data_folder.h"
#include "server/explorer.h"
#include "server/first_start.h"
#include "server/readiness.h"
#include "server/routes.h"
#include "store/accounts.h"
#include "store/caches.h"
#include "store/catalogs.h"
#include "store/connections.h"
#include "store/database.h"
#include "store/exports.h"
#include "store/keys.h"
#include "store/queries.h"
#include "store/statements.h"
#include "tables/internal_tables.h"
#include "trino/protocol.h"

namespace tarn::server {

namespace {

// A statement whose client is slow keeps what it computed while others run in its place.
constexpr int kParkedPerPlace = 4;

std::int64_t HalfOfMemory() {
  return static_cast<std::int64_t>(::sysconf(_SC_PHYS_PAGES)) * ::sysconf(_SC_PAGE_SIZE) / 2;
}

engine::DuckEngineOptions EngineOptions(const Config& config, const DataLayout& layout) {
  const auto memory = config.engine.memory_limit_bytes > 0 ? config.engine.memory_limit_bytes : HalfOfMemory();
  return {
      .database = {.memory_limit_bytes = memory, .threads = config.engine.threads, .temp_directory = layout.spill()}};
}

query::ExecutorSettings StatementSettings(const Config& config, store::StatementRepository& store) {
  query::ExecutorSettings settings;
  settings.admission.running = config.engine.concurrent_statements;
  settings.admission.running_per_project = config.limits.statements_per_project;
  settings.admission.queued_per_project = config.limits.queued_per_project;
  settings.admission.parked = kParkedPerPlace * config.engine.concurrent_statements;
  settings.limits = {.run_time = config.limits.run_time, .result_bytes = config.limits.result_bytes};
  settings.history = {.kept = config.history.kept, .most_per_project = config.history.statements_per_project};
  settings.store = &store;
  return settings;
}

cache::CacheSettings CacheSettingsOf(const Config& config, const DataLayout& layout) {
  cache::CacheSettings settings;
  settings.folder = layout.cache();
  settings.worker_program = std::filesystem::read_symlink("/proc/self/exe");
  settings.workers = config.cache.workers;
  settings.workers_per_source = config.cache.workers_per_source;
  settings.worker_memory_bytes = config.cache.worker_memory_bytes;
  settings.quota_bytes_per_project = config.cache.quota_bytes_per_project;
  settings.free_space_floor_bytes = config.cache.free_space_floor_bytes;
  settings.refresh_deadline = config.cache.refresh_deadline;
  settings.audit_interval = std::chrono::seconds(config.cache.audit_interval_seconds);
  return settings;
}

tables::TablesSettings TablesSettingsOf(const Config& config, const DataLayout& layout) {
  return {.folder = layout.tables(),
          .workers = config.tables.workers,
          .memory_bytes = config.tables.memory_bytes,
          .free_space_floor_bytes = config.cache.free_space_floor_bytes,
          .import_deadline = config.tables.import_deadline};
}

ai::ModelSettings ModelSettingsOf(const Config& config) {
  const auto& ai = config.ai;
  const char* const given = std::getenv("TARN_AI_API_KEY");
  return {.base_url = ai.base_url,
          .api_key = ai.api_key.empty() && given != nullptr ? base::SecretString(given) : ai.api_key,
          .name = ai.model,
          .embeddings = ai.embedding_model,
          .answer_time = ai.answer_time,
          .tokens_per_day = ai.tokens_per_day,
          .send_sample_rows = ai.send_sample_rows};
}

exports::ExportSettings ExportSettingsOf(const Config& config, const DataLayout& layout) {
  exports::ExportSettings settings;
  settings.folder = layout.exports();
  settings.most_rows = config.exports.rows;
  settings.workers = config.exports.workers;
  settings.kept = config.exports.kept;
  settings.free_space_floor_bytes = config.cache.free_space_floor_bytes;
  return settings;
}

// Resident memory of this process, from the system.
double ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  double pages = 0;
  double resident = 0;
  statm >> pages >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGE_SIZE));
}

}  // namespace

// Members are made from top to bottom and go from bottom to top: what listens goes first, the lock last.
struct Server::Parts {
  Parts(const Config& given, DataFolder locked) : config(given), folder(std::move(locked)) {}
  ~Parts() {
    // Requests that wait for a query's rows are answered while there still is a listener to take the answers.
    if (listener) listener->Stop(std::chrono::milliseconds(0));
    if (trino) trino->Stop();
  }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  Config config;
  DataFolder folder;
  base::Metrics metrics;
  std::unique_ptr<security::Vault> vault;
  std::unique_ptr<store::Database> database;
  std::unique_ptr<store::AccountRepository> accounts;
  std::unique_ptr<store::KeyRepository> keys;
  std::unique_ptr<store::ConnectionRepository> connections;
  std::unique_ptr<store::CatalogRepository> catalog_store;
  std::unique_ptr<store::QueryRepository> queries;
  std::unique_ptr<store::StatementRepository> statements;
  std::unique_ptr<store::CacheRepository> cache_store;
  std::unique_ptr<store::MaterializationRepository> results;
  std::unique_ptr<store::DerivedTableRepository> derived_tables;
  std::unique_ptr<store::ExportRepository> export_store;
  std::unique_ptr<store::MetadataRepository> metadata_store;
  std::unique_ptr<store::GoldenQueryRepository> golden_store;
  std::unique_ptr<store::ModelUsageRepository> model_usage;
  std::unique_ptr<security::KeyRing> key_ring;
  std::unique_ptr<engine::DuckEngine> engine;
  std::unique_ptr<catalog::Generations> generations;
  std::unique_ptr<tables::InternalTables> tables;
  std::unique_ptr<catalog::Definitions> definitions;
  std::unique_ptr<catalog::Catalogs> catalogs;
  std::unique_ptr<cache::Caches> caches;
  std::unique_ptr<query::Executor> executor;
  std::unique_ptr<query::MaterializedQueries> materialized;
  std::unique_ptr<exports::Exports> exports;
  std::unique_ptr<ai::Model> model;
  std::unique_ptr<metadata::Metadata> metadata;
  ai::Threads model_threads{base::RealClock()};
  std::unique_ptr<Readiness> readiness;
  std::unique_ptr<api::Parts> api;
  std::unique_ptr<trino::Protocol> trino;
  std::unique_ptr<http::Door> door;
  std::unique_ptr<http::Server> listener;
  std::optional<std::string> made_key;

  [[nodiscard]] base::Result<void> OpenStore();
  [[nodiscard]] base::Result<void> OpenEngine();
  [[nodiscard]] base::Result<void> StartCaches();
  [[nodiscard]] base::Result<void> StartMaterializedQueries();
  [[nodiscard]] base::Result<void> StartExports();
  [[nodiscard]] base::Result<void> StartMetadata();
  [[nodiscard]] base::Result<void> Listen();
  void AddReadings();
  [[nodiscard]] http::AddressSettings AddressSettings() const {
    const bool uses_tls = !config.tls.certificate.empty();
    return {.uses_tls = uses_tls,
            .own = (uses_tls ? "https://" : "http://") + config.listen,
            .trusted_proxies = config.trino.trusted_proxies};
  }
  [[nodiscard]] std::unique_ptr<trino::Protocol> MakeProtocol();
  [[nodiscard]] connector::ConnectorSettings SourceSettings() const {
    return {.file_roots = config.file_roots, .samples = folder.layout().samples()};
  }
};

base::Result<void> Server::Parts::OpenStore() {
  const auto& layout = folder.layout();
  const bool fresh = !std::filesystem::exists(layout.store());
  TARN_ASSIGN_OR_RETURN(vault, security::Vault::Open(layout.master_key(), fresh));
  TARN_ASSIGN_OR_RETURN(database, store::Database::Open(layout.store()));
  accounts = std::make_unique<store::AccountRepository>(*database);
  keys = std::make_unique<store::KeyRepository>(*database);
  connections = std::make_unique<store::ConnectionRepository>(*database);
  catalog_store = std::make_unique<store::CatalogRepository>(*database);
  queries = std::make_unique<store::QueryRepository>(*database);
  statements = std::make_unique<store::StatementRepository>(*database);
  cache_store = std::make_unique<store::CacheRepository>(*database);
  results = std::make_unique<store::MaterializationRepository>(*database);
  derived_tables = std::make_unique<store::DerivedTableRepository>(*database);
  export_store = std::make_unique<store::ExportRepository>(*database);
  metadata_store = std::make_unique<store::MetadataRepository>(*database);
  golden_store = std::make_unique<store::GoldenQueryRepository>(*database);
  model_usage = std::make_unique<store::ModelUsageRepository>(*database);
  key_ring = std::make_unique<security::KeyRing>(*keys, *accounts, base::RealClock());
  TARN_ASSIGN_OR_RETURN(made_key, PrepareStore(*accounts, *keys, *key_ring, base::RealClock(), config.partner_key));
  return {};
}

base::Result<void> Server::Parts::OpenEngine() {
  TARN_ASSIGN_OR_RETURN(engine, engine::DuckEngine::Open(EngineOptions(config, folder.layout())));
  connector::PrepareEngine(engine->database());
  generations = std::make_unique<catalog::Generations>(*engine);
  tables = std::make_unique<tables::InternalTables>(tables::InternalTables::Parts{
      .engine = *engine,
      .generations = *generations,
      .clock = base::RealClock(),
      .project_exists = [this](const std::string& id) { return accounts->FindProject(id).has_value(); },
      .settings = TablesSettingsOf(config, folder.layout())});
  TARN_RETURN_IF_ERROR(tables->Start());
  definitions = std::make_unique<catalog::Definitions>(
      catalog::Definitions::Parts{.queries = *queries, .catalogs = *catalog_store, .tables = *derived_tables});
  catalogs = std::make_unique<catalog::Catalogs>(catalog::Catalogs::Parts{.catalogs = *catalog_store,
                                                                          .connections = *connections,
                                                                          .vault = *vault,
                                                                          .engine = *engine,
                                                                          .generations = *generations,
                                                                          .settings = SourceSettings(),
                                                                          .definitions = definitions.get(),
                                                                          .own_tables = tables.get()});
  auto saved_query = [this](const std::string& project_id, const std::string& name) -> base::Result<std::string> {
    TARN_ASSIGN_OR_RETURN(auto query, definitions->SavedQuery(project_id, name));
    return std::move(query.text);
  };
  auto settings = StatementSettings(config, *statements);
  settings.caches = cache_store.get();
  settings.refresh_copy = [this](const std::string& catalog_id, const connector::TableName& table,
                                 const base::CallLimits& limits) -> base::Result<void> {
    if (!caches) return base::Unavailable("The server is starting");
    return caches->RefreshTable(catalog_id, table, limits);
  };
  executor = std::make_unique<query::Executor>(*engine, *catalogs, std::move(saved_query), settings);
  return {};
}

base::Result<void> Server::Parts::StartCaches() {
  caches = std::make_unique<cache::Caches>(cache::Caches::Parts{.store = *cache_store,
                                                                .catalogs = *catalogs,
                                                                .generations = *generations,
                                                                .catalog_store = *catalog_store,
                                                                .connections = *connections,
                                                                .vault = *vault,
                                                                .clock = base::RealClock(),
                                                                .connector_settings = SourceSettings(),
                                                                .settings = CacheSettingsOf(config, folder.layout()),
                                                                .other_bytes = [this](const std::string& project_id) {
                                                                  std::int64_t bytes = 0;
                                                                  for (const auto& state : results->List(project_id))
                                                                    bytes +=
                                                                        state.result ? state.result->file_bytes : 0;
                                                                  return bytes;
                                                                }});
  TARN_RETURN_IF_ERROR(caches->Start());
  readiness = std::make_unique<Readiness>(
      Readiness::Parts{.engine = *engine, .generations = *generations, .caches = *cache_store, .accounts = *accounts});
  return {};
}

base::Result<void> Server::Parts::StartMaterializedQueries() {
  query::MaterializedSettings settings;
  settings.folder = folder.layout().materialized();
  settings.workers = config.cache.workers;
  settings.quota_bytes_per_project = config.cache.quota_bytes_per_project;
  settings.free_space_floor_bytes = config.cache.free_space_floor_bytes;
  settings.run_deadline = config.cache.refresh_deadline;
  materialized =
      std::make_unique<query::MaterializedQueries>(query::MaterializedQueries::Parts{.store = *results,
                                                                                     .queries = *queries,
                                                                                     .caches = *cache_store,
                                                                                     .generations = *generations,
                                                                                     .executor = *executor,
                                                                                     .clock = base::RealClock(),
                                                                                     .settings = settings});
  return materialized->Start();
}

base::Result<void> Server::Parts::StartExports() {
  exports = std::make_unique<exports::Exports>(
      exports::Exports::Parts{.store = *export_store,
                              .executor = *executor,
                              .clock = base::RealClock(),
                              .settings = ExportSettingsOf(config, folder.layout())});
  return exports->Start();
}

base::Result<void> Server::Parts::StartMetadata() {
  model = std::make_unique<ai::Model>(ModelSettingsOf(config), *model_usage, base::RealClock());
  metadata = std::make_unique<metadata::Metadata>(metadata::Metadata::Parts{.store = *metadata_store,
                                                                            .golden_store = *golden_store,
                                                                            .catalog_store = *catalog_store,
                                                                            .queries = *queries,
                                                                            .catalogs = *catalogs,
                                                                            .executor = *executor,
                                                                            .model = *model,
                                                                            .vault = *vault,
                                                                            .clock = base::RealClock()});
  return metadata->refreshes.Start();
}

void Server::Parts::AddReadings() {
  metrics.AddReading("tarn_process_resident_bytes", "Resident memory of the server", {}, ResidentBytes);
  metrics.AddReading("tarn_engine_statements", "Statements in the serving engine", {{"state", "running"}},
                     [this] { return static_cast<double>(executor->load().running); });
  metrics.AddReading("tarn_engine_statements", "Statements in the serving engine", {{"state", "queued"}},
                     [this] { return static_cast<double>(executor->load().queued); });
  metrics.AddReading("tarn_engine_statements", "Statements in the serving engine", {{"state", "parked"}},
                     [this] { return static_cast<double>(executor->load().parked); });
  metrics.AddReading("tarn_engine_memory_bytes", "Memory that the serving engine holds", {},
                     [this] { return static_cast<double>(engine->memory_bytes()); });
  const auto translations = [this](std::string_view result, std::uint64_t sql::TranslationCache::Counts::*count) {
    metrics.AddReading("tarn_translations", "Queries by whether a kept translation served them",
                       {{"result", std::string(result)}},
                       [this, count] { return static_cast<double>(executor->translations().*count); });
  };
  translations("hit", &sql::TranslationCache::Counts::hits);
  translations("miss", &sql::TranslationCache::Counts::misses);
  translations("outdated", &sql::TranslationCache::Counts::outdated);
  metrics.AddReading("tarn_translation_bytes", "Memory of the kept translations", {},
                     [this] { return static_cast<double>(executor->translations().bytes); });
  metrics.AddReading("tarn_caches", "Cached tables", {},
                     [this] { return static_cast<double>(cache_store->All().size()); });
  metrics.AddReading("tarn_audits", "Copies compared with their source in every value", {},
                     [this] { return static_cast<double>(caches->audit_counts().audits); });
  metrics.AddReading("tarn_audit_repaired_rows", "Rows of copies that audits found to differ", {},
                     [this] { return static_cast<double>(caches->audit_counts().repaired_rows); });
  metrics.AddReading("tarn_exports", "Exports under way", {{"state", "running"}},
                     [this] { return static_cast<double>(exports->load().running); });
  metrics.AddReading("tarn_exports", "Exports under way", {{"state", "queued"}},
                     [this] { return static_cast<double>(exports->load().queued); });
  metrics.AddReading("tarn_ready", "1 when a query succeeded of late", {},
                     [this] { return readiness->Check() ? 1.0 : 0.0; });
}

std::unique_ptr<trino::Protocol> Server::Parts::MakeProtocol() {
  trino::IdentityParts identity{
      .authenticate = [this](std::string_view key) { return key_ring->Authenticate(key); },
      .reach = [this](const security::Caller& caller, const std::string& project_id) -> base::Result<void> {
        TARN_RETURN_IF_ERROR(api::FindProject(*api, caller, project_id));
        return {};
      }};
  trino::ProtocolSettings settings;
  settings.address = AddressSettings();
  settings.compress = config.trino.compress;
  settings.spool = config.trino.spool;
  settings.segments = {.folder = folder.layout().segments(),
                       .time_to_live = config.trino.segment_time,
                       .most_bytes = config.trino.segment_bytes};
  settings.queries.client_timeout = config.trino.client_timeout;
  settings.queries.most_live = static_cast<std::size_t>(config.trino.max_queries);
  return std::make_unique<trino::Protocol>(trino::StatementsOf(*executor), std::move(identity), std::move(settings),
                                           base::RealClock(), metrics);
}

base::Result<void> Server::Parts::Listen() {
  AddReadings();
  api = std::make_unique<api::Parts>(api::Parts{.accounts = *accounts,
                                                .keys = *keys,
                                                .key_ring = *key_ring,
                                                .vault = *vault,
                                                .connections = *connections,
                                                .catalog_store = *catalog_store,
                                                .queries = *queries,
                                                .derived_tables = *derived_tables,
                                                .catalogs = *catalogs,
                                                .caches = *caches,
                                                .tables = *tables,
                                                .executor = *executor,
                                                .materialized = *materialized,
                                                .exports = *exports,
                                                .metadata = *metadata,
                                                .model = *model,
                                                .model_threads = model_threads,
                                                .connector_settings = SourceSettings(),
                                                .owner_email = "",
                                                .clock = base::RealClock(),
                                                .address = AddressSettings(),
                                                .link_time = config.exports.link_time});
  auto operations = api::Operations(*api);
  auto raw_routes = RawRoutes(operations, *readiness, metrics);
  raw_routes.push_back(api::ExportDownload(*api));
  for (auto& route : ExplorerRoutes(ExplorerFolder())) raw_routes.push_back(std::move(route));
  trino = MakeProtocol();
  for (auto& route : trino->Routes()) raw_routes.push_back(std::move(route));
  auto authenticate = [this](std::string_view token) { return key_ring->Authenticate(token); };
  door = std::make_unique<http::Door>(
      std::move(operations), std::move(raw_routes), std::move(authenticate),
      http::DoorSettings{.prefix = config.prefix, .allowed_origins = config.cors.origins}, metrics);
  TARN_ASSIGN_OR_RETURN(const auto listen, ParseListen(config.listen));
  http::ServerSettings settings;
  settings.address = listen.host == "localhost" ? "127.0.0.1" : listen.host;
  settings.port = listen.port;
  settings.certificate_file = config.tls.certificate;
  settings.key_file = config.tls.key;
  settings.network_threads = static_cast<std::size_t>(config.http.threads);
  settings.blocking_threads = static_cast<std::size_t>(config.http.blocking_threads);
  settings.deadline_grace = std::chrono::seconds(1);
  settings.max_connections = static_cast<std::size_t>(config.http.max_connections);
  settings.max_file_bytes = static_cast<std::uint64_t>(config.tables.upload_bytes);
  settings.upload_folder = folder.layout().uploads();
  TARN_ASSIGN_OR_RETURN(listener, http::Server::Start(settings, *door));
  return {};
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() = default;

base::Result<std::unique_ptr<Server>> Server::Start(const Config& config) {
  TARN_ASSIGN_OR_RETURN(auto folder, DataFolder::Open(config.data));
  auto parts = std::make_unique<Parts>(config, std::move(folder));
  TARN_RETURN_IF_ERROR(parts->OpenStore());
  TARN_RETURN_IF_ERROR(parts->OpenEngine());
  TARN_RETURN_IF_ERROR(parts->StartCaches());
  TARN_RETURN_IF_ERROR(parts->StartMaterializedQueries());
  TARN_RETURN_IF_ERROR(parts->StartExports());
  TARN_RETURN_IF_ERROR(parts->StartMetadata());
  TARN_RETURN_IF_ERROR(parts->Listen());
  return std::unique_ptr<Server>(new Server(std::move(parts)));
}

std::string Server::address() const {
  const auto listen = ParseListen(parts_->config.listen);
  const auto& host = listen->host;
  return std::string(parts_->listener->uses_tls() ? "https://" : "http://") +
         (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" +
         std::to_string(parts_->listener->port()) + parts_->config.prefix;
}

const std::optional<std::string>& Server::made_key() const { return parts_->made_key; }

std::string Server::CoverageDocument() const { return http::CoverageDocument(parts_->door->operations()); }

void Server::Stop(const base::CallLimits& limits) {
  const auto half = std::min<std::chrono::milliseconds>(limits.Left() / 2, std::chrono::seconds(5));
  if (const auto cancelled = parts_->listener->Stop(half); cancelled > 0) {
    base::log::Warning("requests cancelled at stop", {{"count", cancelled}});
  }
  parts_->tables->Stop(limits);
  parts_->metadata->refreshes.Stop(limits);
  parts_->materialized->Stop(limits);
  parts_->caches->Stop(limits);
}

}  // namespace tarn::server
