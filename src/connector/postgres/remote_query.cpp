#include "connector/postgres/remote_query.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "connector/engine_text.h"

namespace tarn::connector::postgres {
namespace {

constexpr std::string_view kOpening = "/*tarn rows=";
constexpr std::string_view kColumns = " columns=";
constexpr std::string_view kClosing = "*/";
constexpr std::string_view kMark = "/*read ";

std::string Hex(std::string_view text) {
  std::string hex;
  for (const char c : text) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return hex;
}

std::string Unhex(std::string_view hex) {
  std::string text;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    unsigned value = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, value, 16);
    text += static_cast<char>(value);
  }
  return text;
}

struct SelectList {
  std::string remote;  // what PostgreSQL selects: "c0", "c1", …
  std::string shown;   // what the engine makes of it: the columns under their names
  std::string notes;
};

SelectList Select(const std::vector<const ColumnInfo*>& columns) {
  SelectList list;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto& column = *columns[i];
    const auto mapping = MapType(column.source_type);
    const std::string_view comma = i == 0 ? "" : ", ";
    list.notes += fmt::format("{}{}{}", i == 0 ? "" : ",", static_cast<char>(mapping.filter), Hex(column.source_name));
    list.remote += fmt::format("{}{} AS c{}", comma, Fill(mapping.remote, column.source_name), i);
    const auto value = mapping.engine_type == "JSON" ? fmt::format("trino_json_parse(c{})", i) : fmt::format("c{}", i);
    list.shown += fmt::format("{}{} AS {}", comma, value, Name(column.name));
  }
  return list;
}

std::vector<const ColumnInfo*> AllColumns(const TableInfo& table) {
  std::vector<const ColumnInfo*> columns;
  for (const auto& column : table.columns) columns.push_back(&column);
  return columns;
}

std::vector<const ColumnInfo*> KeyColumns(const TableInfo& table) {
  std::vector<const ColumnInfo*> columns;
  for (const auto& name : table.key) {
    const auto column = std::ranges::find(table.columns, name, &ColumnInfo::name);
    if (column != table.columns.end()) columns.push_back(&*column);
  }
  return columns;
}

std::string From(const TableInfo& table) { return "FROM " + RemoteTable(table); }

}  // namespace

std::string RemoteTable(const TableInfo& table) {
  return fmt::format("{}.{}", Name(table.name.schema), Name(table.name.table));
}

std::string MarkOf(std::string_view relation) {
  const auto begin = relation.find(kMark);
  const auto end = begin == std::string_view::npos ? begin : relation.find(kClosing, begin);
  if (end == std::string_view::npos) return {};
  return std::string(relation.substr(begin, end + kClosing.size() - begin));
}

std::string QueryRelation(const TableInfo& table, const std::string& alias, const std::string& mark) {
  const auto list = Select(AllColumns(table));
  const auto marked = mark.empty() ? std::string() : fmt::format("{}{}{} ", kMark, mark, kClosing);
  const auto query = fmt::format("{}{}{}{}{}SELECT {}{} {}", kOpening, table.estimated_rows, kColumns, list.notes,
                                 kClosing, marked, list.remote, From(table));
  return fmt::format("(SELECT {} FROM postgres_query({}, {}))", list.shown, Literal(alias), Literal(query));
}

std::string ChangedRelation(const TableInfo& table, const std::string& alias, const std::string& condition) {
  const auto list = Select(AllColumns(table));
  return fmt::format("(SELECT {}, 'U' AS \"_op\" FROM postgres_query({}, {}))", list.shown, Literal(alias),
                     Literal(fmt::format("SELECT {} {} WHERE {}", list.remote, From(table), condition)));
}

std::string LoggedRelation(const TableInfo& table, const std::string& alias, const std::string& rows) {
  const auto list = Select(AllColumns(table));
  const auto query = fmt::format("SELECT {}, CASE WHEN ctid IS NULL THEN 'D' ELSE 'U' END AS c{} FROM {}", list.remote,
                                 table.columns.size(), rows);
  return fmt::format("(SELECT {}, c{} AS \"_op\" FROM postgres_query({}, {}))", list.shown, table.columns.size(),
                     Literal(alias), Literal(query));
}

std::string KeyRelation(const TableInfo& table, const std::string& alias, const std::string& condition) {
  const auto list = Select(KeyColumns(table));
  return fmt::format("(SELECT {} FROM postgres_query({}, {}))", list.shown, Literal(alias),
                     Literal(fmt::format("SELECT {} {} WHERE {}", list.remote, From(table), condition)));
}

std::optional<RemoteQuery> ReadRemoteQuery(std::string_view text) {
  const auto columns = text.find(kColumns);
  const auto end = text.find(kClosing);
  if (!text.starts_with(kOpening) || columns == std::string_view::npos || end == std::string_view::npos ||
      end < columns)
    return std::nullopt;
  RemoteQuery query;
  std::from_chars(text.data() + kOpening.size(), text.data() + columns, query.rows);
  auto notes = text.substr(columns + kColumns.size(), end - columns - kColumns.size());
  while (!notes.empty()) {
    const auto note = notes.substr(0, notes.find(','));
    query.columns.push_back({.source_name = Unhex(note.substr(1)), .filter = static_cast<Filter>(note.front())});
    notes.remove_prefix(std::min(notes.size(), note.size() + 1));
  }
  query.sql = text.substr(end + kClosing.size());
  return query;
}

}  // namespace tarn::connector::postgres
