// Expressions in another dialect. Operators stand in parentheses, so that precedence never matters.
#include <algorithm>
#include <array>

#include "sql/dialect_writer.h"
#include "sql/text.h"

namespace tarn::sql {

namespace {

constexpr std::array<std::string_view, 6> kComparison = {" = ", " <> ", " < ", " <= ", " > ", " >= "};

std::string Negation(bool negated) { return negated ? " NOT" : ""; }

// Whether the value is no integer, as far as its text alone tells.
bool IsFractional(const Expression& expression) {
  if (expression.kind == ExpressionKind::kDecimal || expression.kind == ExpressionKind::kDouble) return true;
  return expression.kind == ExpressionKind::kCast && As<Cast>(expression).type.Is("double");
}

}  // namespace

std::string DialectWriter::WriteName(const Name& name) {
  std::string value = name.value;
  if (!name.quoted && traits_.folding == Folding::kLower) value = ToLower(value);
  if (!name.quoted && traits_.folding == Folding::kUpper) value = ToUpper(value);
  std::string text(1, traits_.open_quote);
  for (const char c : value) {
    if (c == '\\' && (dialect_ == Dialect::kBigquery || dialect_ == Dialect::kClickhouse)) text += '\\';
    if (c == traits_.close_quote) text += dialect_ == Dialect::kBigquery ? '\\' : c;
    text += c;
  }
  return text + traits_.close_quote;
}

std::string DialectWriter::WriteText(std::string_view text) const {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\\' && traits_.backslash_escapes) quoted += '\\';
    if (c == '\'') quoted += traits_.doubled_quotes ? '\'' : '\\';
    if (c == '\n' && dialect_ == Dialect::kBigquery) {
      quoted += "\\n";
      continue;
    }
    quoted += c;
  }
  return (dialect_ == Dialect::kTsql ? "N" : "") + quoted + "'";
}

std::string DialectWriter::WriteLiteral(const Expression& expression) {
  const auto& value = As<Literal>(expression).value;
  switch (expression.kind) {
    case ExpressionKind::kNull: return "NULL";
    case ExpressionKind::kBoolean:
      return traits_.booleans ? ToUpper(value) : Refuse("a boolean value", expression.position);
    case ExpressionKind::kString: return WriteText(value);
    case ExpressionKind::kBinary: return Refuse("a binary literal", expression.position);
    case ExpressionKind::kDecimal:
      if (dialect_ == Dialect::kBigquery) return "NUMERIC '" + value + "'";
      if (dialect_ == Dialect::kClickhouse) return Refuse("a decimal literal", expression.position);
      return value;
    default: return value;
  }
}

std::string DialectWriter::WriteGeneric(const GenericLiteral& literal) {
  const bool plain = std::ranges::all_of(literal.value, [](char c) { return (c >= '0' && c <= '9') || c == '-'; });
  if (literal.type_name == "date" && plain) {
    if (dialect_ == Dialect::kTsql) return "CAST('" + literal.value + "' AS date)";
    if (dialect_ == Dialect::kClickhouse) return "CAST('" + literal.value + "' AS Date32)";
    if (dialect_ != Dialect::kSqlite) return "DATE '" + literal.value + "'";
  }
  const bool local = std::ranges::all_of(
      literal.value, [](char c) { return (c >= '0' && c <= '9') || c == '-' || c == ':' || c == '.' || c == ' '; });
  // A minus behind the time is a zone.
  if (literal.type_name == "timestamp" && local && std::ranges::count(literal.value, '-') == 2) {
    if (dialect_ == Dialect::kTsql) return "CAST('" + literal.value + "' AS datetime2)";
    if (dialect_ == Dialect::kBigquery) return "DATETIME '" + literal.value + "'";
    if (dialect_ == Dialect::kSnowflake) return "CAST('" + literal.value + "' AS TIMESTAMP_NTZ)";
    if (dialect_ != Dialect::kSqlite && dialect_ != Dialect::kClickhouse) return "TIMESTAMP '" + literal.value + "'";
  }
  return Refuse("a literal of type " + literal.type_name, literal.position);
}

