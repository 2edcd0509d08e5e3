// What a run of a materialized query read: from where, how old and how complete.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/limits.h"
#include "query/executor.h"
#include "store/caches.h"
#include "store/materializations.h"

namespace tarn::query {

struct RunInput {
  std::string catalog;
  std::string schema;
  std::string table;
  std::string served_by;                       // SOURCE, CACHE or MATERIALIZED_QUERY
  std::optional<base::SystemTime> as_of = {};  // of which time it is; nullopt: older results do not say
  std::string query_id = {};                   // of a stored result
};

// The inputs of a run.
// Errors: FailedPrecondition with INPUT_INCOMPLETE where a table has a cache without a complete copy.
[[nodiscard]] base::Result<std::vector<RunInput>> CheckInputs(const std::vector<StatementInput>& read,
                                                              const store::CacheRepository& caches);

[[nodiscard]] std::string WriteInputs(const std::vector<RunInput>& inputs);
// Errors: Internal.
[[nodiscard]] base::Result<std::vector<RunInput>> ReadInputs(std::string_view json);

// The queries whose stored results the last result of a query was made of.
[[nodiscard]] std::vector<std::string> QueriesRead(const store::MaterializationRepository& results,
                                                   const std::string& query_id);

}  // namespace tarn::query
