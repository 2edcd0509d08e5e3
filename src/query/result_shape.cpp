#include "query/result_shape.h"

#include <boost/algorithm/string/case_conv.hpp>
#include <set>

namespace tarn::query {

namespace {

std::unexpected<base::Error> Wrong(const char* code, std::string message) {
  auto error = base::InvalidArgument(std::move(message), "columns");
  error.error().code = code;
  return error;
}

base::Result<std::size_t> Find(const std::vector<sql::OutputColumn>& columns, const std::string& name) {
  const auto wanted = boost::algorithm::to_lower_copy(name);
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (boost::algorithm::to_lower_copy(columns[i].name) != wanted) continue;
    if (found) return Wrong("AMBIGUOUS_NAME", "Column name is ambiguous: \"" + name + "\"");
    found = i;
  }
  if (!found) return Wrong("COLUMN_NOT_FOUND", "Column does not exist: \"" + name + "\"");
  return *found;
}

base::Result<std::vector<std::size_t>> Choose(const ResultShape& shape, const std::vector<sql::OutputColumn>& columns) {
  std::vector<std::size_t> chosen;
  if (shape.columns) {
    for (const auto& name : *shape.columns) {
      TARN_ASSIGN_OR_RETURN(const auto place, Find(columns, name));
      chosen.push_back(place);
    }
  } else {
    for (std::size_t i = 0; i < columns.size(); ++i) chosen.push_back(i);
  }
  std::set<std::string> names;
  for (const auto place : chosen) {
    if (shape.distinct_names && !names.insert(columns[place].name).second)
      return Wrong("DUPLICATE_COLUMN_NAME", "Column name occurs more than once: \"" + columns[place].name + "\"");
  }
  return chosen;
}

}  // namespace

base::Result<void> Shape(const ResultShape& shape, sql::Translation& translation) {
  TARN_ASSIGN_OR_RETURN(const auto chosen, Choose(shape, translation.columns));
  std::string places;
  for (std::size_t i = 0; i < translation.columns.size(); ++i) places += (i == 0 ? "c" : ", c") + std::to_string(i);
  std::string items;
  std::vector<sql::OutputColumn> columns;
  for (const auto place : chosen) {
    const auto& column = translation.columns[place];
    items += (items.empty() ? "c" : ", c") + std::to_string(place) + " AS " + sql::QuoteIdentifier(column.name);
    columns.push_back(column);
  }
  const std::string before = "SELECT " + items + " FROM (";
  translation.engine_sql = before + translation.engine_sql + ") AS shaped(" + places + ")";
  if (shape.rows) translation.engine_sql += " LIMIT " + std::to_string(*shape.rows);
  for (auto& entry : translation.source_map) entry.engine_offset += before.size();
  translation.columns = std::move(columns);
  return {};
}

}  // namespace tarn::query
