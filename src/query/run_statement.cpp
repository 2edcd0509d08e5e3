// Which family a statement belongs to; what Tarn does not do is refused here with its reason.
#include <array>

#include "query/statement_call.h"

namespace tarn::query {

namespace {

template <class... Kinds>
bool IsOneOf(const sql::StatementBody& body) {
  return (std::holds_alternative<Kinds>(body) || ...);
}

struct Refusal {
  std::string_view kind;
  std::string_view message;
};

// As Trino's own catalog of tables in memory refuses them.
constexpr auto kRefusals = std::to_array<Refusal>({
    {"Grant", "Catalog does not support permission management"},
    {"Deny", "Catalog does not support permission management"},
    {"Revoke", "Catalog does not support permission management"},
    {"CreateRole", "System roles are not enabled"},
    {"DropRole", "System roles are not enabled"},
    {"CreateMaterializedView", "This connector does not support creating materialized views"},
    {"RefreshMaterializedView", "This connector does not support refreshing materialized views"},
    {"RenameMaterializedView", "This connector does not support renaming materialized views"},
    {"DropMaterializedView", "This connector does not support dropping materialized views"},
    {"CreateCatalog", "Catalogs are created through the REST API"},
    {"DropCatalog", "Catalogs are deleted through the REST API"},
    {"Analyze", "This connector does not support analyze"},
});

}  // namespace

StatementResult RunStatement(const StatementCall& call, const sql::Statement& statement) {
  if (statement.parameter_count != call.arguments.size()) {
    return Failed("INVALID_PARAMETER_USAGE",
                  "Incorrect number of parameters: expected " + std::to_string(statement.parameter_count) +
                      " but found " + std::to_string(call.arguments.size()),
                  base::SqlPosition{});
  }
  if (statement.query != nullptr) return RunQuery(call, *statement.query);
  const auto& body = statement.body;
  if (const auto* show = std::get_if<sql::Show>(&body)) return RunShow(call, *show);
  if (IsOneOf<sql::Use, sql::SetSession, sql::ResetSession, sql::SetTimeZone, sql::SetPath, sql::SetRole>(body))
    return RunSessionStatement(call, statement);
  if (IsOneOf<sql::Prepare, sql::Execute, sql::ExecuteImmediate, sql::Deallocate, sql::DescribePrepared>(body))
    return RunPrepared(call, statement);
  if (IsOneOf<sql::StartTransaction, sql::Commit, sql::Rollback>(body)) return RunTransaction(call, statement);
  if (const auto* procedure = std::get_if<sql::CallProcedure>(&body)) return RunCallProcedure(call, *procedure);
  if (IsOneOf<sql::Insert, sql::Delete, sql::Update, sql::Merge>(body)) return RunChange(call, statement);
  if (const auto* explain = std::get_if<sql::Explain>(&body)) return RunExplain(call, *explain);
  if (!IsOneOf<sql::Recognised, sql::OnTable>(body)) return RunDefinition(call, statement);
  for (const auto& refusal : kRefusals) {
    if (statement.kind == refusal.kind) return Unsupported(std::string(refusal.message));
  }
  return Unsupported("Statement is not supported: " + statement.kind, base::SqlPosition{});
}

}  // namespace tarn::query
