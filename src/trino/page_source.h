// Where a live query takes its pages from: a seam, so that the protocol can be tried without an engine.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "engine/engine.h"
#include "query/client_session.h"
#include "query/executor.h"

namespace tarn::trino {

// Not thread-safe. Destroying it before its end stops the statement.
class PageSource {
 public:
  struct Filled {
    std::int64_t rows = 0;
    bool more = false;  // false: that was all
  };

  virtual ~PageSource() = default;
  // The columns with Trino's types; empty where `has_result` is false.
  [[nodiscard]] virtual const std::vector<engine::Column>& columns() const = 0;
  [[nodiscard]] virtual bool has_result() const { return true; }
  // Appends rows as JSON arrays with commas between them, until `out` has `enough` bytes or the rows are all given. An
  // error after rows were given means that those were not all.
  [[nodiscard]] virtual base::Result<Filled> Fill(std::string& out, std::size_t enough) = 0;

  [[nodiscard]] virtual std::string update_type() const { return {}; }
  // Final once Fill has given its end.
  [[nodiscard]] virtual std::optional<std::int64_t> update_count() const { return std::nullopt; }
  [[nodiscard]] virtual query::SessionChanges session_changes() const { return {}; }
};

// Starts a statement; blocks until it has columns. Errors: those of query::Executor::Run.
using OpenPages = std::function<base::Result<std::unique_ptr<PageSource>>(const query::StatementRequest& request,
                                                                          bool knows_precision)>;

// The pages of statements that `executor` runs. `knows_precision`: whether the client knows times with a precision;
// otherwise they have three digits.
[[nodiscard]] OpenPages PagesOf(query::Executor& executor);

}  // namespace tarn::trino
