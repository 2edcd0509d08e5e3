// A DuckDB instance and its sessions, for those who write engine SQL themselves: connectors, the
// refresh worker and the serving engine. Hides DuckDB's headers.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/limits.h"
#include "engine/engine.h"

namespace tarn::engine {

struct DatabaseOptions {
  std::filesystem::path file = {};  // empty: in memory
  bool read_only = false;
  std::int64_t memory_limit_bytes = 0;        // 0: the engine's default
  int threads = 0;                            // 0: as many as cores
  std::filesystem::path temp_directory = {};  // where it spills; empty: nowhere
  std::int64_t temp_limit_bytes = 0;          // 0: no limit
};

class Session;

// Thread-safe. The trino_* functions are registered; extensions come from the project's own folder
// and are never downloaded.
class Database final {
 public:
  // Errors: Unavailable, DataLoss as Internal with a fixed message; never an internal path.
  [[nodiscard]] static base::Result<std::unique_ptr<Database>> Open(const DatabaseOptions& options);
  ~Database();

  [[nodiscard]] base::Result<std::unique_ptr<Session>> Connect();

  struct Impl;
  [[nodiscard]] Impl& impl() { return *impl_; }

 private:
  explicit Database(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// One connection: one statement at a time. Not thread-safe, but for Interrupt.
class Session final {
 public:
  struct Impl;
  explicit Session(std::unique_ptr<Impl> impl);
  ~Session();

  // Runs one or more statements and drops their rows. On a passed deadline or a stop request the
  // statement is interrupted. Gives the number of changed rows of the last statement (0 for DDL).
  [[nodiscard]] base::Result<std::int64_t> Execute(std::string_view sql, const base::CallLimits& limits = {});
  // Streams the rows of one statement. The session must outlive the stream.
  [[nodiscard]] base::Result<std::unique_ptr<RowStream>> Query(std::string_view sql,
                                                               const base::CallLimits& limits = {});
  // All rows as texts (nullopt is NULL), for small results.
  [[nodiscard]] base::Result<std::vector<std::vector<std::optional<std::string>>>> Rows(
      std::string_view sql, const base::CallLimits& limits = {});
  // The single value of a one-row, one-column result.
  [[nodiscard]] base::Result<std::int64_t> Integer(std::string_view sql, const base::CallLimits& limits = {});

  // From any thread: stops what runs now.
  void Interrupt();
  // Rows that the running statement has written so far, as far as the engine tells; 0 when it does not.
  [[nodiscard]] double Progress();

  [[nodiscard]] Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

// The rows of a chunk as texts (nullopt is NULL).
[[nodiscard]] std::vector<std::vector<std::optional<std::string>>> TextsOf(const Chunk& chunk);

}  // namespace tarn::engine
