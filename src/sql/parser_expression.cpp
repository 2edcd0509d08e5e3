// Logic, predicates and value operators, loosest first: OR, AND, NOT, one predicate, ||, + -, * / %, sign, AT TIME
// ZONE.
#include <algorithm>
#include <array>

#include "sql/parser.h"
#include "sql/parser_limits.h"
#include "sql/text.h"

namespace tarn::sql {
namespace {

struct ValueOperator {
  std::string_view symbol;
  ArithmeticOperator op;
  int precedence;
};

constexpr std::array kValueOperators = {
    ValueOperator{"||", ArithmeticOperator::kConcatenate, 1}, ValueOperator{"+", ArithmeticOperator::kAdd, 2},
    ValueOperator{"-", ArithmeticOperator::kSubtract, 2},     ValueOperator{"*", ArithmeticOperator::kMultiply, 3},
    ValueOperator{"/", ArithmeticOperator::kDivide, 3},       ValueOperator{"%", ArithmeticOperator::kModulus, 3},
};

std::optional<ComparisonOperator> ComparisonOf(const Token& token) {
  if (IsSymbol(token, "=")) return ComparisonOperator::kEqual;
  if (IsSymbol(token, "<>") || IsSymbol(token, "!=")) return ComparisonOperator::kNotEqual;
  if (IsSymbol(token, "<")) return ComparisonOperator::kLess;
  if (IsSymbol(token, "<=")) return ComparisonOperator::kLessOrEqual;
  if (IsSymbol(token, ">")) return ComparisonOperator::kGreater;
  if (IsSymbol(token, ">=")) return ComparisonOperator::kGreaterOrEqual;
  return std::nullopt;
}

}  // namespace

ExpressionPtr Parser::ParseExpression() {
  const Nested nested(*this);
  if (failed()) return Placeholder(Current().position);
  return ParseOr();
}

ExpressionPtr Parser::ParseOr() {
  const base::SqlPosition start = Current().position;
  ExpressionPtr first = ParseAnd();
  if (!At("OR")) return first;
  auto logical = std::make_unique<Logical>(ExpressionKind::kLogical, start);
  logical->is_and = false;
  logical->terms.push_back(std::move(first));
  while (Accept("OR")) logical->terms.push_back(ParseAnd());
  return logical;
}

ExpressionPtr Parser::ParseAnd() {
  const base::SqlPosition start = Current().position;
  ExpressionPtr first = ParseNot();
  if (!At("AND")) return first;
  auto logical = std::make_unique<Logical>(ExpressionKind::kLogical, start);
  logical->terms.push_back(std::move(first));
  while (Accept("AND")) logical->terms.push_back(ParseNot());
  return logical;
}

ExpressionPtr Parser::ParseNot() {
  if (!Next("NOT")) return ParsePredicate();
  const Nested nested(*this);
  auto negation = std::make_unique<Not>(ExpressionKind::kNot, Current().position);
  Advance();
  negation->operand = failed() ? Placeholder(negation->position) : ParseNot();
  return negation;
}

ExpressionPtr Parser::ParsePredicate() { return ParsePredicateTail(ParseValue()); }

ExpressionPtr Parser::ParsePredicateTail(ExpressionPtr value) {
  const base::SqlPosition start = Current().position;  // of the operator, as in Trino
  if (ComparisonOf(Current())) return ParseComparison(std::move(value));
  Expecting("<predicate>");
  if (Next("IS")) {
    Advance();
    const bool negated = Accept("NOT");
    if (Accept("NULL")) {
      auto test = std::make_unique<IsNull>(ExpressionKind::kIsNull, start);
      test->negated = negated;
      test->value = std::move(value);
      return test;
    }
    if (Next("TRUE") || Next("FALSE")) {
      // x IS TRUE is x IS NOT DISTINCT FROM true.
      auto truth = std::make_unique<IsDistinct>(ExpressionKind::kIsDistinct, start);
      truth->negated = !negated;
      truth->left = std::move(value);
      truth->right = ParseReservedForm();
      return truth;
    }
    Expect("DISTINCT");
    Expect("FROM");
    auto test = std::make_unique<IsDistinct>(ExpressionKind::kIsDistinct, start);
    test->negated = negated;
    test->left = std::move(value);
    test->right = ParseValue();
    return test;
  }
  const bool negated = Next("NOT") && (Next("BETWEEN", 1) || Next("IN", 1) || Next("LIKE", 1));
  if (negated) Advance();
  if (Next("BETWEEN")) {
    Advance();
    auto between = std::make_unique<Between>(ExpressionKind::kBetween, start);
    between->negated = negated;
    between->value = std::move(value);
    between->low = ParseValue();
    Expect("AND");
    between->high = ParseValue();
    return between;
  }
  if (Next("IN")) return ParseInTail(std::move(value), negated, start);
  if (Next("LIKE")) {
    Advance();
    auto like = std::make_unique<Like>(ExpressionKind::kLike, start);
    like->negated = negated;
    like->value = std::move(value);
    like->pattern = ParseValue();
    if (Accept("ESCAPE")) like->escape = ParseValue();
    return like;
  }
  return value;
}

ExpressionPtr Parser::ParseComparison(ExpressionPtr left) {
  const ComparisonOperator op = *ComparisonOf(Current());
  const base::SqlPosition position = Current().position;
  Advance();
  if ((Next("ALL") || Next("ANY") || Next("SOME")) && NextSymbol("(", 1)) {
    auto quantified = std::make_unique<QuantifiedComparison>(ExpressionKind::kQuantified, position);
    quantified->op = op;
    quantified->quantifier = Next("ALL") ? Quantifier::kAll : Next("ANY") ? Quantifier::kAny : Quantifier::kSome;
    Advance();
    Advance();
    quantified->value = std::move(left);
    quantified->query = ParseQuery();
    ExpectSymbol(")");
    return quantified;
  }
  auto comparison = std::make_unique<Comparison>(ExpressionKind::kComparison, position);
  comparison->op = op;
  comparison->left = std::move(left);
  comparison->right = ParseValue();
  return comparison;
}

ExpressionPtr Parser::ParseInTail(ExpressionPtr value, bool negated, base::SqlPosition position) {
  Expect("IN");
  if (NextSymbol("(") && IsQueryAhead()) {
    auto in = std::make_unique<InSubquery>(ExpressionKind::kInSubquery, position);
    Advance();
    in->negated = negated;
    in->value = std::move(value);
    in->query = ParseQuery();
    ExpectSymbol(")");
    return in;
  }
  auto in = std::make_unique<InList>(ExpressionKind::kInList, position);
  in->negated = negated;
  in->value = std::move(value);
  ExpectSymbol("(");
  in->items = ParseExpressionList(")");
  return in;
}

ExpressionPtr Parser::ParseValue(int minimum_precedence) {
  ExpressionPtr left = ParseUnary();
  while (!failed()) {
    const auto* found =
        std::ranges::find_if(kValueOperators, [this](const ValueOperator& op) { return NextSymbol(op.symbol); });
    if (found == kValueOperators.end() || found->precedence < minimum_precedence) {
      for (const ValueOperator& op : kValueOperators) ExpectingToken(op.symbol);
      break;
    }
    auto node = std::make_unique<Arithmetic>(ExpressionKind::kArithmetic, Current().position);
    Advance();
    node->op = found->op;
    node->left = std::move(left);
    node->right = ParseValue(found->precedence + 1);
    left = std::move(node);
    GrowTree(left->position);
  }
  return left;
}

ExpressionPtr Parser::ParseUnary() {
  if (!NextSymbol("-") && !NextSymbol("+")) return ParsePostfix();
  const base::SqlPosition position = Current().position;
  const bool negative = NextSymbol("-");
  const TokenKind following = Ahead(1).kind;
  const bool number =
      following == TokenKind::kInteger || following == TokenKind::kDecimal || following == TokenKind::kDouble;
  if (negative && number) {
    Advance();
    return ParseNumber(true, position);
  }
  const Nested nested(*this);
  Advance();
  auto unary = std::make_unique<Unary>(ExpressionKind::kUnary, position);
  unary->negative = negative;
  unary->operand = failed() ? Placeholder(position) : ParseUnary();
  return unary;
}

ExpressionPtr Parser::ParsePostfix() {
  const base::SqlPosition start = Current().position;
  ExpressionPtr value = ParsePrimary();
  while (!failed()) {
    if (NextSymbol(".") && NextSymbol("*", 1)) break;  // t.*, which the select list reads
    if (AcceptSymbol("[")) {
      auto subscript = std::make_unique<Subscript>(ExpressionKind::kSubscript, start);
      subscript->base = std::move(value);
      subscript->index = ParseValue();
      ExpectSymbol("]");
      value = std::move(subscript);
    } else if (AcceptSymbol(".")) {
      auto dereference = std::make_unique<Dereference>(ExpressionKind::kDereference, start);
      dereference->base = std::move(value);
      dereference->field = ParseName();
      value = std::move(dereference);
    } else if (At("AT") && Next("TIME", 1)) {
      auto at = std::make_unique<AtTimeZone>(ExpressionKind::kAtTimeZone, start);
      Advance();
      Expect("TIME");
      Expect("ZONE");
      at->value = std::move(value);
      if (Current().kind == TokenKind::kInteger) Mismatch();
      at->zone = ParsePostfix();
      value = std::move(at);
    } else if (Next("AT") && Next("LOCAL", 1)) {
      auto at = std::make_unique<AtTimeZone>(ExpressionKind::kAtTimeZone, start);
      Advance();
      Advance();
      at->value = std::move(value);
      value = std::move(at);
    } else {
      break;
    }
    GrowTree(start);
  }
  return value;
}

std::vector<ExpressionPtr> Parser::ParseExpressionList(std::string_view close) {
  std::vector<ExpressionPtr> items;
  do {
    items.push_back(ParseExpression());
  } while (AcceptSymbol(","));
  ExpectSymbol(close);
  return items;
}

}  // namespace tarn::sql
