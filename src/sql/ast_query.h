// Queries and statements as the parser leaves them.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sql/ast_expression.h"
#include "sql/translate.h"

namespace tarn::sql {

// A table name as written: one to three parts, more are kept for the error.
struct TableName {
  std::vector<Name> parts = {};
  base::SqlPosition position = {};
};

enum class RelationKind {
  kTable,
  kSubquery,
  kAliased,
  kJoin,
  kUnnest,
  kLateral,
  kSampled,
  kTableFunction,
  kJsonTable,
  kRowMatch
};

struct Relation {
  Relation(RelationKind node_kind, base::SqlPosition node_position) : kind(node_kind), position(node_position) {}
  virtual ~Relation() = default;

  const RelationKind kind;
  const base::SqlPosition position;
};

using RelationPtr = std::unique_ptr<const Relation>;

template <class T>
[[nodiscard]] const T& As(const Relation& relation) {
  return static_cast<const T&>(relation);
}

struct TableRelation final : Relation {
  using Relation::Relation;
  TableName name;
};

// (SELECT …), and LATERAL (SELECT …).
struct SubqueryRelation final : Relation {
  using Relation::Relation;
  QueryPtr query;
};

struct AliasedRelation final : Relation {
  using Relation::Relation;
  RelationPtr relation;
  Name alias;
  std::vector<Name> columns;
};

enum class JoinKind { kCross, kImplicit, kInner, kLeft, kRight, kFull };

struct Join final : Relation {
  using Relation::Relation;
  JoinKind join = JoinKind::kCross;
  bool natural = false;
  RelationPtr left;
  RelationPtr right;
  ExpressionPtr on;  // null without ON
  std::vector<Name> using_columns;
};

struct Unnest final : Relation {
  using Relation::Relation;
  std::vector<ExpressionPtr> arrays;
  bool with_ordinality = false;
};

struct SampledRelation final : Relation {
  using Relation::Relation;
  RelationPtr relation;
  bool bernoulli = true;
  ExpressionPtr percentage;
};

// TABLE(f(…)); arguments that are tables or descriptors are refused by the parser.
struct TableFunction final : Relation {
  using Relation::Relation;
  struct Argument {
    std::optional<Name> name;
    ExpressionPtr value;
  };
  std::vector<Name> name;
  std::vector<Argument> arguments;
};

struct SelectItem {
  enum class Kind { kExpression, kAll, kQualifiedAll };
  Kind kind = Kind::kExpression;
  ExpressionPtr expression = {};  // of kExpression and kQualifiedAll
  std::optional<Name> alias = {};
  std::vector<Name> column_aliases = {};  // t.* AS (a, b)
  base::SqlPosition position = {};
};

struct GroupingElement {
  enum class Kind { kSimple, kSets, kCube, kRollup };
  Kind kind = Kind::kSimple;
  std::vector<std::vector<ExpressionPtr>> sets;  // kSimple: one set
  base::SqlPosition position;
};

struct GroupBy {
  bool distinct = false;
  bool automatic = false;  // GROUP BY AUTO
  std::vector<GroupingElement> elements;
};

struct NamedWindow {
  Name name;
  WindowSpecification specification;
};

enum class QueryBodyKind { kSelect, kSetOperation, kValues, kTable, kSubquery };

struct QueryBody {
  QueryBody(QueryBodyKind node_kind, base::SqlPosition node_position) : kind(node_kind), position(node_position) {}
  virtual ~QueryBody() = default;

  const QueryBodyKind kind;
  const base::SqlPosition position;
};

using QueryBodyPtr = std::unique_ptr<const QueryBody>;

template <class T>
[[nodiscard]] const T& As(const QueryBody& body) {
  return static_cast<const T&>(body);
}

struct Select final : QueryBody {
  using QueryBody::QueryBody;
  bool distinct = false;
  std::vector<SelectItem> items;
  RelationPtr from;     // null without FROM
  ExpressionPtr where;  // null without WHERE
  std::optional<GroupBy> group_by;
  ExpressionPtr having;
  std::vector<NamedWindow> windows;
};

enum class SetOperator { kUnion, kIntersect, kExcept };

// Two or more terms joined by the same operator from left to right. The position is the first operator's.
struct SetOperation final : QueryBody {
  using QueryBody::QueryBody;
  SetOperator op = SetOperator::kUnion;
  bool all = false;
  bool corresponding = false;
  std::vector<QueryBodyPtr> terms;
};

struct Values final : QueryBody {
  using QueryBody::QueryBody;
  std::vector<ExpressionPtr> rows;  // a row of several columns is a Collection of kind kRow
};

// TABLE name
struct TableBody final : QueryBody {
  using QueryBody::QueryBody;
  TableName name;
};

struct SubqueryBody final : QueryBody {
  using QueryBody::QueryBody;
  QueryPtr query;
};

struct CommonTable {
  Name name;
  std::vector<Name> columns;
  QueryPtr query;
};

struct With {
  bool recursive = false;
  std::vector<CommonTable> tables;
};

// WITH FUNCTION f(a integer) RETURNS integer RETURN a + 1
struct InlineFunction {
  struct Parameter {
    Name name;
    Type type;
  };
  Name name;
  std::vector<Parameter> parameters;
  Type returns;
  bool null_on_null = false;  // RETURNS NULL ON NULL INPUT
  ExpressionPtr body;
  base::SqlPosition position = {};
};

// A count of OFFSET, LIMIT or FETCH: digits, or a parameter.
struct RowCount {
  std::string digits = {};
  std::optional<std::size_t> parameter = {};
  base::SqlPosition position = {};
};

struct Limit {
  bool all = false;        // LIMIT ALL
  bool with_ties = false;  // FETCH FIRST … WITH TIES
  bool fetch = false;      // written as FETCH FIRST
  RowCount count = {};
  base::SqlPosition position = {};
};

struct Query {
  std::vector<InlineFunction> functions;  // of the whole statement's query alone
  With with;
  QueryBodyPtr body;
  std::vector<SortItem> order_by;
  std::optional<RowCount> offset;
  std::optional<Limit> limit;
  base::SqlPosition position;
};

}  // namespace tarn::sql
