#include "connector/postgres/connection.h"

#include <libpq-fe.h>
#include <poll.h>

#include <thread>

#include "connector/host_lookup.h"

namespace tarn::connector::postgres {
namespace {

// How long a wait may last before the stop token is looked at again.
constexpr std::chrono::milliseconds kSlice{20};

std::unexpected<base::Error> Refused(std::string_view why) {
  base::Error error{.kind = base::ErrorKind::kInvalidArgument,
                    .message = fmt::format("The PostgreSQL connection was refused: {}", why),
                    .code = "INVALID_CREDENTIALS",
                    .fault = base::Fault::kCaller};
  return std::unexpected(std::move(error));
}

// Waits until the socket is ready for `events`.
base::Result<void> AwaitSocket(int socket, short events, const base::CallLimits& limits) {
  while (true) {
    TARN_RETURN_IF_ERROR(limits.Check());
    pollfd entry{.fd = socket, .events = events, .revents = 0};
    const auto slice = std::min(kSlice, limits.Left());
    const int ready = poll(&entry, 1, static_cast<int>(std::max<std::int64_t>(slice.count(), 1)));
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return base::Unavailable("The PostgreSQL connection broke");
  }
}

// What a failed connection attempt may say. libpq's own text names the user and the addresses.
std::string_view ReasonOf(std::string_view message) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kReasons = {{
      {"password authentication failed", "the user or the password is wrong"},
      {"no password supplied", "the server wants a password"},
      {"authentication failed", "the user or the password is wrong"},
      {"role ", "the user does not exist or may not log in"},
      {"database ", "the database does not exist or may not be used"},
      {"no pg_hba.conf entry", "the server does not let this user in from here"},
      {"server does not support SSL", "the server does not offer SSL"},
      {"SSL", "the SSL connection could not be made"},
      {"Connection refused", "no server answers at this address and port"},
      {"No route to host", "no way leads to this address"},
      {"Network is unreachable", "no way leads to this address"},
      {"permission denied", "the user may not use this database"},
      {"too many", "the server has no connection left"},
      {"timeout", "the server did not answer in time"},
  }};
  for (const auto& [part, reason] : kReasons) {
    if (message.find(part) != std::string_view::npos) return reason;
  }
  return "the server did not accept it";
}

struct FreeResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPointer = std::unique_ptr<PGresult, FreeResult>;

std::vector<Row> RowsOf(const PGresult& result) {
  std::vector<Row> rows(static_cast<std::size_t>(PQntuples(&result)));
  for (int row = 0; row < PQntuples(&result); ++row) {
    auto& cells = rows[static_cast<std::size_t>(row)];
    for (int column = 0; column < PQnfields(&result); ++column) {
      if (PQgetisnull(&result, row, column) != 0) {
        cells.emplace_back(std::nullopt);
      } else {
        cells.emplace_back(std::in_place, PQgetvalue(&result, row, column),
                           static_cast<std::size_t>(PQgetlength(&result, row, column)));
      }
    }
  }
  return rows;
}

}  // namespace

void Connection::Close::operator()(pg_conn* connection) const { PQfinish(connection); }

base::Result<std::unique_ptr<Connection>> Connection::Open(const Server& server, const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto addresses, LookUpHost(server.host, limits));
  if (addresses.empty()) return Refused("its host name is not known");
  std::string hosts;
  std::string hostaddrs;
  std::string ports;
  for (const auto& address : addresses) {
    const std::string_view comma = hosts.empty() ? "" : ",";
    hosts += fmt::format("{}{}", comma, server.host);
    hostaddrs += fmt::format("{}{}", comma, address);
    ports += fmt::format("{}{}", comma, server.port);
  }
  const std::array<const char*, 13> names = {"host",
                                             "hostaddr",
                                             "port",
                                             "user",
                                             "password",
                                             "dbname",
                                             "sslmode",
                                             "application_name",
                                             "client_encoding",
                                             "keepalives_idle",
                                             "tcp_user_timeout",
                                             "gssencmode",
                                             nullptr};
  const std::array<const char*, 13> values = {hosts.c_str(),
                                              hostaddrs.c_str(),
                                              ports.c_str(),
                                              server.user.c_str(),
                                              server.password.Reveal().c_str(),
                                              server.database.c_str(),
                                              server.use_ssl ? "require" : "prefer",
                                              "tarn",
                                              "UTF8",
                                              "30",
                                              "60000",
                                              "disable",
                                              nullptr};
  std::unique_ptr<pg_conn, Close> raw(PQconnectStartParams(names.data(), values.data(), 0));
  if (raw == nullptr) return base::Internal("There is no memory for a PostgreSQL connection");
  std::unique_ptr<Connection> connection(new Connection(std::move(raw)));
  TARN_RETURN_IF_ERROR(connection->FinishConnecting(limits));
  TARN_RETURN_IF_ERROR(connection->Query("SET search_path = pg_catalog", {}, limits));
  return connection;
}

