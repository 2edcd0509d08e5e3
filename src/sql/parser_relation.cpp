// FROM: tables, subqueries, joins, UNNEST, LATERAL, samples, table functions.
#include "sql/parser.h"
#include "sql/parser_limits.h"
#include "sql/text.h"

namespace tarn::sql {

RelationPtr Parser::ParseFrom() {
  const base::SqlPosition start = Current().position;
  RelationPtr left = ParseJoins();
  while (AcceptSymbol(",")) {
    auto join = std::make_unique<Join>(RelationKind::kJoin, start);
    join->join = JoinKind::kImplicit;
    join->left = std::move(left);
    join->right = ParseJoins();
    left = std::move(join);
    GrowTree(start);
  }
  return left;
}

RelationPtr Parser::ParseJoins() {
  const Nested nested(*this);
  const base::SqlPosition start = Current().position;
  RelationPtr left = ParseAliased();
  while (!failed()) {
    const bool natural = Accept("NATURAL");
    const std::optional<JoinKind> kind = ParseJoinKind();
    if (!kind) {
      if (natural) Mismatch();
      break;
    }
    auto join = std::make_unique<Join>(RelationKind::kJoin, start);
    join->join = *kind;
    join->natural = natural;
    join->left = std::move(left);
    const bool nested_join = *kind != JoinKind::kCross && !natural;
    join->right = nested_join && IsNestedJoinAhead() ? ParseJoins() : ParseAliased();
    if (nested_join) ParseJoinCriteria(*join);
    left = std::move(join);
    GrowTree(start);
  }
  return left;
}

// a JOIN b JOIN c ON … ON …: whether another join begins before this one's ON or USING.
bool Parser::IsNestedJoinAhead() const {
  std::size_t joins = 0;
  for (std::size_t i = cursor_; i < tokens_.size(); ++i) {
    const Token& token = tokens_[i];
    if (IsSymbol(token, "(")) {
      i = closing_[i];
    } else if (IsWord(token, "JOIN") && !IsWord(tokens_[i - 1], "CROSS")) {
      ++joins;
    } else if (IsWord(token, "ON") || IsWord(token, "USING")) {
      return joins > 0;
    } else if (IsSymbol(token, ")") || IsSymbol(token, ",") || IsWord(token, "WHERE") || IsWord(token, "GROUP") ||
               IsWord(token, "ORDER")) {
      return false;
    }
  }
  return false;
}

std::optional<JoinKind> Parser::ParseJoinKind() {
  if (Accept("CROSS")) {
    Expect("JOIN");
    return JoinKind::kCross;
  }
  if (Accept("JOIN")) return JoinKind::kInner;
  if (Accept("INNER")) {
    Expect("JOIN");
    return JoinKind::kInner;
  }
  const std::optional<JoinKind> kind = Accept("LEFT")    ? std::optional(JoinKind::kLeft)
                                       : Accept("RIGHT") ? std::optional(JoinKind::kRight)
                                       : Accept("FULL")  ? std::optional(JoinKind::kFull)
                                                         : std::nullopt;
  if (!kind) return std::nullopt;
  Accept("OUTER");
  Expect("JOIN");
  return kind;
}

void Parser::ParseJoinCriteria(Join& join) {
  if (Accept("USING")) {
    join.using_columns = ParseNameList();
    return;
  }
  Expect("ON");
  join.on = ParseExpression();
}

// A relation's alias, where there is one.
RelationPtr Parser::ParseAlias(RelationPtr relation, base::SqlPosition start) {
  if (!Accept("AS") && (!IsNameToken(Current()) || IsClauseAhead() || IsRowsetFormAhead())) return relation;
  auto aliased = std::make_unique<AliasedRelation>(RelationKind::kAliased, start);
  aliased->relation = std::move(relation);
  aliased->alias = ParseName();
  if (AtSymbol("(")) aliased->columns = ParseNameList();
  return aliased;
}

RelationPtr Parser::ParseAliased() {
  const base::SqlPosition start = Current().position;
  RelationPtr relation = ParseRelationPrimary();
  relation = ParseAlias(std::move(relation), start);
  if (Next("MATCH_RECOGNIZE") && NextSymbol("(", 1)) {
    relation = ParseAlias(ParseRowMatch(std::move(relation), start), start);
  }
  if (IsRowsetFormAhead()) Refuse(Current().position, ToUpper(Current().text));
  if (At("TABLESAMPLE")) {
    auto sampled = std::make_unique<SampledRelation>(RelationKind::kSampled, start);
    Advance();
    sampled->bernoulli = Accept("BERNOULLI");
    if (!sampled->bernoulli) Expect("SYSTEM");
    ExpectSymbol("(");
    sampled->relation = std::move(relation);
    sampled->percentage = ParseExpression();
    ExpectSymbol(")");
    relation = std::move(sampled);
  }
  return relation;
}

// MATCH_RECOGNIZE (…) and PIVOT (…) after a relation.
bool Parser::IsRowsetFormAhead() const { return (Next("MATCH_RECOGNIZE") || Next("PIVOT")) && NextSymbol("(", 1); }

RelationPtr Parser::ParseRelationPrimary() {
  const base::SqlPosition position = Current().position;
  if (failed()) return std::make_unique<TableRelation>(RelationKind::kTable, position);
  if (NextSymbol("(")) {
    if (!IsQueryAhead()) {
      Advance();
      RelationPtr inner = ParseJoins();
      ExpectSymbol(")");
      return inner;
    }
    Advance();
    auto subquery = std::make_unique<SubqueryRelation>(RelationKind::kSubquery, position);
    subquery->query = ParseQuery();
    ExpectSymbol(")");
    return subquery;
  }
  if (Accept("UNNEST")) {
    auto unnest = std::make_unique<Unnest>(RelationKind::kUnnest, position);
    ExpectSymbol("(");
    unnest->arrays = ParseExpressionList(")");
    if (Accept("WITH")) {
      Expect("ORDINALITY");
      unnest->with_ordinality = true;
    }
    return unnest;
  }
  if (Next("LATERAL") && NextSymbol("(", 1)) {
    auto lateral = std::make_unique<SubqueryRelation>(RelationKind::kLateral, position);
    Advance();
    Advance();
    lateral->query = ParseQuery();
    ExpectSymbol(")");
    return lateral;
  }
  if (Next("TABLE") && NextSymbol("(", 1)) return ParseTableFunction();
  if (Next("JSON_TABLE")) return ParseJsonTable();
  for (const std::string_view start : {"'('", "'JSON_TABLE'", "'LATERAL'", "'TABLE'", "'UNNEST'"}) Expecting(start);
  auto table = std::make_unique<TableRelation>(RelationKind::kTable, position);
  table->name = ParseTableName();
  if (Next("FOR")) Refuse(Current().position, "FOR VERSION and FOR TIMESTAMP");
  return table;
}

RelationPtr Parser::ParseTableFunction() {
  auto function = std::make_unique<TableFunction>(RelationKind::kTableFunction, Current().position);
  Expect("TABLE");
  ExpectSymbol("(");
  function->name = ParseQualifiedName();
  ExpectSymbol("(");
  if (!AcceptSymbol(")")) {
    do {
      TableFunction::Argument argument;
      if (NextSymbol("=>", 1)) {
        argument.name = ParseName();
        Advance();
      }
      if (Next("TABLE") || (Next("DESCRIPTOR") && NextSymbol("(", 1)))
        Refuse(Current().position, "A table or descriptor argument");
      argument.value = ParseExpression();
      function->arguments.push_back(std::move(argument));
    } while (AcceptSymbol(","));
    ExpectSymbol(")");
  }
  ExpectSymbol(")");
  return function;
}

TableName Parser::ParseTableName() {
  TableName name;
  name.position = Current().position;
  name.parts = ParseQualifiedName();
  if (name.parts.size() > 3) {
    std::string text = name.parts[0].value;
    for (std::size_t i = 1; i < name.parts.size(); ++i) text += "." + name.parts[i].value;
    Fail(name.position, "Too many dots in table name: " + text);
  }
  return name;
}

}  // namespace tarn::sql
