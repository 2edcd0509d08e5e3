// Names, patterns and errors that the families of statements share.
#include <algorithm>

#include "query/statement_call.h"
#include "sql/text.h"
#include "sql/token.h"

namespace tarn::query {

std::unexpected<base::Error> Failed(std::string code, std::string message, std::optional<base::SqlPosition> position) {
  const bool missing = code.ends_with("NOT_FOUND");
  auto failed = missing ? base::NotFound(std::move(message)) : base::InvalidArgument(std::move(message));
  failed.error().code = std::move(code);
  failed.error().position = position;
  return failed;
}

std::unexpected<base::Error> Unsupported(std::string message, std::optional<base::SqlPosition> position) {
  auto failed = base::NotSupported(std::move(message));
  failed.error().position = position;
  return failed;
}

base::Result<sql::QualifiedName> FullName(const StatementCall& call, const sql::TableName& name) {
  const auto count = name.parts.size();
  if (count == 0 || count > 3) return Failed("SYNTAX_ERROR", "Too many dots in table name", name.position);
  sql::QualifiedName full{.catalog = count > 2 ? sql::ToLower(name.parts[0].value) : call.session.catalog,
                          .schema = count > 1 ? sql::ToLower(name.parts[count - 2].value) : call.session.schema,
                          .table = sql::ToLower(name.parts.back().value)};
  if (full.schema.empty())
    return Failed("MISSING_SCHEMA_NAME", "Schema must be specified when session schema is not set", name.position);
  if (full.catalog.empty())
    return Failed("MISSING_CATALOG_NAME", "Catalog must be specified when session catalog is not set", name.position);
  return full;
}

base::Result<sql::QualifiedName> FullSchemaName(const StatementCall& call, const sql::TableName& name) {
  const auto count = name.parts.size();
  if (count > 2) return Failed("SYNTAX_ERROR", "Too many parts in schema name: " + name.parts[0].value, name.position);
  sql::QualifiedName full{.catalog = count > 1 ? sql::ToLower(name.parts[0].value) : call.session.catalog,
                          .schema = count > 0 ? sql::ToLower(name.parts.back().value) : call.session.schema,
                          .table = ""};
  const base::SqlPosition position = count > 0 ? name.position : base::SqlPosition{};
  if (full.catalog.empty())
    return Failed("MISSING_CATALOG_NAME", "Catalog must be specified when session catalog is not set", position);
  if (full.schema.empty())
    return Failed("MISSING_SCHEMA_NAME", "Schema must be specified when session schema is not set", position);
  return full;
}

std::string Spelled(const sql::QualifiedName& name) {
  std::string text = name.catalog + "." + name.schema;
  if (!name.table.empty()) text += "." + name.table;
  return text;
}

std::string ShownName(std::string_view name) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || sql::IsDigit(c) || c == '_'; };
  if (!name.empty() && !sql::IsDigit(name[0]) && std::ranges::all_of(name, plain) &&
      !sql::IsReserved(sql::ToUpper(name)))
    return std::string(name);
  return sql::QuoteIdentifier(name);
}

base::Result<bool> MatchesLike(std::string_view text, std::string_view pattern,
                               const std::optional<std::string>& escape) {
  if (escape && escape->size() != 1)
    return Failed("INVALID_FUNCTION_ARGUMENT", "Escape string must be a single character");
  // Greedy with one place to come back to: the last %.
  std::size_t at = 0, in = 0, star = std::string_view::npos, mark = 0;
  const auto escaped = [&](std::size_t i) { return escape && pattern[i] == (*escape)[0] && i + 1 < pattern.size(); };
  while (at < text.size()) {
    if (in < pattern.size() && escaped(in) && pattern[in + 1] == text[at]) {
      in += 2;
      ++at;
    } else if (in < pattern.size() && !escaped(in) && pattern[in] == '%') {
      star = in++;
      mark = at;
    } else if (in < pattern.size() && !escaped(in) && (pattern[in] == '_' || pattern[in] == text[at])) {
      ++in;
      ++at;
    } else if (star != std::string_view::npos) {
      in = star + 1;
      at = ++mark;
    } else {
      return false;
    }
  }
  while (in < pattern.size() && pattern[in] == '%') ++in;
  return in == pattern.size();
}

}  // namespace tarn::query
