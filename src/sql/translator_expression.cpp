// Expressions in engine SQL: literals, names, operators, predicates, casts.
#include <algorithm>
#include <array>

#include "sql/coercion.h"
#include "sql/literal.h"
#include "sql/printer.h"
#include "sql/text.h"
#include "sql/translator.h"

namespace tarn::sql {
namespace {

std::string_view SymbolOf(ComparisonOperator op) {
  static constexpr std::array<std::string_view, 6> kSymbols = {" = ", " <> ", " < ", " <= ", " > ", " >= "};
  return kSymbols[static_cast<std::size_t>(op)];
}

Written Boolean() { return {.type = {.name = "boolean"}}; }

bool IsInterval(const Type& type) { return type.name.starts_with("interval"); }
bool IsDatetime(const Type& type) { return type.Is("date") || type.name.starts_with("time"); }

// The result type of an operator on numbers. Of quotients of decimals the engine's own type says it.
Type NumberType(ArithmeticOperator op, const Type& left, const Type& right) {
  static constexpr auto kNumbers = std::to_array<std::string_view>({"tinyint", "smallint", "integer", "bigint", "decimal", "real", "double"});
  const auto is_number = [](const Type& type) { return std::ranges::find(kNumbers, type.name) != kNumbers.end(); };
  if (!is_number(left) || !is_number(right)) return {};
  if (!left.Is("decimal") && !right.Is("decimal")) return CommonType(left, right);
  if (const Type common = CommonType(left, right); !common.Is("decimal")) return common;
  const Type a = AsDecimal(left);
  const Type b = AsDecimal(right);
  const std::int64_t whole = std::max(a.numbers[0] - a.numbers[1], b.numbers[0] - b.numbers[1]);
  const std::int64_t scale = std::max(a.numbers[1], b.numbers[1]);
  const auto decimal = [](std::int64_t precision, std::int64_t digits) {
    return digits > 38 ? Type{} : Type{.name = "decimal", .numbers = {std::min<std::int64_t>(precision, 38), digits}};
  };
  switch (op) {
    case ArithmeticOperator::kAdd:
    case ArithmeticOperator::kSubtract: return decimal(whole + scale + 1, scale);
    case ArithmeticOperator::kMultiply: return decimal(a.numbers[0] + b.numbers[0], a.numbers[1] + b.numbers[1]);
    default: return {};
  }
}

// The result type of + - * / where the engine's own type does not say it all: dates, times and intervals.
Type ArithmeticType(ArithmeticOperator op, const Type& left, const Type& right) {
  if (op == ArithmeticOperator::kAdd && IsInterval(left) && IsDatetime(right)) return ArithmeticType(op, right, left);
  if (IsDatetime(left) && IsInterval(right)) {
    Type type = left;
    if (right.Is("interval day to second") && !type.numbers.empty()) type.numbers[0] = std::max<std::int64_t>(type.numbers[0], 3);
    return type;
  }
  if (op == ArithmeticOperator::kSubtract && IsDatetime(left) && IsDatetime(right)) return {.name = "interval day to second"};
  if (IsInterval(left)) return left;
  if (IsInterval(right)) return right;
  return NumberType(op, left, right);
}

// The parts of a.b.c, or nothing when it is not only names.
std::optional<std::vector<Name>> NameParts(const Expression& expression) {
  if (expression.kind == ExpressionKind::kIdentifier) return std::vector{As<Identifier>(expression).name};
  if (expression.kind != ExpressionKind::kDereference) return std::nullopt;
  const auto& dereference = As<Dereference>(expression);
  auto parts = NameParts(*dereference.base);
  if (parts) parts->push_back(dereference.field);
  return parts;
}

std::string DottedName(const std::vector<Name>& parts) {
  std::string text;
  for (const Name& part : parts) text += (text.empty() ? "" : ".") + part.value;
  return text;
}

// Whether a column that a subquery takes from the query around it is one of that query's GROUP BY keys.
bool IsKey(const FreeColumn& column, const Scope* scope, const std::vector<std::string>* keys) {
  if (keys == nullptr) return false;
  const std::size_t dot = column.name.rfind('.');
  std::vector<std::string> qualifier;
  if (dot != std::string::npos) qualifier.push_back(column.name.substr(0, dot));
  const FoundField found = FindField(scope, qualifier, dot == std::string::npos ? column.name : column.name.substr(dot + 1));
  return found.field != nullptr && std::ranges::find(*keys, found.field->sql) != keys->end();
}

}  // namespace

void Translator::AbsorbFree(std::vector<FreeColumn>& into, const std::vector<FreeColumn>& free) {
  for (const FreeColumn& column : free) {
    if (std::ranges::find(into, column.level, &FreeColumn::level) == into.end()) into.push_back(column);
  }
}

void Translator::Absorb(Written& into, const Written& part) {
  AbsorbFree(into.free, part.free);
  if (!into.aggregate) into.aggregate = part.aggregate;
  if (!into.window) into.window = part.window;
}

Written Translator::Write(const Expression& expression, const Context& context) {
  if (failed()) return {.sql = SqlText("NULL")};
  Written written = WriteNode(expression, context);
  if (context.keys != nullptr && std::ranges::find(*context.keys, written.sql.text()) != context.keys->end()) {
    std::erase_if(written.free, [&context](const FreeColumn& column) { return column.level == context.level; });
  }
  return written;
}

Written Translator::WriteNode(const Expression& expression, const Context& context) {
  switch (expression.kind) {
    case ExpressionKind::kNull:
    case ExpressionKind::kBoolean:
    case ExpressionKind::kString:
    case ExpressionKind::kBinary:
    case ExpressionKind::kInteger:
    case ExpressionKind::kDecimal:
    case ExpressionKind::kDouble:
    case ExpressionKind::kGenericLiteral:
    case ExpressionKind::kInterval: return WriteLiteral(expression);
    case ExpressionKind::kParameter: return WriteParameter(As<Parameter>(expression));
    case ExpressionKind::kIdentifier: return WriteName(expression, context);
    case ExpressionKind::kDereference: return WriteDereference(As<Dereference>(expression), context);
    case ExpressionKind::kArray:
    case ExpressionKind::kRow: return WriteCollection(As<Collection>(expression), context);
    case ExpressionKind::kLambda:
      Fail(expression.position, "Lambda expression should always be used inside a function", "TYPE_MISMATCH");
      return {.sql = SqlText("NULL")};
    case ExpressionKind::kArithmetic: return WriteArithmetic(As<Arithmetic>(expression), context);
    case ExpressionKind::kExists:
    case ExpressionKind::kInSubquery:
    case ExpressionKind::kQuantified:
    case ExpressionKind::kScalarSubquery: return WriteSubqueryPredicate(expression, context);
    case ExpressionKind::kCase: return WriteCase(As<Case>(expression), context);
    case ExpressionKind::kCast: return WriteCast(As<Cast>(expression), context);
    case ExpressionKind::kCurrentValue: return WriteCurrentValue(As<CurrentValue>(expression));
    case ExpressionKind::kGrouping: return WriteGrouping(As<Grouping>(expression), context);
    case ExpressionKind::kCall: return WriteCall(As<Call>(expression), context);
    case ExpressionKind::kJsonPathCall: return WriteJsonPathCall(As<JsonPathCall>(expression), context);
    case ExpressionKind::kJsonArray: return WriteJsonArray(As<JsonArray>(expression), context);
    case ExpressionKind::kJsonObject: return WriteJsonObject(As<JsonObject>(expression), context);
    default: return WritePredicate(expression, context);
  }
}

Written Translator::WriteLiteral(const Expression& expression) {
  const auto fail = [&](const std::string& message, std::string_view code) {
    Fail(expression.position, message, code);
    return Written{.sql = SqlText("NULL")};
  };
  const auto typed = [&](std::optional<TypedLiteral> literal, const std::string& value, const std::string& type_name) {
    if (!literal) return fail("'" + value + "' is not a valid " + ToUpper(type_name) + " literal", "INVALID_LITERAL");
    return Written{.sql = SqlText(std::move(literal->sql)), .type = std::move(literal->type)};
  };
  if (expression.kind == ExpressionKind::kGenericLiteral) {
    const auto& literal = As<GenericLiteral>(expression);
    if (IsLiteralType(literal.type_name)) return typed(MakeTypedLiteral(literal.type_name, literal.value), literal.value, literal.type_name);
    if (!IsTypeName(literal.type_name)) return fail("Unknown type: " + literal.type_name, "TYPE_NOT_FOUND");
    Refuse(expression.position, "A literal of the type '" + literal.type_name + "'");
    return {.sql = SqlText("NULL")};
  }
  if (expression.kind == ExpressionKind::kInterval) {
    const auto& literal = As<IntervalLiteral>(expression);
    return typed(MakeIntervalLiteral(literal), literal.value, "interval");
  }
  const std::string& value = As<Literal>(expression).value;
  switch (expression.kind) {
    case ExpressionKind::kNull: return {.sql = SqlText("NULL"), .type = {.name = "unknown"}};
    case ExpressionKind::kBoolean: return {.sql = SqlText(ToUpper(value)), .type = {.name = "boolean"}};
    case ExpressionKind::kDecimal: {
      std::optional<TypedLiteral> literal = MakeDecimalLiteral(value);
      if (!literal) return fail("Value too large for a decimal: " + value, "INVALID_LITERAL");
      return {.sql = SqlText(std::move(literal->sql)), .type = std::move(literal->type)};
    }
    case ExpressionKind::kDouble: return {.sql = SqlText("CAST('" + value + "' AS DOUBLE)"), .type = {.name = "double"}};
    case ExpressionKind::kInteger: {
      const bool small = value.size() < 10 || (value.size() <= 11 && std::stoll(value) >= INT32_MIN && std::stoll(value) <= INT32_MAX);
      if (small) return {.sql = SqlText(value.starts_with('-') ? "(" + value + ")" : value), .type = {.name = "integer"}};
      return {.sql = SqlText("CAST('" + value + "' AS BIGINT)"), .type = {.name = "bigint"}};
    }
    case ExpressionKind::kBinary: {
      std::string escaped;
      for (std::size_t i = 0; i < value.size(); i += 2) escaped += "\\x" + value.substr(i, 2);
      return {.sql = SqlText("CAST('" + escaped + "' AS BLOB)"), .type = {.name = "varbinary"}};
    }
    default: break;
  }
  if (value.find('\0') != std::string::npos) {
    Refuse(expression.position, "A text with a zero character");
    return {.sql = SqlText("NULL")};
  }
  return {.sql = SqlText(QuoteLiteral(value)), .type = {.name = "varchar", .numbers = {static_cast<std::int64_t>(CountCodePoints(value))}}};
}

Written Translator::WriteParameter(const Parameter& parameter) {
  if (arguments_ != nullptr) return Write(*(*arguments_)[parameter.index], Context{});
  const std::optional<std::string>& value = parameters_[parameter.index];
  if (!value) return {.sql = SqlText("NULL"), .type = {.name = "unknown"}};
  if (value->find('\0') != std::string::npos) Refuse(parameter.position, "A text with a zero character");
  return {.sql = SqlText(QuoteLiteral(*value)), .type = {.name = "varchar"}};
}

Written Translator::WriteName(const Expression& expression, const Context& context) {
  std::vector<Name> parts = *NameParts(expression);
  const std::string whole = DottedName(parts);
  const std::string name = parts.back().value;
  std::vector<std::string> qualifier;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) qualifier.push_back(parts[i].value);
  const FoundField found = FindField(context.scope, qualifier, name);
  if (found.ambiguous) Fail(expression.position, "Column '" + whole + "' is ambiguous", "AMBIGUOUS_NAME");
  if (found.refused)
    Fail(expression.position, "LATERAL reference not allowed in RIGHT or FULL JOIN", "INVALID_COLUMN_REFERENCE");
  if (found.field == nullptr) {
    Fail(expression.position, "Column '" + whole + "' cannot be resolved", "COLUMN_NOT_FOUND", base::ErrorKind::kNotFound);
    return {.sql = SqlText("NULL")};
  }
  Written written{.type = found.field->type, .field = found.field};
  written.sql.Mark(view_position_.value_or(expression.position)).Add(found.field->sql);
  if (found.level > 0) written.free.push_back({.level = found.level, .position = expression.position, .name = whole});
  return written;
}

