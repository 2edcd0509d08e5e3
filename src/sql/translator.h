// Resolves names and writes engine SQL in one walk over the tree. Every name becomes a quoted, qualified
// reference to a relation with an alias of its own, so the engine never resolves anything by itself.
// As in the parser, the first error sticks and the walk goes on with harmless placeholders.
//
// Whether a select list obeys its GROUP BY is decided on the written SQL: an expression is grouped when its
// text equals a key's text, and a column that no grouped expression or aggregate covers is "free" (Trino's
// EXPRESSION_NOT_AGGREGATE). Two texts are equal exactly when they mean the same, as all names are resolved.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "sql/ast_json.h"
#include "sql/ast_query.h"
#include "sql/ast_row_match.h"
#include "sql/function_table.h"
#include "sql/row_match_scope.h"
#include "sql/scope.h"
#include "sql/sql_text.h"
#include "sql/tagged_type.h"
#include "sql/type.h"

namespace tarn::sql {

// A column that no aggregate and no GROUP BY key covers, with the level of its query.
struct FreeColumn {
  int level = 0;
  base::SqlPosition position = {};
  std::string name = {};
};

// A place where an aggregate or a window function of the current query was called.
struct CallSite {
  base::SqlPosition position = {};
  std::string text = {};
};

// An expression in engine SQL.
struct Written {
  SqlText sql = {};
  Type type = {};
  std::vector<FreeColumn> free = {};  // at most one of a level
  std::optional<CallSite> aggregate = {};
  std::optional<CallSite> window = {};
  const Field* field = nullptr;  // the column, when it is nothing but one; valid while its scope lives
};

// A query in engine SQL. `columns[i].sql` is its name in that SQL.
struct WrittenQuery {
  SqlText sql = {};
  std::vector<Field> columns = {};
  std::vector<FreeColumn> free = {};  // of the queries around it
};

// A relation of FROM: what follows FROM, and the fields that it adds.
struct WrittenRelation {
  SqlText sql = {};
  std::vector<Field> fields = {};
  std::vector<FreeColumn> free = {};
  bool join = false;
};

// One row of a function table that a call may mean.
struct Candidate {
  const Signature* signature = nullptr;
  std::string_view engine = {};
};

template <class Function>
[[nodiscard]] std::vector<Candidate> CandidatesOf(std::span<const Entry<Function>> rows) {
  std::vector<Candidate> candidates;
  for (const Entry<Function>& entry : rows) {
    candidates.push_back({&entry.signature, {}});
    if constexpr (requires { entry.row.engine; })
      candidates.back().engine = entry.row.engine;
    else
      candidates.back().engine = entry.row.name;
    if constexpr (requires { entry.row.wrapper; }) {
      if (entry.row.wrapper.contains('{')) candidates.back().engine = entry.row.wrapper;  // holds a lambda's body
    }
  }
  return candidates;
}

// A call with its signature chosen and its arguments converted to it.
struct ResolvedCall {
  std::size_t index = 0;  // of the candidate
  Binding binding = {};
  Type result = {};                       // unknown where an argument's is
  std::vector<SqlText> arguments = {};    // of a lambda: its body where the template asks for it, else the whole lambda
  std::vector<std::string> written = {};  // as they were before conversion
  std::vector<Type> types = {};           // likewise
  std::map<std::string, std::string> own = {};  // @x -> a name used nowhere else
};

struct ColumnLineage;

class Translator final {
 public:
  Translator(const SessionContext& session, TableResolver& resolver,
             const std::vector<std::optional<std::string>>& parameters)
      : session_(session), resolver_(resolver), parameters_(parameters) {}

  // Expressions that stand for the parameters instead of texts; they outlive the translator.
  void UseArguments(const std::vector<ExpressionPtr>& arguments) { arguments_ = &arguments; }

  [[nodiscard]] base::Result<Translation> Translate(const Query& query);
  // Instead of Translate.
  [[nodiscard]] base::Result<std::vector<ColumnLineage>> Trace(const Query& query);

 private:
  // The columns of a query are called by their output names, or c1, c2 … for use inside another query.
  enum class Naming { kOutput, kInternal };

  // What a query's expressions may use.
  struct Context {
    const Scope* scope = nullptr;
    int level = 0;                                   // of the query
    const Select* select = nullptr;                  // for named windows
    const std::vector<std::string>* keys = nullptr;  // texts of the GROUP BY keys
    bool grouped_by_sets = false;                    // GROUPING SETS, CUBE or ROLLUP
    bool in_aggregate = false;
  };

