#include "query/metadata.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "query/metadata_walk.h"
#include "query/statement_call.h"
#include "sql/text.h"
#include "store/caches.h"

namespace tarn::query {

namespace {

using Row = std::vector<std::optional<std::string>>;

std::optional<std::string> Number(const std::optional<std::int64_t>& number) {
  if (!number) return std::nullopt;
  return std::to_string(*number);
}

std::string Time(base::SystemTime time) {
  return fmt::format("{:%Y-%m-%d %H:%M:%S}+00", std::chrono::floor<std::chrono::milliseconds>(time));
}

std::optional<std::string> Time(const std::optional<base::SystemTime>& time) {
  if (!time) return std::nullopt;
  return Time(*time);
}

Row JdbcColumn(const FoundTable& table, const FoundColumn& column, std::size_t position) {
  const auto type = JdbcTypeOf(column.type);
  return {table.catalog,
          table.schema,
          table.name,
          column.name,
          std::to_string(type.number),
          column.type,
          Number(type.size),
          "0",
          Number(type.digits),
          Number(type.radix),
          column.not_null ? "0" : "1",
          column.comment,
          column.default_value,
          std::nullopt,
          std::nullopt,
          Number(type.octets),
          std::to_string(position),
          column.not_null ? "NO" : "YES",
          std::nullopt,
          std::nullopt,
          std::nullopt,
          std::nullopt,
          std::nullopt,
          std::nullopt};
}

void AddColumns(const Found& found, bool jdbc, std::vector<Row>& rows) {
  for (const auto& table : found.tables) {
    std::size_t position = 0;
    for (const auto& column : table.columns) {
      ++position;
      if (jdbc) {
        rows.push_back(JdbcColumn(table, column, position));
      } else {
        rows.push_back({table.catalog, table.schema, table.name, column.name, std::to_string(position),
                        column.default_value, column.not_null ? "NO" : "YES", column.type, column.comment,
                        std::nullopt});
      }
    }
  }
}

std::string ErrorTypeOf(const base::Error& error) {
  if (error.kind == base::ErrorKind::kInternal || error.code == "GENERIC_INTERNAL_ERROR") return "INTERNAL_ERROR";
  if (error.kind == base::ErrorKind::kResourceExhausted || error.kind == base::ErrorKind::kDeadlineExceeded)
    return "INSUFFICIENT_RESOURCES";
  return error.fault == base::Fault::kSource ? "EXTERNAL" : "USER_ERROR";
}

// Statements of the caller's own project only.
base::Result<void> AddQueries(const MetadataCall& call, const std::vector<sql::ColumnFilter>& filters,
                              std::vector<Row>& rows) {
  std::vector<StatementRecord> records;
  const auto by_id = std::ranges::find(filters, "query_id", &sql::ColumnFilter::column);
  if (by_id == filters.end()) {
    TARN_ASSIGN_OR_RETURN(records, call.parts.history.List(call.project_id));
  } else {
    for (const auto& id : std::set(by_id->values.begin(), by_id->values.end())) {
      auto record = call.parts.history.Find(call.project_id, id);
      if (!record && record.error().kind != base::ErrorKind::kNotFound) return std::unexpected(record.error());
      if (record) records.push_back(*std::move(record));
    }
  }
  for (const auto& record : records) {
    const auto milliseconds =
        std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(record.queued()).count());
    std::optional<std::string> type, code;
    if (record.error) {
      type = ErrorTypeOf(*record.error);
      code = record.error->code.empty() ? std::string(base::ToString(record.error->kind)) : record.error->code;
    }
    rows.push_back({record.id, std::string(NameOf(record.state)), record.user,
                    record.source.empty() ? std::nullopt : std::optional(record.source), record.text, "[global]",
                    milliseconds, "0", "0", Time(record.created), Time(record.started),
                    Time(record.ended ? record.ended : std::optional(record.created)), Time(record.ended), type, code});
  }
  return {};
}

void AddFreshness(const MetadataCall& call, std::vector<Row>& rows) {
  if (call.parts.caches == nullptr) return;
  std::map<std::string, std::string> names;
  for (const auto& catalog : call.parts.catalogs.List(call.project_id)) names[catalog.id] = catalog.name;
  for (const auto& state : call.parts.caches->List(call.project_id)) {
    const auto& manifest = state.manifest;
    const auto name = names.find(state.cache.catalog_id);
    if (name == names.end()) continue;  // its catalog is being deleted
    rows.push_back({name->second, state.cache.schema_name, state.cache.table_name, manifest ? "CACHE" : "SOURCE",
                    manifest ? std::optional(Time(manifest->loaded_at)) : std::nullopt, manifest ? "true" : "false"});
  }
}

constexpr std::string_view kVersion = "Tarn";

}  // namespace

