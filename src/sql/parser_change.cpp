// Statements that change rows. The queries they are kept as (ast_statement.h) are built here, from the nodes of the
// caller's text, so that every error has the caller's position.
#include "sql/parser.h"
#include "sql/text.h"

namespace tarn::sql {
namespace {

QueryPtr QueryOf(std::unique_ptr<Select> select) {
  auto query = std::make_unique<Query>();
  query->position = select->position;
  query->body = std::move(select);
  return QueryPtr(query.release());
}

SelectItem Item(ExpressionPtr expression) {
  const base::SqlPosition position = expression->position;
  return {.expression = std::move(expression), .position = position};
}

RelationPtr TableOf(const TableName& name) {
  auto table = std::make_unique<TableRelation>(RelationKind::kTable, name.position);
  table->name = name;
  return table;
}

ExpressionPtr Number(std::size_t value, base::SqlPosition position) {
  auto literal = std::make_unique<Literal>(ExpressionKind::kInteger, position);
  literal->value = std::to_string(value);
  return literal;
}

}  // namespace

ExpressionPtr Parser::RowIdentifier(const std::vector<Name>& qualifier, base::SqlPosition position) {
  const Name name{.value = std::string(kRowIdentifier), .quoted = true, .position = position};
  if (qualifier.empty()) {
    auto identifier = std::make_unique<Identifier>(ExpressionKind::kIdentifier, position);
    identifier->name = name;
    return identifier;
  }
  ExpressionPtr base;
  for (const Name& part : qualifier) {
    if (!base) {
      auto identifier = std::make_unique<Identifier>(ExpressionKind::kIdentifier, position);
      identifier->name = part;
      base = std::move(identifier);
      continue;
    }
    auto dereference = std::make_unique<Dereference>(ExpressionKind::kDereference, position);
    dereference->base = std::move(base);
    dereference->field = part;
    base = std::move(dereference);
  }
  auto row = std::make_unique<Dereference>(ExpressionKind::kDereference, position);
  row->base = std::move(base);
  row->field = name;
  return row;
}

StatementBody Parser::ParseChange(const std::string& kind) {
  if (kind == "Insert") return ParseInsert();
  if (kind == "Delete") return ParseDelete();
  if (kind == "Update") return ParseUpdate();
  return ParseMerge();
}

StatementBody Parser::ParseInsert() {
  Insert insert{.table = ParseTableName()};
  // "(" begins the names of columns, or the query.
  if (NextSymbol("(") && !IsQueryAhead()) insert.columns = ParseNameList();
  insert.query = ParseQuery();
  return insert;
}

StatementBody Parser::ParseDelete() {
  Delete change{.table = ParseTableName()};
  auto select = std::make_unique<Select>(QueryBodyKind::kSelect, change.table.position);
  select->items.push_back(Item(RowIdentifier({}, change.table.position)));
  select->from = TableOf(change.table);
  change.all = !Accept("WHERE");
  if (!change.all) select->where = ParseExpression();
  change.query = QueryOf(std::move(select));
  return change;
}

StatementBody Parser::ParseUpdate() {
  Update change{.table = ParseTableName()};
  auto select = std::make_unique<Select>(QueryBodyKind::kSelect, change.table.position);
  select->items.push_back(Item(RowIdentifier({}, change.table.position)));
  select->from = TableOf(change.table);
  Expect("SET");
  do {
    change.columns.push_back(ParseName());
    ExpectSymbol("=");
    select->items.push_back(Item(ParseExpression()));
  } while (AcceptSymbol(","));
  if (Accept("WHERE")) select->where = ParseExpression();
  change.query = QueryOf(std::move(select));
  return change;
}

StatementBody Parser::ParseMerge() {
  Merge merge{.table = ParseTableName()};
  const base::SqlPosition position = merge.table.position;
  if (Accept("AS") || (IsNameToken(Current()) && !Next("USING"))) merge.alias = ParseName();
  RelationPtr target = TableOf(merge.table);
  if (merge.alias) {
    auto aliased = std::make_unique<AliasedRelation>(RelationKind::kAliased, position);
    aliased->relation = std::move(target);
    aliased->alias = *merge.alias;
    target = std::move(aliased);
  }
  const std::vector<Name> qualifier = merge.alias ? std::vector<Name>{*merge.alias} : merge.table.parts;
  Expect("USING");
  auto join = std::make_unique<Join>(RelationKind::kJoin, position);
  join->join = JoinKind::kLeft;
  join->left = ParseAliased();
  join->right = std::move(target);
  Expect("ON");
  join->on = ParseExpression();

  auto choice = std::make_unique<Case>(ExpressionKind::kCase, position);
  std::vector<ExpressionPtr> values;
  const auto is_row = [&](bool matched) {
    auto test = std::make_unique<IsNull>(ExpressionKind::kIsNull, position);
    test->negated = matched;
    test->value = RowIdentifier(qualifier, position);
    return test;
  };
  do {
    Merge::Branch branch{.first_value = values.size() + 2};
    Expect("WHEN");
    const bool matched = !Accept("NOT");
    Expect("MATCHED");
    ExpressionPtr condition = is_row(matched);
    if (Accept("AND")) {
      branch.has_condition = true;
      auto both = std::make_unique<Logical>(ExpressionKind::kLogical, Current().position);
      both->terms.push_back(std::move(condition));
      both->terms.push_back(ParseExpression());
      condition = std::move(both);
    }
    Expect("THEN");
    if (!matched) {
      branch.action = Merge::Branch::Action::kInsert;
      Expect("INSERT");
      if (AtSymbol("(")) branch.columns = ParseNameList();
      Expect("VALUES");
      ExpectSymbol("(");
      do {
        values.push_back(ParseExpression());
      } while (AcceptSymbol(","));
      ExpectSymbol(")");
    } else if (Accept("DELETE")) {
      branch.action = Merge::Branch::Action::kDelete;
    } else {
      Expect("UPDATE");
      Expect("SET");
      do {
        branch.columns.push_back(ParseName());
        ExpectSymbol("=");
        values.push_back(ParseExpression());
      } while (AcceptSymbol(","));
    }
    branch.values = values.size() + 2 - branch.first_value;
    choice->whens.push_back({.condition = std::move(condition), .result = Number(merge.branches.size() + 1, position)});
    merge.branches.push_back(std::move(branch));
  } while (!failed() && At("WHEN"));

  auto select = std::make_unique<Select>(QueryBodyKind::kSelect, position);
  select->items.push_back(Item(RowIdentifier(qualifier, position)));
  select->items.push_back(Item(std::move(choice)));
  for (ExpressionPtr& value : values) select->items.push_back(Item(std::move(value)));
  select->from = std::move(join);
  merge.query = QueryOf(std::move(select));
  return merge;
}

}  // namespace tarn::sql