// a.b is a column of a relation, or else a field of a row.
Written Translator::WriteDereference(const Dereference& dereference, const Context& context) {
  if (const auto parts = NameParts(dereference)) {
    std::vector<std::string> qualifier;
    for (std::size_t i = 0; i + 1 < parts->size(); ++i) qualifier.push_back((*parts)[i].value);
    const FoundField whole = FindField(context.scope, qualifier, parts->back().value);
    bool row = false;  // whether the first parts name a column
    for (std::size_t i = 0; !row && i < qualifier.size(); ++i) {
      row = FindField(context.scope, {qualifier.begin(), qualifier.begin() + static_cast<std::ptrdiff_t>(i)}, qualifier[i]).field != nullptr;
    }
    if (whole.field != nullptr || whole.ambiguous || !row) return WriteName(dereference, context);
  }
  Written base = Write(*dereference.base, context);
  Written written;
  if (base.type.Is("row")) {
    const auto field = std::ranges::find_if(base.type.field_names, [&](const std::string& name) { return EqualsIgnoreCase(name, dereference.field.value); });
    if (field == base.type.field_names.end()) {
      const auto parts = NameParts(dereference);
      Fail(dereference.position, "Column '" + (parts ? DottedName(*parts) : dereference.field.value) + "' cannot be resolved", "INVALID_COLUMN_REFERENCE");
    } else {
      written.type = base.type.children[static_cast<std::size_t>(field - base.type.field_names.begin())];
    }
  }
  Absorb(written, base);
  written.sql.Add("struct_extract(").Add(base.sql).Add(", ").Add(QuoteLiteral(ToLower(dereference.field.value))).Add(")");
  return written;
}

