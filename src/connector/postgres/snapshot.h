// One state of a PostgreSQL database, read through a worker's engine session.
#pragma once

#include <memory>

#include "connector/postgres/connection.h"
#include "connector/source.h"

namespace tarn::connector::postgres {

// Attaches the database to the session and begins its transaction. `server_version` as libpq gives it.
[[nodiscard]] base::Result<std::unique_ptr<SourceSnapshot>> OpenPostgresSnapshot(const Server& server,
                                                                                 int server_version,
                                                                                 engine::Session& session,
                                                                                 const base::CallLimits& limits);

}  // namespace tarn::connector::postgres
