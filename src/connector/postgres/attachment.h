// How a PostgreSQL database becomes readable in the engine: the statements, without the password in any
// text that an error may show.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "connector/postgres/connection.h"

namespace tarn::connector::postgres {

struct AttachOptions {
  std::string alias;
  int server_version = 0;
  std::chrono::milliseconds statement_timeout{0};  // 0: none
  std::chrono::milliseconds lock_timeout{0};       // 0: none
};

[[nodiscard]] std::vector<std::string> AttachStatementsFor(const Server& server, const AttachOptions& options);
[[nodiscard]] std::vector<std::string> DetachStatementsFor(const std::string& alias);

}  // namespace tarn::connector::postgres
