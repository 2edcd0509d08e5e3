// Predicates: comparison, BETWEEN, IN, LIKE, IS, AND, OR, NOT, and the types that they take.
#include <algorithm>
#include <array>

#include "sql/printer.h"
#include "sql/text.h"
#include "sql/translator.h"
#include "sql/type_rules.h"

namespace tarn::sql {
namespace {

constexpr std::array<std::string_view, 6> kSymbols = {"=", "<>", "<", "<=", ">", ">="};

bool IsFloating(const Type& type) { return type.Is("double") || type.Is("real"); }

// A number that is written out is never NaN.
bool IsNumberText(const Expression& expression) {
  return expression.kind == ExpressionKind::kInteger || expression.kind == ExpressionKind::kDecimal ||
         expression.kind == ExpressionKind::kDouble;
}

// Values whose equality in the engine is not Trino's: of NULL within them, or NaN.
bool HoldsOpenValues(const Type& type) { return IsFloating(type) || type.Is("array") || type.Is("row"); }

}  // namespace

void Translator::FailOperator(base::SqlPosition position, std::string_view op, const Type& left, const Type& right) {
  Fail(position, "Cannot apply operator: " + ToText(left) + " " + std::string(op) + " " + ToText(right),
       "TYPE_MISMATCH");
}

void Translator::RequireBoolean(const Type& type, base::SqlPosition position, std::string_view what) {
  if (!type.known() || type.Is("boolean") || type.Is("unknown")) return;
  Fail(position, std::string(what) + " must evaluate to a boolean: actual type " + ToText(type), "TYPE_MISMATCH");
}

// The text of a char with the blanks that belong to it; the engine keeps it without.
SqlText Translator::PadChar(const Written& value) {
  if (!value.type.Is("char")) return value.sql;
  SqlText padded;
  return padded.Add("rpad(").Add(value.sql).Add(", " + std::to_string(value.type.numbers[0]) + ", ' ')");
}

void Translator::Coerce(Written& value, const Type& to) const {
  if (!to.known() || !value.type.known() || value.type == to) return;
  const bool scalar = to.children.empty() && !value.type.Is("unknown") && !value.type.Is("char");
  if (scalar) value.sql = Convert(value.sql, value.type, to);
  value.type = to;
}

SqlText Translator::Comparable(const Written& value, const Type& common) const {
  if (!common.known() || !value.type.known() || value.type.Is("unknown")) return value.sql;
  if (!IsTagged(common) && !IsTagged(value.type)) return value.sql;
  SqlText sql;
  if (common.Is("number")) return sql.Add("trino_number_comparable(").Add(value.sql).Add(")");
  // Zones do not count.
  if (common.Is("timestamp with time zone"))
    return sql.Add("trino_zoned_instant(").Add(Convert(value.sql, value.type, common)).Add(")");
  return Convert(value.sql, value.type, common);
}

// One comparison. The engine's NaN is equal to itself and above all numbers, Trino's compares false with everything;
// its arrays and rows hold NULL as a value, Trino's make the comparison unknown.
SqlText Translator::WriteComparison(ComparisonOperator op, const Operand& left, const Operand& right) {
  const std::string symbol = " " + std::string(kSymbols[static_cast<std::size_t>(op)]) + " ";
  const Type& a = left.value->type;
  const Type& b = right.value->type;
  SqlText sql;
  const bool by_parts = op == ComparisonOperator::kEqual || op == ComparisonOperator::kNotEqual;
  if (by_parts && a.Is("array") && b.Is("array") && (HoldsOpenValues(a.children[0]) || HoldsOpenValues(b.children[0])))
    return WriteArrayEquality(op, left, right);
  if (a.Is("array") && b.Is("array")) {
    static constexpr std::array<std::string_view, 6> kNames = {"eq", "ne", "lt", "le", "gt", "ge"};
    return sql.Add("trino_array_")
        .Add(kNames[static_cast<std::size_t>(op)])
        .Add("(")
        .Add(left.value->sql)
        .Add(", ")
        .Add(right.value->sql)
        .Add(")");
  }
  const bool equals = op == ComparisonOperator::kEqual || op == ComparisonOperator::kNotEqual;
  if (equals && a.Is("row") && b.Is("row") && a.children.size() == b.children.size()) {
    sql.Add(op == ComparisonOperator::kEqual ? "(" : "(NOT (");
    for (std::size_t i = 0; i < a.children.size(); ++i) {
      const auto field = [i](const Written& row) {
        Written written{.type = row.type.children[i]};
        written.sql.Add("trino_subscript(").Add(row.sql).Add(", " + std::to_string(i + 1) + ")");
        return written;
      };
      const Written from = field(*left.value);
      const Written to = field(*right.value);
      sql.Add(i == 0 ? "(" : " AND (")
          .Add(WriteComparison(ComparisonOperator::kEqual, {.value = &from, .expression = left.expression},
                               {.value = &to, .expression = right.expression}))
          .Add(")");
    }
    return sql.Add(op == ComparisonOperator::kEqual ? ")" : "))");
  }
  const Type common = FindCommonType(a, b).value_or(Type{});
  SqlText plain;
  plain.Add(Comparable(*left.value, common)).Add(symbol).Add(Comparable(*right.value, common));
  const bool different = op == ComparisonOperator::kNotEqual;
  const bool floating = (IsFloating(a) || IsFloating(b)) && a.known() && b.known();
  std::vector<const Operand*> suspects;
  const bool less = op == ComparisonOperator::kLess || op == ComparisonOperator::kLessOrEqual;
  if (floating) {
    // Only a NaN on the side that the engine finds greater makes it answer true.
    const Operand& suspect = less ? right : left;
    if (IsFloating(suspect.value->type) && !IsNumberText(*suspect.expression)) suspects.push_back(&suspect);
  }
  const bool equality = op == ComparisonOperator::kEqual || different;
  if (suspects.empty() || (equality && IsNumberText(*right.expression))) return plain;
  sql.Add("(").Add(plain);
  for (const Operand* suspect : suspects)
    sql.Add(different ? " OR isnan(" : " AND NOT isnan(").Add(suspect->value->sql).Add(")");
  return sql.Add(")");
}

// Equality of arrays whose elements the engine would compare in another way.
SqlText Translator::WriteArrayEquality(ComparisonOperator op, const Operand& left, const Operand& right) {
  SqlText both;
  both.Add(left.value->sql).Add(right.value->sql);
  const int outer_depth = lambda_depth_;
  const std::string pair = PartName(both);
  const auto element = [&](const Operand& array, int i) {
    return Written{.sql = SqlText("trino_subscript(" + pair + ", " + std::to_string(i) + ")"),
                   .type = array.value->type.children[0]};
  };
  const Written a = element(left, 1);
  const Written b = element(right, 2);
  const SqlText equal = WriteComparison(ComparisonOperator::kEqual, {.value = &a, .expression = left.expression},
                                        {.value = &b, .expression = right.expression});
  lambda_depth_ = outer_depth;
  SqlText sql(op == ComparisonOperator::kEqual ? "trino_array_equal_parts(" : "NOT trino_array_equal_parts(");
  sql.Add(left.value->sql).Add(", ").Add(right.value->sql).Add(", list_transform(list_zip(").Add(left.value->sql);
  return std::move(sql.Add(", ").Add(right.value->sql).Add("), (lambda " + pair + ": ").Add(equal).Add(")))"));
}

Written Translator::WritePredicate(const Expression& expression, const Context& context) {
  Written written{.type = {.name = "boolean"}};
  const auto write = [&](const Expression& part) {
    Written value = Write(part, context);
    Absorb(written, value);
    return value;
  };
  const auto start = [&](bool negated) {
    written.sql.Mark(view_position_.value_or(expression.position)).Add(negated ? "(NOT (" : "(");
  };
  const auto finish = [&](bool negated) { written.sql.Add(negated ? "))" : ")"); };
  switch (expression.kind) {
    case ExpressionKind::kLogical: {
      const auto& logical = As<Logical>(expression);
      start(false);
      for (std::size_t i = 0; i < logical.terms.size(); ++i) {
        const Written term = write(*logical.terms[i]);
        RequireBoolean(term.type, logical.terms[i]->position, "Logical expression term");
        written.sql.Add(i == 0 ? "" : logical.is_and ? " AND " : " OR ").Add(term.sql);
      }
      finish(false);
      break;
    }
    case ExpressionKind::kNot: {
      const Expression& part = *As<Not>(expression).operand;
      start(true);
      const Written operand = write(part);
      RequireBoolean(operand.type, part.position, "Value of logical NOT expression");
      written.sql.Add(operand.sql);
      finish(true);
      break;
    }
    case ExpressionKind::kComparison: {
      const auto& comparison = As<Comparison>(expression);
      const Written left = write(*comparison.left);
      const Written right = write(*comparison.right);
      const bool equality =
          comparison.op == ComparisonOperator::kEqual || comparison.op == ComparisonOperator::kNotEqual;
      CheckComparable(expression.position, kSymbols[static_cast<std::size_t>(comparison.op)], left.type, right.type,
                      equality);
      start(false);
      written.sql.Add(WriteComparison(comparison.op, {.value = &left, .expression = comparison.left.get()},
                                      {.value = &right, .expression = comparison.right.get()}));
      finish(false);
      break;
    }
    case ExpressionKind::kBetween: {
      const auto& between = As<Between>(expression);
      const Written value = write(*between.value);
      const Written low = write(*between.low);
      const Written high = write(*between.high);
      for (const Written* bound : {&low, &high})
        CheckComparable(expression.position, "BETWEEN", value.type, bound->type, false);
      start(between.negated);
      const bool apart = IsFloating(value.type) || IsFloating(low.type) || IsFloating(high.type) ||
                         IsTagged(value.type) || IsTagged(low.type) || IsTagged(high.type);
      if (apart) {
        const Operand operand{.value = &value, .expression = between.value.get()};
        written.sql
            .Add(WriteComparison(ComparisonOperator::kGreaterOrEqual, operand,
                                 {.value = &low, .expression = between.low.get()}))
            .Add(" AND ");
        written.sql.Add(WriteComparison(ComparisonOperator::kLessOrEqual, operand,
                                        {.value = &high, .expression = between.high.get()}));
      } else {
        written.sql.Add(value.sql).Add(" BETWEEN ").Add(low.sql).Add(" AND ").Add(high.sql);
      }
      finish(between.negated);
      break;
    }
    case ExpressionKind::kInList: {
      const auto& in = As<InList>(expression);
      const Written value = write(*in.value);
      std::vector<Written> items;
      Type common = value.type;
      bool floating = IsFloating(value.type) || value.type.Is("array");
      bool tagged = IsTagged(value.type);
      for (const ExpressionPtr& item : in.items) {
        items.push_back(write(*item));
        const auto next = FindCommonType(common, items.back().type);
        if (!next) {
          Fail(item->position,
               "IN value and list items must be the same type or coercible to a common type. Cannot find common type "
               "between " +
                   ToText(value.type) + " and " + ToText(items.back().type),
               "TYPE_MISMATCH");
          return written;
        }
        common = *next;
        floating = floating && !IsNumberText(*item);
        tagged = tagged || IsTagged(items.back().type);
      }
      floating = floating || tagged;
      start(in.negated);
      if (!floating) written.sql.Add(value.sql).Add(" IN (");
      for (std::size_t i = 0; i < items.size(); ++i) {
        if (floating) {
          const Operand item{.value = &items[i], .expression = in.items[i].get()};
          written.sql.Add(i == 0 ? "" : " OR ")
              .Add(WriteComparison(ComparisonOperator::kEqual, {.value = &value, .expression = in.value.get()}, item));
        } else {
          written.sql.Add(i == 0 ? "" : ", ").Add(items[i].sql);
        }
      }
      if (!floating) written.sql.Add(")");
      finish(in.negated);
      break;
    }
    case ExpressionKind::kLike: {
      const auto& like = As<Like>(expression);
      const Written value = write(*like.value);
      const Written pattern = write(*like.pattern);
      const auto text = [](const Type& type) {
        return !type.known() || type.Is("varchar") || type.Is("char") || type.Is("unknown");
      };
      if (!text(value.type))
        Fail(like.value->position,
             "Left side of LIKE expression must evaluate to a varchar (actual: " + ToText(value.type) + ")",
             "TYPE_MISMATCH");
      if (!text(pattern.type))
        Fail(like.pattern->position,
             "Pattern for LIKE expression must evaluate to a varchar (actual: " + ToText(pattern.type) + ")",
             "TYPE_MISMATCH");
      start(like.negated);
      written.sql.Add(PadChar(value)).Add(" LIKE ").Add(pattern.sql);
      if (like.escape) {
        const Written escape = write(*like.escape);
        if (!text(escape.type))
          Fail(like.escape->position,
               "Escape for LIKE expression must evaluate to a varchar (actual: " + ToText(escape.type) + ")",
               "TYPE_MISMATCH");
        CheckEscape(*like.pattern, *like.escape);
        written.sql.Add(" ESCAPE ").Add(escape.sql);
      }
      finish(like.negated);
      break;
    }
    case ExpressionKind::kIsNull:
      start(false);
      written.sql.Add(write(*As<IsNull>(expression).value).sql)
          .Add(As<IsNull>(expression).negated ? " IS NOT NULL" : " IS NULL");
      finish(false);
      break;
    case ExpressionKind::kIsDistinct: {
      const auto& distinct = As<IsDistinct>(expression);
      const Written left = write(*distinct.left);
      const Written right = write(*distinct.right);
      CheckComparable(expression.position, "IS DISTINCT FROM", left.type, right.type, true);
      start(false);
      const Type common = FindCommonType(left.type, right.type).value_or(Type{});
      written.sql.Add(Comparable(left, common))
          .Add(distinct.negated ? " IS NOT DISTINCT FROM " : " IS DISTINCT FROM ")
          .Add(Comparable(right, common));
      finish(false);
      break;
    }
    default: return WriteOperation(expression, context);
  }
  return written;
}

// What can be seen of an escape when the statement is written; the engine is more generous.
void Translator::CheckEscape(const Expression& pattern, const Expression& escape) {
  if (escape.kind != ExpressionKind::kString) return;
  const std::string& mark = As<Literal>(escape).value;
  if (CountCodePoints(mark) != 1) {
    Fail({}, "Escape string must be a single character", "INVALID_FUNCTION_ARGUMENT");
    return;
  }
  if (pattern.kind != ExpressionKind::kString) return;
  const std::string& text = As<Literal>(pattern).value;
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
    at += mark.size();
    const std::string_view rest = std::string_view(text).substr(at);
    if (rest.starts_with(mark))
      at += mark.size();
    else if (!rest.starts_with('%') && !rest.starts_with('_')) {
      Fail({}, "Escape character must be followed by '%', '_' or the escape character itself",
           "INVALID_FUNCTION_ARGUMENT");
      return;
    }
  }
}

void Translator::CheckComparable(base::SqlPosition position, std::string_view op, const Type& left, const Type& right,
                                 bool equality) {
  const auto common = FindCommonType(left, right);
  const bool defined = common && (equality ? IsComparable(*common) : IsOrderable(*common));
  if (!defined) FailOperator(position, op, left, right);
}

}  // namespace tarn::sql
