// A control connection to PostgreSQL: structure and checks. Never blocks beyond the call's limits,
// whatever the server or the network does.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"
#include "connector/database_server.h"

struct pg_conn;
struct pg_result;

namespace tarn::connector::postgres {

using Server = DatabaseServer;
using Row = std::vector<std::optional<std::string>>;

// Not thread-safe.
class Connection final {
 public:
  // Errors: InvalidArgument with code INVALID_CREDENTIALS when the server cannot be reached or refuses the
  // credential; Unavailable when it does not answer in time or is shutting down; Cancelled, DeadlineExceeded.
  // No message holds the user's name, the password or an address that the name service gave.
  [[nodiscard]] static base::Result<std::unique_ptr<Connection>> Open(const Server& server,
                                                                      const base::CallLimits& limits);

  // Runs one statement with text parameters. On a passed limit the statement is cancelled at the server and
  // the connection is no longer usable.
  // Errors: Unavailable when the connection broke; FailedPrecondition when the server refuses the statement.
  [[nodiscard]] base::Result<std::vector<Row>> Query(const std::string& sql, const std::vector<std::string>& parameters,
                                                     const base::CallLimits& limits);

  // As Query, with each row as it arrives, so that none is kept. Where `take` says false, the statement is cancelled
  // and the connection is no longer usable.
  [[nodiscard]] base::Result<void> Stream(const std::string& sql, const std::vector<std::string>& parameters,
                                          const std::function<bool(Row)>& take, const base::CallLimits& limits);

  // Whether it may be used again.
  [[nodiscard]] bool usable() const;
  // Such as 150018.
  [[nodiscard]] int server_version() const;

 private:
  struct Close {
    void operator()(pg_conn* connection) const;
  };
  explicit Connection(std::unique_ptr<pg_conn, Close> connection) : connection_(std::move(connection)) {}

  [[nodiscard]] base::Result<void> FinishConnecting(const base::CallLimits& limits);
  [[nodiscard]] base::Result<void> Send(const std::string& sql, const std::vector<std::string>& parameters,
                                        const base::CallLimits& limits);
  [[nodiscard]] base::Result<void> AwaitResult(const base::CallLimits& limits);
  // What a result that is none says.
  [[nodiscard]] base::Result<void> Refusal(const pg_result* result);
  void Abandon();

  std::unique_ptr<pg_conn, Close> connection_;
  bool broken_ = false;
};

}  // namespace tarn::connector::postgres
