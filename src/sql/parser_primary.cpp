// Literals, names, and the forms that begin with a word of their own.
#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <span>

#include "sql/parser.h"
#include "sql/parser_limits.h"
#include "sql/text.h"

namespace tarn::sql {
namespace {

constexpr auto kCurrentValues =
    std::to_array<std::string_view>({"CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP",
                                     "CURRENT_USER", "CURRENT_CATALOG", "CURRENT_SCHEMA", "CURRENT_PATH"});
constexpr auto kIntervalUnits = std::to_array<std::string_view>({"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"});
constexpr auto kExtractFields = std::to_array<std::string_view>(
    {"year", "quarter", "month", "week", "day", "day_of_month", "day_of_week", "dow", "day_of_year", "doy",
     "year_of_week", "yow", "hour", "minute", "second", "timezone_minute", "timezone_hour"});

bool IsOneOf(const Token& token, std::span<const std::string_view> words) {
  return std::ranges::any_of(words, [&token](std::string_view word) { return IsWord(token, word); });
}

std::unique_ptr<Literal> MakeLiteral(ExpressionKind kind, base::SqlPosition position, std::string value) {
  auto literal = std::make_unique<Literal>(kind, position);
  literal->value = std::move(value);
  return literal;
}

// The decimal digits of an integer token, or nothing when it does not fit a bigint.
std::optional<std::string> IntegerDigits(std::string_view token, bool negative) {
  std::string digits;
  std::ranges::copy_if(token, std::back_inserter(digits), [](char c) { return c != '_'; });
  int base = 10;
  std::size_t skip = 0;
  if (digits.size() > 2 && digits[0] == '0' && IsLetter(digits[1])) {
    skip = 2;
    base = digits[1] == 'x' || digits[1] == 'X' ? 16 : digits[1] == 'o' || digits[1] == 'O' ? 8 : 2;
  }
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data() + skip, digits.data() + digits.size(), value, base);
  constexpr std::uint64_t kLimit = std::uint64_t{1} << 63U;
  if (error != std::errc{} || end != digits.data() + digits.size() || value > kLimit || (value == kLimit && !negative))
    return std::nullopt;
  return (negative ? "-" : "") + std::to_string(value);
}

}  // namespace

ExpressionPtr Parser::Placeholder(base::SqlPosition position) {
  return std::make_unique<Literal>(ExpressionKind::kNull, position);
}

ExpressionPtr Parser::ParsePrimary() {
  const Token& token = Current();
  switch (token.kind) {
    case TokenKind::kString:
    case TokenKind::kUnicodeString:
    case TokenKind::kBinary:
    case TokenKind::kInteger:
    case TokenKind::kDecimal:
    case TokenKind::kDouble: return ParseLiteral();
    case TokenKind::kWord: return token.reserved ? ParseReservedForm() : ParseKeywordForm();
    case TokenKind::kQuotedIdentifier: return ParseKeywordForm();
    case TokenKind::kSymbol:
      if (NextSymbol("(")) return IsLambdaAhead() ? ParseLambda() : ParseParenthesised();
      if (NextSymbol("?")) {
        auto parameter = std::make_unique<Parameter>(ExpressionKind::kParameter, token.position);
        parameter->index = parameters_++;
        Advance();
        return parameter;
      }
      break;
    default: break;
  }
  Expecting("<expression>");
  Mismatch();
  return Placeholder(token.position);
}

ExpressionPtr Parser::ParseLiteral() {
  const Token& token = Current();
  switch (token.kind) {
    case TokenKind::kUnicodeString: return ParseUnicodeString();
    case TokenKind::kBinary: return ParseBinaryString();
    case TokenKind::kString: {
      auto literal = MakeLiteral(ExpressionKind::kString, token.position, UnquotedText(token));
      Advance();
      return literal;
    }
    default: return ParseNumber(false, token.position);
  }
}

