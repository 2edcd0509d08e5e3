// Types as written in CAST: varchar(3), decimal(10, 2), array(row(x integer)), timestamp(3) with time zone …
#include <algorithm>
#include <charconv>

#include "sql/parser.h"
#include "sql/parser_limits.h"
#include "sql/text.h"

namespace tarn::sql {

Type Parser::ParseType() {
  const Nested nested(*this);
  if (failed()) return {};
  Type type = ParseTypeName();
  while (Next("ARRAY")) {
    Advance();
    type = Type{.name = "array", .children = {std::move(type)}};
    GrowTree(Current().position);
  }
  return type;
}

Type Parser::ParseTypeName() {
  if (!IsNameToken(Current())) {
    Expecting("<type>");
    Mismatch();
    return {};
  }
  const Token token = Current();
  std::string name = ToLower(UnquotedText(token));
  if (name.empty()) Fail(token.position, "Zero-length delimited identifier not allowed");
  // No type is called so; the name keeps its quotes, so that its print is read again.
  if (!std::ranges::all_of(name, [](char c) { return IsLetter(c) || IsDigit(c) || c == '_'; }) || IsDigit(name[0]) ||
      IsReserved(name))
    name = QuoteIdentifier(name);
  Advance();
  if (name == "double") {
    if (Next("PRECISION")) Advance();
    return {.name = std::move(name)};
  }
  if (name == "time" || name == "timestamp") return ParseDatetimeType(std::move(name));
  if (name == "interval") {
    const bool years = Next("YEAR");
    if (!years)
      Expect("DAY");
    else
      Advance();
    Expect("TO");
    Expect(years ? "MONTH" : "SECOND");
    return {.name = years ? "interval year to month" : "interval day to second"};
  }
  if (name == "row" && NextSymbol("(")) return ParseRowType();
  if (name == "int") name = "integer";
  if (name == "dec") name = "decimal";
  Type type{.name = std::move(name)};
  if (!NextSymbol("(")) return type;
  Advance();
  do {
    if (Current().kind == TokenKind::kInteger) {
      type.numbers.push_back(ParseTypeNumber());
    } else {
      type.children.push_back(ParseType());
    }
  } while (AcceptSymbol(","));
  ExpectSymbol(")");
  return type;
}

Type Parser::ParseDatetimeType(std::string name) {
  Type type{.name = std::move(name)};
  if (NextSymbol("(")) {
    Advance();
    type.numbers.push_back(ParseTypeNumber());
    ExpectSymbol(")");
  }
  if ((Next("WITH") || Next("WITHOUT")) && Next("TIME", 1)) {
    if (Next("WITH")) type.name += " with time zone";
    Advance();
    Advance();
    Expect("ZONE");
  }
  return type;
}

// row(x integer, y varchar), row(integer, varchar)
Type Parser::ParseRowType() {
  Type type{.name = "row"};
  ExpectSymbol("(");
  do {
    const bool type_only = NextSymbol(",", 1) || NextSymbol(")", 1) || NextSymbol("(", 1) ||
                           (Next("ARRAY", 1) && !NextSymbol("(", 2)) || Next("PRECISION", 1) || Next("WITH", 1) ||
                           Next("WITHOUT", 1) || (Next("INTERVAL") && (Next("TO", 2)));
    type.field_names.push_back(type_only ? "" : ParseName().value);
    type.children.push_back(ParseType());
  } while (AcceptSymbol(","));
  ExpectSymbol(")");
  return type;
}

std::int64_t Parser::ParseTypeNumber() {
  std::int64_t number = 0;
  const std::string_view text = Current().text;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (Current().kind != TokenKind::kInteger || error != std::errc{} || end != text.data() + text.size()) {
    Expecting("<integer>");
    Mismatch();
    return 0;
  }
  Advance();
  return number;
}

}  // namespace tarn::sql
