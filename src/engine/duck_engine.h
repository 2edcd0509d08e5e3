// The serving engine: one DuckDB instance for all queries, with attachments
// of generations (read-only files) and live sources behind names that Tarn gives.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/database.h"
#include "engine/engine.h"
#include "engine/kept_rows.h"

namespace tarn::engine {

struct DuckEngineOptions {
  DatabaseOptions database = {};
};

// Thread-safe.
class DuckEngine final : public Engine {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<DuckEngine>> Open(const DuckEngineOptions& options);
  ~DuckEngine() override;

  [[nodiscard]] base::Result<std::unique_ptr<RowStream>> Run(const EngineStatement& statement,
                                                             const base::CallLimits& limits) override;
  [[nodiscard]] base::Result<std::vector<std::int64_t>> Change(const EngineChange& change,
                                                               const base::CallLimits& limits) override;
  [[nodiscard]] base::Result<HeldRows> Hold(TextRows rows) override;

  // Makes rows that are kept elsewhere readable, for as long as they live, as tarn_kept_rows(name, table,
  // mark); with another mark than the layout's the statement fails with TABLE_CHANGED.
  void KeepRows(const std::string& name, std::weak_ptr<KeptRows> rows);

  // Makes a file readable as the database `name` (read-only) and undoes it. Attaching what is
  // attached is no error; detaching waits for nobody: callers pin (cache/generation.h).
  [[nodiscard]] base::Result<void> AttachFile(const std::string& name, const std::filesystem::path& file);
  [[nodiscard]] base::Result<void> Detach(const std::string& name);

  // Runs set-up statements (secrets, ATTACH of a live source).
  [[nodiscard]] base::Result<void> Configure(const std::vector<std::string>& statements,
                                             const base::CallLimits& limits);

  // For connectors that need a session of their own.
  [[nodiscard]] Database& database();

  // Memory that the engine holds; its limit is one for all statements.
  [[nodiscard]] std::int64_t memory_bytes() const;

 private:
  struct Impl;
  explicit DuckEngine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tarn::engine