base::Result<void> Connection::FinishConnecting(const base::CallLimits& limits) {
  auto* raw = connection_.get();
  auto state = PQstatus(raw) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
  while (state != PGRES_POLLING_OK) {
    if (state == PGRES_POLLING_FAILED) return Refused(ReasonOf(PQerrorMessage(raw)));
    const short events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    if (auto ready = AwaitSocket(PQsocket(raw), events, limits); !ready) {
      if (ready.error().kind == base::ErrorKind::kDeadlineExceeded) return Refused("the server did not answer in time");
      return ready;
    }
    state = PQconnectPoll(raw);
  }
  PQsetnonblocking(raw, 1);
  return {};
}

base::Result<std::vector<Row>> Connection::Query(const std::string& sql, const std::vector<std::string>& parameters,
                                                 const base::CallLimits& limits) {
  auto arrived = Send(sql, parameters, limits);
  if (arrived) arrived = AwaitResult(limits);
  if (!arrived) {
    Abandon();
    return std::unexpected(arrived.error());
  }
  const ResultPointer result(PQgetResult(connection_.get()));
  while (const ResultPointer rest{PQgetResult(connection_.get())}) continue;
  const auto status = PQresultStatus(result.get());
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) return RowsOf(*result);
  return std::unexpected(Refusal(result.get()).error());
}

base::Result<void> Connection::Stream(const std::string& sql, const std::vector<std::string>& parameters,
                                      const std::function<bool(Row)>& take, const base::CallLimits& limits) {
  auto arrived = Send(sql, parameters, limits);
  if (arrived) PQsetSingleRowMode(connection_.get());
  base::Result<void> outcome;
  while (arrived) {
    arrived = AwaitResult(limits);
    if (!arrived) break;
    const ResultPointer result(PQgetResult(connection_.get()));
    if (result == nullptr) return outcome;
    const auto status = PQresultStatus(result.get());
    if (status == PGRES_SINGLE_TUPLE) {
      for (auto& row : RowsOf(*result)) {
        if (take(std::move(row))) continue;
        Abandon();
        return {};
      }
    } else if (status != PGRES_TUPLES_OK) {
      outcome = Refusal(result.get());
    }
  }
  Abandon();
  return arrived;
}

base::Result<void> Connection::Refusal(const pg_result* result) {
  if (PQstatus(connection_.get()) == CONNECTION_BAD) {
    broken_ = true;
    return base::Unavailable("The PostgreSQL server closed the connection");
  }
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  return base::FailedPrecondition(
      fmt::format("PostgreSQL refused: {} \"{}\"", state == nullptr ? "" : state, message == nullptr ? "" : message));
}

base::Result<void> Connection::Send(const std::string& sql, const std::vector<std::string>& parameters,
                                    const base::CallLimits& limits) {
  std::vector<const char*> values;
  for (const auto& parameter : parameters) values.push_back(parameter.c_str());
  auto* raw = connection_.get();
  if (PQsendQueryParams(raw, sql.c_str(), static_cast<int>(values.size()), nullptr, values.data(), nullptr, nullptr,
                        0) == 0) {
    return base::Unavailable("The PostgreSQL connection broke");
  }
  int unsent = PQflush(raw);
  while (unsent == 1) {
    TARN_RETURN_IF_ERROR(AwaitSocket(PQsocket(raw), POLLIN | POLLOUT, limits));
    if (PQconsumeInput(raw) == 0) return base::Unavailable("The PostgreSQL connection broke");
    unsent = PQflush(raw);
  }
  if (unsent < 0) return base::Unavailable("The PostgreSQL connection broke");
  return {};
}

base::Result<void> Connection::AwaitResult(const base::CallLimits& limits) {
  auto* raw = connection_.get();
  while (PQisBusy(raw) != 0) {
    TARN_RETURN_IF_ERROR(AwaitSocket(PQsocket(raw), POLLIN, limits));
    if (PQconsumeInput(raw) == 0) return base::Unavailable("The PostgreSQL connection broke");
  }
  return {};
}

// Asks the server to stop what this connection runs. PQcancel blocks while it connects, so it runs in
// a thread of its own, with nothing but the cancel key.
void Connection::Abandon() {
  broken_ = true;
  auto* cancel = PQgetCancel(connection_.get());
  if (cancel == nullptr) return;
  std::thread([cancel] {
    std::array<char, 256> ignored{};
    PQcancel(cancel, ignored.data(), static_cast<int>(ignored.size()));
    PQfreeCancel(cancel);
  }).detach();
}

bool Connection::usable() const { return !broken_ && PQstatus(connection_.get()) == CONNECTION_OK; }

int Connection::server_version() const { return PQserverVersion(connection_.get()); }

}  // namespace tarn::connector::postgres
