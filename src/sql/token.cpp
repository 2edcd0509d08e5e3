#include "sql/token.h"

#include <algorithm>
#include <array>

#include "sql/text.h"

namespace tarn::sql {
namespace {

// Sorted. Every other word of the language can be an identifier.
constexpr auto kReserved = std::to_array<std::string_view>({
    "ALTER",
    "AND",
    "AS",
    "BETWEEN",
    "BY",
    "CASE",
    "CAST",
    "CONSTRAINT",
    "CREATE",
    "CROSS",
    "CUBE",
    "CURRENT_CATALOG",
    "CURRENT_DATE",
    "CURRENT_PATH",
    "CURRENT_ROLE",
    "CURRENT_SCHEMA",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "CURRENT_USER",
    "DEALLOCATE",
    "DELETE",
    "DESCRIBE",
    "DISTINCT",
    "DROP",
    "ELSE",
    "END",
    "ESCAPE",
    "EXCEPT",
    "EXISTS",
    "EXTRACT",
    "FALSE",
    "FOR",
    "FROM",
    "FULL",
    "GROUP",
    "GROUPING",
    "HAVING",
    "IN",
    "INNER",
    "INSERT",
    "INTERSECT",
    "INTO",
    "IS",
    "JOIN",
    "JSON_ARRAY",
    "JSON_EXISTS",
    "JSON_OBJECT",
    "JSON_QUERY",
    "JSON_TABLE",
    "JSON_VALUE",
    "LEFT",
    "LIKE",
    "LISTAGG",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "NATURAL",
    "NORMALIZE",
    "NOT",
    "NULL",
    "ON",
    "OR",
    "ORDER",
    "OUTER",
    "PREPARE",
    "RECURSIVE",
    "RIGHT",
    "ROLLUP",
    "SELECT",
    "SKIP",
    "TABLE",
    "THEN",
    "TRIM",
    "TRUE",
    "UESCAPE",
    "UNION",
    "UNNEST",
    "USING",
    "VALUES",
    "WHEN",
    "WHERE",
    "WITH",
});
static_assert(std::ranges::is_sorted(kReserved));
constexpr std::size_t kLongestReserved = std::ranges::max(kReserved, {}, &std::string_view::size).size();

std::string Undouble(std::string_view inner, char quote) {
  std::string value;
  value.reserve(inner.size());
  for (std::size_t i = 0; i < inner.size(); ++i) {
    value += inner[i];
    if (inner[i] == quote) ++i;  // the lexer saw to it that quotes inside come in pairs
  }
  return value;
}

}  // namespace

std::string UnquotedText(const Token& token) {
  switch (token.kind) {
    case TokenKind::kString: return Undouble(token.text.substr(1, token.text.size() - 2), '\'');
    case TokenKind::kBinary: return std::string(token.text.substr(2, token.text.size() - 3));
    case TokenKind::kUnicodeString: return Undouble(token.text.substr(3, token.text.size() - 4), '\'');
    case TokenKind::kQuotedIdentifier: return Undouble(token.text.substr(1, token.text.size() - 2), '"');
    default: return std::string(token.text);
  }
}

bool IsReserved(std::string_view word) {
  std::array<char, kLongestReserved> upper{};
  if (word.size() > upper.size()) return false;
  std::ranges::transform(word, upper.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; });
  return std::ranges::binary_search(kReserved, std::string_view(upper.data(), word.size()));
}

}  // namespace tarn::sql
