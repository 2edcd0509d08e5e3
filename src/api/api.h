// The Partner REST API: all its operations, bound to what does the work.
#pragma once

#include <string>
#include <vector>

#include "ai/model.h"
#include "ai/threads.h"
#include "base/clock.h"
#include "cache/caches.h"
#include "catalog/catalogs.h"
#include "connector/registry.h"
#include "exports/exports.h"
#include "http/door.h"
#include "http/operation.h"
#include "http/server_address.h"
#include "metadata/metadata.h"
#include "query/executor.h"
#include "query/materialized/materialized_queries.h"
#include "security/keyring.h"
#include "security/vault.h"
#include "store/accounts.h"
#include "store/catalogs.h"
#include "store/connections.h"
#include "store/derived_tables.h"
#include "store/keys.h"
#include "store/queries.h"
#include "tables/internal_tables.h"

namespace tarn::api {

// What the operations work with; outlives them. All of it is thread-safe.
struct Parts {
  store::AccountRepository& accounts;
  store::KeyRepository& keys;
  security::KeyRing& key_ring;
  security::Vault& vault;
  store::ConnectionRepository& connections;
  store::CatalogRepository& catalog_store;
  store::QueryRepository& queries;
  store::DerivedTableRepository& derived_tables;
  catalog::Catalogs& catalogs;
  cache::Caches& caches;
  tables::InternalTables& tables;
  query::Executor& executor;
  query::MaterializedQueries& materialized;
  exports::Exports& exports;
  metadata::Metadata& metadata;
  ai::Model& model;
  ai::Threads& model_threads;
  connector::ConnectorSettings connector_settings;
  std::string owner_email;  // what /info says of the user behind a key
  const base::Clock& clock;
  http::AddressSettings address;                           // how clients reach this server
  std::chrono::seconds link_time = std::chrono::hours(1);  // how long a link to an export's file is good
};

// Every operation of the contract: those that are built, and the others answering 501.
[[nodiscard]] std::vector<http::Operation> Operations(Parts& parts);
// Where the files of exports are fetched, by signed links in place of a key.
[[nodiscard]] http::RawRoute ExportDownload(Parts& parts);

}  // namespace tarn::api
