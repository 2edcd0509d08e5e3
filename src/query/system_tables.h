// The tables that describe a project and its statements: `information_schema` of every catalog, and the schemas of
// `system`.
#pragma once

#include <span>
#include <string_view>

namespace tarn::query {

struct SystemColumn {
  std::string_view name;
  std::string_view type;
  bool hidden;
};

struct SystemTable {
  std::string_view schema;  // "information_schema", "jdbc", "metadata", "runtime"
  std::string_view name;
  std::span<const SystemColumn> columns;
};

[[nodiscard]] std::span<const SystemTable> SystemTables();
// Null where there is none.
[[nodiscard]] const SystemTable* FindSystemTable(std::string_view schema, std::string_view table);

}  // namespace tarn::query