  struct CommonTableEntry {
    std::string name;   // as written
    std::string alias;  // in the engine SQL
    std::vector<Field> columns;
    bool recursive_open = false;  // its own query is being written
    int references = 0;           // in that query
  };

  // A select list item, written.
  struct Output {
    Written value;
    std::string name;
    bool named = false;  // has an alias or a column's name
    const SelectItem* item = nullptr;
    std::shared_ptr<const Lineage> lineage = {};
  };

  // translator_row_match.cpp
  WrittenRelation WriteRowMatch(const RowMatch& match, const Scope* outer, const Scope* left);
  std::optional<std::size_t> MatchColumn(const Expression& expression, const Scope& scope);
  void NameVariables(const RowMatch& match, const std::vector<std::string>& labels, RowMatchScope& names);
  SqlText WriteDefinitions(const RowMatch& match, const std::vector<std::string>& labels, RowMatchScope& names);
  std::vector<Written> WriteMeasures(const RowMatch& match, RowMatchScope& names);
  Written WriteMatched(const Expression& expression, RowMatchScope& names, const RowNavigation& navigation);
  static std::pair<std::string, std::string> NavigatedRow(RowMatchScope& names, const std::string& set,
                                                          const RowNavigation& navigation);
  std::string ExampleOf(const RowMatchScope& names, const std::string& group) const;
  std::string MatchPlan(const RowMatch& match, const std::vector<std::string>& labels, const RowMatchScope& names);
  // translator_row_match_call.cpp
  std::optional<Written> WriteMatchCall(const std::string& name, const Call& call, const Context& context);
  Written WriteClassifier(const Call& call, const RowNavigation& navigation);
  Written WriteNavigation(const Call& whole);
  Written WriteMatchAggregate(const std::string& name, const Call& call, const Context& context);

  // translator_query.cpp
  WrittenQuery WriteQuery(const Query& query, const Scope* outer, Naming naming);
  void WriteWith(const With& with, const Scope* outer, SqlText& sql);
  void WriteRecursiveTable(const CommonTable& table, const Scope* outer, SqlText& sql);
  void CheckRecursion(const SetOperation& operation, const WrittenQuery& base, const WrittenQuery& step);
  void AddCommonTable(const CommonTable& table, WrittenQuery query, SqlText& sql);
  WrittenQuery WriteBody(const QueryBody& body, const Scope* outer);
  WrittenQuery WriteSetOperation(const SetOperation& operation, const Scope* outer);
  void CheckNamed(const WrittenQuery& query, base::SqlPosition position);
  // The query with its columns in the types of `columns`, where the engine would not find them by itself.
  // Whether any was converted.
  bool ConvertColumns(WrittenQuery& query, const std::vector<Field>& columns);
  void MatchColumns(WrittenQuery& left, WrittenQuery& right, base::SqlPosition position);
  WrittenQuery WriteValues(const Values& values, const Scope* outer);
  WrittenQuery WriteTableBody(const TableBody& table, const Scope* outer);
  WrittenQuery WriteWrapped(const Query& query, WrittenQuery body, const Scope* outer, Naming naming);
  void CheckLimit(const Query& query);
  [[nodiscard]] std::string LimitClause(const Query& query);
  SqlText TiesClause(const Query& query, const std::vector<Written>& keys);
  std::string RowCountText(const RowCount& count);
  static void NameColumns(std::vector<Field>& columns, Naming naming);

  // translator_lineage.cpp; these do nothing unless lineage is wanted.
  // What is written while it lives is of one value; a value inside another one's is of that, too.
  class ValueTrace;
  void Uses(const Field& field);
  [[nodiscard]] std::shared_ptr<const Lineage> BaseLineage(const QualifiedName& table, const std::string& column) const;
  [[nodiscard]] static std::shared_ptr<const Lineage> OfBoth(const std::shared_ptr<const Lineage>& one,
                                                             const std::shared_ptr<const Lineage>& other);

  // translator_select.cpp
  WrittenQuery WriteSelect(const Select& select, const Query* tail, const Scope* outer, Naming naming);
  std::vector<Output> WriteOutputs(const Select& select, const Context& context);
  void ExpandStar(const SelectItem& item, const Context& context, std::vector<Output>& outputs);
  SqlText WriteGroupBy(const Select& select, const Context& context, std::vector<std::string>& keys,
                       const Scope& scope);
  SqlText WriteDistinctSets(const Select& select, const Context& context, std::vector<std::string>& keys,
                            const Scope& scope);
  SqlText WriteGroupingKey(const Expression& key, const Select& select, const Context& context, const Scope& scope,
                           std::vector<std::string>& keys);
  std::vector<SqlText> WriteSortKeys(const std::vector<SortItem>& items, const std::vector<Output>& outputs,
                                     const Context& context, const Select* distinct, std::vector<Written>& written);
  void CheckGrouped(const std::vector<FreeColumn>& free, int level);
  void RefuseAggregates(const Written& written, std::string_view clause);

