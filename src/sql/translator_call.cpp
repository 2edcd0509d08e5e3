// Function calls: special forms, scalar templates, aggregates, window functions.
#include <algorithm>
#include <array>

#include "sql/parser.h"
#include "sql/printer.h"
#include "sql/text.h"
#include "sql/translator.h"
#include "sql/type_rules.h"

namespace tarn::sql {
namespace {

bool Accepts(int min, int max, std::size_t count) { return count >= static_cast<std::size_t>(min) && (max < 0 || count <= static_cast<std::size_t>(max)); }

template <class Function>
const Function* FindByArity(std::span<const Function> rows, std::size_t count) {
  const auto found = std::ranges::find_if(rows, [count](const Function& row) { return Accepts(row.min_arguments, row.max_arguments, count); });
  return found == rows.end() ? nullptr : &*found;
}

Type ResultType(std::string_view result, const std::vector<Type>& arguments) {
  if (result.empty()) return {};
  if (result[0] == '=') return arguments[static_cast<std::size_t>(result[1] - '1')];
  auto type = Parser(result).ParseOneType();
  return type ? *std::move(type) : Type{};
}

// Whether no part of the type is left to the engine.
bool IsComplete(const Type& type) { return type.known() && std::ranges::all_of(type.children, IsComplete); }

bool IsPlainName(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return IsLetter(c) || IsDigit(c) || c == '_'; });
}

// A template with $1 … $9 and $* filled in, or the call of a plain name.
void Fill(SqlText& sql, std::string_view pattern, const std::vector<SqlText>& arguments) {
  const auto all = [&] {
    for (std::size_t i = 0; i < arguments.size(); ++i) sql.Add(i == 0 ? "" : ", ").Add(arguments[i]);
  };
  if (IsPlainName(pattern)) {
    sql.Add(pattern).Add("(");
    all();
    sql.Add(")");
    return;
  }
  for (std::size_t at = 0; at < pattern.size();) {
    const std::size_t dollar = std::min(pattern.find('$', at), pattern.size());
    sql.Add(pattern.substr(at, dollar - at));
    at = dollar;
    if (at == pattern.size()) break;
    if (pattern[at + 1] == '*') all();
    else sql.Add(arguments[static_cast<std::size_t>(pattern[at + 1] - '1')]);
    at += 2;
  }
}

}  // namespace

Written Translator::WriteCall(const Call& call, const Context& context) {
  const std::string name = ToLower(call.name.back().value);
  if (call.name.size() > 1) {
    std::string whole;
    for (const Name& part : call.name) whole += (whole.empty() ? "" : ".") + part.value;
    Fail(call.position, "Function '" + whole + "' not registered", "FUNCTION_NOT_FOUND", base::ErrorKind::kNotFound);
    return {.sql = SqlText("NULL")};
  }
  if (auto special = WriteSpecialCall(name, call, context)) return *std::move(special);
  const auto aggregates = AggregateFunctions(name);
  const auto windows = WindowFunctions(name);
  const auto scalars = ScalarFunctions(name);
  const std::size_t count = call.arguments.size();
  if (const auto* window = FindByArity(windows, count)) return WriteWindowCall(*window, call, context);
  if (const auto* aggregate = FindByArity(aggregates, count); aggregate != nullptr && (!call.star || name == "count")) {
    return WriteAggregateCall(*aggregate, call, context);
  }
  if (!scalars.empty()) {
    if (call.window) Fail({}, "Expected a window function but got: system.builtin." + name, "FUNCTION_NOT_WINDOW");
    if (call.filter || call.distinct || !call.order_by.empty()) {
      Fail(call.position, "Function '" + name + "' is not an aggregate, so it takes no DISTINCT, FILTER or ORDER BY", "FUNCTION_NOT_AGGREGATE");
    }
    return WriteScalarCall(name, call, context);
  }
  const bool known = !windows.empty() || !aggregates.empty();
  Fail(call.position, known ? "Unexpected parameters for function " + name : "Function '" + name + "' not registered", "FUNCTION_NOT_FOUND",
       base::ErrorKind::kNotFound);
  return {.sql = SqlText("NULL")};
}

