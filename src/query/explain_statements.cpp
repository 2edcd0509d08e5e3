// EXPLAIN: which tables a statement reads and what serves each, the SQL that goes to each source, and the SQL that the
// engine runs, with tables under their names: how a source is reached is never shown.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <chrono>

#include "query/plan.h"
#include "query/plan_text.h"
#include "query/statement_call.h"
#include "sql/text.h"

namespace tarn::query {

namespace {

constexpr base::SqlPosition kStart{};

const sql::Query* QueryOf(const sql::Statement& statement) {
  if (statement.query) return statement.query.get();
  if (const auto* insert = std::get_if<sql::Insert>(&statement.body)) return insert->query.get();
  if (const auto* create = std::get_if<sql::CreateTable>(&statement.body)) return create->query.get();
  return nullptr;
}

// Whether a statement changes rows, and counts them.
bool ChangesRows(const sql::Statement& statement) {
  const auto& body = statement.body;
  if (const auto* create = std::get_if<sql::CreateTable>(&body)) return create->query != nullptr;
  return std::holds_alternative<sql::Insert>(body) || std::holds_alternative<sql::Delete>(body) ||
         std::holds_alternative<sql::Update>(body) || std::holds_alternative<sql::Merge>(body);
}

// Errors: those that the change would have before it begins.
base::Result<void> CheckChange(const StatementCall& call, const sql::Statement& statement) {
  if (!ChangesRows(statement)) return {};
  StatementCall checking = call;
  checking.checks_only = true;
  TARN_RETURN_IF_ERROR(RunStatement(checking, statement));
  return {};
}

StatementResult AnswerText(const StatementCall& call, std::string text, bool sized) {
  const auto length = std::max<std::size_t>(sql::CountCodePoints(text), 1);
  return AnswerRows(call, {.columns = {{"Query Plan", sized ? "varchar(" + std::to_string(length) + ")" : "varchar"}},
                           .rows = {{std::move(text)}}});
}

double Milliseconds(std::chrono::steady_clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

StatementResult RunAnalyze(const StatementCall& call, const sql::Explain& explain) {
  const auto& statement = *explain.statement;
  if (!statement.query && !ChangesRows(statement))
    return Unsupported("EXPLAIN ANALYZE is not supported for " + statement.kind, kStart);
  const auto begun = std::chrono::steady_clock::now();
  std::string text = "Tarn\n";
  if (const auto* query = QueryOf(statement)) {
    TARN_ASSIGN_OR_RETURN(const auto plan, PlanOf(call, *query));
    text = PlanText(plan);
  }
  const auto planned = std::chrono::steady_clock::now();
  std::size_t rows = 0;
  std::optional<std::int64_t> changed;
  auto first = planned;
  {
    TARN_ASSIGN_OR_RETURN(const auto running, RunStatement(call, statement));
    first = std::chrono::steady_clock::now();
    for (;;) {
      TARN_ASSIGN_OR_RETURN(const auto chunk, running->Next());
      if (!chunk) break;
      rows += chunk->rows();
    }
    changed = running->update_count();
  }
  const auto ended = std::chrono::steady_clock::now();
  text += fmt::format("Planning: {:.2f}ms, Start: {:.2f}ms, Execution: {:.2f}ms, ", Milliseconds(planned - begun),
                      Milliseconds(first - planned), Milliseconds(ended - first));
  text += changed ? fmt::format("Changed: {} rows\n", *changed) : fmt::format("Output: {} rows\n", rows);
  return AnswerText(call, std::move(text), false);
}

}  // namespace

StatementResult RunExplain(const StatementCall& call, const sql::Explain& explain) {
  if (explain.analyze) return RunAnalyze(call, explain);
  const auto type = explain.type.value_or("DISTRIBUTED");
  const auto format = explain.format.value_or(type == "IO" ? "JSON" : "TEXT");
  TARN_RETURN_IF_ERROR(CheckChange(call, *explain.statement));
  const auto* query = QueryOf(*explain.statement);
  if (query == nullptr) {
    if (type == "VALIDATE" && !ChangesRows(*explain.statement))
      return Unsupported("EXPLAIN (TYPE VALIDATE) is not supported for " + explain.statement->kind, kStart);
    if (type == "VALIDATE") return AnswerRows(call, {.columns = {{"Valid", "boolean"}}, .rows = {{"true"}}});
    return AnswerText(call, explain.statement->kind + "\n", true);
  }
  TARN_ASSIGN_OR_RETURN(const auto plan, PlanOf(call, *query));
  if (type == "VALIDATE") return AnswerRows(call, {.columns = {{"Valid", "boolean"}}, .rows = {{"true"}}});
  if (format == "GRAPHVIZ") {
    if (type == "IO") return Unsupported("Unsupported explain plan type IO for GRAPHVIZ format", kStart);
    return AnswerText(call, PlanGraph(plan), true);
  }
  if (type == "IO") return AnswerText(call, InputText(plan), true);
  return AnswerText(call, format == "JSON" ? PlanJson(plan) : PlanText(plan), true);
}

}  // namespace tarn::query
