#include "cache/table_json.h"

#include <boost/json.hpp>

namespace tarn::cache {
namespace {

namespace json = boost::json;

json::value Optional(const std::optional<std::string>& text) {
  return text ? json::value(*text) : json::value(nullptr);
}

std::optional<std::string> ReadOptional(const json::value& value) {
  if (value.is_null()) return std::nullopt;
  return std::string(value.as_string());
}

std::string Text(const json::object& object, std::string_view name) { return std::string(object.at(name).as_string()); }

json::object Write(const connector::ColumnInfo& column) {
  return {{"name", column.name},
          {"sourceName", column.source_name},
          {"type", column.type},
          {"engineType", column.engine_type},
          {"sourceType", column.source_type},
          {"notNull", column.not_null},
          {"unique", column.unique},
          {"default", Optional(column.default_value)},
          {"comment", Optional(column.comment)}};
}

connector::ColumnInfo ReadColumn(const json::object& object) {
  return {.name = Text(object, "name"),
          .source_name = Text(object, "sourceName"),
          .type = Text(object, "type"),
          .engine_type = Text(object, "engineType"),
          .source_type = Text(object, "sourceType"),
          .not_null = object.at("notNull").as_bool(),
          .unique = object.at("unique").as_bool(),
          .default_value = ReadOptional(object.at("default")),
          .comment = ReadOptional(object.at("comment"))};
}

}  // namespace

std::string WriteTableVersion(const TableVersion& version) {
  const auto& table = version.table;
  json::array columns;
  for (const auto& column : table.columns) columns.push_back(Write(column));
  return json::serialize(json::object{{"schema", table.name.schema},
                                      {"table", table.name.table},
                                      {"columns", std::move(columns)},
                                      {"key", json::array(table.key.begin(), table.key.end())},
                                      {"estimatedRows", table.estimated_rows},
                                      {"comment", Optional(table.comment)},
                                      {"keyVerified", version.key_verified},
                                      {"method", version.method.name},
                                      {"level", version.method.level},
                                      {"methodReason", version.method.reason},
                                      {"auditedAt", version.audit.at.time_since_epoch().count()},
                                      {"auditRepaired", version.audit.repaired}});
}

base::Result<TableVersion> ReadTableVersion(std::string_view text) {
  try {
    const json::value parsed = json::parse(json::string_view(text.data(), text.size()));
    const auto& object = parsed.as_object();
    TableVersion version;
    version.table.name = {.schema = Text(object, "schema"), .table = Text(object, "table")};
    for (const auto& column : object.at("columns").as_array())
      version.table.columns.push_back(ReadColumn(column.as_object()));
    for (const auto& name : object.at("key").as_array()) version.table.key.emplace_back(name.as_string());
    version.table.estimated_rows = object.at("estimatedRows").to_number<std::int64_t>();
    version.table.comment = ReadOptional(object.at("comment"));
    version.key_verified = object.at("keyVerified").as_bool();
    if (object.contains("method")) {  // copies of earlier versions do not say
      version.method = {.name = Text(object, "method"),
                        .level = object.at("level").to_number<int>(),
                        .reason = Text(object, "methodReason")};
    }
    if (object.contains("auditedAt")) {
      version.audit = {
          .at = base::SystemTime(std::chrono::microseconds(object.at("auditedAt").to_number<std::int64_t>())),
          .repaired = object.at("auditRepaired").to_number<std::int64_t>()};
    }
    return version;
  } catch (const std::exception&) {
    return base::Internal("The description of a cached table cannot be read");
  }
}

std::string WritePosition(const connector::SourcePosition& position) {
  return json::serialize(
      json::object{{"identity", position.identity}, {"watermark", position.watermark}, {"log", position.log}});
}

base::Result<connector::SourcePosition> ReadPosition(std::string_view text) {
  try {
    const json::value parsed = json::parse(json::string_view(text.data(), text.size()));
    const auto& object = parsed.as_object();
    return connector::SourcePosition{.identity = Text(object, "identity"),
                                     .watermark = Text(object, "watermark"),
                                     .log = object.contains("log") ? Text(object, "log") : ""};
  } catch (const std::exception&) {
    return base::Internal("The position of a cached table cannot be read");
  }
}

}  // namespace tarn::cache
