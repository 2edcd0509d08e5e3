// Function calls with what aggregates and window functions allow, and window specifications.
#include "sql/parser.h"
#include "sql/parser_limits.h"
#include "sql/text.h"

namespace tarn::sql {

ExpressionPtr Parser::ParseCall(std::vector<Name> name, base::SqlPosition position, Call::Processing processing) {
  auto call = std::make_unique<Call>(ExpressionKind::kCall, position);
  call->name = std::move(name);
  call->processing = processing;
  ExpectSymbol("(");
  if (AcceptSymbol("*")) {
    call->star = true;
    ExpectSymbol(")");
    return FinishCall(std::move(call));
  }
  if (IsNameToken(Current()) && NextSymbol(".", 1) && NextSymbol("*", 2)) {
    call->star_of = ParseName();
    Advance();
    Advance();
    call->star = true;
    ExpectSymbol(")");
    return FinishCall(std::move(call));
  }
  if (AcceptSymbol(")")) return FinishCall(std::move(call));
  call->distinct = Accept("DISTINCT");
  if (!call->distinct && Next("ALL") && !NextSymbol(")", 1) && !NextSymbol(",", 1)) Advance();
  if (!Next("ORDER")) {
    do {
      call->arguments.push_back(ParseExpression());
    } while (AcceptSymbol(","));
  }
  if (At("ORDER")) call->order_by = ParseOrderBy();
  ExpectSymbol(")");
  return FinishCall(std::move(call));
}

// What may follow the arguments: FILTER, IGNORE NULLS, OVER.
ExpressionPtr Parser::FinishCall(std::unique_ptr<Call> call) {
  CheckSpecialArity(*call);
  if (At("FILTER") && NextSymbol("(", 1)) {
    Advance();
    ExpectSymbol("(");
    Expect("WHERE");
    call->filter = ParseExpression();
    ExpectSymbol(")");
  }
  if ((Next("IGNORE") || Next("RESPECT")) && Next("NULLS", 1)) {
    call->ignore_nulls = Next("IGNORE");
    Advance();
    Advance();
    if (!At("OVER")) Mismatch();
    call->window = ParseOver();
    return call;
  }
  if (At("OVER") && (NextSymbol("(", 1) || IsNameToken(Ahead(1)) || Ahead(1).reserved)) call->window = ParseOver();
  return call;
}

void Parser::CheckSpecialArity(const Call& call) {
  if (call.name.size() != 1 || call.star) return;
  const std::string name = ToLower(call.name[0].value);
  const std::size_t count = call.arguments.size();
  if ((name == "coalesce" || name == "format") && count < 2)
    Fail(call.position, "The '" + name + "' function must have at least two arguments");
  if (name == "nullif" && count != 2) Fail(call.position, "Invalid number of arguments for 'nullif' function");
  if (name == "if" && count != 2 && count != 3) Fail(call.position, "Invalid number of arguments for 'if' function");
  if (name == "try" && count != 1) Fail(call.position, "The 'try' function must have exactly one argument");
}

// OVERLAY(x PLACING y FROM start [FOR length])
ExpressionPtr Parser::ParseOverlay() {
  const base::SqlPosition position = Current().position;
  auto call = std::make_unique<Call>(ExpressionKind::kCall, position);
  call->name.push_back({.value = "overlay", .position = position});
  Advance();
  ExpectSymbol("(");
  call->arguments.push_back(ParseExpression());
  Expect("PLACING");
  call->arguments.push_back(ParseExpression());
  Expect("FROM");
  call->arguments.push_back(ParseExpression());
  if (Accept("FOR")) call->arguments.push_back(ParseExpression());
  ExpectSymbol(")");
  return call;
}

// LISTAGG([DISTINCT] x[, separator] [ON OVERFLOW …]) WITHIN GROUP (ORDER BY …)
ExpressionPtr Parser::ParseListagg() {
  const base::SqlPosition position = Current().position;
  auto call = std::make_unique<Call>(ExpressionKind::kCall, position);
  call->name.push_back({.value = "listagg", .position = position});
  call->within_group = true;
  Advance();
  ExpectSymbol("(");
  call->distinct = Accept("DISTINCT");
  call->arguments.push_back(ParseExpression());
  if (AcceptSymbol(",")) call->arguments.push_back(ParseExpression());
  if (At("ON")) ParseListaggOverflow(*call);
  ExpectSymbol(")");
  Expect("WITHIN");
  Expect("GROUP");
  ExpectSymbol("(");
  if (!At("ORDER")) Mismatch();
  call->order_by = ParseOrderBy();
  ExpectSymbol(")");
  return FinishCall(std::move(call));
}

// ON OVERFLOW {ERROR | TRUNCATE ['…'] {WITH | WITHOUT} COUNT}
void Parser::ParseListaggOverflow(Call& call) {
  Expect("ON");
  Expect("OVERFLOW");
  if (Accept("ERROR")) return;
  Expect("TRUNCATE");
  Call::Overflow overflow;
  if (Current().kind == TokenKind::kString) overflow.filler = ParseText();
  overflow.with_count = Accept("WITH");
  if (!overflow.with_count) Expect("WITHOUT");
  Expect("COUNT");
  call.overflow = std::move(overflow);
}

std::unique_ptr<const Window> Parser::ParseOver() {
  auto window = std::make_unique<Window>();
  Expect("OVER");
  if (!AtSymbol("(")) {
    window->reference = ParseName();
    return window;
  }
  window->specification = ParseWindowSpecification();
  return window;
}

WindowSpecification Parser::ParseWindowSpecification() {
  WindowSpecification specification;
  ExpectSymbol("(");
  specification.position = Current().position;
  const bool clause = (Next("PARTITION") && Next("BY", 1)) || Next("ORDER") ||
                      ((Next("ROWS") || Next("RANGE") || Next("GROUPS")) && !NextSymbol(")", 1));
  if (!clause && IsNameToken(Current())) specification.base = ParseName();
  if (Accept("PARTITION")) {
    Expect("BY");
    do {
      specification.partition_by.push_back(ParseExpression());
    } while (AcceptSymbol(","));
  }
  if (At("ORDER")) specification.order_by = ParseOrderBy();
  if (At("ROWS") || At("RANGE") || At("GROUPS")) specification.frame = ParseFrame();
  ExpectSymbol(")");
  return specification;
}

WindowFrame Parser::ParseFrame() {
  WindowFrame frame;
  frame.position = Current().position;
  frame.unit = Next("ROWS") ? FrameUnit::kRows : Next("RANGE") ? FrameUnit::kRange : FrameUnit::kGroups;
  Advance();
  if (Accept("BETWEEN")) {
    frame.start = ParseFrameBound();
    Expect("AND");
    frame.end = ParseFrameBound();
  } else {
    frame.start = ParseFrameBound();
  }
  return frame;
}

FrameBound Parser::ParseFrameBound() {
  FrameBound bound;
  const bool unbounded = Next("UNBOUNDED") && (Next("PRECEDING", 1) || Next("FOLLOWING", 1));
  if (Next("CURRENT") && Next("ROW", 1)) {
    Advance();
    Advance();
    return bound;
  }
  if (unbounded) {
    Advance();
  } else {
    bound.offset = ParseExpression();
  }
  if (Accept("PRECEDING")) {
    bound.kind = unbounded ? FrameBoundKind::kUnboundedPreceding : FrameBoundKind::kPreceding;
  } else {
    Expect("FOLLOWING");
    bound.kind = unbounded ? FrameBoundKind::kUnboundedFollowing : FrameBoundKind::kFollowing;
  }
  return bound;
}

}  // namespace tarn::sql
