// What the families of statements share: one statement under way, and the kinds of answers.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/text_rows.h"
#include "query/executor.h"
#include "query/history.h"
#include "query/metadata_walk.h"
#include "query/project_resolver.h"
#include "query/transactions.h"
#include "sql/translate_query.h"
#include "sql/translation_cache.h"

namespace tarn::query {

inline constexpr std::size_t kTranslationBytes = std::size_t{32} << 20U;

struct ExecutorParts {
  engine::Engine& engine;
  catalog::Catalogs& catalogs;
  Executor::SavedQueryText saved_query;
  History history;
  Transactions transactions = {};
  sql::TranslationCache translations{kTranslationBytes};
  SilentCatalogs silent = {};
  const store::CacheRepository* caches = nullptr;
  ExecutorSettings::RefreshCopy refresh_copy = {};
};

// A statement with all that it runs in. Lives while it is begun, not while its rows are read.
struct StatementCall {
  ExecutorParts& parts;
  const StatementRequest& request;
  sql::SessionContext session;  // the client's, with its session properties in effect
  base::CallLimits limits;
  sql::Arguments arguments = {};
  Freshness freshness = {};
  int depth = 0;             // of EXECUTE IMMEDIATE inside itself
  bool checks_only = false;  // of EXPLAIN: a change is checked as if it ran, and changes nothing
  bool whole_text = false;   // what runs is the request's text, which its translation may be kept by

  [[nodiscard]] sql::TranslationCache::Key TranslationKey() const {
    return {.scope = request.project_id,
            .text = request.text,
            .allow_semicolon = request.queries_only,
            .session = session,
            .parameters = arguments.texts};
  }

  [[nodiscard]] ProjectResolver Resolver() const {
    return ProjectResolver(parts.catalogs, parts.saved_query, request.project_id, limits, &parts, freshness);
  }
};

using StatementResult = base::Result<std::unique_ptr<RunningStatement>>;

// describe_definition.cpp
// The columns of what a query stands for. Errors: those of the query.
[[nodiscard]] base::Result<connector::TableInfo> DescribeDefinition(ExecutorParts& parts,
                                                                    const catalog::Definition& definition,
                                                                    const connector::TableName& name,
                                                                    const base::CallLimits& limits);

// run_query.cpp
[[nodiscard]] StatementResult RunQuery(const StatementCall& call, const sql::Query& query);
// The columns of the answer, of which nothing is read.
[[nodiscard]] base::Result<std::vector<engine::Column>> ColumnsOf(const StatementCall& call, const sql::Query& query);
// Precondition: `resolver` has resolved the tables of the translation.
[[nodiscard]] StatementResult RunTranslated(const StatementCall& call,
                                            std::shared_ptr<const sql::Translation> translation,
                                            ProjectResolver resolver);
// Rows that Tarn has, as the answer; filtered by `like` on the first column where it is given.
[[nodiscard]] StatementResult AnswerRows(const StatementCall& call, engine::TextRows rows);
// "rows", the number of changed rows.
[[nodiscard]] StatementResult AnswerCount(const StatementCall& call, std::string update_type, std::int64_t count);
// Neither columns nor rows.
[[nodiscard]] std::unique_ptr<RunningStatement> AnswerDone(std::string update_type, SessionChanges changes = {});

// The families; each file has its own statements.
[[nodiscard]] StatementResult RunStatement(const StatementCall& call, const sql::Statement& statement);
[[nodiscard]] StatementResult RunShow(const StatementCall& call, const sql::Show& show);
[[nodiscard]] StatementResult RunShowStatistics(const StatementCall& call, const sql::Show& show);
[[nodiscard]] StatementResult RunSessionStatement(const StatementCall& call, const sql::Statement& statement);
[[nodiscard]] StatementResult RunPrepared(const StatementCall& call, const sql::Statement& statement);
[[nodiscard]] StatementResult RunTransaction(const StatementCall& call, const sql::Statement& statement);
[[nodiscard]] StatementResult RunCallProcedure(const StatementCall& call, const sql::CallProcedure& procedure);
[[nodiscard]] StatementResult RunDefinition(const StatementCall& call, const sql::Statement& statement);
[[nodiscard]] StatementResult RunChange(const StatementCall& call, const sql::Statement& statement);
[[nodiscard]] StatementResult RunExplain(const StatementCall& call, const sql::Explain& explain);

// An error with a name of Trino's, with a place in the text or without.
[[nodiscard]] std::unexpected<base::Error> Failed(std::string code, std::string message,
                                                  std::optional<base::SqlPosition> position = std::nullopt);
[[nodiscard]] std::unexpected<base::Error> Unsupported(std::string message,
                                                       std::optional<base::SqlPosition> position = std::nullopt);

// A name with the session's catalog and schema where it does not say them, in lower case.
// Errors: MISSING_CATALOG_NAME, MISSING_SCHEMA_NAME.
[[nodiscard]] base::Result<sql::QualifiedName> FullName(const StatementCall& call, const sql::TableName& name);
// The same of a schema; `table` stays empty. `name` may have no parts: then it is the session's.
[[nodiscard]] base::Result<sql::QualifiedName> FullSchemaName(const StatementCall& call, const sql::TableName& name);
// Errors: CATALOG_NOT_FOUND, SCHEMA_NOT_FOUND.
[[nodiscard]] base::Result<void> CheckSchema(const StatementCall& call, const sql::QualifiedName& name,
                                             std::optional<base::SqlPosition> position);
[[nodiscard]] std::string Spelled(const sql::QualifiedName& name);
// As Trino writes names: quoted only where they have to be.
[[nodiscard]] std::string ShownName(std::string_view name);

// Whether a text matches a LIKE pattern.
[[nodiscard]] base::Result<bool> MatchesLike(std::string_view text, std::string_view pattern,
                                             const std::optional<std::string>& escape);

}  // namespace tarn::query
