// Statements other than queries, as the parser leaves them. What a statement changes or reads is a query inside of
// it, so that names, types and positions are resolved by the one walk over queries: DELETE is kept as the query of
// the rows that go, UPDATE with the new values beside them, MERGE with the branch that each row takes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sql/ast_query.h"

namespace tarn::sql {

// The hidden column by which statements that change rows name them.
inline constexpr std::string_view kRowIdentifier = "$row";

struct Property {
  Name name;
  ExpressionPtr value;  // null: DEFAULT
};

// SHOW …, also DESCRIBE t.
struct Show {
  enum class What {
    kCatalogs,
    kSchemas,
    kTables,
    kColumns,
    kFunctions,
    kSession,
    kCreateTable,
    kCreateView,
    kCreateSchema,
    kCreateMaterializedView,
    kCreateFunction,
    kStats,
    kRoles,
    kCurrentRoles,
    kRoleGrants,
    kGrants,
  };
  What what = What::kCatalogs;
  TableName from = {};  // without parts where nothing is named
  QueryPtr query = {};  // of SHOW STATS FOR (…)
  std::optional<std::string> like = {};
  std::optional<std::string> escape = {};
};

struct DescribePrepared {
  bool input = true;  // the parameters, else the columns
  Name name;
};

struct Use {
  std::optional<Name> catalog = {};
  Name schema = {};
};

struct SetSession {
  std::vector<Name> name;
  ExpressionPtr value;
  base::SqlPosition value_position = {};
};
struct ResetSession {
  std::vector<Name> name;
};
struct SetTimeZone {
  ExpressionPtr zone;  // null: LOCAL
};
struct SetPath {
  std::vector<std::vector<Name>> elements;  // [catalog.]schema
};
struct SetRole {
  enum class Kind { kRole, kAll, kNone };
  Kind kind = Kind::kAll;
  Name role = {};
  std::optional<Name> catalog = {};
};

struct Prepare {
  Name name;
  std::string text;  // of the statement, as written
  std::unique_ptr<const Statement> statement;
};
struct Execute {
  Name name;
  std::vector<ExpressionPtr> arguments;
};
struct ExecuteImmediate {
  std::string text;
  base::SqlPosition text_position;  // of its quote
  std::vector<ExpressionPtr> arguments;
};
struct Deallocate {
  Name name;
};

struct StartTransaction {
  std::optional<std::string> isolation = {};  // "READ COMMITTED"
  std::optional<bool> read_only = {};
};
struct Commit {};
struct Rollback {};

struct CallProcedure {
  struct Argument {
    std::optional<Name> name;
    ExpressionPtr value;
  };
  TableName name;
  std::vector<Argument> arguments;
};

struct CreateSchema {
  TableName name;
  bool if_not_exists = false;
  std::vector<Property> properties = {};
};
struct DropSchema {
  TableName name;
  bool if_exists = false;
  bool cascade = false;
};
struct RenameSchema {
  TableName name;
  Name target;
};

struct ColumnDefinition {
  Name name;
  Type type;
  bool not_null = false;
  ExpressionPtr default_value = {};
  std::optional<std::string> comment = {};
  std::vector<Property> properties = {};
};

// One of a table's elements: a column, or LIKE another table.
struct TableElement {
  std::optional<ColumnDefinition> column = {};
  std::optional<TableName> like = {};
  std::optional<bool> including_properties = {};
};

struct CreateTable {
  TableName name;
  bool replace = false;
  bool if_not_exists = false;
  std::vector<TableElement> elements = {};
  std::vector<Name> columns = {};  // names given before AS
  QueryPtr query = {};             // of CREATE TABLE … AS
  bool with_data = true;
  std::optional<std::string> comment = {};
  std::vector<Property> properties = {};
};

// DROP TABLE, DROP VIEW.
struct DropRelation {
  TableName name;
  bool view = false;
  bool if_exists = false;
};
struct TruncateTable {
  TableName name;
};

struct AlterTable {
  enum class Action { kRename, kAddColumn, kDropColumn, kRenameColumn, kSetType, kDropNotNull, kSetProperties };
  TableName name;
  bool view = false;
  bool if_exists = false;
  Action action = Action::kRename;
  TableName target = {};                        // of kRename
  std::optional<ColumnDefinition> column = {};  // of kAddColumn
  std::vector<Name> column_name = {};           // with the fields of a row in it
  Name new_name = {};                           // of kRenameColumn
  Type type = {};                               // of kSetType
  bool column_if_exists = false;                // also: IF NOT EXISTS of kAddColumn
  std::vector<Property> properties = {};
};

struct CreateView {
  TableName name;
  bool replace = false;
  std::optional<std::string> comment = {};
  std::optional<bool> invoker = {};
  std::string text = {};  // of the query, as written
  QueryPtr query = {};
};

struct CommentOn {
  enum class What { kTable, kView, kColumn };
  What what = What::kTable;
  TableName name;
  std::optional<std::string> comment = {};
};

struct Insert {
  TableName table;
  std::vector<Name> columns = {};
  QueryPtr query = {};
};
struct Delete {
  TableName table;
  bool all = false;     // without WHERE
  QueryPtr query = {};  // the row's identifier
};
struct Update {
  TableName table;
  std::vector<Name> columns = {};
  QueryPtr query = {};  // the row's identifier, then a value for each column
};
struct Merge {
  struct Branch {
    enum class Action { kUpdate, kDelete, kInsert };
    Action action = Action::kUpdate;
    bool has_condition = false;
    std::vector<Name> columns = {};
    std::size_t first_value = 0;  // the column of the query with the first value
    std::size_t values = 0;
  };
  TableName table;
  std::optional<Name> alias = {};
  std::vector<Branch> branches = {};
  QueryPtr query = {};  // the row's identifier, the number of the branch from 1, then the values
};

struct Explain {
  bool analyze = false;
  bool verbose = false;
  std::optional<std::string> type = {};    // upper case
  std::optional<std::string> format = {};  // upper case
  std::unique_ptr<const Statement> statement = {};
};

// Statements about privileges, statistics and the like, of which only the table is looked at.
struct OnTable {
  TableName table;  // without parts where nothing is named
  std::vector<Property> properties = {};
};

// Statements that are recognised by their leading words only.
struct Recognised {
  std::string text = {};  // their tokens, with one blank between each two
};

using StatementBody =
    std::variant<Recognised, Show, DescribePrepared, Use, SetSession, ResetSession, SetTimeZone, SetPath, SetRole,
                 Prepare, Execute, ExecuteImmediate, Deallocate, StartTransaction, Commit, Rollback, CallProcedure,
                 CreateSchema, DropSchema, RenameSchema, CreateTable, DropRelation, TruncateTable, AlterTable,
                 CreateView, CommentOn, Insert, Delete, Update, Merge, Explain, OnTable>;

class Statement final {
 public:
  std::string kind;    // Trino's class name
  QueryPtr query;      // of "Query"
  StatementBody body;  // of the others
  std::size_t parameter_count = 0;
};

}  // namespace tarn::sql
