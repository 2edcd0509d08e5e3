#include "sql/lexer.h"

#include <algorithm>
#include <array>

#include "sql/text.h"

namespace tarn::sql {
namespace {

bool IsNameCharacter(char c) { return IsLetter(c) || IsDigit(c) || c == '_'; }
bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

class Lexer final {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> Run() {
    std::vector<Token> tokens;
    tokens.reserve(text_.size() / 4 + 1);
    while (SkipBlanks()) {
      const std::size_t start = offset_;
      Token token{.kind = TokenKind::kUnrecognized, .position = position_};
      std::size_t length = Scan(start, token.kind);
      token.text = text_.substr(start, length);
      token.reserved = token.kind == TokenKind::kWord && IsReserved(token.text);
      tokens.push_back(token);
      MoveTo(start + length);
    }
    tokens.push_back({.kind = TokenKind::kEnd, .text = {}, .position = position_});
    return tokens;
  }

 private:
  [[nodiscard]] char At(std::size_t offset) const { return offset < text_.size() ? text_[offset] : '\0'; }

  void MoveTo(std::size_t offset) {
    for (; offset_ < offset; ++offset_) {
      const auto byte = static_cast<unsigned char>(text_[offset_]);
      if (byte == '\n') {
        ++position_.line;
        position_.column = 1;
      } else if ((byte & 0xC0U) != 0x80U) {
        ++position_.column;
      }
    }
  }

  // Moves past blanks and comments; false at the end of the text.
  bool SkipBlanks() {
    while (offset_ < text_.size()) {
      if (IsBlank(text_[offset_])) {
        MoveTo(offset_ + 1);
      } else if (text_.substr(offset_).starts_with("--")) {
        MoveTo(std::min(text_.find('\n', offset_), text_.size()));
      } else if (text_.substr(offset_).starts_with("/*") && text_.find("*/", offset_ + 2) != std::string_view::npos) {
        MoveTo(text_.find("*/", offset_ + 2) + 2);
      } else {
        return true;
      }
    }
    return false;
  }

  // The length of the token at `start`; at least one.
  std::size_t Scan(std::size_t start, TokenKind& kind) const {
    const char c = At(start);
    if (c == '\'') return Quoted(start, 0, TokenKind::kString, kind);
    if (c == '"') return Quoted(start, 0, TokenKind::kQuotedIdentifier, kind);
    if (c == '`') return Quoted(start, 0, TokenKind::kBackquoted, kind);
    if ((c == 'x' || c == 'X') && At(start + 1) == '\'') {
      if (const std::size_t length = Quoted(start, 1, TokenKind::kBinary, kind); length > 1) return length;
    }
    if ((c == 'u' || c == 'U') && At(start + 1) == '&' && At(start + 2) == '\'') {
      if (const std::size_t length = Quoted(start, 2, TokenKind::kUnicodeString, kind); length > 1) return length;
    }
    if (IsLetter(c) || c == '_') {
      kind = TokenKind::kWord;
      return Run(start, IsNameCharacter);
    }
    if (IsDigit(c) || (c == '.' && IsDigit(At(start + 1)))) return Number(start, kind);
    return Symbol(start, kind);
  }

  template <class Predicate>
  [[nodiscard]] std::size_t Run(std::size_t start, Predicate predicate) const {
    std::size_t end = start;
    while (end < text_.size() && predicate(text_[end])) ++end;
    return end - start;
  }

  // A quoted token whose prefix has `prefix` characters; when it is never closed, one unrecognized character.
  std::size_t Quoted(std::size_t start, std::size_t prefix, TokenKind wanted, TokenKind& kind) const {
    const char quote = At(start + prefix);
    for (std::size_t i = start + prefix + 1; i < text_.size(); ++i) {
      if (text_[i] != quote) continue;
      if (At(i + 1) == quote) {
        ++i;
        continue;
      }
      kind = wanted;
      return i + 1 - start;
    }
    kind = TokenKind::kUnrecognized;
    return 1;
  }

  // Digits with single underscores between them.
  template <class Predicate>
  [[nodiscard]] std::size_t Digits(std::size_t start, Predicate is_digit) const {
    std::size_t end = start;
    while (is_digit(At(end)) || (end > start && At(end) == '_' && is_digit(At(end + 1)))) ++end;
    return end - start;
  }

  std::size_t Number(std::size_t start, TokenKind& kind) const {
    std::size_t end = start;
    kind = TokenKind::kInteger;
    if (const std::size_t prefixed = PrefixedInteger(start); prefixed > 0) {
      end = start + prefixed;
    } else {
      end += Digits(end, IsDigit);
      if (At(end) == '.') {
        kind = TokenKind::kDecimal;
        ++end;
        end += Digits(end, IsDigit);
      }
      if (const std::size_t exponent = Exponent(end); exponent > 0) {
        kind = TokenKind::kDouble;
        end += exponent;
      }
    }
    if (kind == TokenKind::kInteger && IsNameCharacter(At(end))) {
      kind = TokenKind::kDigitIdentifier;
      return Run(start, IsNameCharacter);
    }
    return end - start;
  }

  [[nodiscard]] std::size_t PrefixedInteger(std::size_t start) const {
    if (At(start) != '0') return 0;
    const auto after_prefix = [&](auto is_digit) -> std::size_t {
      const std::size_t digits = Digits(start + 2, is_digit);
      return digits == 0 ? 0 : digits + 2;
    };
    switch (At(start + 1)) {
      case 'x':
      case 'X':
        return after_prefix([](char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
      case 'o':
      case 'O': return after_prefix([](char c) { return c >= '0' && c <= '7'; });
      case 'b':
      case 'B': return after_prefix([](char c) { return c == '0' || c == '1'; });
      default: return 0;
    }
  }

  [[nodiscard]] std::size_t Exponent(std::size_t start) const {
    if (At(start) != 'e' && At(start) != 'E') return 0;
    const std::size_t sign = At(start + 1) == '+' || At(start + 1) == '-' ? 1 : 0;
    const std::size_t digits = Run(start + 1 + sign, IsDigit);
    return digits == 0 ? 0 : 1 + sign + digits;
  }

  std::size_t Symbol(std::size_t start, TokenKind& kind) const {
    static constexpr std::array<std::string_view, 8> kPairs = {"<>", "<=", ">=", "!=", "||", "->", "=>", "::"};
    static constexpr std::string_view kSingle = "(),.+-*/%=<>?[]:;{}|^$";
    kind = TokenKind::kSymbol;
    const std::string_view pair = text_.substr(start, 2);
    if (std::ranges::find(kPairs, pair) != kPairs.end()) return 2;
    if (kSingle.find(At(start)) != std::string_view::npos) return 1;
    kind = TokenKind::kUnrecognized;
    std::size_t length = 1;
    while ((static_cast<unsigned char>(At(start + length)) & 0xC0U) == 0x80U) ++length;
    return length;
  }

  std::string_view text_;
  std::size_t offset_ = 0;
  base::SqlPosition position_;
};

}  // namespace

std::vector<Token> Tokenize(std::string_view text) { return Lexer(text).Run(); }

}  // namespace tarn::sql
