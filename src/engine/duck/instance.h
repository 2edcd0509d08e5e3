// The insides of Database and Session, shared within engine/.
#pragma once

#include <atomic>
#include <duckdb.hpp>
#include <memory>
#include <string>

#include "base/deadline_timer.h"
#include "engine/database.h"
#include "engine/duck/interrupter.h"
#include "engine/duck/kept_rows.h"
#include "engine/duck/text_rows.h"

namespace tarn::engine {

// What sessions and their streams need of their database; lives until the last of them goes.
struct Instance {
  explicit Instance(const DatabaseOptions& options);

  base::DeadlineTimer timer;
  duckdb::DuckDB database;
  std::shared_ptr<HeldRowSets> held_rows;
  std::shared_ptr<RowKeepers> row_keepers;
};

struct Database::Impl {
  std::shared_ptr<Instance> instance;
};

// One statement that runs in a session, with what stops it.
struct RunningStatement {
  std::unique_ptr<Interrupter> interrupter;
  duckdb::unique_ptr<duckdb::QueryResult> result;
};

struct Session::Impl {
  explicit Impl(std::shared_ptr<Instance> shared);

  // Starts one statement; a SELECT streams. Exceptions of the engine are already errors.
  [[nodiscard]] base::Result<RunningStatement> Start(duckdb::unique_ptr<duckdb::SQLStatement> statement,
                                                     const base::CallLimits& limits,
                                                     std::function<void()> on_stop = {});
  // The statement as a stream that owns `lease` (may be empty) until it is destroyed.
  [[nodiscard]] base::Result<std::unique_ptr<RowStream>> Stream(std::string_view sql, const base::CallLimits& limits,
                                                                std::shared_ptr<void> lease,
                                                                std::function<void()> on_stop = {});
  // As Session::Execute.
  [[nodiscard]] base::Result<std::int64_t> Execute(std::string_view sql, const base::CallLimits& limits,
                                                   const std::function<void()>& on_stop = {});
  // Makes `zone` the zone of the statements that follow. Errors: NotSupported for an unknown zone.
  [[nodiscard]] base::Result<void> UseTimeZone(const std::string& zone);

  // From any thread: stops the running statement.
  void Interrupt();
  // Ends what an abandoned stream left running.
  void Abandon();

  std::shared_ptr<Instance> instance;
  duckdb::Connection connection;
  std::string time_zone = "UTC";
  std::atomic<Interrupter::Cause> stopped = Interrupter::Cause::kNone;  // why the running statement was stopped
};

}  // namespace tarn::engine
