// Statements that define: CREATE, ALTER, DROP, COMMENT.
#include "sql/parser.h"
#include "sql/text.h"

namespace tarn::sql {

bool Parser::AcceptIfExists() { return AcceptWords("IF EXISTS"); }
bool Parser::AcceptIfNotExists() { return AcceptWords("IF NOT EXISTS"); }

StatementBody Parser::ParseDefinition(const std::string& kind) {
  if (kind == "CreateSchema") {
    CreateSchema create;
    create.if_not_exists = AcceptIfNotExists();
    create.name = ParseTableName();
    if (Next("AUTHORIZATION")) Refuse(Current().position, "AUTHORIZATION");
    if (At("WITH")) create.properties = ParseProperties();
    return create;
  }
  if (kind == "DropSchema") {
    DropSchema drop;
    drop.if_exists = AcceptIfExists();
    drop.name = ParseTableName();
    drop.cascade = Accept("CASCADE");
    if (!drop.cascade) Accept("RESTRICT");
    return drop;
  }
  if (kind == "RenameSchema") {
    RenameSchema rename{.name = ParseTableName(), .target = {}};
    if (Next("SET")) Refuse(Current().position, "SET AUTHORIZATION");
    if (!AcceptWords("RENAME TO")) Mismatch();
    rename.target = ParseName();
    return rename;
  }
  if (kind == "CreateTable" || kind == "CreateTableAsSelect")
    return ParseCreateTable(replaces_, kind == "CreateTableAsSelect");
  if (kind == "CreateView") return ParseCreateView(replaces_);
  if (kind == "DropTable" || kind == "DropView") {
    DropRelation drop{.name = {}, .view = kind == "DropView", .if_exists = AcceptIfExists()};
    drop.name = ParseTableName();
    return drop;
  }
  if (kind == "TruncateTable") return TruncateTable{.name = ParseTableName()};
  if (kind == "Comment") return ParseCommentOn();
  return ParseAlterTable(kind);
}

ColumnDefinition Parser::ParseColumnDefinition() {
  ColumnDefinition column{.name = ParseName(), .type = ParseType()};
  if (Next("DEFAULT")) {
    Advance();
    column.default_value = ParseExpression();
  }
  if (AcceptWords("NOT NULL")) column.not_null = true;
  if (Accept("COMMENT")) column.comment = ParseText();
  if (At("WITH")) column.properties = ParseProperties();
  return column;
}

StatementBody Parser::ParseCreateTable(bool replace, bool as_query) {
  CreateTable create{.name = {}, .replace = replace, .if_not_exists = AcceptIfNotExists()};
  create.name = ParseTableName();
  if (as_query) {
    if (AtSymbol("(")) create.columns = ParseNameList();
  } else {
    ExpectSymbol("(");
    do {
      TableElement element;
      if (Accept("LIKE")) {
        element.like = ParseTableName();
        if (AcceptWords("INCLUDING PROPERTIES")) element.including_properties = true;
        if (AcceptWords("EXCLUDING PROPERTIES")) element.including_properties = false;
      } else {
        element.column = ParseColumnDefinition();
      }
      create.elements.push_back(std::move(element));
    } while (AcceptSymbol(","));
    ExpectSymbol(")");
  }
  if (Accept("COMMENT")) create.comment = ParseText();
  if (At("WITH")) create.properties = ParseProperties();
  if (!as_query) return create;
  Expect("AS");
  // The parentheses of (query) may be the statement's or the query's own; both read alike.
  create.query = ParseQuery();
  if (AcceptWords("WITH NO DATA")) {
    create.with_data = false;
  } else {
    AcceptWords("WITH DATA");
  }
  return create;
}

StatementBody Parser::ParseCreateView(bool replace) {
  CreateView create{.name = ParseTableName(), .replace = replace};
  if (Accept("COMMENT")) create.comment = ParseText();
  if (Accept("SECURITY")) {
    create.invoker = Accept("INVOKER");
    if (!*create.invoker) Expect("DEFINER");
  }
  Expect("AS");
  const std::size_t first = cursor_;
  create.query = ParseQuery();
  create.text = TextSince(first);
  return create;
}

StatementBody Parser::ParseCommentOn() {
  CommentOn comment;
  if (Accept("TABLE")) {
    comment.what = CommentOn::What::kTable;
  } else if (Accept("VIEW")) {
    comment.what = CommentOn::What::kView;
  } else {
    Expect("COLUMN");
    comment.what = CommentOn::What::kColumn;
  }
  comment.name.position = Current().position;
  comment.name.parts = ParseQualifiedName();
  Expect("IS");
  if (!Accept("NULL")) comment.comment = ParseText();
  return comment;
}

StatementBody Parser::ParseAlterTable(const std::string& kind) {
  AlterTable alter;
  alter.view = kind == "RenameView";
  alter.if_exists = AcceptIfExists();
  alter.name = ParseTableName();
  using enum AlterTable::Action;
  if (AcceptWords("RENAME TO")) {
    alter.action = kRename;
    alter.target = ParseTableName();
  } else if (!alter.view && AcceptWords("ADD COLUMN")) {
    alter.action = kAddColumn;
    alter.column_if_exists = AcceptIfNotExists();
    alter.column = ParseColumnDefinition();
  } else if (!alter.view && AcceptWords("DROP COLUMN")) {
    alter.action = kDropColumn;
    alter.column_if_exists = AcceptIfExists();
    alter.column_name = ParseQualifiedName();
  } else if (!alter.view && AcceptWords("RENAME COLUMN")) {
    alter.action = kRenameColumn;
    alter.column_if_exists = AcceptIfExists();
    alter.column_name = ParseQualifiedName();
    Expect("TO");
    alter.new_name = ParseName();
  } else if (!alter.view && AcceptWords("ALTER COLUMN")) {
    alter.column_name = ParseQualifiedName();
    if (AcceptWords("SET DATA TYPE")) {
      alter.action = kSetType;
      alter.type = ParseType();
    } else {
      alter.action = kDropNotNull;
      if (!AcceptWords("DROP NOT NULL")) Mismatch();
    }
  } else if (!alter.view && AcceptWords("SET PROPERTIES")) {
    alter.action = kSetProperties;
    alter.properties = ParseProperties();
  } else {
    Mismatch();
  }
  return alter;
}

}  // namespace tarn::sql