Written Translator::WriteArithmetic(const Arithmetic& arithmetic, const Context& context) {
  static constexpr std::array<std::string_view, 6> kFunctions = {"trino_add", "trino_sub", "trino_mul", "trino_div", "trino_mod", "trino_concat"};
  const Written left = Write(*arithmetic.left, context);
  const Written right = Write(*arithmetic.right, context);
  Written written{.type = arithmetic.op == ArithmeticOperator::kConcatenate ? Type{} : ArithmeticType(arithmetic.op, left.type, right.type)};
  Absorb(written, left);
  Absorb(written, right);
  written.sql.Mark(view_position_.value_or(arithmetic.position)).Add(kFunctions[static_cast<std::size_t>(arithmetic.op)]).Add("(");
  written.sql.Add(left.sql).Add(", ").Add(right.sql).Add(")");
  return written;
}

Written Translator::WriteCollection(const Collection& collection, const Context& context) {
  const bool array = collection.kind == ExpressionKind::kArray;
  Written written{.type = {.name = array ? "array" : "row"}};
  written.sql.Add(array ? "[" : "row(");
  Type element{.name = "unknown"};
  for (std::size_t i = 0; i < collection.items.size(); ++i) {
    const Written item = Write(*collection.items[i], context);
    Absorb(written, item);
    element = i == 0 ? item.type : CommonType(element, item.type);
    if (!array) {
      written.type.children.push_back(item.type);
      written.type.field_names.emplace_back();
    }
    if (i > 0) written.sql.Add(", ");
    written.sql.Add(item.sql);
  }
  written.sql.Add(array ? "]" : ")");
  if (array) written.type.children.push_back(element);
  const bool known = std::ranges::all_of(written.type.children, &Type::known);
  if (!known && !array) written.type = {};
  return written;
}

