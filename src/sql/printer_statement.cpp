// Statements other than queries as Trino SQL. Those that change rows are kept as queries (ast_statement.h): what they
// said is taken out of these again.
#include <array>

#include "sql/printer.h"
#include "sql/printer_parts.h"

namespace tarn::sql {
namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

std::string If(bool condition, std::string_view text) { return condition ? std::string(text) : std::string(); }

std::string PrintDots(const std::vector<Name>& name) { return Print(TableName{.parts = name}); }

std::string PrintComment(const std::optional<std::string>& comment) {
  return comment ? " COMMENT " + QuoteLiteral(*comment) : "";
}

std::string PrintAssignments(const std::vector<Property>& properties) {
  std::string text;
  for (const Property& property : properties) {
    text += (text.empty() ? "" : ", ") + Print(property.name) + " = " +
            (property.value ? ToSql(*property.value) : "DEFAULT");
  }
  return text;
}

std::string PrintProperties(const std::vector<Property>& properties) {
  return properties.empty() ? "" : " WITH (" + PrintAssignments(properties) + ")";
}

std::string PrintUsing(const std::vector<ExpressionPtr>& arguments) {
  return arguments.empty() ? "" : " USING " + Print(arguments);
}

std::string PrintColumn(const ColumnDefinition& column) {
  return Print(column.name) + " " + ToText(column.type) +
         (column.default_value ? " DEFAULT " + ToSql(*column.default_value) : "") + If(column.not_null, " NOT NULL") +
         PrintComment(column.comment) + PrintProperties(column.properties);
}

std::string PrintElement(const TableElement& element) {
  if (element.column) return PrintColumn(*element.column);
  std::string text = "LIKE " + Print(*element.like);
  if (element.including_properties)
    text += *element.including_properties ? " INCLUDING PROPERTIES" : " EXCLUDING PROPERTIES";
  return text;
}

std::string PrintCreateTable(const CreateTable& create) {
  std::string text = "CREATE " + If(create.replace, "OR REPLACE ") + "TABLE " +
                     If(create.if_not_exists, "IF NOT EXISTS ") + Print(create.name);
  if (!create.columns.empty()) text += PrintNames(create.columns);
  for (std::size_t i = 0; i < create.elements.size(); ++i)
    text += (i == 0 ? " (" : ", ") + PrintElement(create.elements[i]);
  text += If(!create.elements.empty(), ")") + PrintComment(create.comment) + PrintProperties(create.properties);
  if (create.query) text += " AS " + ToSql(*create.query) + If(!create.with_data, " WITH NO DATA");
  return text;
}

std::string PrintAlterTable(const AlterTable& alter) {
  std::string text =
      std::string(alter.view ? "ALTER VIEW " : "ALTER TABLE ") + If(alter.if_exists, "IF EXISTS ") + Print(alter.name);
  const std::string exists = If(alter.column_if_exists, "IF EXISTS ");
  switch (alter.action) {
    using enum AlterTable::Action;
    case kRename: return text + " RENAME TO " + Print(alter.target);
    case kAddColumn:
      return text + " ADD COLUMN " + If(alter.column_if_exists, "IF NOT EXISTS ") + PrintColumn(*alter.column);
    case kDropColumn: return text + " DROP COLUMN " + exists + PrintDots(alter.column_name);
    case kRenameColumn:
      return text + " RENAME COLUMN " + exists + PrintDots(alter.column_name) + " TO " + Print(alter.new_name);
    case kSetType:
      return text + " ALTER COLUMN " + PrintDots(alter.column_name) + " SET DATA TYPE " + ToText(alter.type);
    case kDropNotNull: return text + " ALTER COLUMN " + PrintDots(alter.column_name) + " DROP NOT NULL";
    case kSetProperties: return text + " SET PROPERTIES " + PrintAssignments(alter.properties);
  }
  return text;
}

std::string PrintShow(const Show& show) {
  static constexpr std::array<std::string_view, 16> kWhat = {
      "CATALOGS",        "SCHEMAS",      "TABLES",      "COLUMNS",       "FUNCTIONS",
      "SESSION",         "CREATE TABLE", "CREATE VIEW", "CREATE SCHEMA", "CREATE MATERIALIZED VIEW",
      "CREATE FUNCTION", "STATS",        "ROLES",       "CURRENT ROLES", "ROLE GRANTS",
      "GRANTS"};
  std::string text = "SHOW " + std::string(kWhat[static_cast<std::size_t>(show.what)]);
  if (show.query) text += " FOR (" + ToSql(*show.query) + ")";
  if (!show.from.parts.empty()) {
    switch (show.what) {
      using enum Show::What;
      case kCreateTable:
      case kCreateView:
      case kCreateSchema:
      case kCreateMaterializedView:
      case kCreateFunction: text += " "; break;
      case kStats: text += " FOR "; break;
      case kGrants: text += " ON TABLE "; break;
      default: text += " FROM "; break;
    }
    text += Print(show.from);
  }
  if (show.like) text += " LIKE " + QuoteLiteral(*show.like);
  if (show.escape) text += " ESCAPE " + QuoteLiteral(*show.escape);
  return text;
}

std::string PrintExplain(const Explain& explain) {
  std::string text = "EXPLAIN " + If(explain.analyze, "ANALYZE ") + If(explain.verbose, "VERBOSE ");
  if (explain.type || explain.format) {
    text += "(" + (explain.type ? "TYPE " + *explain.type : "") + If(explain.type && explain.format, ", ") +
            (explain.format ? "FORMAT " + *explain.format : "") + ") ";
  }
  return text + ToSql(*explain.statement);
}

std::string PrintStartTransaction(const StartTransaction& start) {
  std::string text = "START TRANSACTION";
  if (start.isolation) text += " ISOLATION LEVEL " + *start.isolation;
  if (start.read_only)
    text += std::string(start.isolation ? ", " : " ") + (*start.read_only ? "READ ONLY" : "READ WRITE");
  return text;
}

std::string PrintCallProcedure(const CallProcedure& call) {
  std::string text = "CALL " + Print(call.name) + "(";
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const auto& argument = call.arguments[i];
    text += (i == 0 ? "" : ", ") + (argument.name ? Print(*argument.name) + " => " : "") + ToSql(*argument.value);
  }
  return text + ")";
}

