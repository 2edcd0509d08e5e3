// MATCH_RECOGNIZE (PARTITION BY … ORDER BY … MEASURES … PATTERN (…) SUBSET … DEFINE …)
#include "sql/ast_row_match.h"
#include "sql/parser.h"
#include "sql/parser_limits.h"

namespace tarn::sql {

RelationPtr Parser::ParseRowMatch(RelationPtr relation, base::SqlPosition start) {
  auto match = std::make_unique<RowMatch>(RelationKind::kRowMatch, start);
  match->relation = std::move(relation);
  Expect("MATCH_RECOGNIZE");
  ExpectSymbol("(");
  if (Accept("PARTITION")) {
    Expect("BY");
    do {
      match->partition_by.push_back(ParseExpression());
    } while (AcceptSymbol(","));
  }
  if (At("ORDER")) match->order_by = ParseOrderBy();
  if (Accept("MEASURES")) {
    do {
      ExpressionPtr measure = ParseExpression();
      Expect("AS");
      match->measures.push_back({.expression = std::move(measure), .name = ParseName()});
    } while (AcceptSymbol(","));
  }
  ParseRowMatchRows(*match);
  Expect("PATTERN");
  ExpectSymbol("(");
  match->pattern = ParseRowPattern();
  ExpectSymbol(")");
  if (Accept("SUBSET")) {
    do {
      RowMatch::Subset subset{.name = ParseName(), .labels = {}};
      ExpectSymbol("=");
      subset.labels = ParseNameList();
      match->subsets.push_back(std::move(subset));
    } while (AcceptSymbol(","));
  }
  Expect("DEFINE");
  do {
    RowMatch::Definition definition{.label = ParseName(), .condition = nullptr};
    Expect("AS");
    definition.condition = ParseExpression();
    match->definitions.push_back(std::move(definition));
  } while (AcceptSymbol(","));
  ExpectSymbol(")");
  GrowTree(start);
  return match;
}

// ONE ROW PER MATCH, ALL ROWS PER MATCH …, AFTER MATCH SKIP …
void Parser::ParseRowMatchRows(RowMatch& match) {
  if (Accept("ONE")) {
    for (const std::string_view word : {"ROW", "PER", "MATCH"}) Expect(word);
  } else if (Next("ALL") && Next("ROWS", 1)) {
    for (const std::string_view word : {"ALL", "ROWS", "PER", "MATCH"}) Expect(word);
    match.rows = RowMatch::Rows::kAllShowEmpty;
    const bool show = Accept("SHOW");
    const bool omit = !show && Accept("OMIT");
    if (show || omit) {
      Expect("EMPTY");
      Expect("MATCHES");
      if (omit) match.rows = RowMatch::Rows::kAllOmitEmpty;
    } else if (Accept("WITH")) {
      Expect("UNMATCHED");
      Expect("ROWS");
      match.rows = RowMatch::Rows::kAllWithUnmatched;
    }
  }
  if (!Accept("AFTER")) return;
  for (const std::string_view word : {"MATCH", "SKIP"}) Expect(word);
  if (Accept("PAST")) {
    for (const std::string_view word : {"LAST", "ROW"}) Expect(word);
    return;
  }
  Expect("TO");
  if (Next("NEXT") && Next("ROW", 1)) {
    Advance();
    Advance();
    match.skip = RowMatch::Skip::kToNext;
    return;
  }
  const bool first = Next("FIRST") && IsNameToken(Ahead(1));
  match.skip = first ? RowMatch::Skip::kToFirst : RowMatch::Skip::kToLast;
  if (first || (Next("LAST") && IsNameToken(Ahead(1)))) Advance();
  match.skip_to = ParseName();
}

RowPattern Parser::ParseRowPattern() {
  const Nested nested(*this);
  RowPattern pattern{.kind = RowPattern::Kind::kAlternation, .position = Current().position};
  do {
    RowPattern sequence{.kind = RowPattern::Kind::kSequence, .position = Current().position};
    while (!failed() && !NextSymbol("|") && !NextSymbol(")") && !NextSymbol(",") && !NextSymbol("-"))
      sequence.parts.push_back(ParseRowPatternPart());
    if (sequence.parts.empty()) Mismatch();
    pattern.parts.push_back(sequence.parts.size() == 1 ? std::move(sequence.parts[0]) : std::move(sequence));
  } while (!failed() && AcceptSymbol("|"));
  if (pattern.parts.size() > 1) return pattern;
  RowPattern only = std::move(pattern.parts[0]);
  return only;
}

RowPattern Parser::ParseRowPatternPart() {
  RowPattern part{.position = Current().position};
  if (AcceptSymbol("^")) {
    part.kind = RowPattern::Kind::kStart;
  } else if (AcceptSymbol("$")) {
    part.kind = RowPattern::Kind::kEnd;
  } else if (AcceptSymbol("(")) {
    if (!AcceptSymbol(")")) {
      part = ParseRowPattern();
      ExpectSymbol(")");
    }
  } else if (AcceptSymbol("{")) {
    ExpectSymbol("-");
    part.kind = RowPattern::Kind::kExcluded;
    part.parts.push_back(ParseRowPattern());
    ExpectSymbol("-");
    ExpectSymbol("}");
  } else if (Next("PERMUTE") && NextSymbol("(", 1)) {
    Advance();
    Advance();
    part.kind = RowPattern::Kind::kPermute;
    do {
      part.parts.push_back(ParseRowPattern());
    } while (AcceptSymbol(","));
    ExpectSymbol(")");
  } else {
    part.kind = RowPattern::Kind::kLabel;
    part.label = ParseName();
  }
  return ParseRowPatternQuantifier(std::move(part));
}

// * + ? {n} {n,} {,m} {n,m}, and a ? behind for the fewest rows first.
RowPattern Parser::ParseRowPatternQuantifier(RowPattern part) {
  RowPattern repeat{.kind = RowPattern::Kind::kRepeat, .position = part.position};
  if (AcceptSymbol("*")) {
  } else if (AcceptSymbol("+")) {
    repeat.least = 1;
  } else if (AcceptSymbol("?")) {
    repeat.most = 1;
  } else if (NextSymbol("{") && !NextSymbol("-", 1)) {
    const base::SqlPosition position = Current().position;
    Advance();
    const bool least = Current().kind == TokenKind::kInteger;
    if (least) repeat.least = ParseTypeNumber();
    if (AcceptSymbol(",")) {
      if (Current().kind == TokenKind::kInteger) repeat.most = ParseTypeNumber();
    } else {
      repeat.most = repeat.least;
      if (!least) Mismatch();
    }
    ExpectSymbol("}");
    if (repeat.most && (*repeat.most < repeat.least || *repeat.most == 0))
      Fail(position, "Pattern quantifier has an upper bound below its lower bound, or of 0", "INVALID_RANGE");
  } else {
    return part;
  }
  repeat.greedy = !AcceptSymbol("?");
  repeat.parts.push_back(std::move(part));
  return repeat;
}

}  // namespace tarn::sql
