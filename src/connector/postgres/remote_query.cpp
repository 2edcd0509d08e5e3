#include "connector/postgres/remote_query.h"

#include <fmt/format.h>

#include <charconv>

#include "connector/engine_text.h"

namespace tarn::connector::postgres {
namespace {

constexpr std::string_view kOpening = "/*tarn rows=";
constexpr std::string_view kColumns = " columns=";
constexpr std::string_view kClosing = "*/";

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

}  // namespace

std::string QueryRelation(const TableInfo& table, const std::string& alias) {
  std::string notes;
  std::string remote;
  std::string shown;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto& column = table.columns[i];
    const auto mapping = MapType(column.source_type);
    const std::string_view comma = i == 0 ? "" : ", ";
    notes += fmt::format("{}{}{}", i == 0 ? "" : ",", static_cast<char>(mapping.filter), Hex(column.source_name));
    remote += fmt::format("{}{} AS c{}", comma, Fill(mapping.remote, column.source_name), i);
    const auto value = mapping.engine_type == "JSON" ? fmt::format("trino_json_parse(c{})", i) : fmt::format("c{}", i);
    shown += fmt::format("{}{} AS {}", comma, value, Name(column.name));
  }
  const auto query = fmt::format("{}{}{}{}{}SELECT {} FROM {}.{}", kOpening, table.estimated_rows, kColumns, notes,
                                 kClosing, remote, Name(table.name.schema), Name(table.name.table));
  return fmt::format("(SELECT {} FROM postgres_query({}, {}))", shown, Literal(alias), Literal(query));
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
