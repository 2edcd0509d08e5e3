#include "sql/translate.h"

#include <algorithm>

#include "sql/parser.h"
#include "sql/translate_query.h"
#include "sql/translator.h"

namespace tarn::sql {

ParsedStatement::ParsedStatement(std::unique_ptr<const Statement> statement) : statement_(std::move(statement)) {}
ParsedStatement::ParsedStatement(ParsedStatement&&) noexcept = default;
ParsedStatement& ParsedStatement::operator=(ParsedStatement&&) noexcept = default;
ParsedStatement::~ParsedStatement() = default;

std::string_view ParsedStatement::kind() const { return statement_->kind; }
bool ParsedStatement::IsQuery() const { return statement_->query != nullptr; }
std::size_t ParsedStatement::parameter_count() const { return statement_->parameter_count; }

base::Result<ParsedStatement> Parse(std::string_view text, bool allow_semicolon) {
  TARN_ASSIGN_OR_RETURN(auto statement, Parser(text).ParseStatement(allow_semicolon));
  return ParsedStatement(std::move(statement));
}

base::Result<Translation> Translate(const ParsedStatement& statement, const SessionContext& session,
                                    TableResolver& resolver,
                                    const std::vector<std::optional<std::string>>& parameters) {
  const auto fail = [](base::Error error, std::string_view code) {
    error.code = code;
    error.position = base::SqlPosition{};
    return std::unexpected(std::move(error));
  };
  if (!statement.IsQuery()) {
    return fail(base::NotSupported("Statement type '" + std::string(statement.kind()) + "' is not allowed").error(),
                "NOT_SUPPORTED");
  }
  if (parameters.size() != statement.parameter_count()) {
    return fail(base::InvalidArgument("Incorrect number of parameters: expected " +
                                      std::to_string(statement.parameter_count()) + " but found " +
                                      std::to_string(parameters.size()))
                    .error(),
                "INVALID_PARAMETER_USAGE");
  }
  return Translator(session, resolver, parameters).Translate(*statement.statement().query);
}

base::Result<Translation> TranslateQuery(const Query& query, const SessionContext& session, TableResolver& resolver,
                                         const Arguments& arguments) {
  Translator translator(session, resolver, arguments.texts);
  if (arguments.expressions != nullptr) translator.UseArguments(*arguments.expressions);
  return translator.Translate(query);
}

base::Result<std::vector<ColumnLineage>> TraceQuery(const Query& query, const SessionContext& session,
                                                    TableResolver& resolver) {
  const std::vector<std::optional<std::string>> no_parameters;
  return Translator(session, resolver, no_parameters).Trace(query);
}

base::Result<Type> ReadType(std::string_view text) { return Parser(text).ParseOneType(); }

std::optional<base::SqlPosition> Locate(const Translation& translation, std::size_t engine_offset) {
  const auto after =
      std::ranges::upper_bound(translation.source_map, engine_offset, {}, &SourceMapEntry::engine_offset);
  if (after == translation.source_map.begin()) return std::nullopt;
  return std::prev(after)->position;
}

}  // namespace tarn::sql
