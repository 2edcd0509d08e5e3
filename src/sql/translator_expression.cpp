// Expressions in engine SQL: literals, names, operators, predicates, casts.
#include <algorithm>
#include <array>

#include "sql/coercion.h"
#include "sql/literal.h"
#include "sql/printer.h"
#include "sql/text.h"
#include "sql/translator.h"
#include "sql/type_rules.h"

namespace tarn::sql {
namespace {

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
    // The group's values differ by their zones.
    if (CarriesZone(written.type)) {
      if (context.grouped_by_sets)
        RefuseLast(expression.position, "Grouping sets of timestamps that carry their time zone");
      SqlText any;
      written.sql = any.Add("any_value(").Add(written.sql).Add(")");
    }
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
    case ExpressionKind::kAtTimeZone: return WriteAtTimeZone(As<AtTimeZone>(expression), context);
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
    if (literal->type.zone.empty())
      return Written{.sql = SqlText(std::move(literal->sql)), .type = std::move(literal->type)};
    Written written{.type = literal->type};
    if (CarriesZone(written.type)) {
      written.sql.Mark(view_position_.value_or(expression.position))
          .Add("trino_zoned_of_local(" + literal->sql + ", " + QuoteLiteral(literal->type.zone) + ", TRUE)");
      written.type.zone = std::string(kMixedZones);
      return written;
    }
    written.sql.Mark(view_position_.value_or(expression.position))
        .Add("trino_local_to_instant(" + literal->sql + ", " + QuoteLiteral(literal->type.zone) + ", TRUE)");
    written.type.zone = KnownZone(literal->type.zone);
    return written;
  };
  if (expression.kind == ExpressionKind::kGenericLiteral) {
    const auto& literal = As<GenericLiteral>(expression);
    if (IsLiteralType(literal.type_name))
      return typed(MakeTypedLiteral(literal.type_name, literal.value), literal.value, literal.type_name);
    const bool composed = literal.type_name == "array" || literal.type_name == "map" || literal.type_name == "row";
    if (composed || !IsTypeName(literal.type_name)) return fail("Unknown type: " + literal.type_name, "TYPE_NOT_FOUND");
    RefuseLast(expression.position, "A literal of the type '" + literal.type_name + "'");
    return {.sql = SqlText("NULL"), .type = {.name = literal.type_name}};
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
    case ExpressionKind::kDouble:
      return {.sql = SqlText("CAST('" + value + "' AS DOUBLE)"), .type = {.name = "double"}};
    case ExpressionKind::kInteger: {
      const bool small =
          value.size() < 10 || (value.size() <= 11 && std::stoll(value) >= INT32_MIN && std::stoll(value) <= INT32_MAX);
      if (small)
        return {.sql = SqlText(value.starts_with('-') ? "(" + value + ")" : value), .type = {.name = "integer"}};
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
  return {.sql = SqlText(QuoteLiteral(value)),
          .type = {.name = "varchar", .numbers = {static_cast<std::int64_t>(CountCodePoints(value))}}};
}

Written Translator::WriteParameter(const Parameter& parameter) {
  if (parameter.index >= (arguments_ != nullptr ? arguments_->size() : parameters_.size())) {
    Fail(parameter.position, "There is no value for a parameter", "INVALID_PARAMETER_USAGE");
    return {.sql = SqlText("NULL")};
  }
  if (arguments_ != nullptr) return Write(*(*arguments_)[parameter.index], Context{});
  const std::optional<std::string>& value = parameters_[parameter.index];
  if (!value) return {.sql = SqlText("NULL"), .type = {.name = "unknown"}};
  if (value->find('\0') != std::string::npos) Refuse(parameter.position, "A text with a zero character");
  return {.sql = SqlText(QuoteLiteral(*value))};  // a text that takes the type of what it meets
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
    Fail(expression.position, "Column '" + whole + "' cannot be resolved", "COLUMN_NOT_FOUND",
         base::ErrorKind::kNotFound);
    return {.sql = SqlText("NULL")};
  }
  Uses(*found.field);
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
      row = FindField(context.scope, {qualifier.begin(), qualifier.begin() + static_cast<std::ptrdiff_t>(i)},
                      qualifier[i])
                .field != nullptr;
    }
    if (whole.field != nullptr || whole.ambiguous || !row) return WriteName(dereference, context);
  }
  Written base = Write(*dereference.base, context);
  Written written;
  if (base.type.Is("row")) {
    const auto field = std::ranges::find_if(base.type.field_names, [&](const std::string& name) {
      return EqualsIgnoreCase(name, dereference.field.value);
    });
    if (field == base.type.field_names.end()) {
      const auto parts = NameParts(dereference);
      Fail(dereference.position,
           "Column '" + (parts ? DottedName(*parts) : dereference.field.value) + "' cannot be resolved",
           "INVALID_COLUMN_REFERENCE");
    } else {
      written.type = base.type.children[static_cast<std::size_t>(field - base.type.field_names.begin())];
    }
  }
  Absorb(written, base);
  written.sql.Add("struct_extract(")
      .Add(base.sql)
      .Add(", ")
      .Add(QuoteLiteral(ToLower(dereference.field.value)))
      .Add(")");
  return written;
}

