#include "connector/names.h"

#include <set>

namespace tarn::connector {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string Folded(std::string_view name) {
  std::string folded(name);
  std::ranges::transform(folded, folded.begin(), Lower);
  return folded;
}

}  // namespace

bool SameName(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, {}, Lower, Lower);
}

void MakeNamesUnique(std::vector<ColumnInfo>& columns) {
  // A name that is free to begin with is not taken by another column's suffix.
  std::set<std::string> given;
  std::set<std::string> wanted;
  for (const auto& column : columns) wanted.insert(Folded(column.source_name));
  for (auto& column : columns) {
    column.name = column.source_name;
    for (int suffix = 2; !given.insert(Folded(column.name)).second; ++suffix) {
      do {
        column.name = fmt::format("{}_{}", column.source_name, suffix);
      } while (wanted.contains(Folded(column.name)) && ++suffix > 0);
    }
  }
}

std::size_t FindName(const std::vector<std::string>& names, std::string_view name) {
  std::size_t found = names.size();
  int matches = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return i;
    if (!SameName(names[i], name)) continue;
    found = i;
    ++matches;
  }
  return matches == 1 ? found : names.size();
}

std::unexpected<base::Error> NoSuchSchema(std::string_view schema) {
  return base::NotFound(fmt::format("The source has no such schema: \"{}\"", schema), "SCHEMA_NOT_FOUND");
}

std::unexpected<base::Error> NoSuchTable(const TableName& table) {
  return base::NotFound(fmt::format("The source has no such table: \"{}\".\"{}\"", table.schema, table.table),
                        "TABLE_NOT_FOUND");
}

}  // namespace tarn::connector
