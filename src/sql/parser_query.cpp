// Queries: WITH, set operations, SELECT, VALUES, ORDER BY, OFFSET, LIMIT.
#include <array>
#include <charconv>

#include "sql/parser.h"
#include "sql/parser_limits.h"
#include "sql/text.h"

namespace tarn::sql {

void DeleteQuery::operator()(const Query* query) const noexcept { delete query; }

QueryPtr Parser::ParseQuery() {
  const Nested nested(*this);
  auto query = std::make_unique<Query>();
  query->position = Current().position;
  if (failed()) {
    query->body = std::make_unique<Values>(QueryBodyKind::kValues, query->position);
    return QueryPtr(query.release());
  }
  const bool functions = Next("WITH") && Next("FUNCTION", 1) && IsNameToken(Ahead(2)) && NextSymbol("(", 3);
  if (functions && nesting_ == 1) query->functions = ParseInlineFunctions();
  if (At("WITH")) query->with = ParseWith();
  query->body = ParseSetOperations(false);
  ParseQueryTail(*query);
  return QueryPtr(query.release());
}

std::vector<InlineFunction> Parser::ParseInlineFunctions() {
  std::vector<InlineFunction> functions;
  Expect("WITH");
  do {
    functions.push_back(ParseInlineFunction());
  } while (AcceptSymbol(","));
  return functions;
}

InlineFunction Parser::ParseInlineFunction() {
  InlineFunction function;
  function.position = Current().position;
  Expect("FUNCTION");
  function.name = ParseName();
  ExpectSymbol("(");
  if (!AtSymbol(")")) {
    do {
      InlineFunction::Parameter parameter;
      parameter.name = ParseName();
      parameter.type = ParseType();
      function.parameters.push_back(std::move(parameter));
    } while (AcceptSymbol(","));
  }
  ExpectSymbol(")");
  Expect("RETURNS");
  function.returns = ParseType();
  while (!failed() && ParseRoutineCharacteristic(function)) {
  }
  if (Next("BEGIN")) Refuse(Current().position, "A function with a BEGIN block");
  Expect("RETURN");
  function.body = ParseExpression();
  return function;
}

bool Parser::ParseRoutineCharacteristic(InlineFunction& function) {
  const auto words = [this](std::initializer_list<std::string_view> expected) {
    for (const std::string_view word : expected) Expect(word);
    return true;
  };
  if (Next("DETERMINISTIC")) return words({"DETERMINISTIC"});
  if (Next("NOT")) return words({"NOT", "DETERMINISTIC"});
  if (Next("CALLED")) return words({"CALLED", "ON", "NULL", "INPUT"});
  if (Next("LANGUAGE")) return words({"LANGUAGE", "SQL"});
  if (!Next("RETURNS")) return false;
  function.null_on_null = true;
  return words({"RETURNS", "NULL", "ON", "NULL", "INPUT"});
}

With Parser::ParseWith() {
  With with;
  Expect("WITH");
  if (Next("FUNCTION") && IsNameToken(Ahead(1)) && NextSymbol("(", 2)) Refuse(Current().position, "An inline function");
  with.recursive = Accept("RECURSIVE");
  do {
    CommonTable table;
    table.name = ParseName();
    if (AtSymbol("(")) table.columns = ParseNameList();
    Expect("AS");
    ExpectSymbol("(");
    table.query = ParseQuery();
    ExpectSymbol(")");
    with.tables.push_back(std::move(table));
  } while (AcceptSymbol(","));
  return with;
}

// ORDER BY, then OFFSET, then LIMIT or FETCH: in this order only.
void Parser::ParseQueryTail(Query& query) {
  if (At("ORDER")) query.order_by = ParseOrderBy();
  if (Accept("OFFSET")) {
    query.offset = ParseRowCount();
    if (!Accept("ROW")) Accept("ROWS");
  }
  const base::SqlPosition position = Current().position;
  if (Accept("LIMIT")) {
    query.limit = Limit{.position = position};
    query.limit->all = Accept("ALL");
    if (!query.limit->all) query.limit->count = ParseRowCount();
  } else if (Accept("FETCH")) {
    query.limit = Limit{.fetch = true, .count = {.digits = "1", .position = position}, .position = position};
    if (!Accept("FIRST")) Expect("NEXT");
    if (!At("ROW") && !At("ROWS")) query.limit->count = ParseRowCount();
    if (!Accept("ROW")) Expect("ROWS");
    if (!Accept("ONLY")) {
      Expect("WITH");
      Expect("TIES");
      query.limit->with_ties = true;
    }
  }
}

RowCount Parser::ParseRowCount() {
  RowCount count{.position = Current().position};
  if (AcceptSymbol("?")) {
    count.parameter = parameters_++;
    return count;
  }
  if (Current().kind != TokenKind::kInteger) {
    Expecting("<integer>");
    Mismatch();
    return count;
  }
  std::int64_t value = 0;
  const std::string_view text = Current().text;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    Fail(count.position, "Invalid row count: " + std::string(text));
  count.digits = std::to_string(value);
  Advance();
  return count;
}

// INTERSECT binds tighter than UNION and EXCEPT. A run of the same operator becomes one node.
QueryBodyPtr Parser::ParseSetOperations(bool intersect_only) {
  const auto term = [&] { return intersect_only ? ParseQueryPrimary() : ParseSetOperations(true); };
  QueryBodyPtr left = term();
  std::unique_ptr<SetOperation> run;
  while (intersect_only ? At("INTERSECT") : (At("UNION") || At("EXCEPT"))) {
    const base::SqlPosition position = Current().position;
    const SetOperator op = intersect_only  ? SetOperator::kIntersect
                           : Next("UNION") ? SetOperator::kUnion
                                           : SetOperator::kExcept;
    Advance();
    const bool all = Accept("ALL");
    if (!all) Accept("DISTINCT");
    const bool corresponding = Accept("CORRESPONDING");
    if (!run || run->op != op || run->all != all || run->corresponding != corresponding) {
      if (run) left = std::move(run);
      run = std::make_unique<SetOperation>(QueryBodyKind::kSetOperation, position);
      run->op = op;
      run->all = all;
      run->corresponding = corresponding;
      run->terms.push_back(std::move(left));
      GrowTree(position);
    }
    run->terms.push_back(term());
    if (run->terms.size() > kMaxSetTerms)
      Fail(position,
           "statement is too large (more than " + std::to_string(kMaxSetTerms) + " terms of one set operation)");
  }
  if (run) return run;
  return left;
}

QueryBodyPtr Parser::ParseQueryPrimary() {
  const base::SqlPosition position = Current().position;
  if (At("SELECT")) return ParseSelect();
  if (At("VALUES")) return ParseValues();
  if (Accept("TABLE")) {
    auto table = std::make_unique<TableBody>(QueryBodyKind::kTable, position);
    table->name = ParseTableName();
    return table;
  }
  if (AcceptSymbol("(")) {
    auto subquery = std::make_unique<SubqueryBody>(QueryBodyKind::kSubquery, position);
    if (Next("WITH")) Mismatch();
    subquery->query = ParseQuery();
    ExpectSymbol(")");
    return subquery;
  }
  Mismatch();
  return std::make_unique<Values>(QueryBodyKind::kValues, position);
}

QueryBodyPtr Parser::ParseSelect() {
  auto select = std::make_unique<Select>(QueryBodyKind::kSelect, Current().position);
  Expect("SELECT");
  if (At("ALL") && !NextSymbol(",", 1) && Ahead(1).kind != TokenKind::kEnd && !Next("FROM", 1))
    Advance();
  else
    select->distinct = Accept("DISTINCT");
  do {
    select->items.push_back(ParseSelectItem());
  } while (AcceptSymbol(","));
  if (Accept("FROM")) select->from = ParseFrom();
  if (Accept("WHERE")) select->where = ParseExpression();
  if (Accept("GROUP")) {
    Expect("BY");
    select->group_by = ParseGroupBy();
  }
  if (Accept("HAVING")) select->having = ParseExpression();
  if (At("WINDOW") && IsNameToken(Ahead(1)) && Next("AS", 2)) {
    Advance();
    do {
      NamedWindow window;
      window.name = ParseName();
      Expect("AS");
      window.specification = ParseWindowSpecification();
      select->windows.push_back(std::move(window));
    } while (AcceptSymbol(","));
  }
  return select;
}

SelectItem Parser::ParseSelectItem() {
  SelectItem item{.position = Current().position};
  if (AcceptSymbol("*")) {
    item.kind = SelectItem::Kind::kAll;
    return item;
  }
  item.expression = ParseExpression();
  if (NextSymbol(".") && NextSymbol("*", 1)) {
    Advance();
    Advance();
    item.kind = SelectItem::Kind::kQualifiedAll;
    if (Accept("AS")) item.column_aliases = ParseNameList();
    return item;
  }
  if (Accept("AS") || (IsNameToken(Current()) && !IsClauseAhead())) {
    item.alias = ParseName();
  } else {
    Expecting("<identifier>");
  }
  return item;
}

// Clause words that are not reserved and would otherwise be taken for an alias.
bool Parser::IsClauseAhead() const {
  const bool count_follows = Ahead(1).kind == TokenKind::kInteger || NextSymbol("?", 1);
  if (Next("LIMIT")) return count_follows || Next("ALL", 1);
  if (Next("OFFSET")) return count_follows;
  if (Next("FETCH")) return Next("FIRST", 1) || Next("NEXT", 1);
  if (Next("WINDOW")) return IsNameToken(Ahead(1)) && Next("AS", 2);
  if (Next("TABLESAMPLE")) return Next("BERNOULLI", 1) || Next("SYSTEM", 1);
  return false;
}

QueryBodyPtr Parser::ParseValues() {
  auto values = std::make_unique<Values>(QueryBodyKind::kValues, Current().position);
  Expect("VALUES");
  do {
    values->rows.push_back(ParseExpression());
  } while (AcceptSymbol(","));
  return values;
}

GroupBy Parser::ParseGroupBy() {
  GroupBy group_by;
  const bool alone = Ahead(1).kind == TokenKind::kEnd || NextSymbol(")", 1) || NextSymbol(",", 1) ||
                     Next("HAVING", 1) || Next("ORDER", 1);
  if (Next("AUTO") && alone) {
    Advance();
    group_by.automatic = true;
    return group_by;
  }
  if (Next("ALL") && !alone)
    Advance();
  else
    group_by.distinct = Accept("DISTINCT");
  do {
    group_by.elements.push_back(ParseGroupingElement());
  } while (AcceptSymbol(","));
  return group_by;
}

GroupingElement Parser::ParseGroupingElement() {
  GroupingElement element;
  element.position = Current().position;
  if (Accept("ROLLUP")) {
    element.kind = GroupingElement::Kind::kRollup;
  } else if (Accept("CUBE")) {
    element.kind = GroupingElement::Kind::kCube;
  } else if (Next("GROUPING") && Next("SETS", 1)) {
    Advance();
    Advance();
    element.kind = GroupingElement::Kind::kSets;
  } else {
    element.sets.push_back(ParseGroupingSet());
    return element;
  }
  ExpectSymbol("(");
  if (element.kind != GroupingElement::Kind::kSets && AcceptSymbol(")")) return element;
  do {
    element.sets.push_back(ParseGroupingSet());
  } while (AcceptSymbol(","));
  ExpectSymbol(")");
  return element;
}

// One expression, or (), (a, b). A parenthesis is a set only when nothing of an expression follows it.
std::vector<ExpressionPtr> Parser::ParseGroupingSet() {
  std::vector<ExpressionPtr> set;
  if (NextSymbol("(") && !IsQueryAhead()) {
    const Token& after = tokens_[std::min(closing_[cursor_] + 1, tokens_.size() - 1)];
    const bool ends = after.kind == TokenKind::kEnd || IsSymbol(after, ",") || IsSymbol(after, ")") || after.reserved ||
                      IsWord(after, "LIMIT") || IsWord(after, "OFFSET") || IsWord(after, "FETCH") ||
                      IsWord(after, "WINDOW");
    if (ends) {
      Advance();
      if (!AcceptSymbol(")")) set = ParseExpressionList(")");
      return set;
    }
  }
  set.push_back(ParseExpression());
  return set;
}

std::vector<SortItem> Parser::ParseOrderBy() {
  std::vector<SortItem> items;
  const base::SqlPosition position = Current().position;
  Expect("ORDER");
  Expect("BY");
  do {
    SortItem item;
    item.key = ParseExpression();
    item.descending = Accept("DESC");
    if (!item.descending) Accept("ASC");
    if (Accept("NULLS")) {
      item.nulls_first = Accept("FIRST");
      if (!*item.nulls_first) Expect("LAST");
    }
    items.push_back(std::move(item));
  } while (AcceptSymbol(","));
  items.front().position = position;
  return items;
}

}  // namespace tarn::sql
