// PostgreSQL servers: structure through libpq, rows through the engine's own reader.
#pragma once

#include <memory>

#include "connector/postgres/connection.h"
#include "connector/source.h"

namespace tarn::connector::postgres {

[[nodiscard]] std::unique_ptr<Source> MakePostgresSource(Server server);

}  // namespace tarn::connector::postgres
