// Expressions as Trino SQL. Operators stand in parentheses, so that precedence never matters.
#include "sql/printer.h"

#include <array>

#include "sql/printer_parts.h"
#include "sql/text.h"

namespace tarn::sql {
namespace {

constexpr std::array<std::string_view, 6> kArithmetic = {" + ", " - ", " * ", " / ", " % ", " || "};
constexpr std::array<std::string_view, 6> kComparison = {" = ", " <> ", " < ", " <= ", " > ", " >= "};
constexpr std::array<std::string_view, 6> kUnits = {"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"};

std::string PrintLiteral(const Literal& literal) {
  switch (literal.kind) {
    case ExpressionKind::kNull: return "null";
    case ExpressionKind::kString: return QuoteLiteral(literal.value);
    case ExpressionKind::kBinary: return "X'" + literal.value + "'";
    default: return literal.value;
  }
}

std::string PrintInterval(const IntervalLiteral& interval) {
  std::string text = interval.negative ? "INTERVAL -" : "INTERVAL ";
  text += QuoteLiteral(interval.value) + " " + std::string(kUnits[static_cast<std::size_t>(interval.from)]);
  if (interval.to) text += " TO " + std::string(kUnits[static_cast<std::size_t>(*interval.to)]);
  return text;
}

// A number keeps its parentheses: -(1) is not the literal -1.
// A number needs parentheses: its dot would be read as its own.
std::string PrintDereference(const Dereference& dereference) {
  const std::string base = ToSql(*dereference.base);
  return (IsDigit(base.back()) && IsDigit(base.front()) ? "(" + base + ")" : base) + "." + Print(dereference.field);
}

std::string PrintUnary(const Unary& unary) {
  const ExpressionKind kind = unary.operand->kind;
  const bool number =
      kind == ExpressionKind::kInteger || kind == ExpressionKind::kDecimal || kind == ExpressionKind::kDouble;
  return std::string(unary.negative ? "(- " : "(+ ") + (number ? "(" : "") + ToSql(*unary.operand) +
         (number ? "))" : ")");
}

// In parentheses: what follows would be read as a part of its body.
std::string PrintLambda(const Lambda& lambda) {
  std::string text = "((";
  for (std::size_t i = 0; i < lambda.parameters.size(); ++i) text += (i == 0 ? "" : ", ") + Print(lambda.parameters[i]);
  return text + ") -> " + ToSql(*lambda.body) + ")";
}

std::string PrintLogical(const Logical& logical) {
  std::string text = "(";
  for (std::size_t i = 0; i < logical.terms.size(); ++i)
    text += (i == 0 ? "" : logical.is_and ? " AND " : " OR ") + ToSql(*logical.terms[i]);
  return text + ")";
}

std::string PrintQuantified(const QuantifiedComparison& node) {
  static constexpr std::array<std::string_view, 3> kQuantifiers = {"ALL", "ANY", "SOME"};
  return "(" + ToSql(*node.value) + std::string(kComparison[static_cast<std::size_t>(node.op)]) +
         std::string(kQuantifiers[static_cast<std::size_t>(node.quantifier)]) + " (" + ToSql(*node.query) + "))";
}

std::string PrintCase(const Case& node) {
  std::string text = "CASE";
  if (node.operand) text += " " + ToSql(*node.operand);
  for (const Case::When& when : node.whens) text += " WHEN " + ToSql(*when.condition) + " THEN " + ToSql(*when.result);
  if (node.otherwise) text += " ELSE " + ToSql(*node.otherwise);
  return text + " END";
}

std::string PrintTrim(const Trim& trim) {
  static constexpr std::array<std::string_view, 3> kSides = {"BOTH ", "LEADING ", "TRAILING "};
  return "trim(" + std::string(kSides[static_cast<std::size_t>(trim.side)]) +
         (trim.characters ? ToSql(*trim.characters) + " " : "") + "FROM " + ToSql(*trim.source) + ")";
}

std::string PrintCall(const Call& call) {
  if (call.name.size() == 1 && call.name[0].value == "overlay" && call.arguments.size() >= 3) {
    return "overlay(" + ToSql(*call.arguments[0]) + " PLACING " + ToSql(*call.arguments[1]) + " FROM " +
           ToSql(*call.arguments[2]) + (call.arguments.size() > 3 ? " FOR " + ToSql(*call.arguments[3]) : "") + ")";
  }
  const bool special =
      call.name.size() == 1 && (EqualsIgnoreCase(call.name[0].value, "normalize") || call.within_group);
  std::string text;
  if (call.processing != Call::Processing::kDefault)
    text = call.processing == Call::Processing::kFinal ? "FINAL " : "RUNNING ";
  const std::size_t start = text.size();
  for (const Name& part : call.name) text += (text.size() == start ? "" : ".") + (special ? part.value : Print(part));
  text += call.distinct ? "(DISTINCT " : "(";
  if (call.star_of) text += Print(*call.star_of) + ".";
  if (call.star) text += "*";
  if (special && !call.within_group) {
    return text + ToSql(*call.arguments[0]) + ", " + As<Literal>(*call.arguments[1]).value + ")";
  }
  text += Print(call.arguments);
  if (call.overflow)
    text += " ON OVERFLOW TRUNCATE " + QuoteLiteral(call.overflow->filler) +
            (call.overflow->with_count ? " WITH COUNT" : " WITHOUT COUNT");
  if (call.within_group)
    text += ") WITHIN GROUP (" + PrintOrderBy(call.order_by);
  else if (!call.order_by.empty())
    text += (call.arguments.empty() ? "" : " ") + PrintOrderBy(call.order_by);
  text += ")";
  if (call.filter) text += " FILTER (WHERE " + ToSql(*call.filter) + ")";
  if (call.ignore_nulls) text += *call.ignore_nulls ? " IGNORE NULLS" : " RESPECT NULLS";
  if (call.window)
    text +=
        " OVER " + (call.window->reference ? Print(*call.window->reference) : PrintWindow(call.window->specification));
  return text;
}

std::string PrintPredicate(const Expression& expression) {
  const auto negation = [](bool negated) { return negated ? " NOT" : ""; };
  switch (expression.kind) {
    case ExpressionKind::kNot: return "(NOT " + ToSql(*As<Not>(expression).operand) + ")";
    case ExpressionKind::kComparison: {
      const auto& node = As<Comparison>(expression);
      return "(" + ToSql(*node.left) + std::string(kComparison[static_cast<std::size_t>(node.op)]) +
             ToSql(*node.right) + ")";
    }
    case ExpressionKind::kQuantified: return PrintQuantified(As<QuantifiedComparison>(expression));
    case ExpressionKind::kBetween: {
      const auto& node = As<Between>(expression);
      return "(" + ToSql(*node.value) + negation(node.negated) + " BETWEEN " + ToSql(*node.low) + " AND " +
             ToSql(*node.high) + ")";
    }
    case ExpressionKind::kInList: {
      const auto& node = As<InList>(expression);
      return "(" + ToSql(*node.value) + negation(node.negated) + " IN (" + Print(node.items) + "))";
    }
    case ExpressionKind::kInSubquery: {
      const auto& node = As<InSubquery>(expression);
      return "(" + ToSql(*node.value) + negation(node.negated) + " IN (" + ToSql(*node.query) + "))";
    }
    case ExpressionKind::kLike: {
      const auto& node = As<Like>(expression);
      return "(" + ToSql(*node.value) + negation(node.negated) + " LIKE " + ToSql(*node.pattern) +
             (node.escape ? " ESCAPE " + ToSql(*node.escape) : "") + ")";
    }
    case ExpressionKind::kIsNull: {
      const auto& node = As<IsNull>(expression);
      return "(" + ToSql(*node.value) + (node.negated ? " IS NOT NULL)" : " IS NULL)");
    }
    case ExpressionKind::kIsDistinct: {
      const auto& node = As<IsDistinct>(expression);
      return "(" + ToSql(*node.left) + (node.negated ? " IS NOT DISTINCT FROM " : " IS DISTINCT FROM ") +
             ToSql(*node.right) + ")";
    }
    default: return "";
  }
}

}  // namespace

// A name is printed in quotes when it needs them: reserved, or not a word, or `all`, which first in a list is the
// quantifier.
std::string Print(const Name& name) {
  bool word = !name.value.empty() && !IsDigit(name.value[0]) && !IsReserved(name.value) && ToLower(name.value) != "all";
  for (const char c : name.value) word = word && (IsLetter(c) || IsDigit(c) || c == '_');
  return word && !name.quoted ? name.value : QuoteIdentifier(name.value);
}

std::string Print(const std::vector<ExpressionPtr>& expressions) {
  std::string text;
  for (std::size_t i = 0; i < expressions.size(); ++i) text += (i == 0 ? "" : ", ") + ToSql(*expressions[i]);
  return text;
}

std::string ToSql(const Expression& expression) {
  switch (expression.kind) {
    case ExpressionKind::kNull:
    case ExpressionKind::kBoolean:
    case ExpressionKind::kString:
    case ExpressionKind::kBinary:
    case ExpressionKind::kInteger:
    case ExpressionKind::kDecimal:
    case ExpressionKind::kDouble: return PrintLiteral(As<Literal>(expression));
    case ExpressionKind::kGenericLiteral: {
      const auto& literal = As<GenericLiteral>(expression);
      return Print(Name{.value = literal.type_name}) + " " + QuoteLiteral(literal.value);
    }
    case ExpressionKind::kInterval: return PrintInterval(As<IntervalLiteral>(expression));
    case ExpressionKind::kParameter: return "?";
    case ExpressionKind::kIdentifier: return Print(As<Identifier>(expression).name);
    case ExpressionKind::kDereference: return PrintDereference(As<Dereference>(expression));
    case ExpressionKind::kSubscript:
      return ToSql(*As<Subscript>(expression).base) + "[" + ToSql(*As<Subscript>(expression).index) + "]";
    case ExpressionKind::kArray: return "ARRAY[" + Print(As<Collection>(expression).items) + "]";
    case ExpressionKind::kRow: return "ROW (" + Print(As<Collection>(expression).items) + ")";
    case ExpressionKind::kLambda: return PrintLambda(As<Lambda>(expression));
    case ExpressionKind::kUnary: return PrintUnary(As<Unary>(expression));
    case ExpressionKind::kArithmetic: {
      const auto& node = As<Arithmetic>(expression);
      return "(" + ToSql(*node.left) + std::string(kArithmetic[static_cast<std::size_t>(node.op)]) +
             ToSql(*node.right) + ")";
    }
    case ExpressionKind::kLogical: return PrintLogical(As<Logical>(expression));
    case ExpressionKind::kExists: return "(EXISTS (" + ToSql(*As<Subquery>(expression).query) + "))";
    case ExpressionKind::kScalarSubquery: return "(" + ToSql(*As<Subquery>(expression).query) + ")";
    case ExpressionKind::kCase: return PrintCase(As<Case>(expression));
    case ExpressionKind::kCast: {
      const auto& cast = As<Cast>(expression);
      return std::string(cast.try_cast ? "TRY_CAST(" : "CAST(") + ToSql(*cast.operand) + " AS " + ToText(cast.type) +
             ")";
    }
    case ExpressionKind::kExtract:
      return "EXTRACT(" + ToUpper(As<Extract>(expression).field) + " FROM " + ToSql(*As<Extract>(expression).source) +
             ")";
    case ExpressionKind::kAtTimeZone: {
      const auto& at = As<AtTimeZone>(expression);
      return "(" + ToSql(*at.value) + (at.zone ? " AT TIME ZONE " + ToSql(*at.zone) : " AT LOCAL") + ")";
    }
    case ExpressionKind::kTrim: return PrintTrim(As<Trim>(expression));
    case ExpressionKind::kCurrentValue: {
      const auto& value = As<CurrentValue>(expression);
      return ToUpper(value.name) + (value.precision ? "(" + std::to_string(*value.precision) + ")" : "");
    }
    case ExpressionKind::kGrouping: return "GROUPING (" + Print(As<Grouping>(expression).columns) + ")";
    case ExpressionKind::kCall: return PrintCall(As<Call>(expression));
    case ExpressionKind::kJsonPathCall: return PrintJsonPathCall(As<JsonPathCall>(expression));
    case ExpressionKind::kJsonArray: return PrintJsonArray(As<JsonArray>(expression));
    case ExpressionKind::kJsonObject: return PrintJsonObject(As<JsonObject>(expression));
    default: return PrintPredicate(expression);
  }
}

}  // namespace tarn::sql