ExpressionPtr Parser::ParseNumber(bool negative, base::SqlPosition position) {
  const Token token = Current();
  Advance();
  if (token.kind == TokenKind::kInteger) {
    std::optional<std::string> digits = IntegerDigits(token.text, negative);
    if (!digits) Fail(position, "Invalid numeric literal: " + std::string(token.text));
    return MakeLiteral(ExpressionKind::kInteger, position, digits.value_or("0"));
  }
  std::string value = negative ? "-" : "";
  std::ranges::copy_if(token.text, std::back_inserter(value), [](char c) { return c != '_'; });
  return MakeLiteral(token.kind == TokenKind::kDecimal ? ExpressionKind::kDecimal : ExpressionKind::kDouble, position,
                     std::move(value));
}

// U&'\2603 \+01F600', with another escape character after UESCAPE.
ExpressionPtr Parser::ParseUnicodeString() {
  const base::SqlPosition position = Current().position;
  const std::string text = UnquotedText(Current());
  Advance();
  char escape = '\\';
  if (Next("UESCAPE")) {
    Advance();
    const std::string given = Current().kind == TokenKind::kString ? UnquotedText(Current()) : "";
    if (given.size() != 1) {
      Fail(position, "Unicode escape must be a single character");
      return Placeholder(position);
    }
    escape = given[0];
    Advance();
    const bool hex = IsDigit(escape) || (escape >= 'a' && escape <= 'f') || (escape >= 'A' && escape <= 'F');
    if (hex || escape == '+' || escape == '"' || escape == '\'' || escape == ' ')
      Fail(position, "Invalid Unicode escape character: " + given);
  }
  std::string value;
  for (std::size_t i = 0; i < text.size() && !failed(); ++i) {
    if (text[i] != escape) {
      value += text[i];
      continue;
    }
    if (text.substr(i + 1, 1) == std::string(1, escape)) {
      value += text[++i];
      continue;
    }
    const bool wide = text.substr(i + 1, 1) == "+";
    const std::string digits = text.substr(std::min(i + (wide ? 2 : 1), text.size()), wide ? 6 : 4);
    std::uint32_t code_point = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code_point, 16);
    if (digits.size() != (wide ? 6U : 4U) || error != std::errc{} || end != digits.data() + digits.size()) {
      Fail(position, "Incomplete escape sequence: " + digits);
    } else if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) {
      Fail(position, "Invalid escaped character: " + digits);
    } else {
      AppendUtf8(value, code_point);
    }
    i += wide ? 7 : 4;
  }
  return MakeLiteral(ExpressionKind::kString, position, std::move(value));
}

ExpressionPtr Parser::ParseBinaryString() {
  const base::SqlPosition position = Current().position;
  std::string digits;
  for (const char c : UnquotedText(Current())) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
    if (!IsDigit(c) && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F'))
      Fail(position, "Binary literal can only contain hexadecimal digits");
    digits += c;
  }
  if (digits.size() % 2 != 0) Fail(position, "Binary literal must contain an even number of digits");
  Advance();
  return MakeLiteral(ExpressionKind::kBinary, position, ToUpper(digits));
}

// (x, y) -> … and () -> …
bool Parser::IsLambdaAhead() const {
  return closing_[cursor_] + 1 < tokens_.size() && IsSymbol(tokens_[closing_[cursor_] + 1], "->");
}

// Whether the "(" at cursor + offset opens a query rather than an expression or a join: its first word says so;
// inside further parentheses, what follows them does.
bool Parser::IsQueryAhead(std::size_t offset) const {
  static constexpr auto kStarts = std::to_array<std::string_view>({"SELECT", "VALUES", "TABLE", "WITH"});
  static constexpr auto kFollows =
      std::to_array<std::string_view>({"UNION", "INTERSECT", "EXCEPT", "ORDER", "LIMIT", "OFFSET", "FETCH"});
  for (std::size_t i = cursor_ + offset + 1; i < tokens_.size(); ++i) {
    if (IsOneOf(tokens_[i], kStarts)) return true;
    if (!IsSymbol(tokens_[i], "(")) return false;
    const std::size_t after = std::min(closing_[i] + 1, tokens_.size() - 1);
    if (!IsSymbol(tokens_[after], ")") && !IsOneOf(tokens_[after], kFollows)) return false;
  }
  return false;
}

