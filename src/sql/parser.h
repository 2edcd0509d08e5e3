// Recursive descent over the tokens of one statement. Value operators climb by precedence; every other
// rule has a function. The first error sticks: the cursor jumps to the end of the text, so that every rule
// unwinds without looking at results, and the error is reported once. After an error, functions give
// harmless placeholders, never null.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "sql/ast_json.h"
#include "sql/ast_row_match.h"
#include "sql/ast_statement.h"
#include "sql/token.h"

namespace tarn::sql {

class Parser final {
 public:
  explicit Parser(std::string_view text);

  [[nodiscard]] base::Result<std::unique_ptr<const Statement>> ParseStatement(bool allow_semicolon);
  // For tests and types of catalogs: exactly one expression, exactly one type.
  [[nodiscard]] base::Result<ExpressionPtr> ParseOneExpression();
  [[nodiscard]] base::Result<Type> ParseOneType();

 private:
  // What could have stood at the cursor. It is said in every answer "no", so it owns nothing.
  struct Expected {
    std::string_view text;
    bool token = false;  // a keyword or symbol, which errors show in quotes
  };
  void Remember(Expected expected) {
    if (!failed()) expected_.push_back(expected);
  }

  // parser.cpp: cursor, expectations, errors, limits.
  [[nodiscard]] const Token& Current() const { return tokens_[cursor_]; }
  [[nodiscard]] const Token& Ahead(std::size_t count) const;
  void Advance();
  // At…: whether the current token is this; if not, it is remembered as having been expected.
  bool At(std::string_view keyword);
  bool AtSymbol(std::string_view symbol);
  // Next…: the same question without remembering.
  [[nodiscard]] bool Next(std::string_view keyword, std::size_t ahead = 0) const {
    return IsWord(Ahead(ahead), keyword);
  }
  [[nodiscard]] bool NextSymbol(std::string_view symbol, std::size_t ahead = 0) const {
    return IsSymbol(Ahead(ahead), symbol);
  }
  bool Accept(std::string_view keyword);
  bool AcceptSymbol(std::string_view symbol);
  void Expect(std::string_view keyword);
  void ExpectSymbol(std::string_view symbol);
  // Remember, for the error text; the texts are constants of the grammar.
  void Expecting(std::string_view what) { Remember({.text = what, .token = false}); }
  void ExpectingToken(std::string_view token) { Remember({.text = token, .token = true}); }
  void Mismatch();  // fails: mismatched input … Expecting: …
  void Fail(base::SqlPosition position, std::string message, std::string_view code = "SYNTAX_ERROR");
  void Refuse(base::SqlPosition position, std::string_view what);  // fails: NOT_SUPPORTED
  [[nodiscard]] bool failed() const { return error_.has_value(); }
  [[nodiscard]] static bool IsNameToken(const Token& token);
  Name ParseName();
  std::vector<Name> ParseQualifiedName();
  std::vector<Name> ParseNameList();  // (a, b)
  void RefuseSpecialTokens();
  void ExpectEnd(bool allow_semicolon);

  // Counts nesting while it lives.
  class Nested;
  void GrowTree(base::SqlPosition position);

  // parser_expression.cpp: logic, predicates, operators.
  ExpressionPtr ParseExpression();
  ExpressionPtr ParseOr();
  ExpressionPtr ParseAnd();
  ExpressionPtr ParseNot();
  ExpressionPtr ParsePredicate();
  ExpressionPtr ParsePredicateTail(ExpressionPtr value);
  ExpressionPtr ParseComparison(ExpressionPtr left);
  ExpressionPtr ParseInTail(ExpressionPtr value, bool negated, base::SqlPosition position);
  ExpressionPtr ParseValue(int minimum_precedence = 1);
  ExpressionPtr ParseUnary();
  ExpressionPtr ParsePostfix();
  std::vector<ExpressionPtr> ParseExpressionList(std::string_view close);

  // parser_primary.cpp: literals, names, special forms.
  ExpressionPtr ParsePrimary();
  ExpressionPtr ParseLiteral();
  ExpressionPtr ParseNumber(bool negative, base::SqlPosition position);
  ExpressionPtr ParseUnicodeString();
  ExpressionPtr ParseBinaryString();
  ExpressionPtr ParseParenthesised();
  ExpressionPtr ParseKeywordForm();
  ExpressionPtr ParseReservedForm();
  ExpressionPtr ParseLambda();
  ExpressionPtr ParseInterval();
  ExpressionPtr ParseCase();
  ExpressionPtr ParseCast(bool try_cast);
  ExpressionPtr ParseExtract();
  ExpressionPtr ParseTrim();
  ExpressionPtr ParseSubstring();
  ExpressionPtr ParsePosition();
  ExpressionPtr ParseOverlay();
  ExpressionPtr ParseNormalize();
  ExpressionPtr ParseCurrentValue();
  ExpressionPtr Placeholder(base::SqlPosition position);
  [[nodiscard]] bool IsClauseAhead() const;
  [[nodiscard]] bool IsLambdaAhead() const;
  [[nodiscard]] bool IsQueryAhead(std::size_t offset = 0) const;

  // parser_call.cpp: function calls and windows.
  ExpressionPtr ParseCall(std::vector<Name> name, base::SqlPosition position,
                          Call::Processing processing = Call::Processing::kDefault);
  ExpressionPtr FinishCall(std::unique_ptr<Call> call);
  ExpressionPtr ParseListagg();
  void ParseListaggOverflow(Call& call);
  void CheckSpecialArity(const Call& call);
  std::unique_ptr<const Window> ParseOver();
  WindowSpecification ParseWindowSpecification();
  WindowFrame ParseFrame();
  FrameBound ParseFrameBound();

