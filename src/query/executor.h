// One statement's life: admit, parse, resolve, run, stream, record.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"
#include "catalog/catalogs.h"
#include "engine/engine.h"
#include "query/admission.h"
#include "query/client_session.h"
#include "query/freshness.h"
#include "query/history.h"
#include "sql/translate.h"
#include "sql/translation_cache.h"

namespace tarn::store {
class CacheRepository;
}

namespace tarn::sql {
struct ColumnLineage;
}

namespace tarn::query {

struct StatementEntry;

// A table that a statement reads, and what serves it.
struct StatementInput {
  sql::QualifiedName name;
  std::vector<std::string> catalog_ids;  // of the catalog, and of the one that it is a window on
  connector::TableName table;            // as its source spells it
  std::string query_id;                  // of the query whose stored result it is; empty: it is a catalog's
  std::string generation;                // of the copy or the stored result; empty: it is read live
  base::SystemTime as_of{};              // of when it is
};

// What is wanted of a query's answer, where that is not all of it.
struct ResultShape {
  // By name in any case, in this order; nullopt: all.
  std::optional<std::vector<std::string>> columns = {};
  std::optional<std::int64_t> rows = {};            // the first ones
  bool distinct_names = false;                      // no two columns may have one name
  std::optional<engine::ParquetFile> parquet = {};  // see engine::EngineStatement
};

struct StatementRequest {
  std::string project_id;
  std::string text;                                    // one statement in Trino SQL
  std::vector<std::optional<std::string>> parameters;  // for its `?`
  sql::SessionContext session;
  base::CallLimits limits;
  ClientSession client = {};
  std::string id = {};                         // by which the history shows it; empty: it gets one
  std::function<void()> on_admitted = {};      // called once it is the statement's turn; must be quick
  bool queries_only = true;                    // anything but a query is refused, as REST does
  Freshness freshness = {};                    // besides what the session properties say
  std::optional<ResultShape> shape = {};       // of a query's answer; anything but a query is refused then
  std::optional<base::Error> refused = {};     // the statement fails with this before it begins
  std::shared_ptr<StatementEntry> entry = {};  // made by Enter
  // Of a query: told what it reads, each table once, before anything is read; an error is the statement's.
  std::function<base::Result<void>(const std::vector<StatementInput>&)> check_inputs = {};
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
  // What a query reads: each table once.
  [[nodiscard]] virtual std::span<const StatementInput> inputs() const { return {}; }
  // False for statements without a result set (DDL, SET, USE), which have neither columns nor rows.
  [[nodiscard]] virtual bool has_result() const { return true; }

  // Calls `ready` once the statement may go on: at once, or, when it gave its turn to others as nobody took its rows,
  // when it has one again. The statement may be gone when `ready` returns. Whoever calls Next without it waits there.
  virtual void WhenReady(std::move_only_function<void()> ready) { ready(); }
  // So many bytes were written of the rows that Next gave: for the history, and for the limit of them.
  virtual void Wrote(std::int64_t /*bytes*/) {}
};

// What a statement may use.
struct StatementLimits {
  std::chrono::seconds run_time{std::chrono::hours(24)};  // waiting included
  std::int64_t result_bytes = 0;                          // written for the client; 0: any number
};

struct ExecutorSettings {
  // Refreshes the copy of a table and waits for the end.
  using RefreshCopy = std::function<base::Result<void>(const std::string& catalog_id, const connector::TableName& table,
                                                       const base::CallLimits& limits)>;
  AdmissionLimits admission = {};
  StatementLimits limits = {};
  HistorySettings history = {};
  store::StatementRepository* store = nullptr;     // of the history; null: it is in memory alone
  const store::CacheRepository* caches = nullptr;  // for system.metadata.table_freshness; null: there are none
  RefreshCopy refresh_copy = {};                   // empty: copies are read as they are
};

// Thread-safe.
class Executor final {
 public:
  // `views` gives the text of saved queries for names under "peaka"."query"; it may be empty.
  using SavedQueryText =
      std::function<base::Result<std::string>(const std::string& project_id, const std::string& name)>;
  Executor(engine::Engine& engine, catalog::Catalogs& catalogs, SavedQueryText saved_query,
           const ExecutorSettings& settings = {});
  ~Executor();

  // Records a statement, and calls `ready` when it is its turn to run, or when it failed before that; Run tells. Never
  // blocks. The request's limits hold from here on.
  void Enter(StatementRequest& request, std::move_only_function<void()> ready);
  // Runs a statement; one that did not Enter waits for its turn here. Errors: those of admission, parsing, resolving
  // and the engine, with positions; and InvalidArgument "Statement type 'Insert' is not allowed" for anything that is
  // no query where `queries_only`.
  [[nodiscard]] base::Result<std::unique_ptr<RunningStatement>> Run(const StatementRequest& request);

  // The columns that a query's answer would have, without running it or waiting for a turn; where the engine alone
  // knows a type, it is empty. Errors: those of parsing and resolving, and of the request's shape.
  [[nodiscard]] base::Result<std::vector<engine::Column>> Columns(const StatementRequest& request);
  // Where each column of a query's answer comes from; views are looked through. Errors: as Columns.
  [[nodiscard]] base::Result<std::vector<sql::ColumnLineage>> Lineage(const StatementRequest& request);
  // The columns of a table or view, and those that `*` does not show. Errors: those of resolving.
  [[nodiscard]] base::Result<std::vector<sql::ResolvedColumn>> TableColumns(const std::string& project_id,
                                                                            const sql::QualifiedName& name,
                                                                            const base::CallLimits& limits);

  [[nodiscard]] History& history();
  [[nodiscard]] Admission::Load load() const;
  // What is kept of translations, and how often that helped.
  [[nodiscard]] sql::TranslationCache::Counts translations() const;

  // Forgets what a deleted project did.
  void ForgetProject(const std::string& project_id);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tarn::query
