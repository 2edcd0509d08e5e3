// Statements. The class of one that is no query is recognised from its leading words. Those that Tarn has no use for
// are only that: the rest has to be balanced text without a second statement.
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
    {"ALTER MATERIALIZED VIEW", "RenameMaterializedView"},
    {"ALTER SCHEMA", "RenameSchema"},
    {"ALTER VIEW", "RenameView"},
    {"ALTER TABLE", "AlterTable"},
    {"ANALYZE", "Analyze"},
    {"CALL", "Call"},
    {"COMMENT ON", "Comment"},
    {"COMMIT", "Commit"},
    {"CREATE CATALOG", "CreateCatalog"},
    {"CREATE SCHEMA", "CreateSchema"},
    {"CREATE ROLE", "CreateRole"},
    {"CREATE OR REPLACE TABLE", "CreateTable"},
    {"CREATE TABLE", "CreateTable"},
    {"CREATE OR REPLACE VIEW", "CreateView"},
    {"CREATE VIEW", "CreateView"},
    {"CREATE OR REPLACE MATERIALIZED VIEW", "CreateMaterializedView"},
    {"CREATE MATERIALIZED VIEW", "CreateMaterializedView"},
    {"CREATE OR REPLACE FUNCTION", "CreateFunction"},
    {"CREATE FUNCTION", "CreateFunction"},
    {"DEALLOCATE PREPARE", "Deallocate"},
    {"DELETE FROM", "Delete"},
    {"DENY", "Deny"},
    {"DESCRIBE INPUT", "DescribeInput"},
    {"DESCRIBE OUTPUT", "DescribeOutput"},
    {"DESCRIBE", "ShowColumns"},
    {"DESC", "ShowColumns"},
    {"DROP CATALOG", "DropCatalog"},
    {"DROP SCHEMA", "DropSchema"},
    {"DROP TABLE", "DropTable"},
    {"DROP VIEW", "DropView"},
    {"DROP MATERIALIZED VIEW", "DropMaterializedView"},
    {"DROP FUNCTION", "DropFunction"},
    {"DROP ROLE", "DropRole"},
    {"EXECUTE IMMEDIATE", "ExecuteImmediate"},
    {"EXECUTE", "Execute"},
    {"EXPLAIN ANALYZE", "ExplainAnalyze"},
    {"EXPLAIN", "Explain"},
    {"GRANT", "Grant"},
    {"INSERT INTO", "Insert"},
    {"MERGE INTO", "Merge"},
    {"PREPARE", "Prepare"},
    {"REFRESH MATERIALIZED VIEW", "RefreshMaterializedView"},
    {"RESET SESSION AUTHORIZATION", "ResetSessionAuthorization"},
    {"RESET SESSION", "ResetSession"},
    {"REVOKE", "Revoke"},
    {"ROLLBACK", "Rollback"},
    {"SET PATH", "SetPath"},
    {"SET ROLE", "SetRole"},
    {"SET SESSION AUTHORIZATION", "SetSessionAuthorization"},
    {"SET SESSION", "SetSession"},
    {"SET TIME ZONE", "SetTimeZone"},
    {"SHOW CATALOGS", "ShowCatalogs"},
    {"SHOW COLUMNS", "ShowColumns"},
    {"SHOW CREATE", "ShowCreate"},
    {"SHOW CURRENT ROLES", "ShowRoles"},
    {"SHOW FUNCTIONS", "ShowFunctions"},
    {"SHOW GRANTS", "ShowGrants"},
    {"SHOW ROLE GRANTS", "ShowRoleGrants"},
    {"SHOW ROLES", "ShowRoles"},
    {"SHOW SCHEMAS", "ShowSchemas"},
    {"SHOW SESSION", "ShowSession"},
    {"SHOW STATS", "ShowStats"},
    {"SHOW TABLES", "ShowTables"},
    {"START TRANSACTION", "StartTransaction"},
    {"TRUNCATE TABLE", "TruncateTable"},
    {"UPDATE", "Update"},
    {"USE", "Use"},
});

constexpr auto kQueryStarts = std::to_array<std::string_view>({"SELECT", "TABLE", "VALUES", "WITH"});

// The class of an ALTER TABLE, by the words after the table's name.
constexpr auto kAlterForms = std::to_array<StatementForm>({
    {"RENAME TO", "RenameTable"},
    {"ADD COLUMN", "AddColumn"},
    {"RENAME COLUMN", "RenameColumn"},
    {"DROP COLUMN", "DropColumn"},
    {"ALTER COLUMN", "SetColumnType"},
    {"SET AUTHORIZATION", "SetTableAuthorization"},
    {"SET PROPERTIES", "SetProperties"},
    {"EXECUTE", "TableExecute"},
});

}  // namespace

