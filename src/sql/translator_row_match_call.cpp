// The functions of MATCH_RECOGNIZE: FIRST, LAST, PREV, NEXT, CLASSIFIER, MATCH_NUMBER, and aggregates over the rows of
// a match.
#include <charconv>

#include "sql/row_match_scope.h"
#include "sql/text.h"
#include "sql/translator.h"

namespace tarn::sql {
namespace {

// A count of rows that is written out.
std::optional<std::int64_t> CountOf(const Expression& expression) {
  if (expression.kind != ExpressionKind::kInteger) return std::nullopt;
  const std::string& digits = As<Literal>(expression).value;
  std::int64_t count = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (failure != std::errc{} || end != digits.data() + digits.size() || count < 0 || count > INT32_MAX)
    return std::nullopt;
  return count;
}

bool IsOneOf(const Call& call, std::initializer_list<std::string_view> names) {
  return call.name.size() == 1 &&
         std::ranges::any_of(names, [&](std::string_view name) { return EqualsIgnoreCase(call.name[0].value, name); });
}

}  // namespace

// nullopt: a function that MATCH_RECOGNIZE leaves alone.
std::optional<Written> Translator::WriteMatchCall(const std::string& name, const Call& call, const Context& context) {
  RowMatchScope& names = *row_match_;
  const bool navigates = IsOneOf(call, {"first", "last", "prev", "next"});
  const bool aggregates = !AggregateFunctions(name).empty() && call.window == nullptr;
  if (call.processing != Call::Processing::kDefault && !aggregates && !IsOneOf(call, {"first", "last"})) {
    Fail(call.position, "RUNNING and FINAL are not supported with function " + name, "INVALID_PROCESSING_MODE");
    return Written{};
  }
  if (names.defining && call.processing == Call::Processing::kFinal) {
    Fail(call.position, "FINAL semantics is not supported in DEFINE clause", "INVALID_PROCESSING_MODE");
    return Written{};
  }
  if (name == "match_number" && call.arguments.empty())
    return Written{.sql = SqlText("struct_extract(" + names.row + ", 'n')"), .type = {.name = "bigint"}};
  if (name == "classifier" && call.arguments.size() <= 1) return WriteClassifier(call, {});
  if (navigates) return WriteNavigation(call);
  if (aggregates) return WriteMatchAggregate(name, call, context);
  return std::nullopt;
}

Written Translator::WriteClassifier(const Call& call, const RowNavigation& navigation) {
  Written written{.type = {.name = "varchar"}};
  std::string set = "*";
  if (!call.arguments.empty()) {
    const Expression& argument = *call.arguments[0];
    const bool named = argument.kind == ExpressionKind::kIdentifier;
    const Name name = named ? As<Identifier>(argument).name : Name{};
    const auto found = row_match_->variables.find(name.quoted ? name.value : ToUpper(name.value));
    if (found == row_match_->variables.end()) {
      Fail(argument.position, "CLASSIFIER function argument should be primary pattern variable or subset name",
           "INVALID_FUNCTION_ARGUMENT");
      return written;
    }
    set = found->second;
  }
  if (row_match_->in_set) RefuseLast(call.position, "CLASSIFIER within an aggregate");
  written.sql.Add(NavigatedRow(*row_match_, set, navigation).second);
  return written;
}

// PREV(LAST(x, n), m) and its parts.
Written Translator::WriteNavigation(const Call& whole) {
  RowNavigation navigation;
  const Call* call = &whole;
  const auto count = [&](std::int64_t usual) {
    if (call->arguments.size() < 2) return usual;
    const auto given = CountOf(*call->arguments[1]);
    if (!given)
      Fail(call->arguments[1]->position,
           call->name[0].value + " pattern recognition navigation function requires a number as the second argument",
           "INVALID_FUNCTION_ARGUMENT");
    return given.value_or(0);
  };
  if (call->arguments.empty() || call->arguments.size() > 2 || row_match_->in_set) {
    if (row_match_->in_set)
      Refuse(call->position, "A navigation within an aggregate or another navigation");
    else
      Fail(call->position, call->name[0].value + " pattern recognition function requires 1 or 2 arguments",
           "INVALID_FUNCTION_ARGUMENT");
    return {};
  }
  if (IsOneOf(*call, {"prev", "next"})) {
    navigation.move = count(1) * (IsOneOf(*call, {"prev"}) ? -1 : 1);
    const bool nested =
        call->arguments[0]->kind == ExpressionKind::kCall && IsOneOf(As<Call>(*call->arguments[0]), {"first", "last"});
    if (nested) call = &As<Call>(*call->arguments[0]);
  }
  if (IsOneOf(*call, {"first", "last"})) {
    navigation.last = IsOneOf(*call, {"last"});
    navigation.offset = std::to_string(count(0));
    navigation.final = call->processing == Call::Processing::kFinal;
    if (row_match_->defining && navigation.final)
      Fail(call->position, "FINAL semantics is not supported in DEFINE clause", "INVALID_PROCESSING_MODE");
  }
  const Expression& value = *call->arguments[0];
  if (value.kind == ExpressionKind::kCall && IsOneOf(As<Call>(value), {"classifier"}))
    return WriteClassifier(As<Call>(value), navigation);
  std::vector<std::string>& list = row_match_->defining ? row_match_->conditions : row_match_->measures;
  row_match_->in_set = true;  // no navigation within
  Written written = WriteMatched(value, *row_match_, navigation);
  row_match_->in_set = false;
  std::size_t labels = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string used =
        row_match_->defining ? "'r" + std::to_string(i) + "')" : ", " + std::to_string(i + 1) + "), 'i')";
    labels += written.sql.text().contains(used) ? 1U : 0U;
  }
  if (labels > 1)
    Fail(whole.position,
         "All labels and classifiers inside the call to '" + ToUpper(whole.name[0].value) + "' must match",
         "INVALID_ARGUMENTS");
  return written;
}