Written Translator::WriteArithmetic(const Arithmetic& arithmetic, const Context& context) {
  static constexpr std::array<std::string_view, 6> kFunctions = {"trino_add", "trino_sub", "trino_mul",
                                                                 "trino_div", "trino_mod", "trino_concat"};
  static constexpr std::array<std::string_view, 5> kSymbols = {"+", "-", "*", "/", "%"};
  const bool concatenate = arithmetic.op == ArithmeticOperator::kConcatenate;
  Written left = Write(*arithmetic.left, context);
  Written right = Write(*arithmetic.right, context);
  const auto type =
      concatenate ? ConcatenationType(left.type, right.type) : ArithmeticType(arithmetic.op, left.type, right.type);
  if (!type && concatenate) {
    Fail(arithmetic.position,
         "Unexpected parameters (" + ToText(left.type) + ", " + ToText(right.type) + ") for function concat",
         "FUNCTION_NOT_FOUND");
  } else if (!type) {
    FailOperator(arithmetic.position, kSymbols[static_cast<std::size_t>(arithmetic.op)], left.type, right.type);
  }
  Written written{.type = type.value_or(Type{})};
  Absorb(written, left);
  Absorb(written, right);
  if (concatenate) {
    if (written.type.Is("char")) left.sql = PadChar(left);
    // NULL beside an array or an element is a NULL array.
    const bool null_array = written.type.Is("array") && (left.type.Is("unknown") || right.type.Is("unknown"));
    if (null_array) {
      if (const auto engine_type = ToEngineType(written.type)) {
        written.sql.Add("CAST(NULL AS " + *engine_type + ")");
        return written;
      }
    }
  }
  const bool shift = arithmetic.op == ArithmeticOperator::kAdd || arithmetic.op == ArithmeticOperator::kSubtract;
  if (!concatenate && !shift && CarriesZone(written.type)) RefuseLast(arithmetic.position, "This operator");
  if (arithmetic.op == ArithmeticOperator::kSubtract && left.type.name.starts_with("timestamp") &&
      right.type.name.starts_with("timestamp") && (CarriesZone(left.type) || CarriesZone(right.type))) {
    const auto micros = [&](const Written& value) {
      SqlText sql;
      return sql.Add("trino_zoned_micros(").Add(CarriesZone(value.type) ? value.sql : ToInstant(value)).Add(")");
    };
    written.sql.Mark(view_position_.value_or(arithmetic.position)).Add("trino_sub(");
    written.sql.Add(micros(left)).Add(", ").Add(micros(right)).Add(")");
    return written;
  }
  if (concatenate && written.type.Is("array") && Holds(written.type, IsTagged)) {
    Coerce(left, left.type.Is("array") ? left.type : written.type.children[0]);
    Coerce(right, right.type.Is("array") ? right.type : written.type.children[0]);
  }
  const bool null_shift = left.type.Is("unknown") && right.type.name.starts_with("timestamp");
  if (null_shift && type) {
    written.sql.Add("CAST(NULL AS " + ToEngineType(written.type).value_or("TIMESTAMP") + ")");
    return written;
  }
  if (shift && written.type.Is("timestamp with time zone")) {
    const bool swapped = right.type.Is("timestamp with time zone");
    const auto shifted = WriteZonedShift(kFunctions[static_cast<std::size_t>(arithmetic.op)], swapped ? right : left,
                                         swapped ? left : right, arithmetic.position);
    if (shifted) {
      written.sql = *shifted;
      return written;
    }
  }
  written.sql.Mark(view_position_.value_or(arithmetic.position))
      .Add(kFunctions[static_cast<std::size_t>(arithmetic.op)])
      .Add("(");
  written.sql.Add(left.sql).Add(", ").Add(right.sql).Add(")");
  return written;
}

