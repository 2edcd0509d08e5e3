#include "connector/tpch/tpch_source.h"

#include <array>
#include <charconv>
#include <cmath>

#include "connector/engine_snapshot.h"
#include "connector/engine_text.h"
#include "connector/names.h"
#include "connector/probe.h"
#include "connector/sample/sample_file.h"
#include "engine/types.h"

namespace tarn::connector::tpch {
namespace {

constexpr double kLargestScale = 100;

struct SampleTable {
  std::string_view name;
  std::string_view prefix;  // of the standard column names
  std::array<std::string_view, 2> key;
  double rows;  // at scale 1
};

constexpr std::array<SampleTable, 8> kTables = {{
    {"customer", "c_", {"c_custkey", ""}, 150'000},
    {"lineitem", "l_", {"l_orderkey", "l_linenumber"}, 6'001'215},
    {"nation", "n_", {"n_nationkey", ""}, 0},
    {"orders", "o_", {"o_orderkey", ""}, 1'500'000},
    {"part", "p_", {"p_partkey", ""}, 200'000},
    {"partsupp", "ps_", {"ps_partkey", "ps_suppkey"}, 800'000},
    {"region", "r_", {"r_regionkey", ""}, 0},
    {"supplier", "s_", {"s_suppkey", ""}, 10'000},
}};

// The scale factor as its shortest decimal text; nullopt unless it is one that can be generated.
std::optional<std::string> ScaleText(std::string_view text) {
  double scale = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), scale, std::chars_format::fixed);
  if (failure != std::errc{} || end != text.data() + text.size() || !(scale >= 0.001) || scale > kLargestScale)
    return std::nullopt;
  return fmt::format("{}", scale);
}

std::string SchemaOf(const std::string& scale) { return scale == "0.01" ? "tiny" : "sf" + scale; }

base::Result<std::string> ScaleOf(const std::string& schema) {
  if (SameName(schema, "tiny")) return std::string("0.01");
  if (schema.size() > 2 && SameName(std::string_view(schema).substr(0, 2), "sf")) {
    if (auto scale = ScaleText(std::string_view(schema).substr(2))) return *scale;
  }
  return NoSuchSchema(schema);
}

std::unexpected<base::Error> Invalid(std::string message, std::string field) {
  auto refused = base::InvalidArgument(std::move(message), std::move(field));
  refused.error().code = "INVALID_CREDENTIALS";
  return refused;
}

class TpchSource final : public Source {
 public:
  TpchSource(std::string scale, bool simplified, std::filesystem::path samples)
      : scale_(std::move(scale)), simplified_(simplified), samples_(std::move(samples)) {}

  base::Result<void> Check(const base::CallLimits&) override { return {}; }

  base::Result<std::vector<std::string>> Schemas(const base::CallLimits&) override {
    std::vector<std::string> schemas = {"tiny", "sf1", "sf10", "sf100"};
    if (const auto own = SchemaOf(scale_); std::ranges::find(schemas, own) == schemas.end()) schemas.push_back(own);
    return schemas;
  }

  base::Result<std::vector<TableName>> Tables(const std::string& schema, const base::CallLimits& limits) override {
    TARN_ASSIGN_OR_RETURN(auto schemas, Schemas(limits));
    if (!schema.empty()) {
      TARN_ASSIGN_OR_RETURN(const auto scale, ScaleOf(schema));
      schemas = {SchemaOf(scale)};
    }
    std::vector<TableName> tables;
    for (const auto& name : schemas) {
      for (const auto& table : kTables) tables.push_back({.schema = name, .table = std::string(table.name)});
    }
    return tables;
  }

  base::Result<TableInfo> Describe(const TableName& name, const base::CallLimits& limits) override {
    TARN_ASSIGN_OR_RETURN(const auto scale, ScaleOf(name.schema));
    const auto* sample =
        std::ranges::find_if(kTables, [&](const SampleTable& table) { return SameName(table.name, name.table); });
    if (sample == kTables.end()) return NoSuchTable(name);
    // Scale zero makes the tables without rows.
    TARN_ASSIGN_OR_RETURN(const auto rows, probe_.Ask({"LOAD tpch", "CREATE SCHEMA IF NOT EXISTS sample",
                                                       "CALL dbgen(sf = 0, schema = 'sample', overwrite = true)"},
                                                      fmt::format("DESCRIBE sample.{}", sample->name), {}, limits));
    TableInfo table{.name = {.schema = SchemaOf(scale), .table = std::string(sample->name)}, .columns = {}, .key = {}};
    table.estimated_rows = std::llround(sample->rows * std::stod(scale));
    if (sample->rows == 0) table.estimated_rows = sample->name == "nation" ? 25 : 5;
    for (const auto& row : rows) {
      const auto& standard = *row[0];
      const bool only_key = sample->key[0] == standard && sample->key[1].empty();
      const auto shown = simplified_ ? standard.substr(sample->prefix.size()) : standard;
      table.columns.push_back({.name = shown,
                               .source_name = standard,
                               .type = engine::TrinoTypeOf(*row[1]),
                               .engine_type = *row[1],
                               .source_type = *row[1],
                               .not_null = true,
                               .unique = only_key});
      if (std::ranges::find(sample->key, standard) != sample->key.end()) table.key.push_back(shown);
    }
    return table;
  }

  base::Result<std::vector<ColumnStatistics>> Statistics(const TableInfo& table, const base::CallLimits&) override {
    std::vector<ColumnStatistics> statistics;
    for (const auto& column : table.columns) {
      if (column.unique) statistics.push_back({.column = column.name, .distinct_fraction = -1});
    }
    return statistics;
  }

  base::Result<std::vector<std::string>> AttachStatements(const std::string&, const base::CallLimits&) override {
    return std::vector<std::string>{};
  }
  std::vector<std::string> DetachStatements(const std::string&) override { return {}; }

  base::Result<std::string> LiveRelation(const TableInfo& table, const std::string&) override {
    TARN_ASSIGN_OR_RETURN(const auto scale, ScaleOf(table.name.schema));
    TARN_ASSIGN_OR_RETURN(const auto file, sample::SampleFile(samples_, sample::TpchSet(), scale));
    std::string shown;
    for (const auto& column : table.columns) {
      shown += fmt::format("{}{} AS {}", shown.empty() ? "" : ", ", Name(column.source_name), Name(column.name));
    }
    return fmt::format("(SELECT {} FROM read_duckdb({}, table_name = {}))", shown, Literal(file.string()),
                       Literal(table.name.table));
  }

  base::Result<std::unique_ptr<SourceSnapshot>> OpenSnapshot(engine::Session& session,
                                                             const base::CallLimits& limits) override {
    TARN_RETURN_IF_ERROR(session.Execute("BEGIN TRANSACTION", limits));
    // Generated data is the same everywhere and never changes.
    EngineSnapshotParts parts{.position = {.identity = "tpch", .watermark = ""},
                              .relation = [this](const TableInfo& table) { return LiveRelation(table, ""); },
                              .verify = {}};
    return MakeEngineSnapshot(session, std::move(parts));
  }

 private:
  const std::string scale_;
  const bool simplified_;
  const std::filesystem::path samples_;
  Probe probe_;
};

}  // namespace

base::Result<std::unique_ptr<Source>> MakeTpchSource(const std::string& scale_factor, const std::string& naming,
                                                     std::filesystem::path samples) {
  const auto scale = ScaleText(scale_factor.empty() ? "0.01" : scale_factor);
  if (!scale)
    return Invalid(fmt::format("A scale factor is a number from 0.001 to {}", kLargestScale), "credential.scaleFactor");
  if (!naming.empty() && naming != "STANDARD" && naming != "SIMPLIFIED") {
    return Invalid("Column naming is STANDARD or SIMPLIFIED", "credential.columnNaming");
  }
  return std::make_unique<TpchSource>(*scale, naming == "SIMPLIFIED", std::move(samples));
}

}  // namespace tarn::connector::tpch