// Forms that are not functions of the engine: conditionals and the concatenation of several.
std::optional<Written> Translator::WriteSpecialCall(const std::string& name, const Call& call, const Context& context) {
  static constexpr auto kNames = std::to_array<std::string_view>({"coalesce", "concat", "if", "normalize", "nullif", "try", "typeof"});
  if (!std::ranges::binary_search(kNames, name) || (name == "typeof" && call.arguments.size() != 1)) return std::nullopt;
  Written written;
  std::vector<Written> arguments;
  for (const ExpressionPtr& argument : call.arguments) {
    arguments.push_back(Write(*argument, context));
    Absorb(written, arguments.back());
  }
  written.sql.Mark(view_position_.value_or(call.position));
  const auto unify = [&](std::size_t from, base::SqlPosition position, bool at_argument) {
    written.type = {.name = "unknown"};
    for (std::size_t i = from; i < arguments.size() && !failed(); ++i) {
      const auto common = FindCommonType(written.type, arguments[i].type);
      if (!common) {
        Fail(at_argument ? call.arguments[i]->position : position,
             "All arguments of " + name + " must be the same type: " + ToText(written.type) + " and " + ToText(arguments[i].type), "TYPE_MISMATCH");
      }
      written.type = common.value_or(Type{});
    }
    for (std::size_t i = from; i < arguments.size(); ++i) Coerce(arguments[i], written.type);
  };
  if (name == "typeof") {
    const Type& type = arguments[0].type;
    written.type = {.name = "varchar"};
    if (type.known() && IsComplete(type)) written.sql.Add(QuoteLiteral(ToText(type)));
    else written.sql.Add("trino_typeof(").Add(arguments[0].sql).Add(")");
  } else if (name == "if") {
    RequireBoolean(arguments[0].type, call.arguments[0]->position, "IF condition");
    unify(1, call.position, false);
    written.sql.Add("CASE WHEN ").Add(arguments[0].sql).Add(" THEN ").Add(arguments[1].sql);
    if (arguments.size() == 3) written.sql.Add(" ELSE ").Add(arguments[2].sql);
    written.sql.Add(" END");
  } else if (name == "concat") {
    if (arguments.size() < 2) {
      Fail(call.position, "There must be two or more concatenation arguments", "FUNCTION_NOT_FOUND");
      return written;
    }
    for (std::size_t i = 1; i < arguments.size(); ++i) written.sql.Add("trino_concat(");
    written.sql.Add(arguments[0].sql);
    for (std::size_t i = 1; i < arguments.size(); ++i) written.sql.Add(", ").Add(arguments[i].sql).Add(")");
  } else if (name == "normalize") {
    if (As<Literal>(*call.arguments[1]).value != "NFC") Refuse(call.position, "A normal form other than NFC");
    written.type = {.name = "varchar"};
    written.sql.Add("nfc_normalize(").Add(arguments[0].sql).Add(")");
  } else {
    if (name == "coalesce") {
      unify(0, call.position, true);
    } else {
      written.type = arguments[0].type;
    }
    if (name == "nullif") {
      const auto common = FindCommonType(arguments[0].type, arguments[1].type);
      if (!common || !IsComparable(*common)) {
        Fail(call.position, "Types are not comparable with NULLIF: " + ToText(arguments[0].type) + " vs " + ToText(arguments[1].type), "TYPE_MISMATCH");
        return written;
      }
      const SqlText equal = WriteComparison(ComparisonOperator::kEqual, {.value = arguments.data(), .expression = call.arguments[0].get()},
                                            {.value = &arguments[1], .expression = call.arguments[1].get()});
      written.sql.Add("CASE WHEN ").Add(equal).Add(" THEN NULL ELSE ").Add(arguments[0].sql).Add(" END");
      return written;
    }
    written.sql.Add(name == "coalesce" ? "coalesce(" : "TRY(");
    for (std::size_t i = 0; i < arguments.size(); ++i) written.sql.Add(i == 0 ? "" : ", ").Add(arguments[i].sql);
    written.sql.Add(")");
  }
  return written;
}