Written Translator::WriteCase(const Case& node, const Context& context) {
  Written written;
  written.sql.Add("CASE");
  const auto part = [&](std::string_view keyword, const Expression& expression) {
    const Written value = Write(expression, context);
    Absorb(written, value);
    written.sql.Add(keyword).Add(value.sql);
    return value.type;
  };
  if (node.operand) part(" ", *node.operand);
  for (std::size_t i = 0; i < node.whens.size(); ++i) {
    part(" WHEN ", *node.whens[i].condition);
    const Type type = part(" THEN ", *node.whens[i].result);
    written.type = i == 0 ? type : CommonType(written.type, type);
  }
  if (node.otherwise) written.type = CommonType(written.type, part(" ELSE ", *node.otherwise));
  written.sql.Add(" END");
  return written;
}

Written Translator::WritePredicate(const Expression& expression, const Context& context) {
  Written written = Boolean();
  const auto add = [&](const Expression& part) {
    const Written value = Write(part, context);
    Absorb(written, value);
    written.sql.Add(value.sql);
    return value.type;
  };
  const auto start = [&](bool negated) { written.sql.Mark(view_position_.value_or(expression.position)).Add(negated ? "(NOT (" : "("); };
  const auto finish = [&](bool negated) { written.sql.Add(negated ? "))" : ")"); };
  switch (expression.kind) {
    case ExpressionKind::kLogical: {
      const auto& logical = As<Logical>(expression);
      start(false);
      for (std::size_t i = 0; i < logical.terms.size(); ++i) {
        if (i > 0) written.sql.Add(logical.is_and ? " AND " : " OR ");
        add(*logical.terms[i]);
      }
      finish(false);
      break;
    }
    case ExpressionKind::kNot:
      start(true);
      add(*As<Not>(expression).operand);
      finish(true);
      break;
    case ExpressionKind::kComparison: {
      const auto& comparison = As<Comparison>(expression);
      start(false);
      add(*comparison.left);
      written.sql.Add(SymbolOf(comparison.op));
      add(*comparison.right);
      finish(false);
      break;
    }
    case ExpressionKind::kBetween: {
      const auto& between = As<Between>(expression);
      start(between.negated);
      add(*between.value);
      written.sql.Add(" BETWEEN ");
      add(*between.low);
      written.sql.Add(" AND ");
      add(*between.high);
      finish(between.negated);
      break;
    }
    case ExpressionKind::kInList: {
      const auto& in = As<InList>(expression);
      start(in.negated);
      add(*in.value);
      written.sql.Add(" IN (");
      for (std::size_t i = 0; i < in.items.size(); ++i) {
        if (i > 0) written.sql.Add(", ");
        add(*in.items[i]);
      }
      written.sql.Add(")");
      finish(in.negated);
      break;
    }
    case ExpressionKind::kLike: {
      const auto& like = As<Like>(expression);
      start(like.negated);
      add(*like.value);
      written.sql.Add(" LIKE ");
      add(*like.pattern);
      if (like.escape) {
        written.sql.Add(" ESCAPE ");
        add(*like.escape);
      }
      finish(like.negated);
      break;
    }
    case ExpressionKind::kIsNull:
      start(false);
      add(*As<IsNull>(expression).value);
      written.sql.Add(As<IsNull>(expression).negated ? " IS NOT NULL" : " IS NULL");
      finish(false);
      break;
    case ExpressionKind::kIsDistinct: {
      const auto& distinct = As<IsDistinct>(expression);
      start(false);
      add(*distinct.left);
      written.sql.Add(distinct.negated ? " IS NOT DISTINCT FROM " : " IS DISTINCT FROM ");
      add(*distinct.right);
      finish(false);
      break;
    }
    default: return WriteOperation(expression, context);
  }
  return written;
}

