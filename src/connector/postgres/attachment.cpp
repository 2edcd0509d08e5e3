#include "connector/postgres/attachment.h"

#include <fmt/format.h>

#include "connector/engine_text.h"

namespace tarn::connector::postgres {
namespace {

constexpr int kConnections = 16;
constexpr int kFirstWithConnectionCheck = 140000;

// Settings of every server process that reads for us. A process whose reader was killed notices within
// seconds, also while it waits for a lock; texts of dates and intervals do not depend on the server's settings.
std::string ServerOptions(const AttachOptions& options) {
  std::string settings =
      "-c datestyle=ISO -c intervalstyle=postgres -c standard_conforming_strings=on -c timezone=UTC -c "
      "extra_float_digits=3";
  settings += fmt::format(" -c statement_timeout={} -c lock_timeout={}", options.statement_timeout.count(),
                          options.lock_timeout.count());
  if (options.server_version >= kFirstWithConnectionCheck) settings += " -c client_connection_check_interval=2000";
  return settings;
}

}  // namespace

std::vector<std::string> AttachStatementsFor(const Server& server, const AttachOptions& options) {
  const auto secret =
      fmt::format("CREATE OR REPLACE SECRET {} (TYPE postgres, HOST {}, PORT {}, USER {}, PASSWORD {}, DATABASE {})",
                  Name(options.alias), Literal(server.host), server.port, Literal(server.user),
                  Literal(server.password.Reveal()), Literal(server.database));
  const auto parameters = fmt::format(
      "application_name=tarn connect_timeout=10 client_encoding=UTF8 keepalives_idle=30 keepalives_interval=10 "
      "keepalives_count=3 "
      "tcp_user_timeout=60000 gssencmode=disable sslmode={} options='{}'",
      server.use_ssl ? "require" : "prefer", ServerOptions(options));
  return {secret,
          fmt::format("ATTACH IF NOT EXISTS {} AS {} (TYPE postgres, SECRET {}, READ_ONLY)", Literal(parameters),
                      Name(options.alias), Name(options.alias)),
          fmt::format("FROM postgres_configure_pool(catalog_name={}, acquire_mode='wait', max_connections={})",
                      Literal(options.alias), kConnections)};
}

std::vector<std::string> DetachStatementsFor(const std::string& alias) {
  return {fmt::format("DETACH DATABASE IF EXISTS {}", Name(alias)),
          fmt::format("DROP SECRET IF EXISTS {}", Name(alias))};
}

}  // namespace tarn::connector::postgres
