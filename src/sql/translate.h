// The door of the Trino front end: text in, engine SQL out. Knows neither DuckDB nor the network.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace tarn::sql {

// Catalog, schema and table as written, quotes removed; missing parts are taken from the session.
struct QualifiedName {
  std::string catalog;
  std::string schema;
  std::string table;
  auto operator<=>(const QualifiedName&) const = default;
};

// A column that a statement may name. `type` is Trino type text such as "decimal(12,2)".
// Hidden columns can be named, but `*` does not show them.
struct ResolvedColumn {
  std::string name;
  std::string type;
  bool hidden = false;
  bool operator==(const ResolvedColumn&) const = default;
};

// What a name stands for: an engine relation, or a view in Trino SQL that is expanded in place.
struct ResolvedTable {
  QualifiedName name;
  std::vector<ResolvedColumn> columns;
  std::string engine_sql;                // legal after FROM, without alias; yields the columns under their names
  std::optional<std::string> view_text;  // instead of engine_sql; parsed and resolved with the same resolver
  std::string view_catalog = {};  // where the view's unqualified names are looked for; empty: where the statement's are
  std::string view_schema = {};
  std::string view_scope = {};  // whose names the view uses, in the resolver's terms; empty: as what is around it
  bool momentary = false;       // stands for the name in this statement alone, as rows that were made for it do
  bool operator==(const ResolvedTable&) const = default;
};

// What a statement's WHERE demands of a column of the only table in its FROM: one of these texts.
struct ColumnFilter {
  std::string column;  // lower case
  std::vector<std::string> values;
  bool operator==(const ColumnFilter&) const = default;
};

// Finds tables for one statement of one caller, who sees his project only.
class TableResolver {
 public:
  virtual ~TableResolver() = default;
  // Errors: NotFound with code CATALOG_NOT_FOUND, SCHEMA_NOT_FOUND or TABLE_NOT_FOUND; Unavailable.
  [[nodiscard]] virtual base::Result<ResolvedTable> Resolve(const QualifiedName& name) = 0;
  // The same where only rows that pass the filters are needed; more rows do no harm.
  [[nodiscard]] virtual base::Result<ResolvedTable> ResolveFiltered(const QualifiedName& name,
                                                                    const std::vector<ColumnFilter>&) {
    return Resolve(name);
  }
  // The same inside a view of another scope (ResolvedTable::view_scope); an empty one is the statement's own.
  [[nodiscard]] virtual base::Result<ResolvedTable> ResolveIn(const std::string& scope, const QualifiedName& name,
                                                              const std::vector<ColumnFilter>& filters) {
    if (!scope.empty()) return base::NotSupported("Names of another scope are not known here");
    return ResolveFiltered(name, filters);
  }
};

struct SessionContext {
  std::string catalog;  // empty: names must say theirs
  std::string schema;
  std::string time_zone = "UTC";
  std::string user;
};

// One output column. Where the engine's own type does not say it, `type` gives the Trino type
// text to show (varchar(3), timestamp(0), char(4), interval …); empty: the engine's type says it.
// `table` is set where the column is a plain column of one table.
struct OutputColumn {
  std::string name;
  std::string type;
  std::optional<QualifiedName> table;
  std::string table_column;  // the column's name in `table`
};

// A column of a table, as its source spells both.
struct ColumnOrigin {
  QualifiedName table;
  std::string column;
  auto operator<=>(const ColumnOrigin&) const = default;
};

// Where a value comes from: the columns of tables that it is made of, and how, where it is not one of them as it is.
struct Lineage {
  std::vector<ColumnOrigin> columns = {};  // each once
  std::string expression = {};             // in Trino SQL, or empty
};

// Which offset of the engine SQL came from which place of the caller's text.
struct SourceMapEntry {
  std::size_t engine_offset = 0;
  base::SqlPosition position;
};

struct Translation {
  std::string engine_sql;
  std::vector<SourceMapEntry> source_map;  // ascending by engine_offset
  std::vector<OutputColumn> columns;
  std::vector<QualifiedName> tables;  // all tables that are read, each once
};

// A parsed statement; immutable, can be translated any number of times, also from several threads.
class Statement;
class ParsedStatement final {
 public:
  explicit ParsedStatement(std::unique_ptr<const Statement> statement);
  ParsedStatement(ParsedStatement&&) noexcept;
  ParsedStatement& operator=(ParsedStatement&&) noexcept;
  ~ParsedStatement();

  [[nodiscard]] const Statement& statement() const { return *statement_; }
  // Trino's name of the statement's class: "Query", "Insert", "CreateTableAsSelect", "Drop" …
  [[nodiscard]] std::string_view kind() const;
  [[nodiscard]] bool IsQuery() const;
  [[nodiscard]] std::size_t parameter_count() const;

 private:
  std::unique_ptr<const Statement> statement_;
};

// Parses exactly one statement of Trino's grammar. A trailing semicolon is accepted when
// `allow_semicolon` (REST), and a syntax error otherwise (Trino protocol).
// Errors: InvalidArgument with code SYNTAX_ERROR and a position; NotSupported with a position.
[[nodiscard]] base::Result<ParsedStatement> Parse(std::string_view text, bool allow_semicolon = true);

// Writes a query as engine SQL. `parameters` are texts for the `?` of the statement, in order;
// nullopt is NULL; there must be as many as parameter_count().
// Errors: NotFound (COLUMN_NOT_FOUND, TABLE_NOT_FOUND, FUNCTION_NOT_FOUND …), InvalidArgument
// (TYPE_MISMATCH, INVALID_PARAMETER_USAGE …), NotSupported; each with a position.
[[nodiscard]] base::Result<Translation> Translate(const ParsedStatement& statement, const SessionContext& session,
                                                  TableResolver& resolver,
                                                  const std::vector<std::optional<std::string>>& parameters = {});

// The position in the caller's text for an offset in the engine SQL: the last entry at or before it.
[[nodiscard]] std::optional<base::SqlPosition> Locate(const Translation& translation, std::size_t engine_offset);

// A name as Trino SQL: in double quotes, inner ones doubled.
[[nodiscard]] std::string QuoteIdentifier(std::string_view name);
// A text as an SQL literal: in single quotes, inner ones doubled.
[[nodiscard]] std::string QuoteLiteral(std::string_view text);

}  // namespace tarn::sql
