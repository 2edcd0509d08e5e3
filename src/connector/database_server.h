// Where a database server is and who asks it.
#pragma once

#include <cstdint>
#include <string>

#include "base/secret.h"

namespace tarn::connector {

struct DatabaseServer {
  std::string host;
  std::uint16_t port = 0;
  std::string user;
  base::SecretString password = {};
  std::string database = {};  // of MySQL: the only one to show; empty: all
  bool use_ssl = false;       // refuse connections without
};

}  // namespace tarn::connector
