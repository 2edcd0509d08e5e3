// Engine SQL text: names and literals.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace tarn::connector {

// `text` between two `quote` marks, inner ones doubled.
[[nodiscard]] inline std::string Quoted(std::string_view text, char quote) {
  std::string quoted(1, quote);
  for (const char c : text) {
    if (c == quote) quoted += quote;
    quoted += c;
  }
  return quoted += quote;
}

// A name for the engine, for PostgreSQL and for SQLite alike.
[[nodiscard]] inline std::string Name(std::string_view name) { return Quoted(name, '"'); }
// A text literal for the engine and SQLite, and for PostgreSQL with standard_conforming_strings.
[[nodiscard]] inline std::string Literal(std::string_view text) { return Quoted(text, '\''); }

// `pattern` with each mark replaced by its text, in one pass: what a text holds is never taken for a mark.
[[nodiscard]] inline std::string Fill(std::string_view pattern,
                                      std::initializer_list<std::pair<std::string_view, std::string_view>> marks) {
  std::string filled;
  while (!pattern.empty()) {
    std::string_view text = pattern.substr(0, 1);
    std::size_t length = 1;
    for (const auto& [mark, replacement] : marks) {
      if (!pattern.starts_with(mark)) continue;
      text = replacement;
      length = mark.size();
      break;
    }
    filled += text;
    pattern.remove_prefix(length);
  }
  return filled;
}

// A name as it stands inside of a text literal: quoted, without the literal's own marks.
[[nodiscard]] inline std::string NameInLiteral(std::string_view name) {
  const auto literal = Literal(Name(name));
  return literal.substr(1, literal.size() - 2);
}

}  // namespace tarn::connector