Written Translator::WriteCollection(const Collection& collection, const Context& context) {
  const bool array = collection.kind == ExpressionKind::kArray;
  Written written{.type = {.name = array ? "array" : "row"}};
  std::vector<Written> items;
  Type element{.name = "unknown"};
  for (const ExpressionPtr& expression : collection.items) {
    items.push_back(Write(*expression, context));
    const Written& item = items.back();
    Absorb(written, item);
    if (array) {
      const auto common = FindCommonType(element, item.type);
      if (!common) {
        Fail(expression->position,
             "All ARRAY elements must be the same type: " + ToText(element) + ", " + ToText(item.type),
             "TYPE_MISMATCH");
        written.type = {};
        return written;
      }
      element = *common;
    } else {
      written.type.children.push_back(item.type);
      written.type.field_names.emplace_back();
    }
  }
  // Inside a collection a value carries the zone that is not the session's.
  const auto carrying = [](Type type) {
    if (type.Is("timestamp with time zone") && !type.zone.empty()) type.zone = std::string(kMixedZones);
    return type;
  };
  element = carrying(element);
  written.sql.Add(array ? "[" : "row(");
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!array) written.type.children[i] = carrying(items[i].type);
    Coerce(items[i], array ? element : written.type.children[i]);
    written.sql.Add(i == 0 ? "" : ", ").Add(items[i].sql);
  }
  written.sql.Add(array ? "]" : ")");
  if (array) written.type.children.push_back(element);
  const bool known = std::ranges::all_of(written.type.children, &Type::known);
  if (!known && !array) written.type = {};
  return written;
}

