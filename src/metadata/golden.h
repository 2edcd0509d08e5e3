// Golden queries: questions with the SQL that is known to answer them, found by what is asked, and tried again and
// again.
#pragma once

#include <string>
#include <vector>

#include "ai/model.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "query/executor.h"
#include "store/golden_queries.h"

namespace tarn::metadata {

// Thread-safe.
class Golden final {
 public:
  struct Parts {
    store::GoldenQueryRepository& store;
    query::Executor& executor;
    ai::Model& model;
    const base::Clock& clock;
  };
  explicit Golden(Parts parts) : parts_(parts) {}

  // One of the same prompt and statement is given instead. Errors: those of parsing and resolving the statement.
  [[nodiscard]] base::Result<store::GoldenQuery> Add(const std::string& project_id, const std::string& prompt,
                                                     const std::string& statement, const base::CallLimits& limits);
  // In the order of creation.
  [[nodiscard]] base::Result<std::vector<store::GoldenQuery>> List(const std::string& project_id) const;
  // Those that run and are nearest to a question, the nearest first: by their words, and, where a model makes vectors
  // of texts, by what the prompts mean. While the model does not answer, by their words.
  [[nodiscard]] base::Result<std::vector<store::GoldenQuery>> Nearest(const std::string& project_id,
                                                                      const std::string& question,
                                                                      const base::CallLimits& limits) const;
  // Errors: NotFound.
  [[nodiscard]] base::Result<void> Delete(const std::string& project_id, const std::string& id);

  // Runs them, those of a project or of all that were last run before `before`, and stores which are broken. What a
  // source is to blame for, or a lack of time, says nothing of a query. Errors: Cancelled; those of the store.
  [[nodiscard]] base::Result<void> TryAll(const std::string& project_id, base::SystemTime before,
                                          const base::CallLimits& limits);

 private:
  // How near the prompts are to the question, in the queries' order. Makes the vectors that are missing.
  [[nodiscard]] base::Result<std::vector<double>> Similarities(const std::vector<store::GoldenQuery>& queries,
                                                               const std::string& question,
                                                               const base::CallLimits& limits) const;
  // Into `again`: those of which a moment later more is known.
  [[nodiscard]] base::Result<void> Try(const std::vector<store::GoldenQuery>& queries,
                                       std::vector<store::GoldenQuery>& again, const base::CallLimits& limits);

  const Parts parts_;
};

}  // namespace tarn::metadata