// An aggregate over the rows of a match with some label: the engine's aggregate over the list of its values.
Written Translator::WriteMatchAggregate(const std::string& name, const Call& call, const Context& context) {
  RowMatchScope& names = *row_match_;
  Written written;
  const bool star = call.star || call.arguments.empty();
  if (names.defining || call.distinct || call.filter || !call.order_by.empty() || names.in_set ||
      (star ? name != "count" : call.arguments.size() != 1)) {
    Refuse(call.position, "This aggregate in MATCH_RECOGNIZE");
    return written;
  }
  const auto members = [&](const std::string& set) {
    const std::string text = set + ":" + (call.processing == Call::Processing::kFinal ? "f" : "r");
    return "list_extract(struct_extract(" + names.row + ", 's'), " +
           std::to_string(RowMatchScope::NumberOf(names.sets, text) + 1) + ")";
  };
  if (star) {
    std::string set = "*";
    if (call.star_of) {
      const auto found =
          names.variables.find(call.star_of->quoted ? call.star_of->value : ToUpper(call.star_of->value));
      if (found == names.variables.end()) {
        Fail(call.star_of->position,
             "label.* syntax is only supported as the only argument of row pattern count function",
             "INVALID_FUNCTION_ARGUMENT");
        return written;
      }
      set = found->second;
    }
    written.type = {.name = "bigint"};
    written.sql.Add("len(" + members(set) + ")");
    return written;
  }

  // Each variable's rows have a name of their own, so that the text tells which one is meant.
  const int outer_depth = lambda_depth_;
  (void)PartName(SqlText());
  std::vector<std::string> sets = {"*"};
  Scope variables{.level = context.level};
  Scope all{.parent = &variables, .level = context.level};
  const auto add = [&](Scope& scope, const std::vector<std::string>& qualifier) {
    const std::string row = "list_extract(" + names.rows + ", " + LambdaName(static_cast<int>(sets.size()) - 1) + ")";
    for (std::size_t i = 0; i < names.columns.size(); ++i)
      scope.fields.push_back({.name = names.columns[i].name,
                              .qualifier = qualifier,
                              .sql = "struct_extract(" + row + ", 'f" + std::to_string(i) + "')",
                              .type = names.columns[i].type});
  };
  add(all, {});
  for (const auto& [variable, set] : names.variables) {
    sets.push_back(set);
    add(variables, {variable});
  }
  const auto rows = AggregateFunctions(name);
  names.in_set = true;
  const auto resolved = ResolveCall(name, call, CandidatesOf(rows),
                                    Context{.scope = &all, .level = context.level, .in_aggregate = true}, written);
  names.in_set = false;
  lambda_depth_ = outer_depth + 1;
  std::vector<std::size_t> used;
  for (std::size_t i = 0; resolved && i < sets.size(); ++i) {
    if (resolved->arguments[0].text().contains(LambdaName(static_cast<int>(i)))) used.push_back(i);
  }
  const std::string parameter = used.empty() ? LambdaName(0) : LambdaName(static_cast<int>(used[0]));
  lambda_depth_ = outer_depth;
  if (!resolved) return written;
  if (used.size() > 1) {
    Fail(call.position, "All aggregate arguments must apply to rows matched with the same label", "INVALID_ARGUMENTS");
    return written;
  }
  const AggregateFunction& function = rows[resolved->index].row;
  const std::string set = used.empty() ? "*" : sets[used[0]];
  SqlText values("list_transform(" + members(set) + ", (lambda " + parameter + ": ");
  FillTemplate(values, function.passed.empty() ? "($*)" : "(" + std::string(function.passed) + ")", *resolved);
  values.Add("))");
  if (!function.where.empty() || function.passed.contains("ORDER BY") || function.passed.contains("DISTINCT"))
    Refuse(call.position, "This aggregate in MATCH_RECOGNIZE");
  written.type = resolved->result;
  FillWrapper(written.sql, function, *resolved, [&](std::string_view engine) {
    SqlText text("list_aggregate(");
    return std::move(text.Add(values).Add(", " + QuoteLiteral(engine) + ")"));
  });
  return written;
}

}  // namespace tarn::sql