Written Translator::WriteCase(const Case& node, const Context& context) {
  Written written{.type = {.name = "unknown"}};
  std::optional<Written> operand;
  if (node.operand) {
    operand = Write(*node.operand, context);
    Absorb(written, *operand);
  }
  struct Branch {
    Written condition;
    const Expression* expression;
    Written result;
  };
  std::vector<Branch> branches;
  bool searched = false;  // the engine's own comparison with the operand would not be Trino's
  const auto result = [&](const Expression& expression) {
    Written value = Write(expression, context);
    Absorb(written, value);
    const auto common = FindCommonType(written.type, value.type);
    if (!common)
      Fail(expression.position,
           "All CASE results must be the same type or coercible to a common type. Cannot find common type between " +
               ToText(written.type) + " and " + ToText(value.type),
           "TYPE_MISMATCH");
    else
      written.type = *common;
    return value;
  };
  for (const auto& when : node.whens) {
    Written condition = Write(*when.condition, context);
    Absorb(written, condition);
    searched = searched || (operand && (IsTagged(operand->type) || IsTagged(condition.type)));
    if (!operand) {
      RequireBoolean(condition.type, when.condition->position, "CASE WHEN clause");
    } else if (!FindCommonType(operand->type, condition.type)) {
      Fail(when.condition->position,
           "CASE operand type does not match WHEN clause operand type: " + ToText(operand->type) + " vs " +
               ToText(condition.type),
           "TYPE_MISMATCH");
    }
    branches.push_back({std::move(condition), when.condition.get(), result(*when.result)});
  }
  std::optional<Written> otherwise;
  if (node.otherwise) otherwise = result(*node.otherwise);
  written.sql.Add("CASE");
  if (operand && !searched) written.sql.Add(" ").Add(operand->sql);
  for (Branch& branch : branches) {
    Coerce(branch.result, written.type);
    const SqlText condition =
        searched ? WriteComparison(ComparisonOperator::kEqual, {.value = &*operand, .expression = node.operand.get()},
                                   {.value = &branch.condition, .expression = branch.expression})
                 : branch.condition.sql;
    written.sql.Add(" WHEN ").Add(condition).Add(" THEN ").Add(branch.result.sql);
  }
  if (otherwise) {
    Coerce(*otherwise, written.type);
    written.sql.Add(" ELSE ").Add(otherwise->sql);
  }
  written.sql.Add(" END");
  return written;
}

Type Translator::SubscriptType(const Subscript& subscript, const Type& base, const Type& index) {
  if (!base.known()) return {};
  if (base.Is("row")) {
    if (subscript.index->kind != ExpressionKind::kInteger) {
      Fail(subscript.index->position, "Subscript expression on ROW requires a constant index",
           "EXPRESSION_NOT_CONSTANT");
      return {};
    }
    const long long place = std::atoll(As<Literal>(*subscript.index).value.c_str());
    if (place < 1 || static_cast<std::size_t>(place) > base.children.size()) {
      Fail(subscript.index->position,
           "Invalid subscript index: " + std::to_string(place) + ". ROW indices start at 1 and end at " +
               std::to_string(base.children.size()),
           "INVALID_FUNCTION_ARGUMENT");
      return {};
    }
    return base.children[static_cast<std::size_t>(place) - 1];
  }
  const bool array = base.Is("array");
  const bool fits = !array && !base.Is("map")               ? false
                    : !index.known() || index.Is("unknown") ? true
                    : array                                 ? CanCoerce(index, {.name = "bigint"})
                                                            : FindCommonType(base.children[0], index).has_value();
  if (!fits) {
    Fail(subscript.position, "Cannot use " + ToText(index) + " for subscript of " + ToText(base), "TYPE_MISMATCH");
    return {};
  }
  return array ? base.children[0] : base.children[1];
}