Written Translator::WriteScalarCall(const std::string& name, const Call& call, const Context& context) {
  std::vector<Written> values;
  for (const ExpressionPtr& argument : call.arguments) values.push_back(Write(*argument, context));
  auto zoned = WriteZonedCall(name, call, values);
  Written written = zoned ? *std::move(zoned) : WriteScalar(name, call, values);
  for (const Written& value : values) Absorb(written, value);
  return written;
}

Written Translator::WriteScalar(const std::string& name, const Call& call, const std::vector<Written>& values) {
  Written written;
  std::vector<SqlText> arguments;
  std::vector<Type> types;
  for (const Written& value : values) {
    arguments.push_back(value.sql);
    types.push_back(value.type);
  }
  const ScalarFunction* function = FindByArity(ScalarFunctions(name), call.arguments.size());
  if (function == nullptr || call.star) {
    Fail(call.position, "Unexpected parameters for function " + name, "FUNCTION_NOT_FOUND", base::ErrorKind::kNotFound);
    return written;
  }
  written.type = ResultType(function->result, types);
  if (name == "map" && types.empty()) written.type = {.name = "map", .children = {{.name = "unknown"}, {.name = "unknown"}}};
  if (name == "map" && types.size() == 2 && types[0].Is("array") && types[1].Is("array")) {
    written.type = {.name = "map", .children = {types[0].children[0], types[1].children[0]}};
  }
  written.sql.Mark(view_position_.value_or(call.position));
  Fill(written.sql, function->engine, arguments);
  return written;
}

Written Translator::WriteAggregateCall(const AggregateFunction& function, const Call& call, const Context& context) {
  Written written;
  Context inner = context;
  inner.in_aggregate = inner.in_aggregate || call.window == nullptr;
  if (context.in_aggregate && call.window == nullptr) {
    Fail(call.position, "Cannot nest aggregations inside aggregation '" + std::string(function.name) + "'", "NESTED_AGGREGATION");
  }
  if (function.name == "listagg" && !call.within_group) Fail(call.position, "listagg needs WITHIN GROUP", "SYNTAX_ERROR");
  SqlText aggregate;
  aggregate.Mark(view_position_.value_or(call.position)).Add(function.engine).Add(call.distinct ? "(DISTINCT " : "(");
  std::vector<Type> types;
  std::vector<std::string> texts;
  const std::size_t used = function.used_arguments < 0 ? call.arguments.size() : static_cast<std::size_t>(function.used_arguments);
  if (call.star || (function.name == "count" && call.arguments.empty())) aggregate.Add("*");
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const Written value = Write(*call.arguments[i], inner);
    if (value.window && call.window == nullptr) Fail(call.position, "Cannot nest window functions inside aggregation '" + std::string(function.name) + "'", "NESTED_WINDOW");
    Absorb(written, value);
    types.push_back(value.type);
    texts.push_back(value.sql.text());
    if (i < used) aggregate.Add(i == 0 ? "" : ", ").Add(value.sql);
  }
  if (function.name == "listagg" && call.arguments.size() == 1) aggregate.Add(", ''");
  for (std::size_t i = 0; i < call.order_by.size(); ++i) {
    Written key = Write(*call.order_by[i].key, inner);
    Absorb(written, key);
    if (call.distinct && std::ranges::find(texts, key.sql.text()) == texts.end()) {
      Fail(call.order_by[i].key->position, "For aggregate function with DISTINCT, ORDER BY expressions must appear in arguments", "EXPRESSION_NOT_IN_DISTINCT");
    }
    aggregate.Add(i == 0 ? " ORDER BY " : ", ").Add(WriteSortItem(call.order_by[i], std::move(key.sql)));
  }
  if (call.ignore_nulls.has_value() && *call.ignore_nulls) aggregate.Add(" IGNORE NULLS");
  aggregate.Add(")");
  if (call.filter) {
    const Written condition = Write(*call.filter, inner);
    RequireBoolean(condition.type, call.filter->position, "FILTER clause");
    Absorb(written, condition);
    aggregate.Add(" FILTER (WHERE ").Add(condition.sql).Add(")");
  }
  if (call.window) {
    aggregate.Add(WriteOver(call, context, written));
    written.window = CallSite{call.position, ToSql(call)};
  } else {
    // What the aggregate covers is not free; columns of outer queries stay.
    std::erase_if(written.free, [&context](const FreeColumn& column) { return column.level == context.level; });
    written.aggregate = CallSite{call.position, ToSql(call)};
  }
  written.type = ResultType(function.result, types);
  if (function.name == "array_agg" && !types.empty()) written.type = {.name = "array", .children = {types[0]}};
  if ((function.name == "sum" || function.name == "avg") && types[0].name.starts_with("interval")) written.type = types[0];
  if (function.wrapper.empty()) {
    written.sql = std::move(aggregate);
  } else {
    const std::size_t hole = function.wrapper.find("$0");
    written.sql.Add(function.wrapper.substr(0, hole)).Add(aggregate).Add(function.wrapper.substr(hole + 2));
  }
  return written;
}

