// MATCH_RECOGNIZE: which rows of a partition match a pattern, and which rows the measures look at.
//
// trino_match_rows(rows, lambda s: condition, example, labels, plan): `rows` is a partition in order, a list of
// structs. `example` has the type of s: l, the number of the label that is tried; n, the number of the match; then r0,
// c0, r1, c1 …: the row that a navigation leads to, and its label. The answer is a list of one struct for each row of
// output:
//   n  the number of the match, NULL for a row without match
//   r  the row's place, from 1 on
//   p  for each navigation of the measures the place of its row, and its label
//   s  for each set of the measures the places of its rows
// The plan has parts divided by ';':
//   program      see row_pattern.h
//   rows         one, show, omit (of empty matches), unmatched
//   skip         past, next, or first and last with labels: "first:0.2"
//   navigations of the conditions, of the measures; sets of the measures, each divided by blanks
// A navigation is labels:from:offset:move:until, such as "0.2:l:0:-1:r": of the rows with the label 0 or 2 ("*" all),
// the last but 0 (or "f", the first), then one row back; among rows up to this one ("r") or of the whole match ("f"). A
// set is labels:until.
#include <algorithm>
#include <charconv>
#include <duckdb/execution/expression_executor.hpp>
#include <duckdb/function/lambda_functions.hpp>
#include <duckdb/planner/expression/bound_function_expression.hpp>
#include <duckdb/planner/expression/bound_lambda_expression.hpp>

#include "engine/duck/expansion.h"
#include "engine/duck/functions.h"
#include "engine/duck/row_pattern.h"

