// Engine SQL text: names and literals.
#pragma once

#include <string>
#include <string_view>

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

}  // namespace tarn::connector