Written Translator::WriteWindowCall(const WindowFunction& function, const Call& call, const Context& context) {
  Written written;
  const std::string name(function.name);
  if (!call.window) Fail(call.position, "Window function system.builtin." + name + " requires an OVER clause", "MISSING_OVER");
  if (call.distinct || call.filter || call.star || !call.order_by.empty()) Refuse(call.position, "DISTINCT, FILTER or ORDER BY of a window function");
  if (failed()) return written;
  std::vector<Type> types;
  written.sql.Mark(view_position_.value_or(call.position)).Add(name).Add("(");
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const Written value = Write(*call.arguments[i], context);
    if (value.window) Fail(call.position, "Cannot nest window functions inside window function '" + name + "'", "NESTED_WINDOW");
    Absorb(written, value);
    types.push_back(value.type);
    written.sql.Add(i == 0 ? "" : ", ").Add(value.sql);
  }
  if (call.ignore_nulls.value_or(false)) written.sql.Add(" IGNORE NULLS");
  written.sql.Add(")").Add(WriteOver(call, context, written));
  written.type = ResultType(function.result, types);
  const WindowSpecification* specification = call.window->reference ? FindWindow(*call.window->reference, context) : &call.window->specification;
  if (!function.takes_frame && specification != nullptr && specification->frame) {
    Fail(specification->frame->position, "Cannot specify window frame for " + name + " function", "INVALID_WINDOW_FRAME");
  }
  written.window = CallSite{call.position, ToSql(call)};
  return written;
}

const WindowSpecification* Translator::FindWindow(const Name& name, const Context& context) {
  if (context.select != nullptr) {
    for (const NamedWindow& window : context.select->windows) {
      if (EqualsIgnoreCase(window.name.value, name.value)) return &window.specification;
    }
  }
  Fail(name.position, "Cannot resolve WINDOW name " + name.value, "INVALID_WINDOW_REFERENCE");
  return nullptr;
}

// Named windows are written out where they are used. A window that builds on another takes its partition, and
// its order when it has none of its own.
SqlText Translator::WriteOver(const Call& call, const Context& context, Written& into) {
  std::vector<const WindowSpecification*> chain;
  const WindowSpecification* next = call.window->reference ? FindWindow(*call.window->reference, context) : &call.window->specification;
  for (; next != nullptr && chain.size() < 100; next = next->base ? FindWindow(*next->base, context) : nullptr) chain.push_back(next);
  if (chain.empty() || failed()) return {};
  const WindowSpecification* ordered = chain.front();
  for (const WindowSpecification* one : chain) {
    if (ordered->order_by.empty()) ordered = one;
  }
  SqlText sql;
  sql.Add(" OVER (");
  const std::vector<ExpressionPtr>& partition = chain.back()->partition_by;
  const auto write = [&](const Expression& expression) {
    Written value = Write(expression, context);
    if (value.window) Fail(call.position, "Cannot nest window functions inside a window specification", "NESTED_WINDOW");
    Absorb(into, value);
    return std::move(value.sql);
  };
  for (std::size_t i = 0; i < partition.size(); ++i) sql.Add(i == 0 ? "PARTITION BY " : ", ").Add(write(*partition[i]));
  for (std::size_t i = 0; i < ordered->order_by.size(); ++i) {
    sql.Add(i > 0 ? ", " : partition.empty() ? "ORDER BY " : " ORDER BY ").Add(WriteSortItem(ordered->order_by[i], write(*ordered->order_by[i].key)));
  }
  if (const auto& frame = chain.front()->frame) {
    if (frame->unit != FrameUnit::kRows && ordered->order_by.empty() && (frame->start.offset || (frame->end && frame->end->offset))) {
      Fail(chain.front()->position, "Window frame of type RANGE or GROUPS requires ORDER BY", "MISSING_ORDER_BY");
    }
    CheckFrame(*frame);
    sql.Add(WriteFrame(*frame, context, into));
  }
  return sql.Add(")");
}