base::Result<engine::TextRows> SystemRows(const MetadataCall& call, const std::string& catalog,
                                          const SystemTable& table, const std::vector<sql::ColumnFilter>& filters) {
  engine::TextRows made;
  for (const auto& column : table.columns)
    made.columns.push_back({.name = std::string(column.name), .type = std::string(column.type)});
  auto confines = Confines::Of(filters);
  if (table.schema == "information_schema") confines.ToCatalog(catalog);
  const auto walk = [&](Depth depth) { return LookAround(call, confines, depth); };
  const auto& name = table.name;

  if (name == "schemata" || name == "schemas") {
    TARN_ASSIGN_OR_RETURN(const auto found, walk(Depth::kSchemas));
    for (const auto& [in, schema] : found.schemas)
      made.rows.push_back(name == "schemata" ? Row{in, schema} : Row{schema, in});
  } else if (name == "tables" || name == "views" || name == "table_comments") {
    TARN_ASSIGN_OR_RETURN(const auto found, walk(name == "table_comments" ? Depth::kColumns : Depth::kTables));
    for (const auto& each : found.tables) {
      if (name == "views") {
        if (each.view) made.rows.push_back({each.catalog, each.schema, each.name, each.view});
      } else if (name == "table_comments") {
        made.rows.push_back({each.catalog, each.schema, each.name, each.comment});
      } else if (table.schema == "jdbc") {
        made.rows.push_back({each.catalog, each.schema, each.name, each.view ? "VIEW" : "TABLE", std::nullopt,
                             std::nullopt, std::nullopt, std::nullopt, std::nullopt, std::nullopt});
      } else {
        made.rows.push_back({each.catalog, each.schema, each.name, each.view ? "VIEW" : "BASE TABLE"});
      }
    }
  } else if (name == "columns") {
    TARN_ASSIGN_OR_RETURN(const auto found, walk(Depth::kColumns));
    AddColumns(found, table.schema == "jdbc", made.rows);
  } else if (name == "catalogs") {
    for (const auto& each : call.parts.catalogs.List(call.project_id)) {
      made.rows.push_back(table.schema == "jdbc" ? Row{each.name} : Row{each.name, each.name, each.type});
    }
  } else if (name == "table_types") {
    made.rows = {{"TABLE"}, {"VIEW"}};
  } else if (name == "queries") {
    TARN_RETURN_IF_ERROR(AddQueries(call, filters, made.rows));
  } else if (name == "table_freshness") {
    AddFreshness(call, made.rows);
  } else if (name == "nodes") {
    made.rows = {{"tarn", "http://127.0.0.1", std::string(kVersion), "true", "active"}};
  } else if (name == "types") {
    for (const std::string_view type : {"boolean",
                                        "tinyint",
                                        "smallint",
                                        "integer",
                                        "bigint",
                                        "real",
                                        "double",
                                        "decimal(38,0)",
                                        "char(1)",
                                        "varchar",
                                        "varbinary",
                                        "date",
                                        "time(3)",
                                        "time(3) with time zone",
                                        "timestamp(3)",
                                        "timestamp(3) with time zone",
                                        "interval year to month",
                                        "interval day to second",
                                        "json",
                                        "uuid",
                                        "ipaddress"}) {
      const auto jdbc = JdbcTypeOf(std::string(type));
      std::string shown(type.substr(0, type.find('(')));
      if (type.ends_with("with time zone")) shown += " with time zone";
      made.rows.push_back({shown, std::to_string(jdbc.number), Number(jdbc.size), std::nullopt, std::nullopt,
                           std::nullopt, "1", type == "varchar" || type == "char(1)" ? "true" : "false", "3",
                           std::nullopt, "false", std::nullopt, std::nullopt,
                           jdbc.digits ? std::optional<std::string>("0") : std::nullopt, Number(jdbc.digits),
                           std::nullopt, std::nullopt, Number(jdbc.radix)});
    }
  }
  return made;
}

JdbcType JdbcTypeOf(const std::string& trino_type) {
  const auto read = sql::ReadType(trino_type);
  if (!read) return {.number = 2000};
  const auto& type = *read;
  const auto& name = type.name;
  const auto first = type.numbers.empty() ? std::optional<std::int64_t>() : std::optional(type.numbers[0]);
  const auto precision = first.value_or(3);
  const std::int64_t fraction = precision > 0 ? precision + 1 : 0;
  if (name == "boolean") return {.number = 16};
  if (name == "bigint") return {.number = -5, .size = 19, .radix = 10};
  if (name == "integer") return {.number = 4, .size = 10, .radix = 10};
  if (name == "smallint") return {.number = 5, .size = 5, .radix = 10};
  if (name == "tinyint") return {.number = -6, .size = 3, .radix = 10};
  if (name == "real") return {.number = 7, .size = 24, .radix = 2};
  if (name == "double") return {.number = 8, .size = 53, .radix = 2};
  if (name == "decimal")
    return {
        .number = 3, .size = first.value_or(38), .digits = type.numbers.size() > 1 ? type.numbers[1] : 0, .radix = 10};
  if (name == "char") return {.number = 1, .size = first.value_or(1), .octets = first.value_or(1)};
  if (name == "varchar")
    return {.number = 12, .size = first.value_or(2147483647), .octets = first.value_or(2147483647)};
  if (name == "varbinary") return {.number = -3, .size = 2147483647, .octets = 2147483647};
  if (name == "date") return {.number = 91, .size = 14};
  if (name == "time") return {.number = 92, .size = 8 + fraction, .digits = precision};
  if (name == "time with time zone") return {.number = 2013, .size = 14 + fraction, .digits = precision};
  if (name == "timestamp") return {.number = 93, .size = 21 + fraction, .digits = precision};
  if (name == "timestamp with time zone") return {.number = 2014, .size = 54 + fraction, .digits = precision};
  if (name == "array") return {.number = 2003};
  return {.number = 2000};
}

}  // namespace tarn::query
