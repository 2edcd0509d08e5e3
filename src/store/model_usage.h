// Tokens of language models that projects used, by day.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"

namespace tarn::store {

class Database;

// Thread-safe. Days are ISO-8601 dates in UTC.
class ModelUsageRepository final {
 public:
  explicit ModelUsageRepository(Database& database) : database_(database) {}

  [[nodiscard]] base::Result<std::int64_t> Tokens(const std::string& project_id, const std::string& day) const;
  // Errors: FailedPrecondition when the project is gone.
  [[nodiscard]] base::Result<void> Add(const std::string& project_id, const std::string& day, std::int64_t tokens);

 private:
  Database& database_;
};

}  // namespace tarn::store
