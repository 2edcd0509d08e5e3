// A connection to MySQL or MariaDB, for structure and for reading rows as they come. Its session is in UTC, reads
// repeatably, and takes names in double quotes and texts in single quotes without escapes.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"
#include "connector/database_server.h"

struct st_mysql;
struct st_mysql_res;

namespace tarn::connector::mysql {

using Server = DatabaseServer;
using Row = std::vector<std::optional<std::string>>;

// Not thread-safe, but for Break.
class Connection final {
 public:
  // Errors: InvalidArgument with code INVALID_CREDENTIALS when the server cannot be reached or refuses the
  // credential; Cancelled, DeadlineExceeded. No message holds the user's name, the password or an address.
  [[nodiscard]] static base::Result<std::unique_ptr<Connection>> Open(const Server& server,
                                                                      const base::CallLimits& limits);

  // Runs one statement. On a passed limit the connection breaks.
  // Errors: Unavailable when the connection broke; FailedPrecondition when the server refuses the statement.
  [[nodiscard]] base::Result<std::vector<Row>> Query(const std::string& sql, const base::CallLimits& limits);

  // Starts one statement whose rows are read one by one. What it gave before must have been read to its end.
  [[nodiscard]] base::Result<void> Start(const std::string& sql);
  // The next row: its cells, nullptr where NULL, and their lengths; nullptr at the end. Valid until the next call.
  struct Cells {
    char** values = nullptr;
    const unsigned long* lengths = nullptr;
  };
  [[nodiscard]] base::Result<Cells> Next();
  // Ends the statement; the connection is usable only when all of its rows were read.
  void Finish();

  // Whether it may be used again.
  [[nodiscard]] bool usable() const { return !broken_; }
  [[nodiscard]] unsigned long id() const;
  [[nodiscard]] bool is_mariadb() const;
  // From any thread: whatever waits for the server fails at once.
  void Break();

 private:
  struct Close {
    void operator()(st_mysql* connection) const;
  };
  struct Free {
    void operator()(st_mysql_res* result) const;
  };
  explicit Connection(std::unique_ptr<st_mysql, Close> connection) : connection_(std::move(connection)) {}

  [[nodiscard]] std::unexpected<base::Error> Failure();

  std::unique_ptr<st_mysql, Close> connection_;
  std::unique_ptr<st_mysql_res, Free> result_;
  bool at_end_ = false;
  std::atomic<bool> broken_ = false;
};

// Ends what a connection of this number runs, from a thread of its own.
void KillStatement(const Server& server, unsigned long connection);

}  // namespace tarn::connector::mysql
