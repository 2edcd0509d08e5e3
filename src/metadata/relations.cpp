#include "metadata/relations.h"

#include <fmt/format.h>

#include <array>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/json.hpp>
#include <cmath>

#include "base/ids.h"
#include "metadata/address.h"
#include "metadata/column.h"
#include "metadata/question.h"
#include "sql/translate.h"

namespace tarn::metadata {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 3> kTypes = {"ONE_TO_ONE", "ONE_TO_MANY", "MANY_TO_ONE"};

base::Result<void> CheckType(const std::string& type) {
  if (std::ranges::find(kTypes, type) != kTypes.end()) return {};
  return base::InvalidArgument(fmt::format("type is none of ONE_TO_ONE, ONE_TO_MANY, MANY_TO_ONE: \"{}\"", type),
                               "type");
}

std::string TypeOf(bool source_unique, bool target_unique) {
  return fmt::format("{}_TO_{}", source_unique ? "ONE" : "MANY", target_unique ? "ONE" : "MANY");
}

// The field that names what of the target is not there.
std::string TargetField(const base::Error& error) {
  if (error.code == "CATALOG_NOT_FOUND") return "targetCatalogId";
  if (error.code == "SCHEMA_NOT_FOUND") return "targetSchemaName";
  return error.code == "COLUMN_NOT_FOUND" ? "targetColumnName" : "targetTableName";
}

std::string Write(const Measure& measure) {
  json::object object{{"type", measure.type}, {"error", measure.error}, {"at", measure.at}};
  if (measure.match_rate) object["matchRate"] = *measure.match_rate;
  return json::serialize(object);
}

}  // namespace

base::Result<std::vector<store::Relation>> Relations::OfCatalog(const std::string& project_id,
                                                                const std::string& catalog_id) const {
  TARN_RETURN_IF_ERROR(FindCatalog(parts_.catalogs, project_id, catalog_id));
  TARN_ASSIGN_OR_RETURN(auto relations, parts_.store.Relations(project_id));
  std::erase_if(relations, [&](const auto& relation) {
    return relation.source.table.catalog_id != catalog_id && relation.target.table.catalog_id != catalog_id;
  });
  return relations;
}

base::Result<store::Relation> Relations::Add(const std::string& project_id, const store::ColumnAddress& source,
                                             const store::ColumnAddress& target, const std::string& type,
                                             const base::CallLimits& limits) {
  TARN_RETURN_IF_ERROR(CheckType(type));
  store::Relation relation;
  TARN_ASSIGN_OR_RETURN(relation.source, FindColumn(parts_.catalogs, parts_.structure, project_id, source, limits));
  auto found = FindColumn(parts_.catalogs, parts_.structure, project_id, target, limits);
  if (!found) {
    auto error = std::move(found).error();
    if (error.kind != base::ErrorKind::kNotFound) return std::unexpected(std::move(error));
    return base::InvalidArgument(error.message, TargetField(error));
  }
  relation.target = *std::move(found);
  relation.id = base::NewUuid();
  relation.project_id = project_id;
  relation.type = type;
  relation.created_at = parts_.clock.Now();
  TARN_RETURN_IF_ERROR(parts_.store.Insert(relation));
  return relation;
}

base::Result<store::Relation> Relations::Find(const std::string& project_id, const store::TableAddress& table,
                                              const std::string& id) const {
  TARN_ASSIGN_OR_RETURN(const auto relations, parts_.store.Relations(project_id));
  const auto found = std::ranges::find_if(relations, [&](const auto& relation) {
    const auto& from = relation.source.table;
    return relation.id == id && from.catalog_id == table.catalog_id &&
           boost::algorithm::iequals(from.schema, table.schema) && boost::algorithm::iequals(from.table, table.table);
  });
  if (found == relations.end()) return base::NotFound(fmt::format("There is no relation with id: {}", id));
  return *found;
}

