// A consistent view of a MySQL or MariaDB server: one transaction of one connection.
#pragma once

#include <memory>

#include "connector/mysql/connection.h"
#include "connector/source.h"

namespace tarn::connector::mysql {

// Begins a transaction on `session`, too. Tables of engines without transactions are read as they are when their turn
// comes; each statement sees one state of them.
[[nodiscard]] base::Result<std::unique_ptr<SourceSnapshot>> OpenMysqlSnapshot(const Server& server,
                                                                              engine::Session& session,
                                                                              const base::CallLimits& limits);

}  // namespace tarn::connector::mysql
