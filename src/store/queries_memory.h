// For queries.cpp and query_folders.cpp: what they share of the repository.
#pragma once

#include "store/memory_table.h"
#include "store/queries.h"
#include "store/session.h"

namespace tarn::store {

struct QueryRepository::Impl {
  explicit Impl(Database& store) : database(store) {}

  Database& database;
  MemoryTable<SavedQuery> queries;
  MemoryTable<QueryFolder> folders;

  // For the work of a transaction, where nobody else writes. The root is always there.
  void RequireFolder(const std::string& project_id, const std::string& id) const {
    if (id.empty()) return;
    const auto folder = folders.Find(id);
    if (!folder || folder->project_id != project_id) Refuse(base::NotFound("The folder does not exist"));
  }
};

}  // namespace tarn::store
