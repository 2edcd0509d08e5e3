// One state of a PostgreSQL database, read through a worker's engine session.
#pragma once

#include <memory>

#include "connector/postgres/change_log.h"
#include "connector/source.h"

namespace tarn::connector::postgres {

// Attaches the database to the session and begins its transaction. `server_version` as libpq gives it; `log` was made
// for the one table that is read, or is null.
[[nodiscard]] base::Result<std::unique_ptr<SourceSnapshot>> OpenPostgresSnapshot(const Server& server,
                                                                                 int server_version,
                                                                                 std::unique_ptr<TableLog> log,
                                                                                 engine::Session& session,
                                                                                 const base::CallLimits& limits);

}  // namespace tarn::connector::postgres