  // translator_relation.cpp
  WrittenRelation WriteRelation(const Relation& relation, const Scope* outer, const Scope* left,
                                std::size_t alias_columns);
  WrittenRelation WriteTable(const TableName& name, base::SqlPosition position);
  [[nodiscard]] std::vector<ColumnFilter> FiltersOf(const Expression* where) const;
  [[nodiscard]] std::optional<std::string> TextOf(
      const Expression& expression) const;  // of a text, also as a parameter
  WrittenRelation WriteView(const ResolvedTable& table, base::SqlPosition position);
  WrittenRelation WriteDerived(const Query& query, const Scope* outer, bool lateral);
  WrittenRelation WriteAliased(const AliasedRelation& aliased, const Scope* outer, const Scope* left);
  WrittenRelation WriteJoin(const Join& join, const Scope* outer, const Scope* left);
  void WriteUsing(const Join& join, WrittenRelation& left, WrittenRelation& right, WrittenRelation& result);
  WrittenRelation WriteUnnest(const Unnest& unnest, const Scope* scope, std::size_t alias_columns);
  WrittenRelation WriteTableFunction(const TableFunction& function, const Scope* outer);
  WrittenRelation WriteSampled(const SampledRelation& sampled, const Scope* outer, const Scope* left);

  // translator_expression.cpp
  Written Write(const Expression& expression, const Context& context);
  Written WriteNode(const Expression& expression, const Context& context);
  Written WriteLiteral(const Expression& expression);
  Written WriteName(const Expression& expression, const Context& context);
  Written WriteDereference(const Dereference& dereference, const Context& context);
  Written WriteArithmetic(const Arithmetic& arithmetic, const Context& context);
  Written WriteCollection(const Collection& collection, const Context& context);
  Written WriteCase(const Case& node, const Context& context);
  Written WritePredicate(const Expression& expression, const Context& context);
  Written WriteOperation(const Expression& expression, const Context& context);
  Type SubscriptType(const Subscript& subscript, const Type& base, const Type& index);
  void CheckExtract(const Extract& extract, const Type& type);
  SqlText WriteEqualsAll(const SqlText& value, const SqlText& subquery);
  Written WriteSubqueryPredicate(const Expression& expression, const Context& context);
  Written WriteCast(const Cast& cast, const Context& context);
  // The cast of a written value; its checks are WriteCast's.
  Written CastValue(const Cast& cast, const Written& operand, const Type& to);
  // translator_cast_parts.cpp
  std::optional<Written> CastParts(const Cast& cast, const Written& operand, const Type& to);
  Written CastRow(const Cast& cast, const Written& operand, const Type& to);
  SqlText CastPart(const Cast& cast, const Written& part, Written& whole, std::size_t i);
  // A parameter's name for a lambda around a text; lambda_depth_ is to be set back after its body.
  std::string PartName(const SqlText& around);
  Written WriteCurrentValue(const CurrentValue& value);
  // The body of a lambda whose parameters have these types and stand for these texts.
  Written WriteLambdaBody(const Lambda& lambda, const Context& context, const std::vector<Type>& types,
                          const std::vector<std::string>& texts);
  Written WriteParameter(const Parameter& parameter);
  SqlText WriteSubquery(const Query& query, const Context& context, std::size_t columns, Written& into,
                        Type* type = nullptr);

