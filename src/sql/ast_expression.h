// Expressions of Trino's language as the parser leaves them: names unresolved, every node with its position.
// Nodes are immutable after parsing; a node's kind says its struct (see As).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "sql/type.h"

namespace tarn::sql {

struct Query;

enum class ExpressionKind {
  kNull,
  kBoolean,
  kString,
  kBinary,
  kInteger,
  kDecimal,
  kDouble,
  kGenericLiteral,
  kInterval,
  kParameter,
  kIdentifier,
  kDereference,
  kSubscript,
  kArray,
  kRow,
  kLambda,
  kUnary,
  kArithmetic,
  kLogical,
  kNot,
  kComparison,
  kQuantified,
  kBetween,
  kInList,
  kInSubquery,
  kLike,
  kIsNull,
  kIsDistinct,
  kExists,
  kScalarSubquery,
  kCase,
  kCast,
  kExtract,
  kAtTimeZone,
  kTrim,
  kCurrentValue,
  kGrouping,
  kCall,
  kJsonPathCall,
  kJsonArray,
  kJsonObject,
};

struct Expression {
  Expression(ExpressionKind node_kind, base::SqlPosition node_position) : kind(node_kind), position(node_position) {}
  virtual ~Expression() = default;

  const ExpressionKind kind;
  const base::SqlPosition position;
};

using ExpressionPtr = std::unique_ptr<const Expression>;

// Expressions hold queries, which are made of expressions: so a query is deleted where it is known whole
// (parser_query.cpp).
struct DeleteQuery {
  void operator()(const Query* query) const noexcept;
};
using QueryPtr = std::unique_ptr<const Query, DeleteQuery>;

// The node as its own struct. Precondition: `expression.kind` is one of T's kinds.
template <class T>
[[nodiscard]] const T& As(const Expression& expression) {
  return static_cast<const T&>(expression);
}

// NULL, TRUE, 'text', X'41', 12, 1.5, 1e3. `value` is the literal's meaning: the unquoted text, upper-case hex
// digits, decimal digits without underscores (hex, octal and binary integers are converted), "true".
struct Literal final : Expression {
  using Expression::Expression;
  std::string value;
};

// DATE '2020-01-01', DECIMAL '1.5', JSON '{}': a type name before a text.
struct GenericLiteral final : Expression {
  using Expression::Expression;
  std::string type_name;  // lower case
  std::string value;
};

enum class IntervalUnit { kYear, kMonth, kDay, kHour, kMinute, kSecond };

// INTERVAL -'1 02:03' DAY TO MINUTE
struct IntervalLiteral final : Expression {
  using Expression::Expression;
  bool negative = false;
  std::string value;
  IntervalUnit from = IntervalUnit::kDay;
  std::optional<IntervalUnit> to;
};

struct Parameter final : Expression {
  using Expression::Expression;
  std::size_t index = 0;
};

struct Name {
  std::string value = {};  // as written, quotes removed
  bool quoted = false;
  base::SqlPosition position = {};
};

struct Identifier final : Expression {
  using Expression::Expression;
  Name name;
};

struct Dereference final : Expression {
  using Expression::Expression;
  ExpressionPtr base;
  Name field;
};

struct Subscript final : Expression {
  using Expression::Expression;
  ExpressionPtr base;
  ExpressionPtr index;
};

// ARRAY[…] and ROW(…), also (a, b).
struct Collection final : Expression {
  using Expression::Expression;
  std::vector<ExpressionPtr> items;
};

struct Lambda final : Expression {
  using Expression::Expression;
  std::vector<Name> parameters;
  ExpressionPtr body;
};

struct Unary final : Expression {
  using Expression::Expression;
  bool negative = true;
  ExpressionPtr operand;
};

enum class ArithmeticOperator { kAdd, kSubtract, kMultiply, kDivide, kModulus, kConcatenate };

// The position is the operator's, as in Trino.
struct Arithmetic final : Expression {
  using Expression::Expression;
  ArithmeticOperator op = ArithmeticOperator::kAdd;
  ExpressionPtr left;
  ExpressionPtr right;
};

// AND or OR over two or more terms.
struct Logical final : Expression {
  using Expression::Expression;
  bool is_and = true;
  std::vector<ExpressionPtr> terms;
};

struct Not final : Expression {
  using Expression::Expression;
  ExpressionPtr operand;
};

enum class ComparisonOperator { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };

struct Comparison final : Expression {
  using Expression::Expression;
  ComparisonOperator op = ComparisonOperator::kEqual;
  ExpressionPtr left;
  ExpressionPtr right;
};

enum class Quantifier { kAll, kAny, kSome };

struct QuantifiedComparison final : Expression {
  using Expression::Expression;
  ComparisonOperator op = ComparisonOperator::kEqual;
  Quantifier quantifier = Quantifier::kAll;
  ExpressionPtr value;
  QueryPtr query;
};

struct Between final : Expression {
  using Expression::Expression;
  bool negated = false;
  ExpressionPtr value;
  ExpressionPtr low;
  ExpressionPtr high;
};

struct InList final : Expression {
  using Expression::Expression;
  bool negated = false;
  ExpressionPtr value;
  std::vector<ExpressionPtr> items;
};

struct InSubquery final : Expression {
  using Expression::Expression;
  bool negated = false;
  ExpressionPtr value;
  QueryPtr query;
};

struct Like final : Expression {
  using Expression::Expression;
  bool negated = false;
  ExpressionPtr value;
  ExpressionPtr pattern;
  ExpressionPtr escape;  // null when not given
};

struct IsNull final : Expression {
  using Expression::Expression;
  bool negated = false;
  ExpressionPtr value;
};

struct IsDistinct final : Expression {
  using Expression::Expression;
  bool negated = false;
  ExpressionPtr left;
  ExpressionPtr right;
};

// EXISTS (…) and a subquery used as a value.
struct Subquery final : Expression {
  using Expression::Expression;
  QueryPtr query;
};

struct Case final : Expression {
  using Expression::Expression;
  struct When {
    ExpressionPtr condition;
    ExpressionPtr result;
  };
  ExpressionPtr operand;  // null in the searched form
  std::vector<When> whens;
  ExpressionPtr otherwise;  // null when not given
};

struct Cast final : Expression {
  using Expression::Expression;
  bool try_cast = false;
  ExpressionPtr operand;
  Type type;
  base::SqlPosition type_position;
};

struct Extract final : Expression {
  using Expression::Expression;
  std::string field;  // lower case
  ExpressionPtr source;
};

struct AtTimeZone final : Expression {
  using Expression::Expression;
  ExpressionPtr value;
  ExpressionPtr zone;
};

enum class TrimSide { kBoth, kLeading, kTrailing };

struct Trim final : Expression {
  using Expression::Expression;
  TrimSide side = TrimSide::kBoth;
  ExpressionPtr characters;  // null when not given
  ExpressionPtr source;
};

// current_date, localtimestamp(3), current_user …
struct CurrentValue final : Expression {
  using Expression::Expression;
  std::string name;  // lower case
  std::optional<int> precision;
};

struct Grouping final : Expression {
  using Expression::Expression;
  std::vector<ExpressionPtr> columns;
};

struct SortItem {
  ExpressionPtr key;
  bool descending = false;
  std::optional<bool> nulls_first;  // as written
  base::SqlPosition position = {};  // of the first item: of ORDER
};

enum class FrameUnit { kRows, kRange, kGroups };
enum class FrameBoundKind { kUnboundedPreceding, kPreceding, kCurrentRow, kFollowing, kUnboundedFollowing };

struct FrameBound {
  FrameBoundKind kind = FrameBoundKind::kCurrentRow;
  ExpressionPtr offset;  // of kPreceding and kFollowing
};

struct WindowFrame {
  FrameUnit unit = FrameUnit::kRange;
  FrameBound start;
  std::optional<FrameBound> end;
  base::SqlPosition position = {};
};

struct WindowSpecification {
  std::optional<Name> base;  // the named window it builds on
  std::vector<ExpressionPtr> partition_by;
  std::vector<SortItem> order_by;
  std::optional<WindowFrame> frame;
  base::SqlPosition position = {};
};

// OVER name, or OVER (…).
struct Window {
  std::optional<Name> reference;
  WindowSpecification specification;
};

// A function call, with everything that aggregates and window functions allow. LISTAGG's WITHIN GROUP
// is kept in order_by.
struct Call final : Expression {
  using Expression::Expression;
  std::vector<Name> name;  // parts of the qualified name
  bool star = false;       // count(*)
  bool distinct = false;
  std::vector<ExpressionPtr> arguments;
  std::vector<SortItem> order_by;
  bool within_group = false;
  enum class Processing { kDefault, kRunning, kFinal };
  Processing processing = Processing::kDefault;  // RUNNING, FINAL: in MATCH_RECOGNIZE
  std::optional<Name> star_of = {};              // count(a.*): likewise
  struct Overflow {
    std::string filler = "...";
    bool with_count = true;
  };
  std::optional<Overflow> overflow;  // ON OVERFLOW TRUNCATE
  ExpressionPtr filter;              // null when not given
  std::optional<bool> ignore_nulls;  // IGNORE NULLS, RESPECT NULLS
  std::unique_ptr<const Window> window;
};

}  // namespace tarn::sql