ExpressionPtr Parser::ParseParenthesised() {
  const base::SqlPosition position = Current().position;
  if (IsQueryAhead()) {
    auto subquery = std::make_unique<Subquery>(ExpressionKind::kScalarSubquery, position);
    Advance();
    subquery->query = ParseQuery();
    ExpectSymbol(")");
    return subquery;
  }
  Advance();
  ExpressionPtr first = ParseExpression();
  if (!AtSymbol(",")) {
    ExpectSymbol(")");
    return first;
  }
  auto row = std::make_unique<Collection>(ExpressionKind::kRow, position);
  row->items.push_back(std::move(first));
  while (AcceptSymbol(",")) row->items.push_back(ParseExpression());
  ExpectSymbol(")");
  return row;
}

ExpressionPtr Parser::ParseLambda() {
  const Nested nested(*this);
  auto lambda = std::make_unique<Lambda>(ExpressionKind::kLambda, Current().position);
  if (AcceptSymbol("(")) {
    if (!NextSymbol(")")) {
      do {
        lambda->parameters.push_back(ParseName());
      } while (AcceptSymbol(","));
    }
    ExpectSymbol(")");
  } else {
    lambda->parameters.push_back(ParseName());
  }
  ExpectSymbol("->");
  lambda->body = ParseExpression();
  return lambda;
}

// Words that could be names: a typed literal, an array, an interval, a call, a lambda, or just the name.
ExpressionPtr Parser::ParseKeywordForm() {
  const base::SqlPosition position = Current().position;
  const bool word = Current().kind == TokenKind::kWord;
  if (NextSymbol("->", 1)) return ParseLambda();
  if (word && Next("ARRAY") && NextSymbol("[", 1)) {
    auto array = std::make_unique<Collection>(ExpressionKind::kArray, position);
    Advance();
    Advance();
    if (!AcceptSymbol("]")) array->items = ParseExpressionList("]");
    return array;
  }
  if (word && Next("ROW") && NextSymbol("(", 1)) {
    auto row = std::make_unique<Collection>(ExpressionKind::kRow, position);
    Advance();
    Advance();
    row->items = ParseExpressionList(")");
    return row;
  }
  if (word && Next("INTERVAL") && (Ahead(1).kind == TokenKind::kString || NextSymbol("-", 1) || NextSymbol("+", 1)) &&
      (Ahead(1).kind == TokenKind::kString || Ahead(2).kind == TokenKind::kString)) {
    return ParseInterval();
  }
  if (word && Next("TRY_CAST") && NextSymbol("(", 1)) return ParseCast(true);
  if (word && Next("SUBSTRING") && NextSymbol("(", 1)) return ParseSubstring();
  if (word && Next("POSITION") && NextSymbol("(", 1)) return ParsePosition();
  if (word && Next("OVERLAY") && NextSymbol("(", 1)) return ParseOverlay();
  const bool double_precision = Next("DOUBLE") && Next("PRECISION", 1) && Ahead(2).kind == TokenKind::kString;
  if (double_precision || Ahead(1).kind == TokenKind::kString) {
    auto literal = std::make_unique<GenericLiteral>(ExpressionKind::kGenericLiteral, position);
    literal->type_name = ToLower(UnquotedText(Current()));
    if (literal->type_name == "int") literal->type_name = "integer";
    Advance();
    if (double_precision) Advance();
    literal->value = UnquotedText(Current());
    Advance();
    return literal;
  }
  if (word && (Next("RUNNING") || Next("FINAL")) && IsNameToken(Ahead(1)) && NextSymbol("(", 2)) {
    const auto processing = Next("FINAL") ? Call::Processing::kFinal : Call::Processing::kRunning;
    Advance();
    return ParseCall(ParseQualifiedName(), position, processing);
  }
  std::size_t ahead = 1;
  while (NextSymbol(".", ahead) && IsNameToken(Ahead(ahead + 1))) ahead += 2;
  if (NextSymbol("(", ahead)) return ParseCall(ParseQualifiedName(), position);
  auto identifier = std::make_unique<Identifier>(ExpressionKind::kIdentifier, position);
  identifier->name = ParseName();
  return identifier;
}

