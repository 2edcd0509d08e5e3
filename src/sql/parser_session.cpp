// Statements about the session: SHOW, USE, SET, PREPARE, transactions, EXPLAIN.
#include "sql/parser.h"
#include "sql/parser_limits.h"
#include "sql/text.h"

namespace tarn::sql {

StatementBody Parser::ParseShow(const std::string& kind) {
  Show show;
  const Token& before = tokens_[cursor_ - 1];
  using enum Show::What;
  if (kind == "ShowColumns") {
    show.what = kColumns;
    if (IsWord(before, "DESC") || IsWord(before, "DESCRIBE")) {
      show.from = ParseTableName();
      return show;
    }
    if (!Accept("FROM")) Expect("IN");
    show.from = ParseTableName();
  } else if (kind == "ShowCreate") {
    ParseShowCreate(show);
    return show;
  } else if (kind == "ShowStats") {
    show.what = kStats;
    Expect("FOR");
    if (AcceptSymbol("(")) {
      show.query = ParseQuery();
      ExpectSymbol(")");
    } else {
      show.from = ParseTableName();
    }
    return show;
  } else if (kind == "ShowGrants") {
    show.what = kGrants;
    if (!Accept("ON")) return show;
    Accept("TABLE");
    show.from = ParseTableName();
    return show;
  } else {
    show.what = kind == "ShowCatalogs"                    ? kCatalogs
                : kind == "ShowSchemas"                   ? kSchemas
                : kind == "ShowTables"                    ? kTables
                : kind == "ShowFunctions"                 ? kFunctions
                : kind == "ShowSession"                   ? kSession
                : kind == "ShowRoleGrants"                ? kRoleGrants
                : IsWord(tokens_[cursor_ - 2], "CURRENT") ? kCurrentRoles
                                                          : kRoles;
    const bool places = show.what == kSchemas || show.what == kTables || show.what == kFunctions ||
                        show.what == kRoles || show.what == kCurrentRoles || show.what == kRoleGrants;
    if (places && (Accept("FROM") || Accept("IN"))) show.from = ParseTableName();
    if (show.what == kRoles || show.what == kCurrentRoles || show.what == kRoleGrants) return show;
  }
  if (Accept("LIKE")) {
    show.like = ParseText();
    if (Accept("ESCAPE")) show.escape = ParseText();
  }
  return show;
}

void Parser::ParseShowCreate(Show& show) {
  using enum Show::What;
  if (Accept("TABLE")) {
    show.what = kCreateTable;
  } else if (Accept("SCHEMA")) {
    show.what = kCreateSchema;
  } else if (Accept("VIEW")) {
    show.what = kCreateView;
  } else if (AcceptWords("MATERIALIZED VIEW")) {
    show.what = kCreateMaterializedView;
  } else if (Accept("FUNCTION")) {
    show.what = kCreateFunction;
  } else {
    return Mismatch();
  }
  show.from = ParseTableName();
}

StatementBody Parser::ParseSessionStatement(const std::string& kind) {
  if (kind == "Use") {
    Use use{.schema = ParseName()};
    if (AcceptSymbol(".")) {
      use.catalog = std::move(use.schema);
      use.schema = ParseName();
    }
    return use;
  }
  if (kind == "SetSession") {
    SetSession set{.name = ParseQualifiedName(), .value = nullptr};
    ExpectSymbol("=");
    set.value_position = Current().position;
    set.value = ParseExpression();
    return set;
  }
  if (kind == "ResetSession") return ResetSession{.name = ParseQualifiedName()};
  if (kind == "SetTimeZone") {
    if (Accept("LOCAL")) return SetTimeZone{};
    return SetTimeZone{.zone = ParseExpression()};
  }
  if (kind == "SetPath") {
    SetPath path;
    do {
      path.elements.push_back(ParseQualifiedName());
    } while (AcceptSymbol(","));
    return path;
  }
  SetRole set;
  if (Accept("ALL")) {
    set.kind = SetRole::Kind::kAll;
  } else if (Accept("NONE")) {
    set.kind = SetRole::Kind::kNone;
  } else {
    set.kind = SetRole::Kind::kRole;
    set.role = ParseName();
  }
  if (Accept("IN")) set.catalog = ParseName();
  return set;
}

StatementBody Parser::ParsePrepared(const std::string& kind) {
  if (kind == "ExecuteImmediate") {
    ExecuteImmediate execute{.text = {}, .text_position = Current().position, .arguments = {}};
    execute.text = ParseText();
    execute.arguments = ParseUsing();
    return execute;
  }
  Name name = ParseName();
  if (kind == "Deallocate") return Deallocate{.name = std::move(name)};
  if (kind == "DescribeInput" || kind == "DescribeOutput")
    return DescribePrepared{.input = kind == "DescribeInput", .name = std::move(name)};
  if (kind == "Execute") return Execute{.name = std::move(name), .arguments = ParseUsing()};
  Expect("FROM");
  const Nested nested(*this);
  if (failed()) return Recognised{};
  const std::size_t first = cursor_;
  auto prepared = ParseStatementText();
  prepared->parameter_count = std::exchange(parameters_, 0);  // they are the prepared statement's
  if (prepared->kind == "Prepare" || prepared->kind == "Execute" || prepared->kind == "ExecuteImmediate" ||
      prepared->kind == "Deallocate") {
    Fail({}, "Invalid statement type for prepared statement: " + prepared->kind, "NOT_SUPPORTED");
  }
  return Prepare{.name = std::move(name), .text = TextSince(first), .statement = std::move(prepared)};
}

StatementBody Parser::ParseStartTransaction() {
  StartTransaction start;
  while (!failed()) {
    if (AcceptWords("ISOLATION LEVEL")) {
      if (AcceptWords("READ UNCOMMITTED")) {
        start.isolation = "READ UNCOMMITTED";
      } else if (AcceptWords("READ COMMITTED")) {
        start.isolation = "READ COMMITTED";
      } else if (AcceptWords("REPEATABLE READ")) {
        start.isolation = "REPEATABLE READ";
      } else {
        Expect("SERIALIZABLE");
        start.isolation = "SERIALIZABLE";
      }
    } else if (AcceptWords("READ ONLY")) {
      start.read_only = true;
    } else if (AcceptWords("READ WRITE")) {
      start.read_only = false;
    } else {
      if (start.isolation || start.read_only) Mismatch();
      break;
    }
    if (!AcceptSymbol(",")) break;
  }
  return start;
}

StatementBody Parser::ParseExplain(const std::string& kind) {
  Explain explain{.analyze = kind == "ExplainAnalyze"};
  if (explain.analyze) {
    explain.verbose = Accept("VERBOSE");
  } else if (NextSymbol("(") && (Next("TYPE", 1) || Next("FORMAT", 1))) {
    Advance();
    do {
      if (Accept("TYPE")) {
        for (const std::string_view type : {"LOGICAL", "DISTRIBUTED", "VALIDATE", "IO"}) {
          if (!explain.type && Accept(type)) explain.type = type;
        }
        if (!explain.type) Mismatch();
      } else if (Accept("FORMAT")) {
        for (const std::string_view format : {"TEXT", "GRAPHVIZ", "JSON"}) {
          if (!explain.format && Accept(format)) explain.format = format;
        }
        if (!explain.format) Mismatch();
      } else {
        Mismatch();
      }
    } while (AcceptSymbol(","));
    ExpectSymbol(")");
  }
  const Nested nested(*this);
  if (failed()) return Recognised{};
  auto explained = ParseStatementText();
  explained->parameter_count = parameters_;
  explain.statement = std::move(explained);
  return explain;
}

StatementBody Parser::ParseCallProcedure() {
  CallProcedure call{.name = ParseTableName(), .arguments = {}};
  ExpectSymbol("(");
  if (AcceptSymbol(")")) return call;
  do {
    CallProcedure::Argument argument;
    if (NextSymbol("=>", 1)) {
      argument.name = ParseName();
      Advance();
    }
    argument.value = ParseExpression();
    call.arguments.push_back(std::move(argument));
  } while (AcceptSymbol(","));
  ExpectSymbol(")");
  return call;
}

}  // namespace tarn::sql