  // translator_call.cpp
  Written WriteCall(const Call& call, const Context& context);
  // translator_function.cpp: functions of WITH FUNCTION.
  std::optional<Written> WriteInlineCall(const std::string& name, const Call& call, const Context& context);
  Written WriteInlineCall(std::size_t index, const Call& call, const Context& context);
  SqlText WriteInlineArgument(const InlineFunction& function, std::size_t index, const Call& call,
                              const Context& context, Written& into);
  std::optional<Written> WriteSpecialCall(const std::string& name, const Call& call, const Context& context);
  Written WriteScalarCall(const std::string& name, const Call& call, const Context& context);
  Written WriteAggregateCall(std::span<const Entry<AggregateFunction>> rows, const Call& call, const Context& context);
  void FillWrapper(SqlText& sql, const AggregateFunction& function, const ResolvedCall& call,
                   const std::function<SqlText(std::string_view)>& named);
  void CheckListagg(const Call& call, const Context& context);
  Written WriteWindowCall(std::span<const Entry<WindowFunction>> rows, const Call& call, const Context& context);
  Written WriteGrouping(const Grouping& grouping, const Context& context);
  SqlText WriteOver(const Call& call, const Context& context, Written& into);
  [[nodiscard]] static bool ByInstant(std::string_view name, const Call& call, const std::vector<Type>& types);
  void CheckCarriedAggregate(std::string_view name, const Call& call, const std::vector<Type>& types);
  // What the engine groups by where Trino groups by the value.
  SqlText GroupingForm(Written value, base::SqlPosition position);
  const WindowSpecification* FindWindow(const Name& name, const Context& context);
  SqlText WriteFrame(const WindowFrame& frame, const Context& context, Written& into);
  void CheckFrame(const WindowFrame& frame);
  static SqlText WriteLeastOffset(const Expression& offset, const SqlText& written, int least);
  void CheckWindowChain(const std::vector<const WindowSpecification*>& chain);
  SqlText WriteFrameOffset(const WindowFrame& frame, const Expression& expression, const Written& offset);
  [[nodiscard]] static bool LosesSign(const Written& key);
  [[nodiscard]] static SqlText KeepSign(const SqlText& key);
  SqlText WriteSortItem(const SortItem& item, SqlText key);

  // translator_predicate.cpp
  struct Operand {
    const Written* value;
    const Expression* expression;
  };
  SqlText WriteArrayEquality(ComparisonOperator op, const Operand& left, const Operand& right);
  SqlText WriteComparison(ComparisonOperator op, const Operand& left, const Operand& right);
  void CheckComparable(base::SqlPosition position, std::string_view op, const Type& left, const Type& right,
                       bool equality);
  void CheckEscape(const Expression& pattern, const Expression& escape);
  void FailOperator(base::SqlPosition position, std::string_view op, const Type& left, const Type& right);
  void RequireBoolean(const Type& type, base::SqlPosition position, std::string_view what);
  static SqlText PadChar(const Written& value);
  // The value as something that the engine compares as Trino does with another of their common type.
  [[nodiscard]] SqlText Comparable(const Written& value, const Type& common) const;
  // Writes a cast where the engine would not find Trino's common type by itself.
  void Coerce(Written& value, const Type& to) const;

  // translator_zone.cpp
  [[nodiscard]] std::string ZoneOf(const Type& type) const;
  [[nodiscard]] std::string KnownZone(std::string_view zone) const;
  [[nodiscard]] bool IsPlainZone(const Type& type) const;
  SqlText ToLocal(const Written& value, base::SqlPosition position);
  [[nodiscard]] SqlText FromLocal(const SqlText& local, const Type& type) const;
  [[nodiscard]] SqlText ToInstant(const Written& value) const;
  std::optional<Written> WriteZonedCast(const Cast& cast, const Written& whole, const Type& to);
  std::optional<Written> WriteCarriedZoneCast(const Cast& cast, const Written& operand, const Type& to);
  std::optional<Written> WriteOffsetTimeCast(const Cast& cast, const Written& operand, const Type& to);
  Written WriteComputedZone(const std::string& name, const Call& call, const ResolvedCall& resolved);
  [[nodiscard]] SqlText OffsetField(std::string_view field, const SqlText& zoned, base::SqlPosition position) const;
  Written WriteAtTimeZone(const AtTimeZone& at, const Context& context);
  // The call of a function whose signature is chosen, where it reads or sets the zone of a value.
  std::optional<Written> WriteIsoTimestamp(const Call& call, const Entry<ScalarFunction>& entry,
                                           const ResolvedCall& resolved);
  std::optional<Written> WriteZonedCall(const std::string& name, const Call& call, const Entry<ScalarFunction>& entry,
                                        const ResolvedCall& resolved);
  std::optional<SqlText> WriteZonedShift(std::string_view function, const Written& value, const Written& interval,
                                         base::SqlPosition position);
  std::optional<Written> WriteCarriedZoneCall(const std::string& name, const Call& call,
                                              const Entry<ScalarFunction>& entry, const ResolvedCall& resolved);
  [[nodiscard]] SqlText ToZoned(const SqlText& value, const Type& type) const;
  void ShowZones(WrittenQuery& query);

