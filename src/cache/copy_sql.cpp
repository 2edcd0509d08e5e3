#include "cache/copy_sql.h"

#include <fmt/format.h>

#include <algorithm>

namespace tarn::cache {
namespace {

std::string Quote(std::string_view text, char mark) {
  std::string quoted(1, mark);
  for (const char c : text) {
    if (c == mark) quoted += mark;
    quoted += c;
  }
  return quoted += mark;
}

std::string Join(const std::vector<std::string>& parts, std::string_view between) {
  std::string joined;
  for (const auto& part : parts) {
    if (!joined.empty()) joined += between;
    joined += part;
  }
  return joined;
}

std::string Qualified(std::string_view alias, const std::string& name) {
  return alias.empty() ? QuoteName(name) : fmt::format("{}.{}", alias, QuoteName(name));
}

bool Mentions(const std::string& type, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](auto word) { return type.find(word) != std::string::npos; });
}

// A form of the column in which values are equal only when they read alike.
std::string Exact(const connector::ColumnInfo& column, std::string_view alias) {
  const auto name = Qualified(alias, column.name);
  const bool loose = Mentions(column.engine_type, {"INTERVAL", "TIME WITH TIME ZONE", "TIMETZ"});
  return loose ? fmt::format("CAST({} AS VARCHAR)", name) : name;
}

}  // namespace

std::string QuoteName(std::string_view name) { return Quote(name, '"'); }
std::string QuoteText(std::string_view text) { return Quote(text, '\''); }

std::string ColumnList(const connector::TableInfo& table, std::string_view alias) {
  std::vector<std::string> names;
  for (const auto& column : table.columns) names.push_back(Qualified(alias, column.name));
  return Join(names, ", ");
}

std::string KeyList(const connector::TableInfo& table, std::string_view alias) {
  std::vector<std::string> names;
  for (const auto& name : table.key) names.push_back(Qualified(alias, name));
  return Join(names, ", ");
}

std::string KeysMatch(const connector::TableInfo& table, std::string_view a, std::string_view b) {
  std::vector<std::string> terms;
  for (const auto& name : table.key) terms.push_back(fmt::format("{} = {}", Qualified(a, name), Qualified(b, name)));
  return Join(terms, " AND ");
}

std::string RowsDiffer(const connector::TableInfo& table, std::string_view a, std::string_view b) {
  std::vector<std::string> terms;
  for (const auto& column : table.columns) {
    if (std::ranges::find(table.key, column.name) != table.key.end()) continue;
    terms.push_back(fmt::format("{} IS DISTINCT FROM {}", Exact(column, a), Exact(column, b)));
  }
  return terms.empty() ? "false" : "(" + Join(terms, " OR ") + ")";
}

std::string CountKeys(const connector::TableInfo& table, std::string_view relation) {
  std::vector<std::string> present;
  for (const auto& name : table.key) present.push_back(QuoteName(name) + " IS NOT NULL");
  return fmt::format("SELECT count(*) FROM (SELECT 1 FROM {} WHERE {} GROUP BY {})", relation, Join(present, " AND "),
                     KeyList(table));
}

std::string CountByKey(const connector::TableInfo& table, std::string_view before, std::string_view now) {
  const auto first = QuoteName(table.key.front());
  return fmt::format(
      "SELECT count(*) FILTER (WHERE b.{0} IS NULL), count(*) FILTER (WHERE b.{0} IS NOT NULL AND n.{0} IS NOT NULL "
      "AND {1}), "
      "count(*) FILTER (WHERE n.{0} IS NULL) FROM {2} AS n FULL OUTER JOIN {3} AS b ON {4}",
      first, RowsDiffer(table, "n", "b"), now, before, KeysMatch(table, "n", "b"));
}

std::string CountAsMultisets(const connector::TableInfo& table, std::string_view before, std::string_view now) {
  std::vector<std::string> values;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto& column = table.columns[i];
    values.push_back(fmt::format("{} AS c{}", Exact(column, {}), i));
    names.push_back(fmt::format("c{}", i));
  }
  const auto list = Join(values, ", ");
  return fmt::format(
      "SELECT coalesce(sum(greatest(change, 0)), 0), coalesce(sum(greatest(-change, 0)), 0) FROM (SELECT sum(side) AS "
      "change "
      "FROM (SELECT {0}, 1 AS side FROM {1} UNION ALL SELECT {0}, -1 AS side FROM {2}) GROUP BY {3})",
      list, now, before, Join(names, ", "));
}

}  // namespace tarn::cache
