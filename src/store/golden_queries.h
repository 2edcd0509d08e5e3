// Golden queries in the control store: questions, and the SQL that answers each.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"

namespace tarn::store {

class Database;

struct GoldenQuery {
  std::string id;  // UUID
  std::string project_id;
  std::string prompt;
  std::string statement;    // Trino SQL
  std::string broken = {};  // why it does not run any more; empty: it did when it was last tried
  base::SystemTime checked_at{};
  base::SystemTime created_at{};
  bool operator==(const GoldenQuery&) const = default;
};

// Thread-safe. Nothing is kept in memory.
class GoldenQueryRepository final {
 public:
  explicit GoldenQueryRepository(Database& database) : database_(database) {}

  // The pair as it is stored: another one of the same prompt and statement is given instead.
  // Errors: FailedPrecondition when the project is gone.
  [[nodiscard]] base::Result<GoldenQuery> Insert(const GoldenQuery& query);
  // In the order of creation; of all projects where none is given.
  [[nodiscard]] base::Result<std::vector<GoldenQuery>> List(const std::string& project_id) const;
  // What a trial said of it.
  [[nodiscard]] base::Result<void> SaveTrial(const GoldenQuery& query);
  // Of a project's prompts, by the queries' ids: the vectors that a model made.
  [[nodiscard]] base::Result<std::map<std::string, std::vector<float>>> Vectors(const std::string& project_id,
                                                                                const std::string& model) const;
  // Takes the place of another model's. Nothing happens where the query is gone.
  [[nodiscard]] base::Result<void> SaveVector(const std::string& id, const std::string& model,
                                              const std::vector<float>& vector);
  [[nodiscard]] base::Result<bool> Delete(const std::string& project_id, const std::string& id);

 private:
  Database& database_;
};

}  // namespace tarn::store
