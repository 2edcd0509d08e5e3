// One statement's life: parse, resolve, admit, run, stream, record.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"
#include "catalog/catalogs.h"
#include "engine/engine.h"
#include "query/client_session.h"
#include "sql/translate.h"
#include "sql/translation_cache.h"

namespace tarn::query {

struct StatementRequest {
  std::string project_id;
  std::string text;                                    // one statement in Trino SQL
  std::vector<std::optional<std::string>> parameters;  // for its `?`
  sql::SessionContext session;
  base::CallLimits limits;
  ClientSession client = {};
  std::string id = {};                     // by which the history shows it; empty: it gets one
  std::function<void()> on_admitted = {};  // called once the engine has let the statement in; must be quick
  bool queries_only = true;                // anything but a query is refused, as REST does
};

// A column of the answer, with the table column it was taken from where it was taken unchanged.
struct ResultColumn {
  engine::Column column;
  std::optional<sql::QualifiedName> table;
  std::string table_column;
  std::string catalog_id;
};

// A statement under way: its columns and its rows. Holds the pins of the generations it reads.
class RunningStatement {
 public:
  virtual ~RunningStatement() = default;
  [[nodiscard]] virtual const std::vector<ResultColumn>& columns() const = 0;
  // As engine::RowStream::Next, with positions in the caller's text.
  [[nodiscard]] virtual base::Result<std::optional<engine::Chunk>> Next() = 0;

  // Of statements that are no queries: what they are called ("INSERT", "SET SESSION"; empty for queries), how many
  // rows they changed, and what they change in the client's session. Final once Next has given its end.
  [[nodiscard]] virtual std::string update_type() const { return {}; }
  [[nodiscard]] virtual std::optional<std::int64_t> update_count() const { return std::nullopt; }
  [[nodiscard]] virtual SessionChanges session_changes() const { return {}; }
  // False for statements without a result set (DDL, SET, USE), which have neither columns nor rows.
  [[nodiscard]] virtual bool has_result() const { return true; }
};

// Thread-safe.
class Executor final {
 public:
  // `views` gives the text of saved queries for names under "peaka"."query"; it may be empty.
  using SavedQueryText =
      std::function<base::Result<std::string>(const std::string& project_id, const std::string& name)>;
  Executor(engine::Engine& engine, catalog::Catalogs& catalogs, SavedQueryText saved_query);
  ~Executor();

  // Runs a statement. Errors: those of parsing, resolving and the engine, with positions; and
  // InvalidArgument "Statement type 'Insert' is not allowed" for anything that is no
  // query where `queries_only`.
  [[nodiscard]] base::Result<std::unique_ptr<RunningStatement>> Run(const StatementRequest& request);

  // What is kept of translations, and how often that helped.
  [[nodiscard]] sql::TranslationCache::Counts translations() const;

  // Forgets what a deleted project did.
  void ForgetProject(const std::string& project_id);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tarn::query