namespace tarn::engine {
namespace {

using duckdb::idx_t;
using duckdb::ListValue;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::Value;

std::vector<std::string_view> Split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(at), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::int64_t Number(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// Some labels; all where there are none.
struct Labels {
  explicit Labels(std::string_view text) {
    if (text == "*") return;
    for (const auto part : Split(text, '.')) numbers.push_back(static_cast<int>(Number(part)));
  }
  [[nodiscard]] bool Has(int label) const {
    return numbers.empty() || std::ranges::find(numbers, label) != numbers.end();
  }
  std::vector<int> numbers = {};
};

struct Navigation {
  explicit Navigation(std::string_view text) : labels(Split(text, ':')[0]) {
    const auto parts = Split(text, ':');
    last = parts[1] == "l";
    offset = Number(parts[2]);
    move = Number(parts[3]);
    final = parts[4] == "f";
  }
  Labels labels;
  bool last = true;
  std::int64_t offset = 0;
  std::int64_t move = 0;
  bool final = false;
};

struct Set {
  explicit Set(std::string_view text) : labels(Split(text, ':')[0]), final(Split(text, ':')[1] == "f") {}
  Labels labels;
  bool final = false;
};

enum class Rows { kOne, kShow, kOmit, kUnmatched };
enum class Skip { kPast, kNext, kFirst, kLast };

struct Plan {
  Plan(std::string_view text, std::vector<std::string> label_names)
      : program(Split(text, ';')[0]), names(std::move(label_names)) {
    auto parts = Split(text, ';');
    parts.resize(6);
    rows = parts[1] == "one"    ? Rows::kOne
           : parts[1] == "omit" ? Rows::kOmit
           : parts[1] == "show" ? Rows::kShow
                                : Rows::kUnmatched;
    const auto skips = Split(parts[2], ':');
    skip = skips[0] == "past"    ? Skip::kPast
           : skips[0] == "next"  ? Skip::kNext
           : skips[0] == "first" ? Skip::kFirst
                                 : Skip::kLast;
    if (skips.size() > 1) skip_to = Labels(skips[1]);
    for (const auto part : Split(parts[3], ' ')) conditions.emplace_back(part);
    for (const auto part : Split(parts[4], ' ')) measures.emplace_back(part);
    for (const auto part : Split(parts[5], ' ')) sets.emplace_back(part);
  }
  RowPatternProgram program;
  std::vector<std::string> names;  // of the labels
  Rows rows = Rows::kOne;
  Skip skip = Skip::kPast;
  Labels skip_to{"*"};
  std::vector<Navigation> conditions;
  std::vector<Navigation> measures;
  std::vector<Set> sets;
};

LogicalType PlaceType() { return LogicalType::STRUCT({{"i", LogicalType::BIGINT}, {"l", LogicalType::VARCHAR}}); }
LogicalType OutputType() {
  return LogicalType::STRUCT({{"n", LogicalType::BIGINT},
                              {"r", LogicalType::BIGINT},
                              {"p", LogicalType::LIST(PlaceType())},
                              {"s", LogicalType::LIST(LogicalType::LIST(LogicalType::BIGINT))}});
}

// Where a navigation leads to: a place in the match, and the row that is a move away from it.
struct Place {
  std::optional<std::size_t> row = {};  // of the partition
  std::optional<int> label = {};
};

// One partition.
class Search final {
 public:
  Search(const Plan& plan, const duckdb::Expression& condition, const LogicalType& input,
         duckdb::ClientContext& context, const duckdb::vector<Value>& rows)
      : plan_(plan), rows_(rows), context_(context), executor_(context, condition), input_type_(input) {
    input_.Initialize(duckdb::Allocator::DefaultAllocator(), {input_type_});
    result_.Initialize(duckdb::Allocator::DefaultAllocator(), {LogicalType::BOOLEAN});
  }

  duckdb::vector<Value> Run() {
    std::size_t last_matched = 0;  // rows up to here are in a match
    for (start_ = 0; start_ < rows_.size();) {
      RowPatternMatch match;
      const bool found = plan_.program.Match(
          start_, rows_.size(), [&](const auto& labels) { return Holds(labels); }, match);
      if (!found) {
        if (plan_.rows == Rows::kUnmatched && start_ >= last_matched) AddUnmatched();
        ++start_;
        continue;
      }
      AddMatch(match);
      ++number_;
      last_matched = std::max(last_matched, start_ + std::max<std::size_t>(match.labels.size(), 1));
      start_ = NextStart(match);
    }
    return std::move(output_);
  }

 private:
  [[nodiscard]] Place Find(const Navigation& navigation, const std::vector<int>& labels, std::size_t length) const {
    std::int64_t left = navigation.offset;
    for (std::size_t step = 0; step < length; ++step) {
      const std::size_t at = navigation.last ? length - 1 - step : step;
      if (!navigation.labels.Has(labels[at]) || left-- > 0) continue;
      const std::int64_t row = static_cast<std::int64_t>(start_ + at) + navigation.move;
      if (row < 0 || row >= static_cast<std::int64_t>(rows_.size())) return {};
      Place place{.row = static_cast<std::size_t>(row)};
      const std::int64_t in_match = row - static_cast<std::int64_t>(start_);
      if (in_match >= 0 && in_match < static_cast<std::int64_t>(length))
        place.label = labels[static_cast<std::size_t>(in_match)];
      return place;
    }
    return {};
  }

  // Whether the last row may have its label.
  bool Holds(const std::vector<int>& labels) {
    if (context_.IsInterrupted()) throw duckdb::InterruptException();
    const auto& fields = duckdb::StructType::GetChildTypes(input_type_);
    duckdb::vector<Value> values = {Value::INTEGER(labels.back()), Value::BIGINT(number_)};
    for (const Navigation& navigation : plan_.conditions) {
      const Place place = Find(navigation, labels, labels.size());
      values.push_back(place.row ? rows_[*place.row] : Value(fields[values.size()].second));
      values.push_back(Label(place));
    }
    input_.Reset();
    input_.data[0].SetValue(0, Value::STRUCT(input_type_, std::move(values)));
    input_.SetCardinality(1);
    result_.Reset();
    executor_.Execute(input_, result_);
    const Value held = result_.GetValue(0, 0);
    return !held.IsNull() && duckdb::BooleanValue::Get(held);
  }

  [[nodiscard]] Value Label(const Place& place) const {
    return place.label ? Value(plan_.names[static_cast<std::size_t>(*place.label)]) : Value(LogicalType::VARCHAR);
  }

  void AddMatch(const RowPatternMatch& match) {
    const std::size_t length = match.labels.size();
    if (length == 0) {
      if (plan_.rows != Rows::kOmit) AddRow(match, start_, 0);
    } else if (plan_.rows == Rows::kOne) {
      AddRow(match, start_ + length - 1, length);
    } else {
      for (std::size_t i = 0; i < length; ++i) {
        if (!match.excluded[i]) AddRow(match, start_ + i, i + 1);
      }
    }
  }

  // A row whose measures look at the first `length` rows of the match.
  void AddRow(const RowPatternMatch& match, std::size_t row, std::size_t length) {
    const auto until = [&](bool final) { return final ? match.labels.size() : length; };
    duckdb::vector<Value> places;
    for (const Navigation& navigation : plan_.measures) {
      const Place place = Find(navigation, match.labels, until(navigation.final));
      const Value index =
          place.row ? Value::BIGINT(static_cast<std::int64_t>(*place.row) + 1) : Value(LogicalType::BIGINT);
      places.push_back(Value::STRUCT(PlaceType(), {index, Label(place)}));
    }
    duckdb::vector<Value> sets;
    for (const Set& set : plan_.sets) {
      duckdb::vector<Value> members;
      for (std::size_t i = 0; i < until(set.final); ++i) {
        if (set.labels.Has(match.labels[i]))
          members.push_back(Value::BIGINT(static_cast<std::int64_t>(start_ + i) + 1));
      }
      members_ += members.size();
      if (members_ > kMostMembers)
        Fail("EXCEEDED_FUNCTION_MEMORY_LIMIT", "The aggregates of a row pattern look at too many rows");
      sets.push_back(Value::LIST(LogicalType::BIGINT, std::move(members)));
    }
    output_.push_back(
        Value::STRUCT(OutputType(), {Value::BIGINT(number_), Value::BIGINT(static_cast<std::int64_t>(row) + 1),
                                     Value::LIST(PlaceType(), std::move(places)),
                                     Value::LIST(LogicalType::LIST(LogicalType::BIGINT), std::move(sets))}));
  }

  void AddUnmatched() {
    const LogicalType type = OutputType();
    const auto& fields = duckdb::StructType::GetChildTypes(type);
    output_.push_back(
        Value::STRUCT(OutputType(), {Value(LogicalType::BIGINT), Value::BIGINT(static_cast<std::int64_t>(start_) + 1),
                                     Value(fields[2].second), Value(fields[3].second)}));
  }

  [[nodiscard]] std::size_t NextStart(const RowPatternMatch& match) const {
    const std::size_t length = match.labels.size();
    if (length == 0 || plan_.skip == Skip::kNext) return start_ + 1;
    if (plan_.skip == Skip::kPast) return start_ + length;
    std::optional<std::size_t> target;
    for (std::size_t i = 0; i < length; ++i) {
      if (!plan_.skip_to.Has(match.labels[i]) || (target && plan_.skip == Skip::kFirst)) continue;
      target = i;
    }
    if (!target) Fail("GENERIC_USER_ERROR", "AFTER MATCH SKIP failed: pattern variable is not present in match");
    if (*target == 0) Fail("GENERIC_USER_ERROR", "AFTER MATCH SKIP failed: cannot skip to first row of match");
    return start_ + *target;
  }

  static constexpr std::size_t kMostMembers = 20'000'000;

  const Plan& plan_;
  const duckdb::vector<Value>& rows_;
  duckdb::ClientContext& context_;
  duckdb::ExpressionExecutor executor_;
  LogicalType input_type_;
  duckdb::DataChunk input_;
  duckdb::DataChunk result_;
  std::size_t start_ = 0;
  std::int64_t number_ = 1;
  std::size_t members_ = 0;
  duckdb::vector<Value> output_;
};

void MatchRows(duckdb::DataChunk& in, duckdb::ExpressionState& state, duckdb::Vector& out) {
  // The lambda is no argument any more: rows, example, labels, plan.
  const auto& function = state.expr.Cast<duckdb::BoundFunctionExpression>();
  const auto& condition = *function.bind_info->Cast<duckdb::ListLambdaBindData>().lambda_expr;
  if (in.size() == 0) return;
  std::vector<std::string> names;
  const Value labels = in.GetValue(2, 0);
  for (const Value& name : ListValue::GetChildren(labels)) names.push_back(duckdb::StringValue::Get(name));
  const Plan plan(duckdb::StringValue::Get(in.GetValue(3, 0)), std::move(names));
  for (idx_t row = 0; row < in.size(); ++row) {
    const Value rows = in.GetValue(0, row);
    if (rows.IsNull()) {
      out.SetValue(row, Value(out.GetType()));
      continue;
    }
    Search search(plan, condition, in.data[1].GetType(), state.GetContext(), ListValue::GetChildren(rows));
    out.SetValue(row, Value::LIST(OutputType(), search.Run()));
  }
  if (in.AllConstant()) out.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
}

LogicalType ParameterType(duckdb::ClientContext&, const duckdb::vector<LogicalType>& types, const idx_t parameter) {
  const auto is_example = [](const LogicalType& type) { return type.id() == LogicalTypeId::STRUCT; };
  const auto example = std::ranges::find_if(types, is_example);
  if (parameter > 0 || example == types.end()) Fail("NOT_SUPPORTED", "A condition of a row pattern has one parameter");
  return *example;
}

// The engine takes the bind data of every function with a lambda for its own.
duckdb::unique_ptr<duckdb::FunctionData> BindMatch(duckdb::ClientContext&, duckdb::ScalarFunction& function,
                                                   duckdb::vector<Expr>& arguments) {
  if (arguments[1]->GetExpressionClass() != duckdb::ExpressionClass::BOUND_LAMBDA)
    Fail("NOT_SUPPORTED", "The condition of a row pattern must be a lambda");
  const auto& lambda = arguments[1]->Cast<duckdb::BoundLambdaExpression>();
  if (!lambda.captures.empty()) Fail("NOT_SUPPORTED", "A condition of a row pattern sees its rows alone");
  function.arguments[0] = arguments[0]->return_type;
  function.arguments[2] = arguments[2]->return_type;
  return duckdb::make_uniq<duckdb::ListLambdaBindData>(function.GetReturnType(), lambda.lambda_expr->Copy());
}

}  // namespace

void RegisterRowMatch(duckdb::ExtensionLoader& loader) {
  duckdb::ScalarFunction function("trino_match_rows",
                                  {LogicalType::ANY, LogicalType::LAMBDA, LogicalType::ANY,
                                   LogicalType::LIST(LogicalType::VARCHAR), LogicalType::VARCHAR},
                                  LogicalType::LIST(OutputType()), MatchRows, BindMatch);
  function.SetBindLambdaCallback(ParameterType);
  function.SetNullHandling(duckdb::FunctionNullHandling::SPECIAL_HANDLING);  // else the binder looks into the lambda
  function.SetFallible();
  loader.RegisterFunction(std::move(function));
}

}  // namespace tarn::engine
