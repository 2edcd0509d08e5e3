#include "query/metadata.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include "base/log.h"
#include "catalog/built_in.h"
#include "query/statement_call.h"
#include "sql/text.h"

namespace tarn::query {

namespace {

using Row = std::vector<std::optional<std::string>>;

// How long one of several sources is waited for.
constexpr std::chrono::seconds kSourcePatience{3};
constexpr std::size_t kWalkers = 8;

// The names that a walk may be confined to, by what the filters call them.
struct Confines {
  std::vector<std::string> catalogs;
  std::vector<std::string> schemas;
  std::vector<std::string> tables;
  bool by_catalog = false;
  bool by_schema = false;
  bool by_table = false;

  [[nodiscard]] static bool Has(bool confined, const std::vector<std::string>& names, const std::string& name) {
    return !confined || std::ranges::find(names, name) != names.end();
  }
  [[nodiscard]] bool Catalog(const std::string& name) const { return Has(by_catalog, catalogs, name); }
  [[nodiscard]] bool Schema(const std::string& name) const { return Has(by_schema, schemas, name); }
  [[nodiscard]] bool Table(const std::string& name) const { return Has(by_table, tables, name); }
};

void Confine(bool& confined, std::vector<std::string>& names, const std::vector<std::string>& values) {
  if (!confined) {
    names = values;
  } else {
    std::erase_if(names, [&](const std::string& name) { return std::ranges::find(values, name) == values.end(); });
  }
  confined = true;
}

Confines ConfinesOf(const std::vector<sql::ColumnFilter>& filters) {
  Confines confines;
  for (const auto& filter : filters) {
    const auto& column = filter.column;
    if (column == "table_catalog" || column == "catalog_name" || column == "table_cat")
      Confine(confines.by_catalog, confines.catalogs, filter.values);
    if (column == "table_schema" || column == "schema_name" || column == "table_schem")
      Confine(confines.by_schema, confines.schemas, filter.values);
    if (column == "table_name") Confine(confines.by_table, confines.tables, filter.values);
  }
  return confines;
}

struct Column {
  std::string name;
  std::string type;
  bool not_null = false;
  std::optional<std::string> comment = {};
  std::optional<std::string> default_value = {};
};

struct Table {
  std::string catalog;
  std::string schema;
  std::string name;
  std::optional<std::string> view = {};  // its text
  std::optional<std::string> comment = {};
  std::vector<Column> columns = {};
};

// What to look at: schemas, tables in them, columns of those.
enum class Depth { kSchemas, kTables, kColumns };

struct Found {
  std::vector<std::pair<std::string, std::string>> schemas = {};  // catalog, schema
  std::vector<Table> tables = {};
};

class Walk final {
 public:
  Walk(const MetadataCall& call, Confines confines, Depth depth)
      : call_(call), confines_(std::move(confines)), depth_(depth) {}

  base::Result<Found> Run() {
    std::vector<store::Catalog> catalogs;
    for (auto& catalog : call_.parts.catalogs.List(call_.project_id)) {
      if (confines_.Catalog(catalog.name)) catalogs.push_back(std::move(catalog));
    }
    std::vector<base::Result<Found>> found(catalogs.size());
    const bool alone = catalogs.size() == 1;
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
      for (std::size_t i = next++; i < catalogs.size(); i = next++) found[i] = Look(catalogs[i], alone);
    };
    {
      std::vector<std::jthread> walkers;
      for (std::size_t i = 1; i < std::min(kWalkers, catalogs.size()); ++i) walkers.emplace_back(work);
      work();
    }
    Found all;
    for (std::size_t i = 0; i < catalogs.size(); ++i) {
      if (!found[i]) {
        TARN_RETURN_IF_ERROR(call_.limits.Check());
        if (alone) return std::unexpected(std::move(found[i]).error());
        base::log::Warning("catalog left out of a listing",
                           {{"catalog", catalogs[i].id}, {"reason", found[i].error().message}});
        continue;
      }
      std::ranges::move(found[i]->schemas, std::back_inserter(all.schemas));
      std::ranges::move(found[i]->tables, std::back_inserter(all.tables));
    }
    return all;
  }

