// Statements. Queries are parsed whole; of the others the class is recognised from the leading words, and
// the rest has to be balanced text without a second statement.
#include <array>

#include "sql/parser.h"
#include "sql/text.h"

namespace tarn::sql {
namespace {

// The leading words of a statement and Trino's name of its class; the first match wins.
struct StatementForm {
  std::string_view words;
  std::string_view kind;
};

constexpr auto kForms = std::to_array<StatementForm>({
    {"ALTER MATERIALIZED VIEW", "RenameMaterializedView"}, {"ALTER SCHEMA", "RenameSchema"}, {"ALTER VIEW", "RenameView"},
    {"ALTER TABLE", "AlterTable"}, {"ANALYZE", "Analyze"}, {"CALL", "Call"}, {"COMMENT ON", "Comment"}, {"COMMIT", "Commit"},
    {"CREATE CATALOG", "CreateCatalog"}, {"CREATE SCHEMA", "CreateSchema"}, {"CREATE ROLE", "CreateRole"},
    {"CREATE OR REPLACE TABLE", "CreateTable"}, {"CREATE TABLE", "CreateTable"}, {"CREATE OR REPLACE VIEW", "CreateView"},
    {"CREATE VIEW", "CreateView"}, {"CREATE OR REPLACE MATERIALIZED VIEW", "CreateMaterializedView"},
    {"CREATE MATERIALIZED VIEW", "CreateMaterializedView"}, {"CREATE OR REPLACE FUNCTION", "CreateFunction"},
    {"CREATE FUNCTION", "CreateFunction"}, {"DEALLOCATE PREPARE", "Deallocate"}, {"DELETE FROM", "Delete"}, {"DENY", "Deny"},
    {"DESCRIBE INPUT", "DescribeInput"}, {"DESCRIBE OUTPUT", "DescribeOutput"}, {"DESCRIBE", "ShowColumns"}, {"DESC", "ShowColumns"},
    {"DROP CATALOG", "DropCatalog"}, {"DROP SCHEMA", "DropSchema"}, {"DROP TABLE", "DropTable"}, {"DROP VIEW", "DropView"},
    {"DROP MATERIALIZED VIEW", "DropMaterializedView"}, {"DROP FUNCTION", "DropFunction"}, {"DROP ROLE", "DropRole"},
    {"EXECUTE IMMEDIATE", "ExecuteImmediate"}, {"EXECUTE", "Execute"}, {"EXPLAIN ANALYZE", "ExplainAnalyze"}, {"EXPLAIN", "Explain"},
    {"GRANT", "Grant"}, {"INSERT INTO", "Insert"}, {"MERGE INTO", "Merge"}, {"PREPARE", "Prepare"},
    {"REFRESH MATERIALIZED VIEW", "RefreshMaterializedView"}, {"RESET SESSION AUTHORIZATION", "ResetSessionAuthorization"},
    {"RESET SESSION", "ResetSession"}, {"REVOKE", "Revoke"}, {"ROLLBACK", "Rollback"}, {"SET PATH", "SetPath"}, {"SET ROLE", "SetRole"},
    {"SET SESSION AUTHORIZATION", "SetSessionAuthorization"}, {"SET SESSION", "SetSession"}, {"SET TIME ZONE", "SetTimeZone"},
    {"SHOW CATALOGS", "ShowCatalogs"}, {"SHOW COLUMNS", "ShowColumns"}, {"SHOW CREATE", "ShowCreate"}, {"SHOW CURRENT ROLES", "ShowRoles"},
    {"SHOW FUNCTIONS", "ShowFunctions"}, {"SHOW GRANTS", "ShowGrants"}, {"SHOW ROLE GRANTS", "ShowRoleGrants"}, {"SHOW ROLES", "ShowRoles"},
    {"SHOW SCHEMAS", "ShowSchemas"}, {"SHOW SESSION", "ShowSession"}, {"SHOW STATS", "ShowStats"}, {"SHOW TABLES", "ShowTables"},
    {"START TRANSACTION", "StartTransaction"}, {"TRUNCATE TABLE", "TruncateTable"}, {"UPDATE", "Update"}, {"USE", "Use"},
});

constexpr auto kQueryStarts = std::to_array<std::string_view>({"SELECT", "TABLE", "VALUES", "WITH"});

// The class of an ALTER TABLE, by the words after the table's name.
constexpr auto kAlterForms = std::to_array<StatementForm>({
    {"RENAME TO", "RenameTable"}, {"ADD COLUMN", "AddColumn"}, {"RENAME COLUMN", "RenameColumn"}, {"DROP COLUMN", "DropColumn"},
    {"ALTER COLUMN", "SetColumnType"}, {"SET AUTHORIZATION", "SetTableAuthorization"}, {"SET PROPERTIES", "SetProperties"}, {"EXECUTE", "TableExecute"},
});

}  // namespace

base::Result<std::unique_ptr<const Statement>> Parser::ParseStatement(bool allow_semicolon) {
  auto statement = std::make_unique<Statement>();
  bool query = AtSymbol("(");
  for (const std::string_view start : kQueryStarts) query = At(start) || query;
  if (query) {
    statement->kind = "Query";
    statement->query = ParseQuery();
  } else {
    statement->kind = ParseStatementKind();
    SkipBalanced();
  }
  ExpectEnd(allow_semicolon);
  if (failed()) return std::unexpected(*error_);
  statement->parameter_count = parameters_;
  return statement;
}

std::size_t Parser::MatchWords(std::string_view words, std::size_t ahead) const {
  std::size_t count = 0;
  while (!words.empty()) {
    const std::size_t space = words.find(' ');
    if (!Next(words.substr(0, space), ahead + count)) return 0;
    ++count;
    words = space == std::string_view::npos ? std::string_view{} : words.substr(space + 1);
  }
  return count;
}

std::string Parser::ParseStatementKind() {
  for (const StatementForm& form : kForms) {
    const std::size_t count = MatchWords(form.words, 0);
    if (count == 0) continue;
    for (std::size_t i = 0; i < count; ++i) Advance();
    if (form.kind == "AlterTable") return AlterTableKind();
    if (form.kind == "CreateTable" && HasQueryDefinition()) return "CreateTableAsSelect";
    return std::string(form.kind);
  }
  // Name what could stand where the words stop making a statement.
  const std::string_view first = Current().text;
  bool second = false;
  for (const StatementForm& form : kForms) {
    const std::size_t space = form.words.find(' ');
    if (space == std::string_view::npos || !EqualsIgnoreCase(form.words.substr(0, space), first)) continue;
    if (!second) Advance();
    second = true;
    const std::string_view rest = form.words.substr(space + 1);
    At(rest.substr(0, rest.find(' ')));
  }
  if (!second) {
    for (const StatementForm& form : kForms) At(form.words.substr(0, form.words.find(' ')));
  }
  Mismatch();
  return "";
}

std::string Parser::AlterTableKind() const {
  for (std::size_t ahead = 0; Ahead(ahead).kind != TokenKind::kEnd; ++ahead) {
    for (const StatementForm& form : kAlterForms) {
      if (ahead > 0 && MatchWords(form.words, ahead) > 0) return std::string(form.kind);
    }
  }
  return "RenameTable";
}

// CREATE TABLE t [(…)] [COMMENT …] [WITH (…)] AS query
bool Parser::HasQueryDefinition() const {
  for (std::size_t i = cursor_; i < tokens_.size(); ++i) {
    if (IsSymbol(tokens_[i], "(")) i = closing_[i];
    if (IsWord(tokens_[i], "AS")) return true;
  }
  return false;
}

// The rest of a statement that is only recognised: any tokens in balanced parentheses.
void Parser::SkipBalanced() {
  int depth = 0;
  while (!failed() && Current().kind != TokenKind::kEnd && !NextSymbol(";")) {
    if (Current().kind == TokenKind::kUnrecognized || Current().kind == TokenKind::kBackquoted) return Mismatch();
    if (NextSymbol("?")) ++parameters_;
    if (NextSymbol("(")) ++depth;
    if (NextSymbol(")") && --depth < 0) return Mismatch();
    Advance();
  }
  if (depth > 0) {
    Expecting("')'");
    Mismatch();
  }
}

}  // namespace tarn::sql
