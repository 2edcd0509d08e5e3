#include "metadata/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/json.hpp>
#include <thread>

#include "metadata/address.h"

namespace tarn::metadata {

namespace json = boost::json;

namespace {

constexpr std::chrono::milliseconds kSourceTime{3000};
constexpr std::size_t kSourcesAtOnce = 16;

json::object ReadObject(const std::string& text) {
  boost::system::error_code failed;
  auto value = json::parse(text, failed);
  return !failed && value.is_object() ? value.get_object() : json::object{};
}

std::optional<bool> Flag(const json::object& object, std::string_view name) {
  const auto* const value = object.if_contains(name);
  return value != nullptr && value->is_bool() ? std::optional(value->get_bool()) : std::nullopt;
}

std::optional<std::string> Text(const json::object& object, std::string_view name) {
  const auto* const value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::optional(std::string(value->get_string())) : std::nullopt;
}

bool IsKey(const connector::TableInfo& table, const std::string& column) {
  return std::ranges::find(table.key, column) != table.key.end();
}

// What the source says needs no note: it may say otherwise one day.
void Note(json::object& notes, std::string_view name, const std::optional<bool>& said, bool of_source) {
  if (!said) return;
  notes.erase(name);
  if (*said != of_source) notes[name] = *said;
}

}  // namespace

// Everything that was said of a project's tables.
struct Tables::Said {
  std::map<store::TableAddress, store::TableNotes> notes;
  std::map<store::TableAddress, bool> switches;
  std::vector<store::Relation> relations;
  std::map<store::ColumnAddress, store::CategoricalColumn> categorical;
  std::map<std::string, std::string> last;  // the structure of catalogs as it was last read

  [[nodiscard]] bool Uses(const store::TableAddress& table) const {
    for (const auto& where : {table, store::TableAddress{table.catalog_id, table.schema, ""},
                              store::TableAddress{table.catalog_id, "", ""}}) {
      if (const auto found = switches.find(where); found != switches.end()) return found->second;
    }
    return true;
  }
};

base::Result<Tables::Said> Tables::ReadSaid(const std::string& project_id) const {
  Said said;
  TARN_ASSIGN_OR_RETURN(auto notes, parts_.store.Notes(project_id));
  for (auto& one : notes) said.notes.emplace(one.table, one);
  TARN_ASSIGN_OR_RETURN(const auto switches, parts_.store.Switches(project_id));
  for (const auto& one : switches) said.switches.emplace(one.where, one.use);
  TARN_ASSIGN_OR_RETURN(said.relations, parts_.store.Relations(project_id));
  TARN_ASSIGN_OR_RETURN(const auto categorical, parts_.store.Categorical(project_id));
  for (const auto& one : categorical) said.categorical.emplace(one.column, one);
  TARN_ASSIGN_OR_RETURN(const auto refreshes, parts_.store.Refreshes(project_id));
  for (const auto& one : refreshes) said.last.emplace(one.catalog_id, one.structure);
  return said;
}

TableKnowledge Tables::Know(const store::Catalog& catalog, const connector::TableInfo& table, const Said& said,
                            const base::CallLimits& limits) const {
  const store::TableAddress address{catalog.id, table.name.schema, table.name.table};
  const auto found = said.notes.find(address);
  const auto columns = found == said.notes.end() ? json::object{} : ReadObject(found->second.columns);
  TableKnowledge known{.catalog = catalog,
                       .name = table.name,
                       .description = table.comment,
                       .use_with_ai = said.Uses(address),
                       .cacheable = parts_.structure.IsCacheable(catalog, table.name),
                       .columns = {},
                       .relations = {}};
  if (found != said.notes.end() && found->second.description) known.description = found->second.description;
  const auto lineage = parts_.structure.Lineage(catalog, table.name, limits);
  for (const auto& column : table.columns) {
    const auto* const noted = columns.if_contains(column.name);
    const auto notes = noted != nullptr && noted->is_object() ? noted->get_object() : json::object{};
    const auto description = Text(notes, "description");
    ColumnKnowledge of{.column = column,
                       .description = description ? description : column.comment,
                       .not_null = Flag(notes, "isNotNull").value_or(column.not_null),
                       .unique = Flag(notes, "isUnique").value_or(column.unique),
                       .primary = Flag(notes, "isPrimary").value_or(IsKey(table, column.name)),
                       .categorical = std::nullopt,
                       .lineage = std::nullopt};
    if (const auto values = said.categorical.find({address, column.name}); values != said.categorical.end())
      of.categorical = values->second;
    if (const auto from = lineage.find(column.name); from != lineage.end()) of.lineage = from->second;
    known.columns.push_back(std::move(of));
  }
  std::ranges::copy_if(said.relations, std::back_inserter(known.relations),
                       [&](const auto& relation) { return relation.source.table == address; });
  return known;
}

base::Result<std::vector<TableKnowledge>> Tables::List(const std::string& project_id, const std::string& catalog_id,
                                                       const std::string& schema,
                                                       const base::CallLimits& limits) const {
  std::vector<store::Catalog> catalogs;
  if (!catalog_id.empty()) {
    TARN_ASSIGN_OR_RETURN(auto one, FindCatalog(parts_.catalogs, project_id, catalog_id));
    catalogs.push_back(std::move(one));
  } else {
    catalogs = parts_.catalogs.List(project_id);
    for (const auto id : {kInternalCatalogId, kQueryCatalogId}) {
      TARN_ASSIGN_OR_RETURN(auto one, FindCatalog(parts_.catalogs, project_id, std::string(id)));
      catalogs.push_back(std::move(one));
    }
  }
  TARN_ASSIGN_OR_RETURN(const auto said, ReadSaid(project_id));
  std::vector<std::vector<TableKnowledge>> found(catalogs.size());
  std::atomic<std::size_t> next = 0;
  const auto soon = base::CallLimits::Within(std::min(kSourceTime, limits.Left()), limits.cancel);
  const auto work = [&] {
    for (std::size_t i = next++; i < catalogs.size(); i = next++) {
      auto tables = parts_.structure.Tables(catalogs[i], schema, soon);
      const bool current = tables.has_value();
      if (const auto last = said.last.find(catalogs[i].id); !current && last != said.last.end())
        tables = Structure::Read(last->second);
      if (!tables) continue;
      for (const auto& table : *tables) {
        if (!schema.empty() && !boost::algorithm::iequals(table.name.schema, schema)) continue;
        found[i].push_back(Know(catalogs[i], table, said, soon));
        found[i].back().current = current;
      }
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < std::min(kSourcesAtOnce, catalogs.size()); ++i) helpers.emplace_back(work);
    work();
  }
  std::vector<TableKnowledge> all;
  for (auto& tables : found) std::ranges::move(tables, std::back_inserter(all));
  return all;
}

base::Result<TableKnowledge> Tables::Find(const std::string& project_id, const store::TableAddress& table,
                                          const base::CallLimits& limits) const {
  TARN_ASSIGN_OR_RETURN(const auto catalog, FindCatalog(parts_.catalogs, project_id, table.catalog_id));
  TARN_ASSIGN_OR_RETURN(const auto info,
                        parts_.structure.Table(catalog, {.schema = table.schema, .table = table.table}, limits));
  TARN_ASSIGN_OR_RETURN(const auto said, ReadSaid(project_id));
  return Know(catalog, info, said, limits);
}

base::Result<void> Tables::Switch(const std::string& project_id, const store::TableAddress& where, bool use,
                                  const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto catalog, FindCatalog(parts_.catalogs, project_id, where.catalog_id));
  auto found = where;
  if (!where.schema.empty()) {
    TARN_ASSIGN_OR_RETURN(const auto tables, parts_.structure.Tables(catalog, where.schema, limits));
    if (tables.empty())
      return base::NotFound(fmt::format("Schema does not exist: \"{}\"", where.schema), "SCHEMA_NOT_FOUND");
    found.schema = tables.front().name.schema;
  }
  return parts_.store.Set({.project_id = project_id, .where = found, .use = use});
}

