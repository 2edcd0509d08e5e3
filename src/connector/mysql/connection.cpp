#include "connector/mysql/connection.h"

#include <errmsg.h>
#include <mysql.h>
#include <mysqld_error.h>
#include <sys/socket.h>

#include <algorithm>
#include <stop_token>
#include <thread>

#include "base/deadline_timer.h"
#include "base/log.h"
#include "connector/host_lookup.h"

namespace tarn::connector::mysql {
namespace {

// What a connection without a deadline may take to be made, and to give its next row.
constexpr std::chrono::seconds kConnectTime{15};
constexpr std::chrono::seconds kSilence{900};
constexpr std::chrono::seconds kKillTime{10};

// Texts in single quotes without escapes, names in double quotes; nothing else of the server's mode matters to a
// reader.
constexpr const char* kMode = "SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES', time_zone = '+00:00'";
constexpr const char* kIsolation = "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ";

std::unexpected<base::Error> Refused(std::string_view why) {
  base::Error error{.kind = base::ErrorKind::kInvalidArgument,
                    .message = fmt::format("The MySQL connection was refused: {}", why),
                    .code = "INVALID_CREDENTIALS",
                    .fault = base::Fault::kCaller};
  return std::unexpected(std::move(error));
}

// What a failed connection attempt may say. The library's own text names the user and the host.
std::string_view ReasonOf(unsigned code) {
  switch (code) {
    case ER_ACCESS_DENIED_ERROR: return "the user or the password is wrong";
    case ER_DBACCESS_DENIED_ERROR:
    case ER_BAD_DB_ERROR: return "the database does not exist or may not be used";
    case ER_HOST_NOT_PRIVILEGED:
    case ER_HOST_IS_BLOCKED: return "the server does not let this user in from here";
    case ER_CON_COUNT_ERROR:
    case ER_TOO_MANY_USER_CONNECTIONS: return "the server has no connection left";
    case CR_CONN_HOST_ERROR:
    case CR_CONNECTION_ERROR: return "no server answers at this address and port";
    case CR_SERVER_LOST:
    case CR_SERVER_GONE_ERROR: return "the server did not answer in time";
    case CR_SSL_CONNECTION_ERROR: return "the SSL connection could not be made";
    case CR_AUTH_PLUGIN_CANNOT_LOAD: return "the server wants a way of authentication that is not supported";
    default: return "the server did not accept it";
  }
}

bool IsBroken(unsigned code) {
  return code == CR_SERVER_LOST || code == CR_SERVER_GONE_ERROR || code == ER_SERVER_SHUTDOWN ||
         code == ER_CONNECTION_KILLED || code == CR_COMMANDS_OUT_OF_SYNC;
}

// Lives as long as the process, as threads of its own may still wait at its end.
base::DeadlineTimer& Deadlines() {
  static auto* const timer = new base::DeadlineTimer;
  return *timer;
}

unsigned SecondsOf(const base::CallLimits& limits, std::chrono::seconds most) {
  const auto left = std::min<std::chrono::milliseconds>(limits.Left(), most);
  return static_cast<unsigned>(std::max<std::int64_t>((left.count() + 999) / 1000, 1));
}

}  // namespace

void Connection::Close::operator()(st_mysql* connection) const { mysql_close(connection); }
void Connection::Free::operator()(st_mysql_res* result) const { mysql_free_result(result); }

base::Result<std::unique_ptr<Connection>> Connection::Open(const Server& server, const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto addresses, LookUpHost(server.host, limits));
  if (addresses.empty()) return Refused("its host name is not known");
  unsigned code = 0;
  for (const auto& address : addresses) {
    TARN_RETURN_IF_ERROR(limits.Check());
    std::unique_ptr<st_mysql, Close> raw(mysql_init(nullptr));
    if (raw == nullptr) return base::Internal("There is no memory for a MySQL connection");
    const unsigned connect = SecondsOf(limits, kConnectTime);
    const unsigned silence = SecondsOf(limits, kSilence);
    const my_bool enforce = server.use_ssl ? 1 : 0;
    const my_bool verify = 0;
    mysql_options(raw.get(), MYSQL_OPT_CONNECT_TIMEOUT, &connect);
    mysql_options(raw.get(), MYSQL_OPT_READ_TIMEOUT, &silence);
    mysql_options(raw.get(), MYSQL_OPT_WRITE_TIMEOUT, &silence);
    mysql_options(raw.get(), MYSQL_SET_CHARSET_NAME, "utf8mb4");
    mysql_options(raw.get(), MYSQL_OPT_SSL_ENFORCE, &enforce);
    mysql_options(raw.get(), MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
    mysql_options4(raw.get(), MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", "tarn");
    const char* database = server.database.empty() ? nullptr : server.database.c_str();
    if (mysql_real_connect(raw.get(), address.c_str(), server.user.c_str(), server.password.Reveal().c_str(), database,
                           server.port, nullptr, 0) == nullptr) {
      code = mysql_errno(raw.get());
      continue;
    }
    std::unique_ptr<Connection> connection(new Connection(std::move(raw)));
    TARN_RETURN_IF_ERROR(connection->Query(kMode, limits));
    TARN_RETURN_IF_ERROR(connection->Query(kIsolation, limits));
    return connection;
  }
  TARN_RETURN_IF_ERROR(limits.Check());
  return Refused(ReasonOf(code));
}

base::Result<std::vector<Row>> Connection::Query(const std::string& sql, const base::CallLimits& limits) {
  TARN_RETURN_IF_ERROR(limits.Check());
  const std::stop_callback stop(limits.cancel, [this] { Break(); });
  const auto alarm = Deadlines().Set(limits.deadline, [this] { Break(); });
  std::vector<Row> rows;
  auto started = Start(sql);
  while (started) {
    auto cells = Next();
    if (!cells) {
      started = std::unexpected(cells.error());
      break;
    }
    if (cells->values == nullptr) break;
    Row& row = rows.emplace_back();
    for (unsigned i = 0; i < mysql_num_fields(result_.get()); ++i) {
      if (cells->values[i] == nullptr)
        row.emplace_back(std::nullopt);
      else
        row.emplace_back(std::in_place, cells->values[i], cells->lengths[i]);
    }
  }
  Finish();
  if (started) return rows;
  TARN_RETURN_IF_ERROR(limits.Check());
  return std::unexpected(started.error());
}

base::Result<void> Connection::Start(const std::string& sql) {
  if (broken_) return base::Unavailable("The MySQL connection broke");
  if (mysql_real_query(connection_.get(), sql.data(), sql.size()) != 0) return Failure();
  result_.reset(mysql_use_result(connection_.get()));
  at_end_ = result_ == nullptr;
  if (result_ == nullptr && mysql_errno(connection_.get()) != 0) return Failure();
  return {};
}

base::Result<Connection::Cells> Connection::Next() {
  if (at_end_) return Cells{};
  char** const values = mysql_fetch_row(result_.get());
  if (values != nullptr) return Cells{.values = values, .lengths = mysql_fetch_lengths(result_.get())};
  at_end_ = true;
  if (mysql_errno(connection_.get()) != 0) return Failure();
  return Cells{};
}

void Connection::Finish() {
  // Freeing a result reads all that is left of it, which may be much: the connection is given up instead.
  if (!at_end_) Break();
  result_.reset();
  at_end_ = true;
}

std::unexpected<base::Error> Connection::Failure() {
  const unsigned code = mysql_errno(connection_.get());
  if (IsBroken(code) || code >= CR_MIN_ERROR) {
    broken_ = true;
    return base::Unavailable("The MySQL server closed the connection");
  }
  return base::FailedPrecondition(fmt::format("MySQL refused a statement: {} \"{}\"", mysql_sqlstate(connection_.get()),
                                              mysql_error(connection_.get())));
}

unsigned long Connection::id() const { return mysql_thread_id(connection_.get()); }

bool Connection::is_mariadb() const { return mariadb_connection(connection_.get()) != 0; }

void Connection::Break() {
  broken_ = true;
  ::shutdown(mysql_get_socket(connection_.get()), SHUT_RDWR);
}

void KillStatement(const Server& server, unsigned long connection) {
  std::thread([server, connection] {
    const auto limits = base::CallLimits::Within(kKillTime);
    auto killer = Connection::Open(server, limits);
    // The connection may have gone by itself meanwhile, which the server refuses to kill then.
    const auto done = killer ? (*killer)->Query(fmt::format("KILL {}", connection), limits)
                             : base::Result<std::vector<Row>>(std::unexpected(killer.error()));
    if (!done && done.error().kind != base::ErrorKind::kFailedPrecondition)
      base::log::Warning("statement not cancelled at its source", {{"reason", done.error().message}});
  }).detach();
}

}  // namespace tarn::connector::mysql
