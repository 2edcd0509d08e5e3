// PREPARE, EXECUTE, DEALLOCATE, DESCRIBE INPUT and OUTPUT. The texts live at the client.
#include "query/statement_call.h"
#include "sql/parser.h"
#include "sql/text.h"

namespace tarn::query {

namespace {

// EXECUTE IMMEDIATE of EXECUTE IMMEDIATE ends somewhere.
constexpr int kMostDepth = 4;

base::Result<std::string> PreparedText(const StatementCall& call, const sql::Name& name) {
  const auto& prepared = call.request.client.prepared;
  auto found = prepared.find(name.value);
  if (found == prepared.end()) found = prepared.find(sql::ToLower(name.value));
  if (found == prepared.end()) return Failed("NOT_FOUND", "Prepared statement not found: " + sql::ToLower(name.value));
  return found->second;
}

// Runs `text` with arguments for its parameters. Errors have places in `text`.
StatementResult RunText(const StatementCall& call, const std::string& text,
                        const std::vector<sql::ExpressionPtr>& arguments) {
  if (call.depth >= kMostDepth) return Unsupported("EXECUTE is nested too deeply");
  TARN_ASSIGN_OR_RETURN(const auto parsed, sql::Parse(text, false));
  StatementCall inner{.parts = call.parts,
                      .request = call.request,
                      .session = call.session,
                      .limits = call.limits,
                      .arguments = {.expressions = &arguments},
                      .depth = call.depth + 1};
  return RunStatement(inner, parsed.statement());
}

// A place in the text of EXECUTE IMMEDIATE as a place in the whole statement.
void MovePlace(base::Error& error, base::SqlPosition quote) {
  if (!error.position) return;
  if (error.position->line == 1) error.position->column += quote.column;
  error.position->line += quote.line - 1;
}

std::int64_t TypeSize(const std::string& type) {
  if (type == "boolean" || type == "tinyint") return 1;
  if (type == "smallint") return 2;
  if (type == "integer" || type == "real" || type == "date") return 4;
  if (type == "bigint" || type == "double" || type.starts_with("timestamp") || type.starts_with("time")) return 8;
  if (type.starts_with("decimal(")) return std::stoi(type.substr(8)) > 18 ? 16 : 8;
  if (type == "uuid" || type == "ipaddress") return 16;
  return 0;
}

StatementResult DescribeOutput(const StatementCall& call, const sql::Statement& statement) {
  engine::TextRows rows{.columns = {{"Column Name", "varchar"},
                                    {"Catalog", "varchar"},
                                    {"Schema", "varchar"},
                                    {"Table", "varchar"},
                                    {"Type", "varchar"},
                                    {"Type Size", "bigint"},
                                    {"Aliased", "boolean"}},
                        .rows = {}};
  if (statement.query == nullptr) {
    const bool counts = std::holds_alternative<sql::Insert>(statement.body) ||
                        statement.kind == "CreateTableAsSelect" || statement.kind == "Delete" ||
                        statement.kind == "Update" || statement.kind == "Merge";
    if (counts) rows.rows.push_back({"rows", "", "", "", "bigint", "8", "false"});
    return AnswerRows(call, std::move(rows));
  }
  StatementCall inner{.parts = call.parts,
                      .request = call.request,
                      .session = call.session,
                      .limits = call.limits,
                      .arguments = {.texts = std::vector<std::optional<std::string>>(statement.parameter_count)}};
  TARN_ASSIGN_OR_RETURN(const auto running, RunQuery(inner, *statement.query));
  for (const auto& column : running->columns()) {
    const auto& name = column.column.name;
    const bool aliased = column.table ? !sql::EqualsIgnoreCase(name, column.table_column) : !name.starts_with("_col");
    const auto table = column.table.value_or(sql::QualifiedName{});
    rows.rows.push_back({name, table.catalog, table.schema, table.table, column.column.type,
                         std::to_string(TypeSize(column.column.type)), aliased ? "true" : "false"});
  }
  return AnswerRows(call, std::move(rows));
}

StatementResult Describe(const StatementCall& call, const sql::DescribePrepared& describe) {
  TARN_ASSIGN_OR_RETURN(const auto text, PreparedText(call, describe.name));
  TARN_ASSIGN_OR_RETURN(const auto parsed, sql::Parse(text, false));
  if (!describe.input) return DescribeOutput(call, parsed.statement());
  engine::TextRows rows{.columns = {{"Position", "bigint"}, {"Type", "varchar"}}, .rows = {}};
  for (std::size_t i = 0; i < parsed.parameter_count(); ++i) rows.rows.push_back({std::to_string(i), "unknown"});
  return AnswerRows(call, std::move(rows));
}

}  // namespace

StatementResult RunPrepared(const StatementCall& call, const sql::Statement& statement) {
  const auto& body = statement.body;
  SessionChanges changes;
  if (const auto* prepare = std::get_if<sql::Prepare>(&body)) {
    changes.added_prepared[sql::ToLower(prepare->name.value)] = prepare->text;
    return AnswerDone("PREPARE", std::move(changes));
  }
  if (const auto* deallocate = std::get_if<sql::Deallocate>(&body)) {
    TARN_RETURN_IF_ERROR(PreparedText(call, deallocate->name));
    changes.deallocated_prepared.push_back(sql::ToLower(deallocate->name.value));
    return AnswerDone("DEALLOCATE", std::move(changes));
  }
  if (const auto* describe = std::get_if<sql::DescribePrepared>(&body)) return Describe(call, *describe);
  if (const auto* execute = std::get_if<sql::Execute>(&body)) {
    TARN_ASSIGN_OR_RETURN(const auto text, PreparedText(call, execute->name));
    return RunText(call, text, execute->arguments);
  }
  const auto& immediate = std::get<sql::ExecuteImmediate>(body);
  auto result = RunText(call, immediate.text, immediate.arguments);
  if (!result) MovePlace(result.error(), immediate.text_position);
  return result;
}

}  // namespace tarn::query