 private:
  base::Result<Found> Look(const store::Catalog& catalog, bool alone) {
    Found found;
    auto limits = call_.limits;
    if (!alone) limits.deadline = std::min(limits.deadline, std::chrono::steady_clock::now() + kSourcePatience);
    LookAtOwn(catalog, found);
    if (catalog.type == "system" && catalog::IsBuiltIn(catalog)) return found;
    TARN_ASSIGN_OR_RETURN(auto schemas, call_.parts.catalogs.Schemas(catalog, limits));
    std::ranges::sort(schemas);
    for (const auto& schema : schemas) {
      const auto shown = sql::ToLower(schema);
      if (shown == "information_schema" || !confines_.Schema(shown)) continue;
      found.schemas.emplace_back(catalog.name, shown);
      if (depth_ == Depth::kSchemas) continue;
      TARN_RETURN_IF_ERROR(LookAtSchema(catalog, schema, shown, limits, found));
    }
    return found;
  }

  base::Result<void> LookAtSchema(const store::Catalog& catalog, const std::string& schema, const std::string& shown,
                                  const base::CallLimits& limits, Found& found) {
    const bool memory = catalog.type == "memory" && catalog::IsBuiltIn(catalog);
    TARN_ASSIGN_OR_RETURN(auto names, call_.parts.catalogs.Tables(catalog, schema, limits));
    std::ranges::sort(names);
    for (const auto& name : names) {
      Table table{.catalog = catalog.name, .schema = shown, .name = sql::ToLower(name.table)};
      if (!confines_.Table(table.name)) continue;
      if (memory) {
        TARN_ASSIGN_OR_RETURN(const auto structure, call_.parts.catalogs.Memory(call_.project_id, limits));
        if (const auto view = structure->FindView(name)) table.view = view->text;
      }
      if (depth_ == Depth::kColumns) {
        auto described = call_.parts.catalogs.Describe(catalog, name, limits);
        if (!described && described.error().kind == base::ErrorKind::kNotFound) continue;  // it went meanwhile
        if (!described) return std::unexpected(std::move(described).error());
        table.comment = described->comment;
        for (const auto& column : described->columns) {
          if (column.hidden) continue;
          table.columns.push_back({.name = sql::ToLower(column.name),
                                   .type = column.type,
                                   .not_null = column.not_null,
                                   .comment = column.comment,
                                   .default_value = column.default_value});
        }
      }
      found.tables.push_back(std::move(table));
    }
    return {};
  }

  // information_schema, and the schemas of system.
  void LookAtOwn(const store::Catalog& catalog, Found& found) const {
    const bool system = catalog.type == "system" && catalog::IsBuiltIn(catalog);
    for (const auto& table : SystemTables()) {
      const std::string schema(table.schema);
      if ((schema != "information_schema" && !system) || !confines_.Schema(schema)) continue;
      if (found.schemas.empty() || found.schemas.back().second != schema)
        found.schemas.emplace_back(catalog.name, schema);
      if (depth_ == Depth::kSchemas || !confines_.Table(std::string(table.name))) continue;
      Table shown{.catalog = catalog.name, .schema = schema, .name = std::string(table.name)};
      for (const auto& column : table.columns) {
        if (!column.hidden)
          shown.columns.push_back({.name = std::string(column.name), .type = std::string(column.type)});
      }
      found.tables.push_back(std::move(shown));
    }
  }

  const MetadataCall& call_;
  const Confines confines_;
  const Depth depth_;
};

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

Row JdbcColumn(const Table& table, const Column& column, std::size_t position) {
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
  if (error.kind == base::ErrorKind::kInternal) return "INTERNAL_ERROR";
  if (error.kind == base::ErrorKind::kResourceExhausted || error.kind == base::ErrorKind::kDeadlineExceeded)
    return "INSUFFICIENT_RESOURCES";
  return error.fault == base::Fault::kSource ? "EXTERNAL" : "USER_ERROR";
}

// Statements of the caller's own project only.
void AddQueries(const MetadataCall& call, std::vector<Row>& rows) {
  for (const auto& record : call.parts.history.List(call.project_id)) {
    const auto queued = record.started.value_or(record.ended.value_or(record.created)) - record.created;
    const auto milliseconds = std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(queued).count());
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
}

constexpr std::string_view kVersion = "Tarn";

}  // namespace

base::Result<engine::TextRows> SystemRows(const MetadataCall& call, const std::string& catalog,
                                          const SystemTable& table, const std::vector<sql::ColumnFilter>& filters) {
  engine::TextRows made;
  for (const auto& column : table.columns)
    made.columns.push_back({.name = std::string(column.name), .type = std::string(column.type)});
  auto confines = ConfinesOf(filters);
  if (table.schema == "information_schema") Confine(confines.by_catalog, confines.catalogs, {catalog});
  const auto walk = [&](Depth depth) { return Walk(call, confines, depth).Run(); };
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
    AddQueries(call, made.rows);
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
