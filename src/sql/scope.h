// What names mean at a place of a query: the fields of the relations in sight, innermost first.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sql/translate.h"
#include "sql/type.h"

namespace tarn::sql {

// A column that can be named, and the engine SQL that stands for it.
struct Field {
  std::string name = {};                    // empty: cannot be named
  std::vector<std::string> qualifier = {};  // {alias}, or {catalog, schema, table}; empty: cannot be qualified
  std::string sql = {};
  Type type = {};
  bool hidden = false;                      // `*` does not show it
  std::optional<QualifiedName> table = {};  // set for a plain column of one table
  std::string table_column = {};
  std::shared_ptr<const Lineage> lineage = {};  // null where nobody wants to know, and for what is of no column
};

// One level of names. The fields of a query's FROM make a scope; the scope around a subquery is its parent.
// A scope with the level of its parent (lambda parameters, select aliases under ORDER BY) belongs to the same query.
struct Scope {
  const Scope* parent = nullptr;
  int level = 0;  // of the query; 0 is none
  std::vector<Field> fields = {};
  bool refused = false;  // found, but not to be used: the left side of a RIGHT or FULL JOIN
};

struct FoundField {
  const Field* field = nullptr;  // null: not found, or ambiguous
  int level = 0;
  bool ambiguous = false;
  bool refused = false;
};

// The field with this name, whose qualifier ends with `qualifier`; the innermost scope that has one decides.
[[nodiscard]] FoundField FindField(const Scope* scope, const std::vector<std::string>& qualifier,
                                   const std::string& name);

// Whether the field's relation may be called this.
[[nodiscard]] bool MatchesQualifier(const Field& field, const std::vector<std::string>& qualifier);

}  // namespace tarn::sql