base::Result<std::unique_ptr<const Statement>> Parser::ParseStatement(bool allow_semicolon) {
  auto statement = ParseStatementText();
  ExpectEnd(allow_semicolon);
  if (failed()) return std::unexpected(*error_);
  statement->parameter_count = parameters_;
  return statement;
}

std::unique_ptr<Statement> Parser::ParseStatementText() {
  auto statement = std::make_unique<Statement>();
  bool query = AtSymbol("(");
  for (const std::string_view start : kQueryStarts) query = At(start) || query;
  if (query) {
    statement->kind = "Query";
    statement->query = ParseQuery();
    return statement;
  }
  const std::size_t first = cursor_;
  statement->kind = ParseStatementKind();
  if (!failed()) statement->body = ParseStatementBody(statement->kind);
  if (auto* recognised = std::get_if<Recognised>(&statement->body); recognised != nullptr && !failed()) {
    for (std::size_t i = first; i < cursor_; ++i)
      recognised->text.append(i == first ? "" : " ").append(tokens_[i].text);
  }
  return statement;
}

StatementBody Parser::ParseStatementBody(const std::string& kind) {
  if (kind.starts_with("Show")) return ParseShow(kind);
  if (kind.starts_with("Explain")) return ParseExplain(kind);
  if (kind == "Call") return ParseCallProcedure();
  if (kind == "StartTransaction") return ParseStartTransaction();
  if (kind == "Commit" || kind == "Rollback") {
    Accept("WORK");
    if (kind == "Commit") return Commit{};
    return Rollback{};
  }
  for (const std::string_view each :
       {"Prepare", "Execute", "ExecuteImmediate", "Deallocate", "DescribeInput", "DescribeOutput"}) {
    if (kind == each) return ParsePrepared(kind);
  }
  for (const std::string_view each : {"Use", "SetSession", "ResetSession", "SetTimeZone", "SetPath", "SetRole"}) {
    if (kind == each) return ParseSessionStatement(kind);
  }
  for (const std::string_view each : {"Insert", "Delete", "Update", "Merge"}) {
    if (kind == each) return ParseChange(kind);
  }
  for (const std::string_view each :
       {"CreateSchema", "DropSchema", "RenameSchema", "CreateTable", "CreateTableAsSelect", "CreateView", "DropTable",
        "DropView", "TruncateTable", "RenameView", "Comment", "RenameTable", "AddColumn", "RenameColumn", "DropColumn",
        "SetColumnType", "SetProperties"}) {
    if (kind == each) return ParseDefinition(kind);
  }
  if (kind == "Analyze") {
    OnTable on{.table = ParseTableName()};
    if (Next("WITH")) on.properties = ParseProperties();
    return on;
  }
  SkipBalanced();
  return Recognised{};
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
    replaces_ = form.words.starts_with("CREATE OR REPLACE");
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

bool Parser::AcceptWords(std::string_view words) {
  const std::size_t count = MatchWords(words, 0);
  if (count == 0) ExpectingToken(words.substr(0, words.find(' ')));
  for (std::size_t i = 0; i < count; ++i) Advance();
  return count > 0;
}

std::string Parser::ParseText() {
  if (Current().kind != TokenKind::kString) {
    Expecting("<string>");
    Mismatch();
    return "";
  }
  std::string text = UnquotedText(Current());
  Advance();
  return text;
}

std::string Parser::TextSince(std::size_t first) const {
  if (failed() || cursor_ == first) return "";
  const std::string_view begin = tokens_[first].text;
  const std::string_view last = tokens_[cursor_ - 1].text;
  const auto size = static_cast<std::size_t>(last.data() + last.size() - begin.data());
  return std::string(begin.data(), size);
}

std::vector<ExpressionPtr> Parser::ParseUsing() {
  std::vector<ExpressionPtr> arguments;
  if (!Accept("USING")) return arguments;
  do {
    arguments.push_back(ParseExpression());
  } while (AcceptSymbol(","));
  return arguments;
}

std::vector<Property> Parser::ParseProperties() {
  std::vector<Property> properties;
  Accept("WITH");
  const bool parenthesised = AcceptSymbol("(");
  do {
    Property property{.name = ParseName(), .value = nullptr};
    ExpectSymbol("=");
    if (!Accept("DEFAULT")) property.value = ParseExpression();
    properties.push_back(std::move(property));
  } while (AcceptSymbol(","));
  if (parenthesised) ExpectSymbol(")");
  return properties;
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
