// What is known of a project's data beyond the data: one part for each kind of knowledge.
#pragma once

#include "metadata/categorical.h"
#include "metadata/golden.h"
#include "metadata/refreshes.h"
#include "metadata/relations.h"
#include "metadata/structure.h"
#include "metadata/tables.h"

namespace tarn::metadata {

// All of it is thread-safe.
struct Metadata {
  struct Parts {
    store::MetadataRepository& store;
    store::GoldenQueryRepository& golden_store;
    const store::CatalogRepository& catalog_store;
    const store::QueryRepository& queries;
    catalog::Catalogs& catalogs;
    query::Executor& executor;
    ai::Model& model;
    security::Vault& vault;
    const base::Clock& clock;
  };
  explicit Metadata(const Parts& parts)
      : structure({.catalogs = parts.catalogs, .queries = parts.queries, .executor = parts.executor}),
        tables({.store = parts.store, .catalogs = parts.catalog_store, .structure = structure}),
        relations({.store = parts.store,
                   .catalogs = parts.catalog_store,
                   .structure = structure,
                   .executor = parts.executor,
                   .clock = parts.clock}),
        categorical({.store = parts.store,
                     .catalogs = parts.catalog_store,
                     .structure = structure,
                     .executor = parts.executor,
                     .clock = parts.clock}),
        golden({.store = parts.golden_store, .executor = parts.executor, .model = parts.model, .clock = parts.clock}),
        refreshes({.store = parts.store,
                   .catalogs = parts.catalog_store,
                   .structure = structure,
                   .relations = relations,
                   .categorical = categorical,
                   .golden = golden,
                   .vault = parts.vault,
                   .clock = parts.clock}) {}

  Structure structure;
  Tables tables;
  Relations relations;
  Categorical categorical;
  Golden golden;
  Refreshes refreshes;  // goes first, with the work that uses the others
};

}  // namespace tarn::metadata