std::string DialectWriter::WriteArithmetic(const Arithmetic& node) {
  const auto left = Write(*node.left);
  const auto right = Write(*node.right);
  const auto with = [&](std::string_view op) { return "(" + left + " " + std::string(op) + " " + right + ")"; };
  switch (node.op) {
    case ArithmeticOperator::kAdd: return with("+");
    case ArithmeticOperator::kSubtract: return with("-");
    case ArithmeticOperator::kMultiply: return with("*");
    case ArithmeticOperator::kDivide:
      if (!traits_.integers_divide && !IsFractional(*node.left) && !IsFractional(*node.right))
        return Refuse("a division that may be one of integers; CAST an operand to double", node.position);
      return with("/");
    case ArithmeticOperator::kModulus:
      if (dialect_ == Dialect::kSqlite) return Refuse("%", node.position);
      return dialect_ == Dialect::kBigquery ? "MOD(" + left + ", " + right + ")" : with("%");
    case ArithmeticOperator::kConcatenate: break;
  }
  if (dialect_ == Dialect::kMysql || dialect_ == Dialect::kClickhouse) return "CONCAT(" + left + ", " + right + ")";
  return with(dialect_ == Dialect::kTsql ? "+" : "||");
}

std::string DialectWriter::WriteDistinct(const IsDistinct& node) {
  const auto left = Write(*node.left);
  const auto right = Write(*node.right);
  if (traits_.distinct_from) return "(" + left + " IS" + Negation(node.negated) + " DISTINCT FROM " + right + ")";
  if (dialect_ == Dialect::kSqlite) return "(" + left + (node.negated ? " IS " : " IS NOT ") + right + ")";
  if (dialect_ == Dialect::kMysql)
    return node.negated ? "(" + left + " <=> " + right + ")" : "(NOT (" + left + " <=> " + right + "))";
  return Refuse("IS DISTINCT FROM", node.position);
}

// Trino has no escape unless one is given, and minds the case.
std::string DialectWriter::WriteLike(const Like& node) {
  const bool literal = node.pattern->kind == ExpressionKind::kString;
  const std::string pattern = literal ? As<Literal>(*node.pattern).value : "";
  const auto like = [&](const std::string& word, const std::string& text) {
    return "(" + Write(*node.value) + Negation(node.negated) + " " + word + " " + text + ")";
  };
  if (dialect_ == Dialect::kSqlite) {
    if (!literal || node.escape) return Refuse("LIKE with a pattern that is no plain literal", node.position);
    std::string glob;
    for (const char c : pattern) {
      if (c == '*' || c == '?' || c == '[')
        glob += std::string("[") + c + "]";
      else
        glob += c == '%' ? '*' : c == '_' ? '?' : c;
    }
    return like("GLOB", WriteText(glob));
  }
  if (dialect_ == Dialect::kBigquery || dialect_ == Dialect::kClickhouse || dialect_ == Dialect::kTsql) {
    if (!literal || node.escape || pattern.find_first_of("\\[") != std::string::npos)
      return Refuse("LIKE with a pattern that is no plain literal", node.position);
    return like("LIKE", WriteText(pattern));
  }
  auto text = like("LIKE", Write(*node.pattern));
  if (node.escape) return text.substr(0, text.size() - 1) + " ESCAPE " + Write(*node.escape) + ")";
  const bool needs_none = dialect_ == Dialect::kPostgres || dialect_ == Dialect::kMysql;
  if (needs_none && (!literal || pattern.contains('\\'))) return text.substr(0, text.size() - 1) + " ESCAPE '')";
  return text;
}