// Which fields a type has.
void Translator::CheckExtract(const Extract& extract, const Type& type) {
  static constexpr auto kTimeFields = std::to_array<std::string_view>({"hour", "minute", "second", "millisecond"});
  const std::string field = ToLower(extract.field);
  const bool zone = field.starts_with("timezone");
  const bool time = std::ranges::find(kTimeFields, field) != kTimeFields.end();
  const bool zoned = type.name.ends_with("with time zone");
  bool fits = !type.known() || type.Is("unknown");
  if (type.Is("date"))
    fits = !time && !zone;
  else if (type.name.starts_with("timestamp"))
    fits = zoned || !zone;
  else if (type.name.starts_with("time"))
    fits = time || (zone && zoned);
  else if (type.Is("interval day to second"))
    fits = time || field == "day";
  else if (type.Is("interval year to month"))
    fits = field == "year" || field == "month";
  if (!fits) Fail(extract.source->position, "Cannot extract " + field + " from " + ToText(type), "TYPE_MISMATCH");
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
      if (!ArithmeticType(ArithmeticOperator::kMultiply, written.type, {.name = "integer"})) {
        Fail(expression.position, "Cannot negate " + ToText(written.type), "TYPE_MISMATCH");
      }
      break;
    }
    case ExpressionKind::kSubscript: {
      const auto& subscript = As<Subscript>(expression);
      const Type base = add("trino_subscript(", *subscript.base);
      const Type index = add(", ", *subscript.index);
      written.type = SubscriptType(subscript, base, index);
      break;
    }
    case ExpressionKind::kExtract:
      written.type = {.name = "bigint"};
      written.sql.Add("trino_extract(").Add(QuoteLiteral(As<Extract>(expression).field));
      {
        const auto& extract = As<Extract>(expression);
        const Written source = Write(*extract.source, context);
        CheckExtract(extract, source.type);
        Absorb(written, source);
        const bool zoned = source.type.Is("timestamp with time zone") && !IsPlainZone(source.type);
        const std::string field = ToLower(extract.field);
        if (source.type.Is("timestamp with time zone") && field.starts_with("timezone")) {
          written.sql = OffsetField(field, ToZoned(source.sql, source.type), expression.position);
          return written;
        }
        written.sql.Add(", ").Add(zoned ? ToLocal(source, expression.position) : source.sql);
      }
      break;
    case ExpressionKind::kTrim: {
      const auto& trim = As<Trim>(expression);
      static constexpr std::array<std::string_view, 3> kNames = {"trim(", "ltrim(", "rtrim("};
      written.type = add(kNames[static_cast<std::size_t>(trim.side)], *trim.source);
      if (written.type.Is("char")) written.type.name = "varchar";
      if (written.type.Is("unknown")) written.type = {.name = "varchar", .numbers = {0}};
      if (trim.characters)
        add(", ", *trim.characters);
      else
        written.sql.Add(", ' \t\n\v\f\r'");
      break;
    }
    default: Refuse(expression.position, "This expression"); break;
  }
  written.sql.Add(")");
  return written;
}

Written Translator::WriteCurrentValue(const CurrentValue& value) {
  const std::int64_t precision = value.precision.value_or(3);
  const auto truncated = [&](const std::string& sql) {
    static constexpr std::array<std::string_view, 7> kUnits = {"second", "", "", "millisecond", "", "", "microsecond"};
    if (precision > 6 || kUnits[static_cast<std::size_t>(precision)].empty())
      Refuse(value.position, "This precision of the current time");
    return precision == 6 || failed()
               ? sql
               : "date_trunc('" + std::string(kUnits[static_cast<std::size_t>(precision)]) + "', " + sql + ")";
  };
  if (value.name == "current_timestamp") {
    return {.sql = SqlText(truncated("now()")), .type = {.name = "timestamp with time zone", .numbers = {precision}}};
  }
  const std::string local = "current_localtimestamp()";
  if (value.name == "localtimestamp")
    return {.sql = SqlText(truncated(local)), .type = {.name = "timestamp", .numbers = {precision}}};
  if (value.name == "current_date") return {.sql = SqlText("CAST(" + local + " AS DATE)"), .type = {.name = "date"}};
  if (value.name == "localtime")
    return {.sql = SqlText("CAST(" + truncated(local) + " AS TIME)"), .type = {.name = "time", .numbers = {precision}}};
  const auto text = [](const std::string& name) {
    return Written{.sql = SqlText(name.empty() ? "NULL" : QuoteLiteral(name)), .type = {.name = "varchar"}};
  };
  if (value.name == "current_user") return text(session_.user);
  if (value.name == "current_catalog") return text(session_.catalog);
  if (value.name == "current_schema") return text(session_.schema);
  Refuse(value.position, "'" + value.name + "'");
  return {.sql = SqlText("NULL")};
}

Written Translator::WriteLambdaBody(const Lambda& lambda, const Context& context, const std::vector<Type>& types,
                                    const std::vector<std::string>& texts) {
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