// Reserved words that begin an expression.
ExpressionPtr Parser::ParseReservedForm() {
  const base::SqlPosition position = Current().position;
  if (Next("NULL") || Next("TRUE") || Next("FALSE")) {
    const ExpressionKind kind = Next("NULL") ? ExpressionKind::kNull : ExpressionKind::kBoolean;
    auto literal = MakeLiteral(kind, position, ToLower(Current().text));
    Advance();
    return literal;
  }
  if (Next("CASE")) return ParseCase();
  if (Next("CAST")) return ParseCast(false);
  if (Next("EXTRACT")) return ParseExtract();
  if (Next("TRIM")) return ParseTrim();
  if (Next("NORMALIZE")) return ParseNormalize();
  if (Next("LISTAGG")) return ParseListagg();
  if (IsOneOf(Current(), kCurrentValues)) return ParseCurrentValue();
  if (Next("EXISTS")) {
    auto exists = std::make_unique<Subquery>(ExpressionKind::kExists, position);
    Advance();
    ExpectSymbol("(");
    exists->query = ParseQuery();
    ExpectSymbol(")");
    return exists;
  }
  if (Next("GROUPING")) {
    auto grouping = std::make_unique<Grouping>(ExpressionKind::kGrouping, position);
    Advance();
    ExpectSymbol("(");
    if (!AcceptSymbol(")")) grouping->columns = ParseExpressionList(")");
    return grouping;
  }
  if (Next("JSON_EXISTS")) return ParseJsonPathCall(JsonPathCallKind::kExists);
  if (Next("JSON_VALUE")) return ParseJsonPathCall(JsonPathCallKind::kValue);
  if (Next("JSON_QUERY")) return ParseJsonPathCall(JsonPathCallKind::kQuery);
  if (Next("JSON_ARRAY")) return ParseJsonArray();
  if (Next("JSON_OBJECT")) return ParseJsonObject();
  Expecting("<expression>");
  Mismatch();
  return Placeholder(position);
}

ExpressionPtr Parser::ParseInterval() {
  auto interval = std::make_unique<IntervalLiteral>(ExpressionKind::kInterval, Current().position);
  Advance();
  interval->negative = NextSymbol("-");
  if (NextSymbol("-") || NextSymbol("+")) Advance();
  interval->value = UnquotedText(Current());
  Advance();
  const auto unit = [this](IntervalUnit smallest) {
    for (std::size_t i = static_cast<std::size_t>(smallest); i < kIntervalUnits.size(); ++i) {
      if (Accept(kIntervalUnits[i])) return static_cast<IntervalUnit>(i);
    }
    Mismatch();
    return smallest;
  };
  interval->from = unit(IntervalUnit::kYear);
  if (Next("TO")) {
    Advance();
    if (interval->from == IntervalUnit::kSecond) Mismatch();
    interval->to = unit(static_cast<IntervalUnit>(static_cast<int>(interval->from) + 1));
  }
  return interval;
}

ExpressionPtr Parser::ParseCase() {
  auto node = std::make_unique<Case>(ExpressionKind::kCase, Current().position);
  Advance();
  if (!At("WHEN")) node->operand = ParseExpression();
  do {
    Case::When when;
    Expect("WHEN");
    when.condition = ParseExpression();
    Expect("THEN");
    when.result = ParseExpression();
    node->whens.push_back(std::move(when));
  } while (At("WHEN"));
  if (Accept("ELSE")) node->otherwise = ParseExpression();
  Expect("END");
  return node;
}

ExpressionPtr Parser::ParseCast(bool try_cast) {
  auto cast = std::make_unique<Cast>(ExpressionKind::kCast, Current().position);
  cast->try_cast = try_cast;
  Advance();
  ExpectSymbol("(");
  cast->operand = ParseExpression();
  Expect("AS");
  cast->type_position = Current().position;
  cast->type = ParseType();
  ExpectSymbol(")");
  return cast;
}

ExpressionPtr Parser::ParseExtract() {
  auto extract = std::make_unique<Extract>(ExpressionKind::kExtract, Current().position);
  Advance();
  ExpectSymbol("(");
  extract->field = ToLower(ParseName().value);
  Expect("FROM");
  extract->source = ParseValue();
  ExpectSymbol(")");
  if (std::ranges::find(kExtractFields, extract->field) == kExtractFields.end())
    Fail(extract->position, "Invalid EXTRACT field: " + extract->field);
  return extract;
}

