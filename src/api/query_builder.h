// The builder form of Execute Query as Trino SQL text. Pure: text comes out of values, every name is
// quoted and every value is a literal, so nothing that a caller writes is ever SQL by itself.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "sql/translate.h"

namespace tarn::api {

// A table of the builder's `from`, its catalog by name. `types` are Trino type texts by lower-case
// column name; they let a text be compared with a date or a number. May be empty.
struct BuilderTable {
  sql::QualifiedName name;
  std::string catalog_id;
  std::map<std::string, std::string, std::less<>> types;
};

struct BuilderQuery {
  std::vector<BuilderTable> from;     // at least one; several are joined without a condition of their own
  std::vector<std::string> columns;   // empty: all
  boost::json::value filters;         // null: none
  std::vector<std::string> order_by;  // "col", "col ASC" or "col DESC"
  std::optional<std::int64_t> limit;
  std::optional<std::int64_t> offset;
};

// Errors: InvalidArgument with the path of the offending field.
[[nodiscard]] base::Result<std::string> WriteStatement(const BuilderQuery& query);

// The WHERE condition of a filter, empty where it says nothing. A filter is {"and": [...]} or
// {"or": [...]} whose items are filters again or triples [{"column": {...}}, "operator", [values]].
[[nodiscard]] base::Result<std::string> WriteFilter(const boost::json::value& filter,
                                                    const std::vector<BuilderTable>& from);

// "catalog.schema.table", where a part in double quotes may hold dots.
// Errors: InvalidArgument unless there are three parts, none of them empty.
[[nodiscard]] base::Result<sql::QualifiedName> ReadQualifiedName(std::string_view text);

// SELECT of a whole table.
[[nodiscard]] std::string WriteWholeTable(const sql::QualifiedName& name);

}  // namespace tarn::api