  // parser_json.cpp: SQL/JSON.
  ExpressionPtr ParseJsonPathCall(JsonPathCallKind kind);
  void ParseJsonPathArguments(JsonPathCall& call);
  void ParseJsonFormat(bool& is_json);
  void ParseJsonReturning(std::optional<Type>& type);
  void ParseJsonWrapper(JsonPathCall& call);
  void ParseJsonBehaviours(JsonPathCall& call);
  std::optional<JsonBehaviour> ParseJsonBehaviour(JsonPathCallKind kind);
  ExpressionPtr ParseJsonArray();
  ExpressionPtr ParseJsonObject();
  std::optional<bool> ParseJsonNulls();
  JsonMember ParseJsonMember();
  RelationPtr ParseJsonTable();

  // parser_row_match.cpp
  RelationPtr ParseRowMatch(RelationPtr relation, base::SqlPosition start);
  void ParseRowMatchRows(RowMatch& match);
  RowPattern ParseRowPattern();
  RowPattern ParseRowPatternPart();
  RowPattern ParseRowPatternQuantifier(RowPattern part);
  JsonTable::Column ParseJsonColumn();

  // parser_type.cpp
  Type ParseType();
  Type ParseTypeName();
  Type ParseDatetimeType(std::string name);
  Type ParseRowType();
  std::int64_t ParseTypeNumber();

  // parser_query.cpp: queries and what they are made of.
  QueryPtr ParseQuery();
  With ParseWith();
  std::vector<InlineFunction> ParseInlineFunctions();
  InlineFunction ParseInlineFunction();
  bool ParseRoutineCharacteristic(InlineFunction& function);
  void ParseQueryTail(Query& query);
  RowCount ParseRowCount();
  QueryBodyPtr ParseSetOperations(bool intersect_only);
  QueryBodyPtr ParseQueryPrimary();
  QueryBodyPtr ParseSelect();
  SelectItem ParseSelectItem();
  QueryBodyPtr ParseValues();
  GroupBy ParseGroupBy();
  GroupingElement ParseGroupingElement();
  std::vector<ExpressionPtr> ParseGroupingSet();
  std::vector<SortItem> ParseOrderBy();

  // parser_relation.cpp: FROM.
  RelationPtr ParseFrom();
  RelationPtr ParseJoins();
  RelationPtr ParseAliased();
  RelationPtr ParseAlias(RelationPtr relation, base::SqlPosition start);
  RelationPtr ParseRelationPrimary();
  [[nodiscard]] bool IsRowsetFormAhead() const;
  RelationPtr ParseTableFunction();
  std::optional<JoinKind> ParseJoinKind();
  [[nodiscard]] bool IsNestedJoinAhead() const;
  void ParseJoinCriteria(Join& join);
  TableName ParseTableName();

  // parser_statement.cpp: the class of a statement, and what all statements are made of.
  std::unique_ptr<Statement> ParseStatementText();
  std::string ParseStatementKind();
  StatementBody ParseStatementBody(const std::string& kind);
  void SkipBalanced();
  [[nodiscard]] std::size_t MatchWords(std::string_view words, std::size_t ahead) const;
  bool AcceptWords(std::string_view words);  // all of them, or none
  [[nodiscard]] std::string AlterTableKind() const;
  [[nodiscard]] bool HasQueryDefinition() const;
  std::string ParseText();                                       // '…'
  [[nodiscard]] std::string TextSince(std::size_t first) const;  // what was read from that token on, as written
  std::vector<ExpressionPtr> ParseUsing();
  std::vector<Property> ParseProperties();  // [WITH] (name = value, …)

  // parser_session.cpp: SHOW, SET, PREPARE, transactions, EXPLAIN.
  StatementBody ParseShow(const std::string& kind);
  void ParseShowCreate(Show& show);
  StatementBody ParseSessionStatement(const std::string& kind);
  StatementBody ParsePrepared(const std::string& kind);
  StatementBody ParseStartTransaction();
  StatementBody ParseExplain(const std::string& kind);
  StatementBody ParseCallProcedure();

  // parser_definition.cpp: CREATE, ALTER, DROP, COMMENT.
  StatementBody ParseDefinition(const std::string& kind);
  StatementBody ParseCreateTable(bool replace, bool as_query);
  StatementBody ParseAlterTable(const std::string& kind);
  StatementBody ParseCreateView(bool replace);
  StatementBody ParseCommentOn();
  ColumnDefinition ParseColumnDefinition();
  bool AcceptIfExists();
  bool AcceptIfNotExists();

  // parser_change.cpp: INSERT, UPDATE, DELETE, MERGE.
  StatementBody ParseChange(const std::string& kind);
  StatementBody ParseInsert();
  StatementBody ParseDelete();
  StatementBody ParseUpdate();
  StatementBody ParseMerge();
  ExpressionPtr RowIdentifier(const std::vector<Name>& qualifier, base::SqlPosition position);

  std::vector<Token> tokens_;
  std::vector<std::size_t> closing_;  // for the token "(" the index of its ")", or of the end
  std::size_t cursor_ = 0;
  std::vector<Expected> expected_;  // at the cursor
  std::optional<base::Error> error_;
  std::size_t parameters_ = 0;
  bool replaces_ = false;  // CREATE OR REPLACE
  int nesting_ = 0;
  int height_ = 0;  // an upper bound of the height of the tree built at this nesting
};

}  // namespace tarn::sql
