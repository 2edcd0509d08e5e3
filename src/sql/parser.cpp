#include "sql/parser.h"

#include <algorithm>
#include <set>

#include "sql/lexer.h"
#include "sql/parser_limits.h"
#include "sql/text.h"

namespace tarn::sql {
namespace {

// Index of the ")" for every "(", for the questions that need to look past a group.
std::vector<std::size_t> MatchParentheses(const std::vector<Token>& tokens) {
  std::vector<std::size_t> closing(tokens.size(), tokens.size() - 1);
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (IsSymbol(tokens[i], "(")) {
      open.push_back(i);
    } else if (IsSymbol(tokens[i], ")") && !open.empty()) {
      closing[open.back()] = i;
      open.pop_back();
    }
  }
  return closing;
}

}  // namespace

Parser::Parser(std::string_view text)
    : tokens_(Tokenize(text.substr(0, kMaxStatementBytes))), closing_(MatchParentheses(tokens_)) {
  if (text.size() > kMaxStatementBytes)
    Fail({}, "Query text is longer than the maximum length of " + std::to_string(kMaxStatementBytes) + " bytes");
}

const Token& Parser::Ahead(std::size_t count) const { return tokens_[std::min(cursor_ + count, tokens_.size() - 1)]; }

void Parser::Advance() {
  if (cursor_ + 1 < tokens_.size()) ++cursor_;
  expected_.clear();
}

bool Parser::At(std::string_view keyword) {
  if (IsWord(Current(), keyword)) return true;
  ExpectingToken(keyword);
  return false;
}

bool Parser::AtSymbol(std::string_view symbol) {
  if (IsSymbol(Current(), symbol)) return true;
  ExpectingToken(symbol);
  return false;
}

bool Parser::Accept(std::string_view keyword) {
  if (!At(keyword)) return false;
  Advance();
  return true;
}

bool Parser::AcceptSymbol(std::string_view symbol) {
  if (!AtSymbol(symbol)) return false;
  Advance();
  return true;
}

void Parser::Expect(std::string_view keyword) {
  if (!Accept(keyword)) Mismatch();
}

void Parser::ExpectSymbol(std::string_view symbol) {
  if (!AcceptSymbol(symbol)) Mismatch();
}

void Parser::Mismatch() {
  if (failed()) return;
  RefuseSpecialTokens();
  std::set<std::string> expected;
  for (const Expected& each : expected_)
    expected.insert(each.token ? "'" + std::string(each.text) + "'" : std::string(each.text));
  std::string message = "mismatched input '";
  message += Current().kind == TokenKind::kEnd ? "<EOF>" : Current().text;
  message += "'";
  std::string_view divider = ". Expecting: ";
  for (const std::string& each : expected) {
    message.append(divider).append(each);
    divider = ", ";
  }
  Fail(Current().position, std::move(message));
}

// Tokens that no rule takes and that deserve their own sentence.
void Parser::RefuseSpecialTokens() {
  if (Current().kind == TokenKind::kBackquoted) {
    Fail(Current().position, "backquoted identifiers are not supported; use double quotes to quote identifiers");
  } else if (Current().kind == TokenKind::kDigitIdentifier) {
    Fail(Current().position, "identifiers must not start with a digit; surround the identifier with double quotes");
  }
}

void Parser::Fail(base::SqlPosition position, std::string message, std::string_view code) {
  if (failed()) return;
  error_ = base::InvalidArgument(std::move(message)).error();
  error_->code = code;
  error_->position = position;
  cursor_ = tokens_.size() - 1;
}

void Parser::Refuse(base::SqlPosition position, std::string_view what) {
  if (failed()) return;
  Fail(position, std::string(what) + " is not supported", "NOT_SUPPORTED");
  error_->kind = base::ErrorKind::kNotSupported;
}

bool Parser::IsNameToken(const Token& token) {
  return token.kind == TokenKind::kQuotedIdentifier || (token.kind == TokenKind::kWord && !token.reserved);
}

Name Parser::ParseName() {
  const Token& token = Current();
  Name name{
      .value = UnquotedText(token), .quoted = token.kind == TokenKind::kQuotedIdentifier, .position = token.position};
  if (!IsNameToken(token)) {
    Expecting("<identifier>");
    Mismatch();
    return name;
  }
  if (name.value.empty()) Fail(token.position, "Zero-length delimited identifier not allowed");
  Advance();
  return name;
}

std::vector<Name> Parser::ParseQualifiedName() {
  std::vector<Name> name;
  name.push_back(ParseName());
  while (AcceptSymbol(".")) name.push_back(ParseName());
  return name;
}

std::vector<Name> Parser::ParseNameList() {
  std::vector<Name> names;
  ExpectSymbol("(");
  do {
    names.push_back(ParseName());
  } while (AcceptSymbol(","));
  ExpectSymbol(")");
  return names;
}

void Parser::ExpectEnd(bool allow_semicolon) {
  if (allow_semicolon && NextSymbol(";") && Ahead(1).kind == TokenKind::kEnd) Advance();
  if (Current().kind == TokenKind::kEnd) return;
  Expecting("<EOF>");
  Mismatch();
}

void Parser::GrowTree(base::SqlPosition position) {
  if (++height_ > kMaxTreeHeight)
    Fail(position, "statement is too large (more than " + std::to_string(kMaxTreeHeight) + " operators in a chain)");
}

base::Result<ExpressionPtr> Parser::ParseOneExpression() {
  ExpressionPtr expression = ParseExpression();
  ExpectEnd(false);
  if (failed()) return std::unexpected(*error_);
  return expression;
}

base::Result<Type> Parser::ParseOneType() {
  Type type = ParseType();
  ExpectEnd(false);
  if (failed()) return std::unexpected(*error_);
  return type;
}

}  // namespace tarn::sql