base::Result<store::Relation> Relations::Change(const std::string& project_id, const store::TableAddress& table,
                                                const std::string& id, const std::string& type) {
  TARN_RETURN_IF_ERROR(CheckType(type));
  TARN_ASSIGN_OR_RETURN(auto relation, Find(project_id, table, id));
  relation.type = type;
  TARN_ASSIGN_OR_RETURN(const bool changed, parts_.store.Update(relation));
  if (!changed) return base::NotFound(fmt::format("There is no relation with id: {}", id));
  return relation;
}

base::Result<store::Relation> Relations::Delete(const std::string& project_id, const store::TableAddress& table,
                                                const std::string& id) {
  TARN_ASSIGN_OR_RETURN(auto relation, Find(project_id, table, id));
  TARN_ASSIGN_OR_RETURN(const bool deleted, parts_.store.DeleteRelation(project_id, id));
  if (!deleted) return base::NotFound(fmt::format("There is no relation with id: {}", id));
  return relation;
}

base::Result<Measure> Relations::AskData(const store::Relation& relation, const base::CallLimits& limits) const {
  const auto values = [&](const store::ColumnAddress& column) -> base::Result<std::string> {
    TARN_ASSIGN_OR_RETURN(const auto catalog,
                          FindCatalog(parts_.catalogs, relation.project_id, column.table.catalog_id));
    const auto name = sql::QuoteIdentifier(column.column);
    return fmt::format("SELECT {0} AS k FROM {1} WHERE {0} IS NOT NULL", name, SqlName(catalog, column.table));
  };
  TARN_ASSIGN_OR_RETURN(const auto source, values(relation.source));
  TARN_ASSIGN_OR_RETURN(const auto target, values(relation.target));
  TARN_ASSIGN_OR_RETURN(
      const auto rows,
      Ask(parts_.executor, relation.project_id,
          fmt::format("WITH s AS ({}), t AS ({}) SELECT (SELECT count(*) FROM s), (SELECT count(DISTINCT k) FROM s), "
                      "(SELECT count(*) FROM t), (SELECT count(DISTINCT k) FROM t), "
                      "(SELECT count(*) FROM s WHERE k IN (SELECT k FROM t))",
                      source, target),
          1, limits));
  const auto number = [&](std::size_t i) { return std::stod(rows.at(0).at(i).value()); };
  Measure measure{
      .type = TypeOf(number(0) == number(1), number(2) == number(3)), .match_rate = {}, .error = {}, .at = {}};
  if (number(0) > 0) measure.match_rate = std::round(number(4) / number(0) * 1e6) / 1e6;
  return measure;
}

base::Result<void> Relations::TakeMeasure(store::Relation relation, const base::CallLimits& limits) {
  auto measure = AskData(relation, limits);
  if (!measure && measure.error().kind == base::ErrorKind::kCancelled) return std::unexpected(measure.error());
  auto known =
      measure ? *std::move(measure) : Measure{.type = {}, .match_rate = {}, .error = measure.error().message, .at = {}};
  known.at = base::FormatTime(parts_.clock.Now());
  // Its type may have been changed meanwhile, and it may be gone.
  TARN_ASSIGN_OR_RETURN(const auto present, parts_.store.Relations(relation.project_id));
  const auto same = std::ranges::find(present, relation.id, &store::Relation::id);
  if (same == present.end()) return {};
  relation.type = same->type;
  relation.measure = Write(known);
  TARN_RETURN_IF_ERROR(parts_.store.Update(relation));
  return {};
}

std::optional<Measure> Relations::MeasureOf(const store::Relation& relation) {
  if (relation.measure.empty()) return std::nullopt;
  boost::system::error_code failed;
  const auto value = json::parse(relation.measure, failed);
  if (failed || !value.is_object()) return std::nullopt;
  const auto& object = value.get_object();
  Measure measure{.type = json::value_to<std::string>(object.at("type")),
                  .match_rate = std::nullopt,
                  .error = json::value_to<std::string>(object.at("error")),
                  .at = json::value_to<std::string>(object.at("at"))};
  if (const auto* const rate = object.if_contains("matchRate")) measure.match_rate = rate->to_number<double>();
  return measure;
}

}  // namespace tarn::metadata