std::string PrintSetRole(const SetRole& set) {
  std::string text = "SET ROLE ";
  text += set.kind == SetRole::Kind::kAll ? "ALL" : set.kind == SetRole::Kind::kNone ? "NONE" : Print(set.role);
  return text + (set.catalog ? " IN " + Print(*set.catalog) : "");
}

std::string PrintSetPath(const SetPath& path) {
  std::string text = "SET PATH ";
  for (std::size_t i = 0; i < path.elements.size(); ++i) text += (i == 0 ? "" : ", ") + PrintDots(path.elements[i]);
  return text;
}

std::string PrintCommentOn(const CommentOn& comment) {
  static constexpr std::array<std::string_view, 3> kWhat = {"TABLE ", "VIEW ", "COLUMN "};
  return "COMMENT ON " + std::string(kWhat[static_cast<std::size_t>(comment.what)]) + Print(comment.name) + " IS " +
         (comment.comment ? QuoteLiteral(*comment.comment) : "NULL");
}

std::string PrintWhere(const Select& select) { return select.where ? " WHERE " + ToSql(*select.where) : ""; }

// Names and the select items that are their new values: a = 1, b = 2.
std::string PrintNewValues(const std::vector<Name>& columns, const Select& select, std::size_t first) {
  std::string text;
  for (std::size_t i = 0; i < columns.size(); ++i)
    text += (i == 0 ? "" : ", ") + Print(columns[i]) + " = " + ToSql(*select.items[first + i].expression);
  return text;
}

std::string PrintUpdate(const Update& update) {
  const auto& select = As<Select>(*update.query->body);
  return "UPDATE " + Print(update.table) + " SET " + PrintNewValues(update.columns, select, 1) + PrintWhere(select);
}

std::string PrintBranch(const Merge::Branch& branch, const Case::When& when, const Select& select) {
  // The condition is whether there is a row, AND what was written.
  const Expression* condition = when.condition.get();
  std::string written;
  if (branch.has_condition) {
    const auto& both = As<Logical>(*condition);
    condition = both.terms[0].get();
    written = " AND " + ToSql(*both.terms[1]);
  }
  std::string text = (As<IsNull>(*condition).negated ? " WHEN MATCHED" : " WHEN NOT MATCHED") + written + " THEN ";
  switch (branch.action) {
    case Merge::Branch::Action::kDelete: return text + "DELETE";
    case Merge::Branch::Action::kUpdate:
      return text + "UPDATE SET " + PrintNewValues(branch.columns, select, branch.first_value);
    case Merge::Branch::Action::kInsert: break;
  }
  text += "INSERT" + (branch.columns.empty() ? "" : PrintNames(branch.columns)) + " VALUES (";
  for (std::size_t i = 0; i < branch.values; ++i)
    text += (i == 0 ? "" : ", ") + ToSql(*select.items[branch.first_value + i].expression);
  return text + ")";
}

