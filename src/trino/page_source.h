// Where a live query takes its pages from: a seam, so that the protocol can be tried without an engine.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
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

  // As query::RunningStatement::WhenReady, before Fill.
  virtual void WhenReady(std::move_only_function<void()> ready) { ready(); }

  [[nodiscard]] virtual std::string update_type() const { return {}; }
  // Final once Fill has given its end.
  [[nodiscard]] virtual std::optional<std::int64_t> update_count() const { return std::nullopt; }
  [[nodiscard]] virtual query::SessionChanges session_changes() const { return {}; }
  [[nodiscard]] virtual std::span<const query::StatementInput> inputs() const { return {}; }
};

// Starts a statement; blocks until it has columns. Errors: those of query::Executor::Run. `knows_precision`: whether
// the client knows times with a precision; otherwise they have three digits.
using OpenPages = std::function<base::Result<std::unique_ptr<PageSource>>(const query::StatementRequest& request,
                                                                          bool knows_precision)>;

// What the protocol does with statements.
struct StatementParts {
  // As query::Executor::Enter.
  std::function<void(query::StatementRequest& request, std::move_only_function<void()> ready)> enter;
  OpenPages open;
  // Those of a project, the youngest first, whatever way they came.
  std::function<base::Result<std::vector<query::StatementRecord>>(const std::string& project_id, std::size_t limit)>
      list;
  std::function<base::Result<query::StatementRecord>(const std::string& project_id, const std::string& id)> find;
  std::function<base::Result<void>(const std::string& project_id, const std::string& id)> kill;
};
[[nodiscard]] StatementParts StatementsOf(query::Executor& executor);

}  // namespace tarn::trino