  // translator_json.cpp
  Written WriteJsonPathCall(const JsonPathCall& call, const Context& context);
  Written WriteJsonValue(const JsonPathCall& call, const Context& context);
  SqlText WriteJsonPathFunction(std::string_view function, const JsonPathCall& call, const std::string& options,
                                const Context& context, Written& into);
  WrittenRelation WriteJsonTable(const JsonTable& table, const Scope* scope);
  void CheckJsonPath(const JsonPathCall& call);
  void CheckJsonInput(const Written& input, base::SqlPosition position);
  Written WriteJsonArray(const JsonArray& array, const Context& context);
  Written WriteJsonObject(const JsonObject& object, const Context& context);
  void AddJsonMember(const Expression& value, bool is_json, const Context& context, std::string& shape, Written& into);
  Written ReturnJsonText(SqlText text, const std::optional<Type>& returning, std::string_view function,
                         base::SqlPosition position);
  // The cast of engine SQL of any type, for a type that IsCastable.
  static SqlText CastText(const SqlText& value, const Type& type);

  // translator_arguments.cpp
  // Writes the arguments, finds the signature that they mean, and converts them to its types; `into` takes over what
  // they say about free columns and aggregates. nullopt: an error was set.
  std::optional<ResolvedCall> ResolveCall(const std::string& name, const Call& call,
                                          const std::vector<Candidate>& candidates, const Context& context,
                                          Written& into);
  bool WriteLambdaArguments(const Call& call, const Candidate& candidate, const Context& context,
                            ResolvedCall& resolved, Written& into);
  // A template of the function tables, filled in; `inner` leaves out the parentheses around it.
  void FillTemplate(SqlText& sql, std::string_view pattern, const ResolvedCall& call, bool inner = false);
  [[nodiscard]] SqlText Convert(const SqlText& value, const Type& from, const Type& to) const;
  [[nodiscard]] SqlText ConvertTagged(const SqlText& value, const Type& from, const Type& to) const;

  // Takes over what `part` says about free columns and aggregates.
  static void Absorb(Written& into, const Written& part);
  static void AbsorbFree(std::vector<FreeColumn>& into, const std::vector<FreeColumn>& free);

  // Some errors have no place in Trino: then `position` is empty.
  void Fail(std::optional<base::SqlPosition> position, std::string message, std::string_view code,
            base::ErrorKind kind = base::ErrorKind::kInvalidArgument);
  void Refuse(base::SqlPosition position, std::string_view what);
  // Refuses what Trino would accept, unless the statement turns out to be wrong in another way.
  void RefuseLast(base::SqlPosition position, std::string_view what);
  [[nodiscard]] bool failed() const { return error_.has_value(); }
  std::string NewAlias(std::string_view prefix) {
    return QuoteIdentifier(std::string(prefix) + std::to_string(++aliases_));
  }

  const SessionContext& session_;
  TableResolver& resolver_;
  const std::vector<std::optional<std::string>>& parameters_;
  const std::vector<ExpressionPtr>* arguments_ = nullptr;
  const Expression* lone_where_ = nullptr;  // of the select whose only table is written next
  std::string view_catalog_;                // inside a view: where its unqualified names are looked for
  std::string view_schema_;
  std::string view_scope_;  // likewise: whose names they are
  std::optional<base::Error> error_;
  std::optional<base::Error> refusal_;           // shown when there is no error
  std::vector<CommonTableEntry> common_tables_;  // in sight, innermost last
  std::vector<QualifiedName> tables_;
  std::string LambdaName(int number) const {
    return QuoteIdentifier("p" + std::to_string(lambda_depth_) + "_" + std::to_string(number));
  }

  int aliases_ = 0;
  int lambda_depth_ = 0;
  int levels_ = 0;
  std::vector<const InlineFunction*> functions_ = {};
  std::size_t visible_functions_ = 0;              // a function sees those before it, a view sees none
  RowMatchScope* row_match_ = nullptr;             // whose measures or conditions are being written
  const InlineFunction* open_function_ = nullptr;  // whose body is being written
  int view_depth_ = 0;
  std::string json_item_ = {};                      // in a column of JSON_TABLE: the engine SQL of the row's item
  bool json_errors_ = false;                        // there: whether errors are raised by default
  std::optional<base::SqlPosition> view_position_;  // inside a view: where the statement names it

  bool traces_ = false;        // whether lineage is wanted
  Lineage* traced_ = nullptr;  // of the value that is being written
};

}  // namespace tarn::sql
