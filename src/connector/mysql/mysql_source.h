// MySQL and MariaDB as sources.
#pragma once

#include <memory>

#include "connector/mysql/connection.h"
#include "connector/source.h"

namespace tarn::connector::mysql {

[[nodiscard]] std::unique_ptr<Source> MakeMysqlSource(Server server);

}  // namespace tarn::connector::mysql