std::string DialectWriter::WritePredicate(const Expression& expression) {
  switch (expression.kind) {
    case ExpressionKind::kNot: return "(NOT " + Write(*As<Not>(expression).operand) + ")";
    case ExpressionKind::kComparison: {
      const auto& node = As<Comparison>(expression);
      return "(" + Write(*node.left) + std::string(kComparison[static_cast<std::size_t>(node.op)]) +
             Write(*node.right) + ")";
    }
    case ExpressionKind::kQuantified: {
      const auto& node = As<QuantifiedComparison>(expression);
      if (!traits_.quantified) return Refuse("a comparison with all rows of a query", node.position);
      return "(" + Write(*node.value) + std::string(kComparison[static_cast<std::size_t>(node.op)]) +
             (node.quantifier == Quantifier::kAll ? "ALL (" : "ANY (") + Write(*node.query) + "))";
    }
    case ExpressionKind::kBetween: {
      const auto& node = As<Between>(expression);
      return "(" + Write(*node.value) + Negation(node.negated) + " BETWEEN " + Write(*node.low) + " AND " +
             Write(*node.high) + ")";
    }
    case ExpressionKind::kInList: {
      const auto& node = As<InList>(expression);
      return "(" + Write(*node.value) + Negation(node.negated) + " IN (" + WriteList(node.items) + "))";
    }
    case ExpressionKind::kInSubquery: {
      const auto& node = As<InSubquery>(expression);
      return "(" + Write(*node.value) + Negation(node.negated) + " IN (" + Write(*node.query) + "))";
    }
    case ExpressionKind::kLike: return WriteLike(As<Like>(expression));
    case ExpressionKind::kIsDistinct: return WriteDistinct(As<IsDistinct>(expression));
    case ExpressionKind::kIsNull: {
      const auto& node = As<IsNull>(expression);
      return "(" + Write(*node.value) + (node.negated ? " IS NOT NULL)" : " IS NULL)");
    }
    default: return Refuse("such an expression", expression.position);
  }
}

std::string DialectWriter::WriteCase(const Case& node) {
  std::string text = "CASE";
  if (node.operand) text += " " + Write(*node.operand);
  for (const Case::When& when : node.whens) text += " WHEN " + Write(*when.condition) + " THEN " + Write(*when.result);
  if (node.otherwise) text += " ELSE " + Write(*node.otherwise);
  return text + " END";
}

std::string DialectWriter::WriteCast(const Cast& cast) {
  const auto type = DialectType(dialect_, cast.type);
  if (!type) return Refuse("CAST to " + ToText(cast.type), cast.position);
  std::string word = "CAST(";
  if (cast.try_cast) {
    if (dialect_ == Dialect::kBigquery) {
      word = "SAFE_CAST(";
    } else if (dialect_ == Dialect::kDuckdb || dialect_ == Dialect::kTsql) {
      word = "TRY_CAST(";
    } else {
      return Refuse("TRY_CAST", cast.position);
    }
  }
  return word + Write(*cast.operand) + " AS " + *type + ")";
}

// An aggregate over the rows that pass a filter, where the dialect has no such clause: of NULLs it takes no notice.
std::string DialectWriter::WriteFiltered(const Call& call, const std::string& name) {
  const bool known = name == "count" || name == "sum" || name == "min" || name == "max" || name == "avg";
  if (!known || call.arguments.size() + (call.star ? 1 : 0) != 1) return Refuse("FILTER", call.position);
  const auto value = call.star ? std::string("1") : Write(*call.arguments[0]);
  const auto written =
      DialectCall(dialect_, name, call, {"CASE WHEN " + Write(*call.filter) + " THEN " + value + " END"});
  return written ? *written : Refuse("the function " + name, call.position);
}

