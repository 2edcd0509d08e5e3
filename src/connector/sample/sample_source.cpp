#include "connector/sample/sample_source.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "connector/engine_snapshot.h"
#include "connector/engine_text.h"
#include "connector/names.h"
#include "connector/sample/sample_file.h"
#include "engine/types.h"

namespace tarn::connector::sample {
namespace {

constexpr double kLargestGenerated = 100;

std::optional<double> ScaleOf(std::string_view schema) {
  if (SameName(schema, "tiny")) return 0.01;
  if (schema.size() < 3 || !SameName(schema.substr(0, 2), "sf")) return std::nullopt;
  const auto digits = schema.substr(2);
  double scale = 0;
  const auto [end, failure] =
      std::from_chars(digits.data(), digits.data() + digits.size(), scale, std::chars_format::fixed);
  if (failure != std::errc{} || end != digits.data() + digits.size() || !(scale >= 0.001) || scale > 100'000)
    return std::nullopt;
  return scale;
}

class SampleSource final : public Source {
 public:
  SampleSource(const SampleSet& set, std::filesystem::path folder) : set_(set), folder_(std::move(folder)) {}

  base::Result<void> Check(const base::CallLimits&) override { return {}; }

  base::Result<std::vector<std::string>> Schemas(const base::CallLimits&) override {
    return std::vector<std::string>(set_.schemas.begin(), set_.schemas.end());
  }

  base::Result<std::vector<TableName>> Tables(const std::string& schema, const base::CallLimits&) override {
    std::vector<std::string> schemas(set_.schemas.begin(), set_.schemas.end());
    if (!schema.empty()) {
      if (!ScaleOf(schema)) return NoSuchSchema(schema);
      schemas = {schema};
    }
    std::vector<TableName> tables;
    for (const auto& name : schemas) {
      for (const auto& table : set_.tables) tables.push_back({.schema = name, .table = std::string(table.name)});
    }
    return tables;
  }

  base::Result<TableInfo> Describe(const TableName& name, const base::CallLimits&) override {
    const auto scale = ScaleOf(name.schema);
    if (!scale) return NoSuchSchema(name.schema);
    const auto table =
        std::ranges::find_if(set_.tables, [&](const SampleTable& each) { return SameName(each.name, name.table); });
    if (table == set_.tables.end()) return NoSuchTable(name);
    TableInfo info{.name = {.schema = name.schema, .table = std::string(table->name)}, .columns = {}, .key = {}};
    info.estimated_rows = std::llround(table->fixed ? table->rows : table->rows * *scale);
    for (const auto& column : table->columns) {
      const std::string type(column.type);
      TARN_ASSIGN_OR_RETURN(auto engine_type, engine::EngineTypeOf(type));
      info.columns.push_back({.name = std::string(column.name),
                              .source_name = std::string(column.source),
                              .type = type,
                              .engine_type = std::move(engine_type),
                              .source_type = type,
                              .not_null = set_.not_null});
    }
    return info;
  }

  base::Result<std::vector<ColumnStatistics>> Statistics(const TableInfo&, const base::CallLimits&) override {
    return std::vector<ColumnStatistics>{};
  }

  base::Result<std::vector<std::string>> AttachStatements(const std::string&, const base::CallLimits&) override {
    return std::vector<std::string>{};
  }
  std::vector<std::string> DetachStatements(const std::string&) override { return {}; }

  base::Result<std::string> LiveRelation(const TableInfo& table, const std::string&) override {
    const auto scale = ScaleOf(table.name.schema);
    if (!scale) return NoSuchSchema(table.name.schema);
    if (*scale > kLargestGenerated) {
      return base::NotSupported(fmt::format("Sample data is generated up to scale factor {}, not \"{}\"",
                                            kLargestGenerated, table.name.schema));
    }
    if (table.columns.empty() || table.columns.front().source_name.empty()) {
      return base::NotSupported(fmt::format("Rows of a sample table are not generated: \"{}\"", table.name.table));
    }
    TARN_ASSIGN_OR_RETURN(const auto file, SampleFile(folder_, set_, fmt::format("{}", *scale)));
    std::string columns;
    for (const auto& column : table.columns) {
      columns += fmt::format("{}CAST({} AS {}) AS {}", columns.empty() ? "" : ", ", Name(column.source_name),
                             column.engine_type, Name(column.name));
    }
    return fmt::format("(SELECT {} FROM read_duckdb({}, table_name = {}))", columns, Literal(file.string()),
                       Literal(table.name.table));
  }

  base::Result<std::unique_ptr<SourceSnapshot>> OpenSnapshot(engine::Session& session,
                                                             const base::CallLimits& limits) override {
    TARN_RETURN_IF_ERROR(session.Execute("BEGIN TRANSACTION", limits));
    // Generated data is the same everywhere and never changes.
    EngineSnapshotParts parts{.position = {.identity = std::string(set_.name), .watermark = ""},
                              .relation = [this](const TableInfo& table) { return LiveRelation(table, ""); },
                              .verify = {}};
    return MakeEngineSnapshot(session, std::move(parts));
  }

 private:
  const SampleSet& set_;
  const std::filesystem::path folder_;
};

}  // namespace

std::unique_ptr<Source> MakeSampleSource(const SampleSet& set, std::filesystem::path folder) {
  return std::make_unique<SampleSource>(set, std::move(folder));
}

}  // namespace tarn::connector::sample
