// Sends filters of live queries to PostgreSQL and tells the engine how large the tables are. The engine's
// postgres_query by itself does neither.
#pragma once

#include "engine/database.h"

namespace tarn::connector::postgres {

// Once per database, before its first query on a PostgreSQL source.
void InstallPushdown(engine::Database& database);

}  // namespace tarn::connector::postgres