// TRIM([BOTH | LEADING | TRAILING] [characters] FROM source), TRIM(source[, characters])
ExpressionPtr Parser::ParseTrim() {
  auto trim = std::make_unique<Trim>(ExpressionKind::kTrim, Current().position);
  Advance();
  ExpectSymbol("(");
  const bool side_given = Next("BOTH") || Next("LEADING") || Next("TRAILING");
  if (side_given && !NextSymbol(")", 1) && !NextSymbol(",", 1)) {
    if (Next("LEADING")) trim->side = TrimSide::kLeading;
    if (Next("TRAILING")) trim->side = TrimSide::kTrailing;
    Advance();
    if (!At("FROM")) trim->characters = ParseValue();
    Expect("FROM");
    trim->source = ParseValue();
  } else {
    if (!Accept("FROM")) {
      ExpressionPtr first = ParseValue();
      if (Accept("FROM")) {
        trim->characters = std::move(first);
      } else {
        trim->source = std::move(first);
        if (AcceptSymbol(",")) trim->characters = ParseValue();
      }
    }
    if (!trim->source) trim->source = ParseValue();
  }
  ExpectSymbol(")");
  return trim;
}

// SUBSTRING(s FROM a [FOR n]) becomes the call substring(s, a, n).
ExpressionPtr Parser::ParseSubstring() {
  const base::SqlPosition position = Current().position;
  auto call = std::make_unique<Call>(ExpressionKind::kCall, position);
  call->name.push_back(ParseName());
  ExpectSymbol("(");
  call->arguments.push_back(ParseExpression());
  if (Accept("FROM")) {
    call->arguments.push_back(ParseValue());
    if (Accept("FOR")) call->arguments.push_back(ParseValue());
  } else {
    while (AcceptSymbol(",")) call->arguments.push_back(ParseExpression());
  }
  ExpectSymbol(")");
  return call;
}

// POSITION(a IN b) becomes the call strpos(b, a).
ExpressionPtr Parser::ParsePosition() {
  const base::SqlPosition position = Current().position;
  auto call = std::make_unique<Call>(ExpressionKind::kCall, position);
  call->name.push_back({.value = "strpos", .position = position});
  Advance();
  ExpectSymbol("(");
  ExpressionPtr part = ParseValue();
  Expect("IN");
  call->arguments.push_back(ParseValue());
  call->arguments.push_back(std::move(part));
  ExpectSymbol(")");
  return call;
}

// NORMALIZE(s[, form]) becomes the call normalize(s, 'FORM').
ExpressionPtr Parser::ParseNormalize() {
  const base::SqlPosition position = Current().position;
  auto call = std::make_unique<Call>(ExpressionKind::kCall, position);
  call->name.push_back({.value = "normalize", .position = position});
  Advance();
  ExpectSymbol("(");
  call->arguments.push_back(ParseValue());
  std::string form = "NFC";
  if (AcceptSymbol(",")) {
    form = ToUpper(Current().text);
    if (form != "NFC" && form != "NFD" && form != "NFKC" && form != "NFKD") {
      for (const std::string_view one : {"'NFC'", "'NFD'", "'NFKC'", "'NFKD'"}) Expecting(one);
      Mismatch();
    }
    Advance();
  }
  call->arguments.push_back(MakeLiteral(ExpressionKind::kString, position, form));
  ExpectSymbol(")");
  return call;
}

ExpressionPtr Parser::ParseCurrentValue() {
  auto value = std::make_unique<CurrentValue>(ExpressionKind::kCurrentValue, Current().position);
  value->name = ToLower(Current().text);
  Advance();
  const bool takes_precision = value->name.ends_with("time") || value->name.ends_with("timestamp");
  if (takes_precision && AcceptSymbol("(")) {
    const std::int64_t precision = ParseTypeNumber();
    if (precision > 12) Fail(value->position, "Precision must be in range [0, 12]: " + std::to_string(precision));
    value->precision = static_cast<int>(precision);
    ExpectSymbol(")");
  }
  return value;
}

}  // namespace tarn::sql