std::string DialectWriter::WriteCall(const Call& call) {
  const auto name = call.name.size() == 1 ? ToLower(call.name[0].value) : std::string();
  if (call.within_group || !call.order_by.empty() || call.star_of || call.overflow || call.ignore_nulls ||
      call.processing != Call::Processing::kDefault)
    return Refuse("such a call of " + name, call.position);
  if (name == "if" && (call.arguments.size() == 2 || call.arguments.size() == 3))
    return "CASE WHEN " + Write(*call.arguments[0]) + " THEN " + Write(*call.arguments[1]) +
           (call.arguments.size() == 3 ? " ELSE " + Write(*call.arguments[2]) : "") + " END";
  std::string text;
  if (call.filter && !traits_.filter) {
    if (call.distinct) return Refuse("FILTER with DISTINCT", call.position);
    text = WriteFiltered(call, name);
  } else {
    std::vector<std::string> arguments;
    for (const ExpressionPtr& argument : call.arguments) arguments.push_back(Write(*argument));
    if (call.star) arguments.emplace_back("*");
    if (call.distinct && arguments.size() == 1) arguments[0] = "DISTINCT " + arguments[0];
    const auto written = DialectCall(dialect_, name, call, arguments);
    if (!written) return Refuse("the function " + name, call.position);
    text = *written + (call.filter ? " FILTER (WHERE " + Write(*call.filter) + ")" : "");
  }
  return text + (call.window ? " OVER " + WriteWindow(*call.window) : "");
}

std::string DialectWriter::WriteWindow(const Window& window) {
  if (window.reference) return Refuse("a named window", window.reference->position);
  const auto& specification = window.specification;
  if (specification.base) return Refuse("a named window", specification.base->position);
  std::string text;
  if (!specification.partition_by.empty()) text += "PARTITION BY " + WriteList(specification.partition_by);
  if (!specification.order_by.empty())
    text += (text.empty() ? "ORDER BY " : " ORDER BY ") + WriteOrder(specification.order_by, nullptr);
  if (specification.frame) text += " " + WriteFrame(*specification.frame);
  return "(" + text + ")";
}

std::string DialectWriter::WriteFrame(const WindowFrame& frame) {
  static constexpr std::array<std::string_view, 5> kBounds = {"UNBOUNDED PRECEDING", " PRECEDING", "CURRENT ROW",
                                                              " FOLLOWING", "UNBOUNDED FOLLOWING"};
  const auto bound = [&](const FrameBound& from) {
    return (from.offset ? Write(*from.offset) : "") + std::string(kBounds[static_cast<std::size_t>(from.kind)]);
  };
  const bool offsets = frame.start.offset || (frame.end && frame.end->offset);
  if (frame.unit == FrameUnit::kGroups || (frame.unit == FrameUnit::kRange && offsets))
    return Refuse("such a window frame", frame.position);
  const std::string unit = frame.unit == FrameUnit::kRows ? "ROWS " : "RANGE ";
  return unit + (frame.end ? "BETWEEN " + bound(frame.start) + " AND " + bound(*frame.end) : bound(frame.start));
}

// Trino puts NULLs last, whichever the direction.
std::string DialectWriter::WriteOrder(const std::vector<SortItem>& items, const Select* select) {
  std::string text;
  for (const SortItem& item : items) {
    const bool first = item.nulls_first.value_or(false);
    const auto key = Write(*item.key);
    text += text.empty() ? "" : ", ";
    if (!traits_.nulls_order && first == item.descending) {  // these dialects have NULL as the least value
      const bool position = item.key->kind == ExpressionKind::kInteger;
      if (position || (select == nullptr && depth_ == 0) || (select != nullptr && select->distinct))
        return Refuse("such an order of NULLs", item.key->position);
      // The name of a result column means a column of the table in an expression.
      const bool names_result =
          select != nullptr && item.key->kind == ExpressionKind::kIdentifier &&
          std::ranges::any_of(select->items, [&](const SelectItem& selected) {
            return selected.alias && EqualsIgnoreCase(selected.alias->value, As<Identifier>(*item.key).name.value);
          });
      if (names_result) return Refuse("such an order of NULLs", item.key->position);
      text += "CASE WHEN " + key + " IS NULL THEN " + (first ? "0 ELSE 1" : "1 ELSE 0") + " END, ";
    }
    text += key + (item.descending ? " DESC" : " ASC");
    if (traits_.nulls_order) text += first ? " NULLS FIRST" : " NULLS LAST";
  }
  return text;
}

