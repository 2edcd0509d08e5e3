// Stopping statements of the engine at the server: the engine itself notices that it was interrupted only when rows
// come.
#pragma once

#include <string>

#include "connector/postgres/connection.h"

namespace tarn::connector::postgres {

// Cancels the statements of this user that have `mark` in the part of their text that the server shows (its first
// kilobyte, by default). Comes back at once; what stands in the way is logged, and the statement then ends by its own
// time at the server.
void CancelStatements(const Server& server, const std::string& mark);

}  // namespace tarn::connector::postgres
