// What exists in a project: its catalogs, their schemas, tables and columns, and what serves each
// table: the live source or a generation.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"
#include "catalog/definition_source.h"
#include "catalog/definitions.h"
#include "catalog/generation.h"
#include "catalog/own_tables.h"
#include "connector/memory/memory_source.h"
#include "connector/registry.h"
#include "connector/source.h"
#include "engine/duck_engine.h"
#include "security/vault.h"
#include "store/catalogs.h"
#include "store/connections.h"

namespace tarn::catalog {

// A table found by name in a project.
struct FoundTable {
  store::Catalog catalog;
  connector::TableInfo table;
};

// Thread-safe. Structure read from a source is kept for a while; what is listed never waits for
// more than one source, and a source that does not answer fails only what asks for it.
class Catalogs final {
 public:
  struct Parts {
    store::CatalogRepository& catalogs;
    store::ConnectionRepository& connections;
    security::Vault& vault;
    engine::DuckEngine& engine;
    Generations& generations;
    connector::ConnectorSettings settings;
    const Definitions* definitions = nullptr;  // null: there are no saved queries
    OwnTables* own_tables = nullptr;           // null: there are none
  };
  explicit Catalogs(Parts parts);
  ~Catalogs();

  // By SQL name, regardless of case; also the built-in ones. Errors: NotFound with CATALOG_NOT_FOUND.
  [[nodiscard]] base::Result<store::Catalog> FindByName(const std::string& project_id, const std::string& name) const;

  // All catalogs that a statement of the project may name, by name: its own and the built-in ones.
  [[nodiscard]] std::vector<store::Catalog> List(const std::string& project_id) const;

  // The tables that the project has in memory, readable by the engine from now on.
  [[nodiscard]] base::Result<std::shared_ptr<connector::memory::Structure>> Memory(const std::string& project_id,
                                                                                   const base::CallLimits& limits);
  // Drops them with their rows.
  void ForgetMemory(const std::string& project_id);

  // The source behind a catalog (also a shared one), made once and kept until its connection changes.
  // Errors: FailedPrecondition when its connection is gone.
  [[nodiscard]] base::Result<std::shared_ptr<connector::Source>> SourceOf(const store::Catalog& catalog);

  [[nodiscard]] base::Result<std::vector<std::string>> Schemas(const store::Catalog& catalog,
                                                               const base::CallLimits& limits);
  [[nodiscard]] base::Result<std::vector<connector::TableName>> Tables(const store::Catalog& catalog,
                                                                       const std::string& schema,
                                                                       const base::CallLimits& limits);
  [[nodiscard]] base::Result<connector::TableInfo> Describe(const store::Catalog& catalog,
                                                            const connector::TableName& table,
                                                            const base::CallLimits& limits);

  // All tables of a schema, or of all schemas where it is empty, sorted by name: for listings (Source::DescribeAll).
  [[nodiscard]] base::Result<std::shared_ptr<const std::vector<connector::TableInfo>>> DescribeAll(
      const store::Catalog& catalog, const std::string& schema, const base::CallLimits& limits);

  // What the source knows of a table's columns; nothing for a parametric table.
  [[nodiscard]] base::Result<std::vector<connector::ColumnStatistics>> Statistics(const store::Catalog& catalog,
                                                                                  const connector::TableInfo& table,
                                                                                  const base::CallLimits& limits);

  enum class From { kAny, kSource };  // what a table is read from: its copy where it has one, or its source
  // Engine SQL for reading a table that is no parametric one, attaching the live source when it is needed; `pin` keeps
  // a generation readable until the statement is over and is empty for live reads.
  using Relation = OwnTables::Relation;
  [[nodiscard]] base::Result<Relation> Read(const store::Catalog& catalog, const connector::TableName& table,
                                            const base::CallLimits& limits, From from = From::kAny);

  // The stored result of a query. Errors: FailedPrecondition with VIEW_IS_STALE while it has none.
  [[nodiscard]] base::Result<Relation> ReadStored(const Generations::Key& key);
  [[nodiscard]] const Definitions* definitions() const;
  // How queries that stand for tables are described; set once, before the first table is asked for.
  void DescribeDefinitionsBy(DescribeDefinition describe);

  // Whether a name is that of a parametric table.
  [[nodiscard]] std::optional<store::ParametricTable> FindParametric(const store::Catalog& catalog,
                                                                     const connector::TableName& name) const;

  // Forgets what is known of a source: its structure, its attachment, its handle.
  void ForgetConnection(const std::string& connection_id);
  void ForgetCatalog(const std::string& catalog_id);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tarn::catalog