base::Result<void> Tables::Change(const std::string& project_id, const store::TableAddress& table,
                                  const TableChange& change, const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto catalog, FindCatalog(parts_.catalogs, project_id, table.catalog_id));
  TARN_ASSIGN_OR_RETURN(const auto info,
                        parts_.structure.Table(catalog, {.schema = table.schema, .table = table.table}, limits));
  TARN_ASSIGN_OR_RETURN(const auto said, ReadSaid(project_id));
  const store::TableAddress address{catalog.id, info.name.schema, info.name.table};
  const auto found = said.notes.find(address);
  store::TableNotes notes =
      found == said.notes.end() ? store::TableNotes{.project_id = project_id, .table = address} : found->second;
  if (change.description) notes.description = change.description;
  auto columns = ReadObject(notes.columns);
  for (std::size_t i = 0; i < change.columns.size(); ++i) {
    const auto& one = change.columns[i];
    const auto column = std::ranges::find_if(
        info.columns, [&](const auto& other) { return boost::algorithm::iequals(other.name, one.name); });
    if (column == info.columns.end())
      return base::InvalidArgument(fmt::format("The table has no such column: \"{}\"", one.name),
                                   fmt::format("columns[{}].columnName", i));
    auto of = ReadObject(columns.contains(column->name) ? json::serialize(columns.at(column->name)) : "{}");
    if (one.description) of["description"] = *one.description;
    Note(of, "isNotNull", one.not_null, column->not_null);
    Note(of, "isUnique", one.unique, column->unique);
    Note(of, "isPrimary", one.primary, IsKey(info, column->name));
    columns[column->name] = std::move(of);
  }
  notes.columns = json::serialize(columns);
  TARN_RETURN_IF_ERROR(parts_.store.Save(notes));
  if (!change.use_with_ai) return {};
  return parts_.store.Set({.project_id = project_id, .where = address, .use = *change.use_with_ai});
}

}  // namespace tarn::metadata
