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

// The list of texts joined; what becomes of a text that grows too long is said in the call.
SqlText ListaggText(const Call& call, const SqlText& list, const std::vector<SqlText>& arguments) {
  SqlText sql("trino_listagg(");
  sql.Add(list).Add(", ").Add(arguments.size() > 1 ? arguments[1] : SqlText("''"));
  if (call.overflow)
    sql.Add(", " + QuoteLiteral(call.overflow->filler) + (call.overflow->with_count ? ", TRUE" : ", FALSE"));
  return sql.Add(")");
}

}  // namespace

Written Translator::WriteCall(const Call& call, const Context& context) {
  const std::string name = ToLower(call.name.back().value);
  const bool built_in = call.name.size() == 3 && EqualsIgnoreCase(call.name[0].value, "system") &&
                        EqualsIgnoreCase(call.name[1].value, "builtin");
  if (call.name.size() > 1 && !built_in) {
    std::string whole;
    for (const Name& part : call.name) whole += (whole.empty() ? "" : ".") + part.value;
    Fail(call.position, "Function '" + whole + "' not registered", "FUNCTION_NOT_FOUND", base::ErrorKind::kNotFound);
    return {.sql = SqlText("NULL")};
  }
  if (row_match_ != nullptr) {
    if (auto matched = WriteMatchCall(name, call, context)) return *std::move(matched);
  } else if (call.processing != Call::Processing::kDefault || call.star_of) {
    Fail(call.position, "Pattern recognition functions are only supported in MATCH_RECOGNIZE",
         "INVALID_PATTERN_RECOGNITION_FUNCTION");
    return {.sql = SqlText("NULL")};
  }
  if (auto inlined = WriteInlineCall(name, call, context)) return *std::move(inlined);
  if (name == "current_timezone" && call.arguments.empty())
    return {.sql = SqlText(QuoteLiteral(session_.time_zone)), .type = {.name = "varchar"}};
  if (auto special = WriteSpecialCall(name, call, context)) return *std::move(special);
  const auto aggregates = AggregateFunctions(name);
  const auto windows = WindowFunctions(name);
  const auto scalars = ScalarFunctions(name);
  if (!windows.empty()) return WriteWindowCall(windows, call, context);
  if (!aggregates.empty()) return WriteAggregateCall(aggregates, call, context);
  if (!scalars.empty()) {
    if (call.window)
      Fail(base::SqlPosition{}, "Expected a window function but got: system.builtin." + name, "FUNCTION_NOT_WINDOW");
    if (call.filter || call.distinct || !call.order_by.empty()) {
      Fail(call.position, "Function '" + name + "' is not an aggregate, so it takes no DISTINCT, FILTER or ORDER BY",
           "FUNCTION_NOT_AGGREGATE");
    }
    return WriteScalarCall(name, call, context);
  }
  Fail(call.position, "Function '" + name + "' not registered", "FUNCTION_NOT_FOUND", base::ErrorKind::kNotFound);
  return {.sql = SqlText("NULL")};
}