// Forms that become the call of one function.
Written Translator::WriteOperation(const Expression& expression, const Context& context) {
  Written written;
  written.sql.Mark(view_position_.value_or(expression.position));
  const auto add = [&](std::string_view before, const Expression& part) {
    const Written value = Write(part, context);
    Absorb(written, value);
    written.sql.Add(before).Add(value.sql);
    return value.type;
  };
  switch (expression.kind) {
    case ExpressionKind::kUnary: {
      const auto& unary = As<Unary>(expression);
      if (!unary.negative) return Write(*unary.operand, context);
      written.type = add("trino_neg(", *unary.operand);
      break;
    }
    case ExpressionKind::kSubscript: {
      const auto& subscript = As<Subscript>(expression);
      const Type base = add("trino_subscript(", *subscript.base);
      add(", ", *subscript.index);
      if (base.Is("row") && subscript.index->kind == ExpressionKind::kInteger) {
        const std::string& position = As<Literal>(*subscript.index).value;
        for (std::size_t i = 0; i < base.children.size(); ++i) {
          if (position == std::to_string(i + 1)) written.type = base.children[i];
        }
      }
      if (base.Is("array")) written.type = base.children[0];
      if (base.Is("map")) written.type = base.children[1];
      break;
    }
    case ExpressionKind::kExtract:
      written.type = {.name = "bigint"};
      written.sql.Add("trino_extract(").Add(QuoteLiteral(As<Extract>(expression).field));
      add(", ", *As<Extract>(expression).source);
      break;
    case ExpressionKind::kAtTimeZone: {
      const Type type = add("trino_at_timezone(", *As<AtTimeZone>(expression).value);
      add(", ", *As<AtTimeZone>(expression).zone);
      if (type.name.starts_with("timestamp")) written.type = {.name = "timestamp with time zone", .numbers = type.numbers};
      break;
    }
    case ExpressionKind::kTrim: {
      const auto& trim = As<Trim>(expression);
      static constexpr std::array<std::string_view, 3> kNames = {"trim(", "ltrim(", "rtrim("};
      written.type = add(kNames[static_cast<std::size_t>(trim.side)], *trim.source);
      if (written.type.Is("char")) written.type.name = "varchar";
      if (written.type.Is("unknown")) written.type = {.name = "varchar", .numbers = {0}};
      if (trim.characters) add(", ", *trim.characters);
      else written.sql.Add(", ' \t\n\v\f\r'");
      break;
    }
    default: Refuse(expression.position, "This expression"); break;
  }
  written.sql.Add(")");
  return written;
}

