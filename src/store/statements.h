// The statements that projects ran, in the control store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"

namespace tarn::store {

class Database;

struct Statement {
  std::string id = {};
  std::string project_id = {};
  std::string user = {};
  std::string source = {};
  std::string text = {};
  std::string state = {};  // QUEUED, RUNNING, FINISHED, FAILED
  base::SystemTime created_at{};
  std::optional<base::SystemTime> started_at = {};
  std::optional<base::SystemTime> ended_at = {};
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  std::string error_kind = {};  // base::ToString(kind); empty: no error
  std::string error_code = {};
  std::string error_message = {};
  bool operator==(const Statement&) const = default;
};

// Thread-safe. Nothing is kept in memory.
class StatementRepository final {
 public:
  explicit StatementRepository(Database& database) : database_(database) {}

  // Adds statements, or takes the place of what is known of them; all in one transaction. Those of projects that are
  // gone are left out.
  [[nodiscard]] base::Result<void> Put(const std::vector<Statement>& statements);
  // What a server that ended without a stop left: QUEUED and RUNNING become FAILED with this error. How many there
  // were.
  [[nodiscard]] base::Result<std::int64_t> FailUnfinished(const Statement& error);

  // Those of a project, the youngest first; at most `limit`.
  [[nodiscard]] base::Result<std::vector<Statement>> List(const std::string& project_id, std::int64_t limit) const;
  [[nodiscard]] base::Result<std::optional<Statement>> Find(const std::string& project_id, const std::string& id) const;

  // Drops those that were created before, and of each project all but the youngest.
  [[nodiscard]] base::Result<void> Trim(base::SystemTime before, std::int64_t most_per_project);

 private:
  Database& database_;
};

}  // namespace tarn::store