// Forms that are not functions: conditionals.
std::optional<Written> Translator::WriteSpecialCall(const std::string& name, const Call& call, const Context& context) {
  static constexpr auto kNames = std::to_array<std::string_view>({"coalesce", "if", "normalize", "nullif", "try"});
  if (!std::ranges::binary_search(kNames, name)) return std::nullopt;
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
             "All arguments of " + name + " must be the same type: " + ToText(written.type) + " and " +
                 ToText(arguments[i].type),
             "TYPE_MISMATCH");
      }
      written.type = common.value_or(Type{});
    }
    for (std::size_t i = from; i < arguments.size(); ++i) Coerce(arguments[i], written.type);
  };
  if (name == "if") {
    RequireBoolean(arguments[0].type, call.arguments[0]->position, "IF condition");
    unify(1, call.position, false);
    written.sql.Add("CASE WHEN ").Add(arguments[0].sql).Add(" THEN ").Add(arguments[1].sql);
    if (arguments.size() == 3) written.sql.Add(" ELSE ").Add(arguments[2].sql);
    written.sql.Add(" END");
  } else if (name == "normalize") {
    written.type = {.name = "varchar"};
    written.sql.Add("trino_normalize(").Add(arguments[0].sql).Add(", ").Add(arguments[1].sql).Add(")");
  } else {
    if (name == "coalesce") {
      unify(0, call.position, true);
    } else {
      written.type = arguments[0].type;
    }
    if (name == "nullif") {
      const auto common = FindCommonType(arguments[0].type, arguments[1].type);
      if (!common || !IsComparable(*common)) {
        Fail(call.position,
             "Types are not comparable with NULLIF: " + ToText(arguments[0].type) + " vs " + ToText(arguments[1].type),
             "TYPE_MISMATCH");
        return written;
      }
      const SqlText equal = WriteComparison(ComparisonOperator::kEqual,
                                            {.value = arguments.data(), .expression = call.arguments[0].get()},
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
  Written written;
  const auto rows = ScalarFunctions(name);
  if (name == "format" && !call.arguments.empty()) {
    const Type first = Write(*call.arguments[0], context).type;
    if (first.known() && !first.Is("varchar") && !first.Is("unknown"))
      Fail(call.arguments[0]->position,
           "Type of first argument to format() must be VARCHAR (actual: " + ToText(first) + ")", "TYPE_MISMATCH");
  }
  const auto resolved = ResolveCall(name, call, CandidatesOf(rows), context, written);
  if (!resolved) return written;
  written.type = resolved->result;
  if (auto zoned = WriteZonedCall(name, call, rows[resolved->index], *resolved)) {
    written.type = std::move(zoned->type);
    written.sql = std::move(zoned->sql);
    return written;
  }
  written.sql.Mark(view_position_.value_or(call.position));
  const bool padded = std::ranges::any_of(resolved->types, [](const Type& type) { return type.Is("char"); });
  if (name == "format" && padded) RefuseLast(call.position, "format of a char");
  if (name == "typeof" && resolved->types[0].known())
    written.sql.Add(QuoteLiteral(DisplayedText(resolved->types[0])));
  else
    FillTemplate(written.sql, rows[resolved->index].row.engine, *resolved);
  return written;
}

Written Translator::WriteAggregateCall(std::span<const Entry<AggregateFunction>> rows, const Call& call,
                                       const Context& context) {
  Written written;
  const std::string name(rows.front().row.name);
  Context inner = context;
  inner.in_aggregate = inner.in_aggregate || call.window == nullptr;
  if (context.in_aggregate && call.window == nullptr) {
    Fail(call.position, "Cannot nest aggregations inside aggregation '" + name + "'", "NESTED_AGGREGATION");
  }
  if (name == "listagg" && !call.within_group) Fail(call.position, "listagg needs WITHIN GROUP", "SYNTAX_ERROR");
  if (name == "listagg") CheckListagg(call, inner);
  const auto resolved = ResolveCall(name, call, CandidatesOf(rows), inner, written);
  if (!resolved) return written;
  CheckCarriedAggregate(name, call, resolved->types);
  if (written.window && call.window == nullptr)
    Fail(call.position, "Cannot nest window functions inside aggregation '" + name + "'", "NESTED_WINDOW");
  // The engine's order puts NaN above all numbers; the greatest number is found by the least of the negatives, so that
  // NaN is the answer only where there is nothing else.
  static constexpr AggregateFunction kGreatestNumber{
      .name = "max", .result = "T", .arguments = "T", .engine = "min", .passed = "-($1)", .wrapper = "(-$0)"};
  const bool of_numbers = name == "max" && resolved->types.size() == 1 &&
                          (resolved->types[0].Is("double") || resolved->types[0].Is("real"));
  // Of equal instants the first one wins, whatever the zones.
  static constexpr AggregateFunction kLast{
      .name = "max", .result = "T", .arguments = "T", .engine = "arg_max", .passed = "$1, trino_zoned_instant($1)"};
  static constexpr AggregateFunction kFirst{
      .name = "min", .result = "T", .arguments = "T", .engine = "arg_min", .passed = "$1, trino_zoned_instant($1)"};
  const bool by_instant =
      (name == "max" || name == "min") && resolved->types.size() == 1 && CarriesZone(resolved->types[0]);
  const AggregateFunction& function = of_numbers                    ? kGreatestNumber
                                      : by_instant && name == "max" ? kLast
                                      : by_instant                  ? kFirst
                                                                    : rows[resolved->index].row;
  SqlText aggregate;  // what follows the engine's name
  aggregate.Add(call.distinct && !function.passed.starts_with("DISTINCT") ? "(DISTINCT " : "(");
  if (call.star || (name == "count" && call.arguments.empty()))
    aggregate.Add("*");
  else
    FillTemplate(aggregate,
                 function.passed.empty()
                     ? (ByInstant(name, call, resolved->types) ? "(trino_zoned_instant($*))" : "($*)")
                     : "(" + std::string(function.passed) + ")",
                 *resolved, true);
  for (std::size_t i = 0; i < call.order_by.size(); ++i) {
    Written key = Write(*call.order_by[i].key, inner);
    Absorb(written, key);
    if (!IsOrderable(key.type))
      Fail(call.position, "ORDER BY can only be applied to orderable types (actual: " + ToText(key.type) + ")",
           "TYPE_MISMATCH");
    const std::string text = key.sql.text();
    if (call.distinct && std::ranges::find(resolved->written, text) == resolved->written.end()) {
      Fail(call.order_by[i].key->position,
           "For aggregate function with DISTINCT, ORDER BY expressions must appear in arguments",
           "EXPRESSION_NOT_IN_DISTINCT");
    }
    aggregate.Add(i == 0 ? " ORDER BY " : ", ").Add(WriteSortItem(call.order_by[i], std::move(key.sql)));
  }
  if (call.ignore_nulls.has_value() && *call.ignore_nulls) aggregate.Add(" IGNORE NULLS");
  aggregate.Add(")");
  if (call.filter || !function.where.empty()) {
    aggregate.Add(" FILTER (WHERE ");
    if (!function.where.empty()) FillTemplate(aggregate, function.where, *resolved);
    if (call.filter) {
      const Written condition = Write(*call.filter, inner);
      RequireBoolean(condition.type, call.filter->position, "FILTER clause");
      Absorb(written, condition);
      aggregate.Add(function.where.empty() ? "" : " AND ").Add(condition.sql);
    }
    aggregate.Add(")");
  }
  if (call.window) {
    aggregate.Add(WriteOver(call, context, written));
    written.window = CallSite{call.position, ToSql(call)};
  } else {
    // What the aggregate covers is not free; columns of outer queries stay.
    std::erase_if(written.free, [&context](const FreeColumn& column) { return column.level == context.level; });
    written.aggregate = CallSite{call.position, ToSql(call)};
  }
  written.type = resolved->result;
  const auto named = [&](std::string_view engine) {
    SqlText text;
    return std::move(text.Mark(view_position_.value_or(call.position)).Add(engine).Add(aggregate));
  };
  if (name == "listagg") {
    written.sql.Add(ListaggText(call, named(function.engine), resolved->arguments));
    return written;
  }
  FillWrapper(written.sql, function, *resolved, named);
  return written;
}

// The function's wrapper around the call; `named` writes the call of an aggregate of the engine.
void Translator::FillWrapper(SqlText& sql, const AggregateFunction& function, const ResolvedCall& call,
                             const std::function<SqlText(std::string_view)>& named) {
  std::string_view wrapper = function.wrapper.empty() ? "$0" : function.wrapper;
  while (!wrapper.empty()) {
    const std::size_t hole = std::min({wrapper.find("$0"), wrapper.find('^'), wrapper.size()});
    FillTemplate(sql, wrapper.substr(0, hole), call, true);
    wrapper.remove_prefix(hole);
    if (wrapper.empty()) break;
    std::size_t end = 1;
    while (end < wrapper.size() && (IsLetter(wrapper[end]) || IsDigit(wrapper[end]) || wrapper[end] == '_')) ++end;
    sql.Add(named(wrapper[0] == '^' ? wrapper.substr(1, end - 1) : function.engine));
    wrapper.remove_prefix(end);
  }
}

void Translator::CheckListagg(const Call& call, const Context& context) {
  const Type type = Write(*call.arguments[0], context).type;
  if (type.known() && !type.Is("varchar") && !type.Is("char") && !type.Is("unknown"))
    Fail(call.position, "Expected expression of varchar, but the argument of listagg has the type " + ToText(type),
         "TYPE_MISMATCH");
}

Written Translator::WriteWindowCall(std::span<const Entry<WindowFunction>> rows, const Call& call,
                                    const Context& context) {
  Written written;
  const std::string name(rows.front().row.name);
  if (!call.window)
    Fail(call.position, "Window function system.builtin." + name + " requires an OVER clause", "MISSING_OVER");
  if (call.distinct || call.filter || call.star || !call.order_by.empty())
    Refuse(call.position, "DISTINCT, FILTER or ORDER BY of a window function");
  if (failed()) return written;
  auto resolved = ResolveCall(name, call, CandidatesOf(rows), context, written);
  if (!resolved) return written;
  const WindowFunction& function = rows[resolved->index].row;
  const bool distance = (name == "lag" || name == "lead") && call.arguments.size() > 1;
  if (distance || name == "nth_value")
    resolved->arguments[1] = WriteLeastOffset(*call.arguments[1], resolved->arguments[1], distance ? 0 : 1);
  if (written.window)
    Fail(call.position, "Cannot nest window functions inside window function '" + name + "'", "NESTED_WINDOW");
  written.sql.Mark(view_position_.value_or(call.position)).Add(name).Add("(");
  FillTemplate(written.sql, "($*)", *resolved, true);
  if (call.ignore_nulls.value_or(false)) written.sql.Add(" IGNORE NULLS");
  written.sql.Add(")").Add(WriteOver(call, context, written));
  written.type = resolved->result;
  const WindowSpecification* specification =
      call.window->reference ? FindWindow(*call.window->reference, context) : &call.window->specification;
  if (!function.takes_frame && specification != nullptr && specification->frame) {
    Fail(specification->frame->position, "Cannot specify window frame for " + name + " function",
         "INVALID_WINDOW_FRAME");
  }
  written.window = CallSite{call.position, ToSql(call)};
  return written;
}

// Whether a count looks at values that carry their zone: equal instants are one value.
bool Translator::ByInstant(std::string_view name, const Call& call, const std::vector<Type>& types) {
  return types.size() == 1 && CarriesZone(types[0]) &&
         ((name == "count" && call.distinct) || name == "approx_distinct");
}

// Of timestamps that carry their zone: what compares them must not see the zone.
void Translator::CheckCarriedAggregate(std::string_view name, const Call& call, const std::vector<Type>& types) {
  static constexpr auto kOpen = std::to_array<std::string_view>(
      {"any_value", "arbitrary", "array_agg", "count", "max", "max_by", "min", "min_by"});
  if (std::ranges::none_of(types, [](const Type& type) { return Holds(type, CarriesZone); })) return;
  if (ByInstant(name, call, types)) return;
  const bool open = std::ranges::binary_search(kOpen, name) && (!call.distinct || name == "max" || name == "min");
  if (!open)
    RefuseLast(call.position, "The function '" + std::string(name) + "' of timestamps that carry their time zone");
}

// The engine takes offsets that Trino refuses: nth_value counts from one, lag and lead do not go backwards.
SqlText Translator::WriteLeastOffset(const Expression& offset, const SqlText& written, int least) {
  if (offset.kind == ExpressionKind::kInteger && std::stoll(As<Literal>(offset).value) >= least) return written;
  const std::string bound = std::to_string(least);
  SqlText sql("CASE WHEN ");
  sql.Add(written).Add(" < " + bound + " THEN trino_fail('INVALID_FUNCTION_ARGUMENT', 'Offset must be at least " +
                       bound + "') ELSE ");
  return sql.Add(written).Add(" END");
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
  const WindowSpecification* next =
      call.window->reference ? FindWindow(*call.window->reference, context) : &call.window->specification;
  for (; next != nullptr && chain.size() < 100; next = next->base ? FindWindow(*next->base, context) : nullptr)
    chain.push_back(next);
  if (chain.empty() || failed()) return {};
  for (const WindowSpecification* one : chain) {
    if (one->base && !one->partition_by.empty()) {
      Fail(one->partition_by[0]->position,
           "WINDOW specification with named WINDOW reference cannot specify PARTITION BY", "INVALID_PARTITION_BY");
      return {};
    }
  }
  const WindowSpecification* ordered = chain.front();
  for (const WindowSpecification* one : chain) {
    if (ordered->order_by.empty()) ordered = one;
  }
  SqlText sql;
  sql.Add(" OVER (");
  CheckWindowChain(chain);
  const std::vector<ExpressionPtr>& partition = chain.back()->partition_by;
  const auto write = [&](const Expression& expression) {
    Written value = Write(expression, context);
    if (value.window)
      Fail(call.position, "Cannot nest window functions inside a window specification", "NESTED_WINDOW");
    Absorb(into, value);
    value.sql = GroupingForm(value, expression.position);
    return value;
  };
  for (std::size_t i = 0; i < partition.size(); ++i)
    sql.Add(i == 0 ? "PARTITION BY " : ", ").Add(write(*partition[i]).sql);
  for (std::size_t i = 0; i < ordered->order_by.size(); ++i) {
    Written key = write(*ordered->order_by[i].key);
    if (LosesSign(key)) key.sql = KeepSign(key.sql);
    sql.Add(i > 0               ? ", "
            : partition.empty() ? "ORDER BY "
                                : " ORDER BY ")
        .Add(WriteSortItem(ordered->order_by[i], std::move(key.sql)));
  }
  if (const auto& frame = chain.front()->frame) {
    if (frame->unit != FrameUnit::kRows && ordered->order_by.empty() &&
        (frame->start.offset || (frame->end && frame->end->offset))) {
      Fail(chain.front()->position, "Window frame of type RANGE or GROUPS requires ORDER BY", "MISSING_ORDER_BY");
    }
    const bool offset = frame->start.offset || (frame->end && frame->end->offset);
    if (frame->unit == FrameUnit::kRange && offset && ordered->order_by.size() > 1) {
      Fail(ordered->order_by.front().position,
           "Window frame of type RANGE PRECEDING or FOLLOWING requires single sort item in ORDER BY (actual: " +
               std::to_string(ordered->order_by.size()) + ")",
           "INVALID_ORDER_BY");
    }
    CheckFrame(*frame);
    sql.Add(WriteFrame(*frame, context, into));
  }
  return sql.Add(")");
}

// A window that builds on another adds an order or a frame, and only what that one lacks.
void Translator::CheckWindowChain(const std::vector<const WindowSpecification*>& chain) {
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
    const WindowSpecification& window = *chain[i];
    if (!window.partition_by.empty()) {
      Fail(window.partition_by.front()->position,
           "WINDOW specification with named WINDOW reference cannot specify PARTITION BY", "INVALID_PARTITION_BY");
    }
    if (!window.order_by.empty() && !chain[i + 1]->order_by.empty()) {
      Fail(window.order_by.front().position, "Cannot specify ORDER BY if referenced named WINDOW specifies ORDER BY",
           "INVALID_ORDER_BY");
    }
    if (chain[i + 1]->frame)
      Fail(window.position, "Cannot reference named WINDOW containing frame specification", "INVALID_WINDOW_REFERENCE");
  }
}

void Translator::CheckFrame(const WindowFrame& frame) {
  const FrameBoundKind start = frame.start.kind;
  const FrameBoundKind end = frame.end ? frame.end->kind : FrameBoundKind::kCurrentRow;
  const auto invalid = [&](const std::string& message) { Fail(frame.position, message, "INVALID_WINDOW_FRAME"); };
  if (start == FrameBoundKind::kUnboundedFollowing) invalid("Window frame start cannot be UNBOUNDED FOLLOWING");
  if (end == FrameBoundKind::kUnboundedPreceding) invalid("Window frame end cannot be UNBOUNDED PRECEDING");
  if (start == FrameBoundKind::kCurrentRow && end == FrameBoundKind::kPreceding)
    invalid("Window frame starting from CURRENT ROW cannot end with PRECEDING");
  if (start == FrameBoundKind::kFollowing && end == FrameBoundKind::kPreceding)
    invalid("Window frame starting from FOLLOWING cannot end with PRECEDING");
  if (start == FrameBoundKind::kFollowing && end == FrameBoundKind::kCurrentRow)
    invalid("Window frame starting from FOLLOWING cannot end with CURRENT ROW");
}

SqlText Translator::WriteFrame(const WindowFrame& frame, const Context& context, Written& into) {
  static constexpr std::array<std::string_view, 3> kUnits = {" ROWS", " RANGE", " GROUPS"};
  static constexpr std::array<std::string_view, 5> kBounds = {"UNBOUNDED PRECEDING", " PRECEDING", "CURRENT ROW",
                                                              " FOLLOWING", "UNBOUNDED FOLLOWING"};
  SqlText sql;
  const auto bound = [&](const FrameBound& one) {
    if (one.offset) {
      const Written offset = Write(*one.offset, context);
      Absorb(into, offset);
      sql.Add(WriteFrameOffset(frame, *one.offset, offset));
    }
    sql.Add(kBounds[static_cast<std::size_t>(one.kind)]);
  };
  sql.Add(kUnits[static_cast<std::size_t>(frame.unit)]).Add(" BETWEEN ");
  bound(frame.start);
  sql.Add(" AND ");
  if (frame.end)
    bound(*frame.end);
  else
    sql.Add("CURRENT ROW");
  return sql;
}

// An offset must be a number from 0 on; ROWS and GROUPS count whole ones. Literals are known to be.
SqlText Translator::WriteFrameOffset(const WindowFrame& frame, const Expression& expression, const Written& offset) {
  const Type& type = offset.type;
  const bool whole = type.Is("bigint") || type.Is("integer") || type.Is("smallint") || type.Is("tinyint") ||
                     (type.Is("decimal") && type.numbers.size() == 2 && type.numbers[1] == 0);
  if (frame.unit != FrameUnit::kRange && type.known() && !whole) {
    Fail(expression.position,
         "Window frame offset value type must be an exact numeric type with scale 0: " + ToText(type), "TYPE_MISMATCH");
  }
  if (frame.unit == FrameUnit::kRange && type.name.starts_with("interval")) return offset.sql;
  const bool literal = expression.kind == ExpressionKind::kInteger && !As<Literal>(expression).value.starts_with('-');
  if (literal) return offset.sql;
  SqlText sql("(CASE WHEN ");
  sql.Add(offset.sql).Add(" >= 0 THEN ").Add(offset.sql);
  return sql.Add(
      " ELSE trino_fail('INVALID_WINDOW_FRAME', 'Window frame offset value must not be negative or null') END)");
}

// The engine shows a column that it sorts by with 0.0 for -0.0; sorting by an expression over it leaves it alone. What
// changes with each evaluation must not be written twice.
bool Translator::LosesSign(const Written& key) {
  static constexpr auto kVolatile = std::to_array<std::string_view>({"random", "shuffle", "uuid", "SELECT"});
  return (key.type.Is("double") || key.type.Is("real")) &&
         std::ranges::none_of(kVolatile, [&](std::string_view word) { return key.sql.text().contains(word); });
}
SqlText Translator::KeepSign(const SqlText& key) {
  SqlText sql("(");
  return std::move(sql.Add(key).Add(" + 0)"));
}

SqlText Translator::WriteSortItem(const SortItem& item, SqlText key) {
  key.Add(item.descending ? " DESC" : " ASC").Add(item.nulls_first.value_or(false) ? " NULLS FIRST" : " NULLS LAST");
  return key;
}

Written Translator::WriteGrouping(const Grouping& grouping, const Context& context) {
  Written written{.type = {.name = "integer"}};
  if (context.keys == nullptr) {
    Fail(base::SqlPosition{},
         "A GROUPING() operation can only be used with a corresponding GROUPING SET/CUBE/ROLLUP/GROUP BY clause",
         "MISSING_GROUP_BY");
    return written;
  }
  written.sql.Add("CAST(grouping(");
  for (std::size_t i = 0; i < grouping.columns.size(); ++i) {
    const Written column = Write(*grouping.columns[i], context);
    if (std::ranges::find(*context.keys, column.sql.text()) == context.keys->end()) {
      Fail(grouping.position,
           "The arguments to GROUPING() must be expressions referenced by the GROUP BY at line " +
               std::to_string(grouping.position.line) + ":" + std::to_string(grouping.position.column) +
               ". Mismatch due to " + ToSql(*grouping.columns[i]),
           "INVALID_ARGUMENTS");
    }
    written.sql.Add(i == 0 ? "" : ", ").Add(column.sql);
  }
  written.sql.Add(") AS INTEGER)");
  return written;
}

}  // namespace tarn::sql