void Translator::CheckFrame(const WindowFrame& frame) {
  const FrameBoundKind start = frame.start.kind;
  const FrameBoundKind end = frame.end ? frame.end->kind : FrameBoundKind::kCurrentRow;
  const auto invalid = [&](const std::string& message) { Fail(frame.position, message, "INVALID_WINDOW_FRAME"); };
  if (start == FrameBoundKind::kUnboundedFollowing) invalid("Window frame start cannot be UNBOUNDED FOLLOWING");
  if (end == FrameBoundKind::kUnboundedPreceding) invalid("Window frame end cannot be UNBOUNDED PRECEDING");
  if (start == FrameBoundKind::kCurrentRow && end == FrameBoundKind::kPreceding) invalid("Window frame starting from CURRENT ROW cannot end with PRECEDING");
  if (start == FrameBoundKind::kFollowing && end == FrameBoundKind::kPreceding) invalid("Window frame starting from FOLLOWING cannot end with PRECEDING");
  if (start == FrameBoundKind::kFollowing && end == FrameBoundKind::kCurrentRow) invalid("Window frame starting from FOLLOWING cannot end with CURRENT ROW");
}

SqlText Translator::WriteFrame(const WindowFrame& frame, const Context& context, Written& into) {
  static constexpr std::array<std::string_view, 3> kUnits = {" ROWS", " RANGE", " GROUPS"};
  static constexpr std::array<std::string_view, 5> kBounds = {"UNBOUNDED PRECEDING", " PRECEDING", "CURRENT ROW", " FOLLOWING", "UNBOUNDED FOLLOWING"};
  SqlText sql;
  const auto bound = [&](const FrameBound& one) {
    if (one.offset) {
      const Written offset = Write(*one.offset, context);
      Absorb(into, offset);
      sql.Add(offset.sql);
    }
    sql.Add(kBounds[static_cast<std::size_t>(one.kind)]);
  };
  sql.Add(kUnits[static_cast<std::size_t>(frame.unit)]).Add(" BETWEEN ");
  bound(frame.start);
  sql.Add(" AND ");
  if (frame.end) bound(*frame.end);
  else sql.Add("CURRENT ROW");
  return sql;
}

SqlText Translator::WriteSortItem(const SortItem& item, SqlText key) {
  key.Add(item.descending ? " DESC" : " ASC").Add(item.nulls_first.value_or(false) ? " NULLS FIRST" : " NULLS LAST");
  return key;
}

Written Translator::WriteGrouping(const Grouping& grouping, const Context& context) {
  Written written{.type = {.name = "integer"}};
  if (context.keys == nullptr) {
    Fail({}, "A GROUPING() operation can only be used with a corresponding GROUPING SET/CUBE/ROLLUP/GROUP BY clause", "MISSING_GROUP_BY");
    return written;
  }
  written.sql.Add("CAST(grouping(");
  for (std::size_t i = 0; i < grouping.columns.size(); ++i) {
    const Written column = Write(*grouping.columns[i], context);
    if (std::ranges::find(*context.keys, column.sql.text()) == context.keys->end()) {
      Fail(grouping.position, "The arguments to GROUPING() must be expressions referenced by the GROUP BY at line " + std::to_string(grouping.position.line) + ":" +
                                  std::to_string(grouping.position.column) + ". Mismatch due to " + ToSql(*grouping.columns[i]),
           "INVALID_ARGUMENTS");
    }
    written.sql.Add(i == 0 ? "" : ", ").Add(column.sql);
  }
  written.sql.Add(") AS INTEGER)");
  return written;
}

}  // namespace tarn::sql