std::string PrintMerge(const Merge& merge) {
  const auto& select = As<Select>(*merge.query->body);
  const auto& join = As<Join>(*select.from);
  const auto& choice = As<Case>(*select.items[1].expression);
  const bool nested = join.left->kind == RelationKind::kJoin;
  std::string text = "MERGE INTO " + Print(merge.table) + (merge.alias ? " AS " + Print(*merge.alias) : "") +
                     " USING " + If(nested, "(") + PrintRelation(*join.left) + If(nested, ")") + " ON " +
                     ToSql(*join.on);
  for (std::size_t i = 0; i < merge.branches.size(); ++i)
    text += PrintBranch(merge.branches[i], choice.whens[i], select);
  return text;
}

std::string PrintBody(const StatementBody& statement) {
  return std::visit(
      Overloaded{
          [](const Recognised& body) { return body.text; },
          [](const Show& body) { return PrintShow(body); },
          [](const DescribePrepared& body) {
            return std::string(body.input ? "DESCRIBE INPUT " : "DESCRIBE OUTPUT ") + Print(body.name);
          },
          [](const Use& body) {
            return "USE " + (body.catalog ? Print(*body.catalog) + "." : "") + Print(body.schema);
          },
          [](const SetSession& body) { return "SET SESSION " + PrintDots(body.name) + " = " + ToSql(*body.value); },
          [](const ResetSession& body) { return "RESET SESSION " + PrintDots(body.name); },
          [](const SetTimeZone& body) { return "SET TIME ZONE " + (body.zone ? ToSql(*body.zone) : "LOCAL"); },
          [](const SetPath& body) { return PrintSetPath(body); },
          [](const SetRole& body) { return PrintSetRole(body); },
          [](const Prepare& body) { return "PREPARE " + Print(body.name) + " FROM " + ToSql(*body.statement); },
          [](const Execute& body) { return "EXECUTE " + Print(body.name) + PrintUsing(body.arguments); },
          [](const ExecuteImmediate& body) {
            return "EXECUTE IMMEDIATE " + QuoteLiteral(body.text) + PrintUsing(body.arguments);
          },
          [](const Deallocate& body) { return "DEALLOCATE PREPARE " + Print(body.name); },
          [](const StartTransaction& body) { return PrintStartTransaction(body); },
          [](const Commit&) { return std::string("COMMIT"); },
          [](const Rollback&) { return std::string("ROLLBACK"); },
          [](const CallProcedure& body) { return PrintCallProcedure(body); },
          [](const CreateSchema& body) {
            return "CREATE SCHEMA " + If(body.if_not_exists, "IF NOT EXISTS ") + Print(body.name) +
                   PrintProperties(body.properties);
          },
          [](const DropSchema& body) {
            return "DROP SCHEMA " + If(body.if_exists, "IF EXISTS ") + Print(body.name) + If(body.cascade, " CASCADE");
          },
          [](const RenameSchema& body) {
            return "ALTER SCHEMA " + Print(body.name) + " RENAME TO " + Print(body.target);
          },
          [](const CreateTable& body) { return PrintCreateTable(body); },
          [](const DropRelation& body) {
            return std::string(body.view ? "DROP VIEW " : "DROP TABLE ") + If(body.if_exists, "IF EXISTS ") +
                   Print(body.name);
          },
          [](const TruncateTable& body) { return "TRUNCATE TABLE " + Print(body.name); },
          [](const AlterTable& body) { return PrintAlterTable(body); },
          [](const CreateView& body) {
            return "CREATE " + If(body.replace, "OR REPLACE ") + "VIEW " + Print(body.name) +
                   PrintComment(body.comment) +
                   (body.invoker ? *body.invoker ? " SECURITY INVOKER" : " SECURITY DEFINER" : "") + " AS " +
                   ToSql(*body.query);
          },
          [](const CommentOn& body) { return PrintCommentOn(body); },
          [](const Insert& body) {
            return "INSERT INTO " + Print(body.table) + (body.columns.empty() ? "" : PrintNames(body.columns)) + " " +
                   ToSql(*body.query);
          },
          [](const Delete& body) {
            return "DELETE FROM " + Print(body.table) + PrintWhere(As<Select>(*body.query->body));
          },
          [](const Update& body) { return PrintUpdate(body); },
          [](const Merge& body) { return PrintMerge(body); },
          [](const Explain& body) { return PrintExplain(body); },
          [](const OnTable& body) { return "ANALYZE " + Print(body.table) + PrintProperties(body.properties); },
      },
      statement);
}

}  // namespace

std::string ToSql(const Statement& statement) {
  return statement.query ? ToSql(*statement.query) : PrintBody(statement.body);
}

}  // namespace tarn::sql