SqlText Translator::WriteSubquery(const Query& query, const Context& context, std::size_t columns, Written& into, Type* type) {
  const WrittenQuery written = WriteQuery(query, context.scope, Naming::kInternal);
  if (columns > 0 && written.columns.size() != columns) {
    const std::string found = std::to_string(written.columns.size());
    if (columns == 1 && type != nullptr)
      Refuse(query.position, "A subquery of several columns as a value, here " + found + ",");
    Fail(query.position, "Subquery must have " + std::to_string(columns) + " columns, found " + found, "TYPE_MISMATCH");
  }
  if (type != nullptr && !written.columns.empty()) *type = written.columns[0].type;
  std::vector<FreeColumn> free = written.free;
  std::erase_if(free, [&context](const FreeColumn& column) { return column.level == context.level && IsKey(column, context.scope, context.keys); });
  AbsorbFree(into.free, free);
  SqlText sql;
  return sql.Add("(").Add(written.sql).Add(")");
}

Written Translator::WriteSubqueryPredicate(const Expression& expression, const Context& context) {
  if (expression.kind == ExpressionKind::kScalarSubquery) {
    Written written;
    written.sql = WriteSubquery(*As<Subquery>(expression).query, context, 1, written, &written.type);
    return written;
  }
  Written written = Boolean();
  if (expression.kind == ExpressionKind::kExists) {
    written.sql.Add("(EXISTS ").Add(WriteSubquery(*As<Subquery>(expression).query, context, 0, written)).Add(")");
    return written;
  }
  const bool in = expression.kind == ExpressionKind::kInSubquery;
  const Expression& operand = in ? *As<InSubquery>(expression).value : *As<QuantifiedComparison>(expression).value;
  const Query& query = in ? *As<InSubquery>(expression).query : *As<QuantifiedComparison>(expression).query;
  const Written value = Write(operand, context);
  Absorb(written, value);
  const std::size_t columns = operand.kind == ExpressionKind::kRow ? As<Collection>(operand).items.size() : 1;
  const SqlText subquery = WriteSubquery(query, context, columns, written);
  written.sql.Mark(view_position_.value_or(expression.position)).Add("(");
  if (in) {
    const bool negated = As<InSubquery>(expression).negated;
    written.sql.Add(negated ? "NOT (" : "").Add(value.sql).Add(" IN ").Add(subquery).Add(negated ? ")" : "");
  } else {
    const auto& quantified = As<QuantifiedComparison>(expression);
    written.sql.Add(value.sql).Add(SymbolOf(quantified.op)).Add(quantified.quantifier == Quantifier::kAll ? "ALL " : "ANY ").Add(subquery);
  }
  written.sql.Add(")");
  return written;
}

