#include "sql/scope.h"

#include <algorithm>

#include "sql/text.h"

namespace tarn::sql {

bool MatchesQualifier(const Field& field, const std::vector<std::string>& qualifier) {
  if (qualifier.size() > field.qualifier.size()) return false;
  return std::equal(qualifier.rbegin(), qualifier.rend(), field.qualifier.rbegin(), EqualsIgnoreCase);
}

FoundField FindField(const Scope* scope, const std::vector<std::string>& qualifier, const std::string& name) {
  for (; scope != nullptr; scope = scope->parent) {
    FoundField found{.level = scope->level, .refused = scope->refused};
    for (const Field& field : scope->fields) {
      if (field.name.empty() || !EqualsIgnoreCase(field.name, name) || !MatchesQualifier(field, qualifier)) continue;
      if (found.field != nullptr) return {.level = scope->level, .ambiguous = true};
      found.field = &field;
    }
    if (found.field != nullptr) return found;
  }
  return {};
}

}  // namespace tarn::sql