std::string DialectWriter::WriteList(const std::vector<ExpressionPtr>& expressions) {
  std::string text;
  for (const ExpressionPtr& expression : expressions) text += (text.empty() ? "" : ", ") + Write(*expression);
  return text;
}

std::string DialectWriter::Write(const Expression& expression) {
  switch (expression.kind) {
    case ExpressionKind::kNull:
    case ExpressionKind::kBoolean:
    case ExpressionKind::kString:
    case ExpressionKind::kBinary:
    case ExpressionKind::kInteger:
    case ExpressionKind::kDecimal:
    case ExpressionKind::kDouble: return WriteLiteral(expression);
    case ExpressionKind::kGenericLiteral: return WriteGeneric(As<GenericLiteral>(expression));
    case ExpressionKind::kParameter: return traits_.parameters ? "?" : Refuse("a parameter", expression.position);
    case ExpressionKind::kIdentifier: return WriteName(As<Identifier>(expression).name);
    case ExpressionKind::kDereference:
      return Write(*As<Dereference>(expression).base) + "." + WriteName(As<Dereference>(expression).field);
    case ExpressionKind::kUnary:
      return (As<Unary>(expression).negative ? "(- (" : "(+ (") + Write(*As<Unary>(expression).operand) + "))";
    case ExpressionKind::kArithmetic: return WriteArithmetic(As<Arithmetic>(expression));
    case ExpressionKind::kLogical: {
      const auto& logical = As<Logical>(expression);
      std::string text;
      for (const ExpressionPtr& term : logical.terms)
        text += (text.empty() ? "(" : logical.is_and ? " AND " : " OR ") + Write(*term);
      return text + ")";
    }
    case ExpressionKind::kExists: return "(EXISTS (" + Write(*As<Subquery>(expression).query) + "))";
    case ExpressionKind::kScalarSubquery: return "(" + Write(*As<Subquery>(expression).query) + ")";
    case ExpressionKind::kCase: return WriteCase(As<Case>(expression));
    case ExpressionKind::kCast: return WriteCast(As<Cast>(expression));
    case ExpressionKind::kCall: return WriteCall(As<Call>(expression));
    case ExpressionKind::kExtract: {
      const auto& extract = As<Extract>(expression);
      const bool whole =
          extract.field == "year" || extract.field == "month" || extract.field == "day" || extract.field == "quarter";
      const bool has = dialect_ != Dialect::kTsql && dialect_ != Dialect::kSqlite && dialect_ != Dialect::kClickhouse;
      if (!whole || !has) return Refuse("EXTRACT of " + extract.field, extract.position);
      return "EXTRACT(" + ToUpper(extract.field) + " FROM " + Write(*extract.source) + ")";
    }
    case ExpressionKind::kArray:
    case ExpressionKind::kSubscript: return Refuse("an array", expression.position);
    case ExpressionKind::kRow: return Refuse("a row", expression.position);
    case ExpressionKind::kLambda: return Refuse("a lambda", expression.position);
    case ExpressionKind::kInterval: return Refuse("an interval", expression.position);
    case ExpressionKind::kAtTimeZone: return Refuse("AT TIME ZONE", expression.position);
    case ExpressionKind::kTrim: return Refuse("TRIM", expression.position);
    case ExpressionKind::kCurrentValue: return Refuse(As<CurrentValue>(expression).name, expression.position);
    case ExpressionKind::kGrouping: return Refuse("GROUPING", expression.position);
    case ExpressionKind::kJsonPathCall:
    case ExpressionKind::kJsonArray:
    case ExpressionKind::kJsonObject: return Refuse("a function of SQL/JSON", expression.position);
    default: return WritePredicate(expression);
  }
}

}  // namespace tarn::sql