Written Translator::WriteCurrentValue(const CurrentValue& value) {
  const std::int64_t precision = value.precision.value_or(3);
  const auto truncated = [&](std::string sql) {
    static constexpr std::array<std::string_view, 7> kUnits = {"second", "", "", "millisecond", "", "", "microsecond"};
    if (precision > 6 || kUnits[static_cast<std::size_t>(precision)].empty()) Refuse(value.position, "This precision of the current time");
    return precision == 6 || failed() ? sql : "date_trunc('" + std::string(kUnits[static_cast<std::size_t>(precision)]) + "', " + sql + ")";
  };
  if (value.name == "current_timestamp") {
    return {.sql = SqlText(truncated("now()")), .type = {.name = "timestamp with time zone", .numbers = {precision}}};
  }
  const std::string local = "current_localtimestamp()";
  if (value.name == "localtimestamp") return {.sql = SqlText(truncated(local)), .type = {.name = "timestamp", .numbers = {precision}}};
  if (value.name == "current_date") return {.sql = SqlText("CAST(" + local + " AS DATE)"), .type = {.name = "date"}};
  if (value.name == "localtime") return {.sql = SqlText("CAST(" + truncated(local) + " AS TIME)"), .type = {.name = "time", .numbers = {precision}}};
  const auto text = [](const std::string& name) { return Written{.sql = SqlText(name.empty() ? "NULL" : QuoteLiteral(name)), .type = {.name = "varchar"}}; };
  if (value.name == "current_user") return text(session_.user);
  if (value.name == "current_catalog") return text(session_.catalog);
  if (value.name == "current_schema") return text(session_.schema);
  Refuse(value.position, "'" + value.name + "'");
  return {.sql = SqlText("NULL")};
}

Written Translator::WriteLambdaBody(const Lambda& lambda, const Context& context, const std::vector<Type>& types, const std::vector<std::string>& texts) {
  Scope scope{.parent = context.scope};  // level 0: parameters need no GROUP BY
  for (std::size_t i = 0; i < lambda.parameters.size(); ++i) {
    scope.fields.push_back({.name = lambda.parameters[i].value, .sql = texts[i], .type = types[i]});
  }
  Context inner = context;
  inner.scope = &scope;
  Written body = Write(*lambda.body, inner);
  body.field = nullptr;
  return body;
}

}  // namespace tarn::sql
