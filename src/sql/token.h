// What the lexer gives the parser.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"
#include "sql/text.h"

namespace tarn::sql {

enum class TokenKind {
  kEnd,
  kWord,              // keyword or unquoted identifier
  kQuotedIdentifier,  // "…"
  kBackquoted,        // `…`, refused by the parser with a hint
  kDigitIdentifier,   // 1a, refused by the parser with a hint
  kString,            // '…'
  kUnicodeString,     // U&'…'
  kBinary,            // X'…'
  kInteger,           // 1, 1_000, 0x1F, 0o17, 0b101
  kDecimal,           // 1.5, .5, 5.
  kDouble,            // 1e3, 1.5E-2
  kSymbol,            // ( ) , . + - * / % || = <> != < <= > >= -> => ? [ ] : :: ; { } | @ …
  kUnrecognized,      // one character that begins no token
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  bool reserved = false;       // a word that cannot be an identifier
  std::string_view text = {};  // as written, quotes included
  base::SqlPosition position = {};
};

// The value of a quoted token: quotes and prefix removed, doubled quotes made single.
[[nodiscard]] std::string UnquotedText(const Token& token);

// Whether the token is this keyword, which is given in upper case, or this symbol.
[[nodiscard]] inline bool IsWord(const Token& token, std::string_view keyword) {
  return token.kind == TokenKind::kWord && token.text.size() == keyword.size() && EqualsIgnoreCase(token.text, keyword);
}
[[nodiscard]] inline bool IsSymbol(const Token& token, std::string_view symbol) {
  return token.kind == TokenKind::kSymbol && token.text == symbol;
}

// Whether the word, in any case, is reserved in Trino.
[[nodiscard]] bool IsReserved(std::string_view word);

}  // namespace tarn::sql
