// One refresh of one cached table, as a function from its spec to a new file and what is known of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/limits.h"
#include "base/secret.h"
#include "cache/refresh_options.h"
#include "cache/table_json.h"
#include "connector/registry.h"
#include "connector/source.h"
#include "store/caches.h"

namespace tarn::cache {

// What a worker needs to make the source.
struct SourceRecipe {
  std::string type;
  base::SecretString credential;  // JSON text
  std::string options;            // JSON text, or empty
  connector::ConnectorSettings settings;
};

// Errors: FailedPrecondition for a type that is none; those of reading a credential and of making a source.
[[nodiscard]] base::Result<std::unique_ptr<connector::Source>> SourceFrom(const SourceRecipe& recipe);

// The copy that is served now. It is read, never written.
struct PreviousCopy {
  std::filesystem::path file;
  TableVersion version;
  connector::SourcePosition position;
  std::int64_t row_count = 0;
  std::int64_t deleted_rows = 0;
  base::SystemTime loaded_at{};
};

struct RefreshSpec {
  store::RefreshMode mode = store::RefreshMode::kFull;
  bool scheduled = false;
  bool audits = false;  // of an incremental refresh: compares every value with the source, too
  connector::TableName table;
  RefreshOptions options = {};
  std::string log_name;          // of the log of changes that the source keeps, where the options choose it
  std::filesystem::path folder;  // the cache's own; exists
  std::string generation;        // of the file to be made
  std::optional<PreviousCopy> previous;
  std::int64_t memory_bytes = 0;
  int threads = 0;
  std::int64_t file_budget_bytes = 0;       // the new file may not pass this; 0: no limit
  std::int64_t free_space_floor_bytes = 0;  // the disk must keep this much free
};

struct RefreshOutcome {
  // False: the previous copy equals the source and stays; then only counts, position and time matter.
  bool changed = false;
  std::string file;  // name inside the folder
  std::int64_t file_bytes = 0;
  std::string checksum;
  std::int64_t row_count = 0;
  std::int64_t deleted_rows = 0;  // see store::Manifest
  TableVersion version;
  connector::SourcePosition position;
  base::SystemTime loaded_at{};  // when the source was in this state
  store::RefreshCounts counts;
  bool compacted = false;
  bool audited = false;  // with the finding in the version
  std::string note;      // for the action log: drift, a key that is none; may be empty
};

struct RefreshProgress {
  std::int64_t rows = 0;            // read so far
  std::int64_t bytes = 0;           // of the new file so far
  std::int64_t expected_rows = -1;  // to be read, as the source or the previous copy estimates; negative: not known
};

// Ways to watch a refresh. Called from any thread.
struct RefreshWatch {
  // About once a second as long as the refresh lives, also while it waits.
  std::function<void(const RefreshProgress&)> progress = [](const RefreshProgress&) {};
  // At each numbered step; for tests that end the process there.
  std::function<void(std::string_view step)> step = [](std::string_view) {};
};

// Full: reads the table in one snapshot of the source into a new file. Incremental: with a previous copy
// of the same structure, applies the source's delta to a clone of it or, where the source has none, reads the table
// and compares: by key (inserted, updated, deleted), or without one as multisets of rows (inserted, deleted).
// A first load inserts all rows; a later full refresh, and a rebuild after drift, count no differences.
// A file is made only where something changed; it is complete, durable and named at the end.
// Errors: those of the source; FailedPrecondition (the copy differs from the source, a scheduled refresh
// would lose most rows); ResourceExhausted (budget, free space, disk full); Cancelled; DeadlineExceeded.
[[nodiscard]] base::Result<RefreshOutcome> Refresh(connector::Source& source, const RefreshSpec& spec,
                                                   const RefreshWatch& watch, const base::CallLimits& limits);

}  // namespace tarn::cache
