// What statements that define and change have in common: the table in memory that they are about.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "connector/memory/memory_source.h"
#include "query/statement_call.h"

namespace tarn::query {

// A project's tables in memory, held for one change.
struct MemoryTarget {
  std::shared_ptr<connector::memory::Structure> structure;
  std::unique_lock<std::timed_mutex> lock;
};

// `what` is what another catalog does not support: "creating tables".
// Errors: CATALOG_NOT_FOUND; NOT_SUPPORTED for a catalog that is not in memory; AUTOCOMMIT_WRITE_CONFLICT in a
// transaction.
[[nodiscard]] base::Result<MemoryTarget> ForChange(const StatementCall& call, const sql::QualifiedName& name,
                                                   std::string_view what);

// A query type that a column of a table type takes without an explicit cast. An empty query type is not known, and
// taken.
[[nodiscard]] bool CanStore(const std::string& query_type, const std::string& column_type);
// Engine SQL for a value of a query as a column's.
[[nodiscard]] base::Result<std::string> Stored(const std::string& value, const std::string& query_type,
                                               const connector::ColumnInfo& column);

// A statement that fails when the project's tables have become larger than they may be; runs behind what writes.
[[nodiscard]] std::string QuotaCheck(const connector::memory::Structure& structure,
                                     const connector::memory::Table& written);

// Runs statements in the engine, in one transaction; none where the call only checks. Places in errors are dropped:
// they are those of the engine's text. `on_stop` stops what they read from sources.
[[nodiscard]] base::Result<std::vector<std::int64_t>> Apply(const StatementCall& call,
                                                            std::vector<std::string> statements,
                                                            std::function<void()> on_stop = {});

[[nodiscard]] connector::TableName TableOf(const sql::QualifiedName& name);

}  // namespace tarn::query
