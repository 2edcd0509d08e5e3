#include "connector/sqlite/sqlite_source.h"

#include "connector/allowed_path.h"
#include "connector/engine_snapshot.h"
#include "connector/engine_text.h"
#include "connector/names.h"
#include "connector/probe.h"
#include "connector/sqlite/types.h"

namespace tarn::connector::sqlite {
namespace {

constexpr std::string_view kSchema = "main";
constexpr std::string_view kProbeAlias = "tarn_probe";
constexpr std::string_view kSnapshotAlias = "tarn_source";

std::string Remote(std::string_view alias, const std::string& sql) {
  return fmt::format("sqlite_query({}, {})", Literal(alias), Literal(sql));
}

std::string AttachStatement(std::string_view alias, const std::filesystem::path& file) {
  return fmt::format("ATTACH IF NOT EXISTS {} AS {} (TYPE sqlite, READ_ONLY)", Literal(file.string()), Name(alias));
}

std::string DetachStatement(std::string_view alias) { return fmt::format("DETACH DATABASE IF EXISTS {}", Name(alias)); }

std::string Relation(const TableInfo& table, std::string_view alias) {
  std::string remote;
  std::string shown;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto& column = table.columns[i];
    const auto mapping = MapType(column.source_type);
    const std::string_view comma = i == 0 ? "" : ", ";
    const auto in_literal = NameInLiteral(column.source_name);
    const auto source = fmt::format("t.{}", Name(column.source_name));
    const auto text = fmt::format("c{}", i);
    remote += fmt::format("{}{} AS {}", comma, Fill(mapping.remote, {{"{c}", source}, {"{n}", in_literal}}), text);
    shown +=
        fmt::format("{}{} AS {}", comma, Fill(mapping.value, {{"{x}", text}, {"{n}", in_literal}}), Name(column.name));
  }
  return fmt::format("(SELECT {} FROM {})", shown,
                     Remote(alias, fmt::format("SELECT {} FROM {} AS t", remote, Name(table.name.table))));
}

class SqliteSource final : public Source {
 public:
  SqliteSource(std::string path, std::vector<std::filesystem::path> roots)
      : path_(std::move(path)), roots_(std::move(roots)) {}

  base::Result<void> Check(const base::CallLimits& limits) override {
    TARN_RETURN_IF_ERROR(AllowedPath(path_, roots_));
    auto answer = Ask("SELECT count(*) FROM sqlite_master", limits);
    if (answer || answer.error().kind == base::ErrorKind::kCancelled ||
        answer.error().kind == base::ErrorKind::kDeadlineExceeded) {
      return answer ? base::Result<void>{} : base::Result<void>(std::unexpected(answer.error()));
    }
    auto refused = base::InvalidArgument("The file is not an SQLite database that can be read", "credential.path");
    refused.error().code = "INVALID_CREDENTIALS";
    return refused;
  }

  base::Result<std::vector<std::string>> Schemas(const base::CallLimits&) override {
    TARN_RETURN_IF_ERROR(ReachablePath(path_, roots_));
    return std::vector<std::string>{std::string(kSchema)};
  }

  base::Result<std::vector<TableName>> Tables(const std::string& schema, const base::CallLimits& limits) override {
    if (!schema.empty() && !SameName(schema, kSchema)) return NoSuchSchema(schema);
    TARN_ASSIGN_OR_RETURN(const auto rows, Ask("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND "
                                               "name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
                                               limits));
    std::vector<TableName> tables;
    for (const auto& row : rows) tables.push_back({.schema = std::string(kSchema), .table = *row[0]});
    return tables;
  }

  base::Result<TableInfo> Describe(const TableName& name, const base::CallLimits& limits) override {
    TARN_ASSIGN_OR_RETURN(const auto tables, Tables(name.schema, limits));
    const auto found =
        std::ranges::find_if(tables, [&](const TableName& table) { return SameName(table.table, name.table); });
    if (found == tables.end()) return NoSuchTable(name);
    TableInfo table{.name = *found, .columns = {}, .key = {}};
    TARN_ASSIGN_OR_RETURN(const auto uniques, UniqueIndexes(found->table, limits));
    TARN_ASSIGN_OR_RETURN(const auto rows, Ask(fmt::format("SELECT name, type, \"notnull\", dflt_value, pk FROM "
                                                           "pragma_table_xinfo({}) WHERE hidden <> 1 ORDER BY cid",
                                                           Literal(found->table)),
                                               limits));
    std::map<int, const ProbeRow*> key;  // by position in the primary key
    for (const auto& row : rows) {
      const auto declared = row[1].value_or("");
      const auto mapping = MapType(declared);
      const bool unique = std::ranges::find(uniques, std::vector<std::string>{*row[0]}) != uniques.end();
      table.columns.push_back({.name = *row[0],
                               .source_name = *row[0],
                               .type = mapping.type,
                               .engine_type = mapping.engine_type,
                               .source_type = declared,
                               .not_null = row[2] == "1",
                               .unique = unique,
                               .default_value = row[3]});
      if (row[4] != "0") key.emplace(std::stoi(*row[4]), &row);
    }
    MakeNamesUnique(table.columns);
    SetKey(table, key, uniques);
    return table;
  }

  base::Result<std::vector<TableInfo>> DescribeAll(const std::string& schema, const base::CallLimits& limits) override {
    if (!schema.empty() && !SameName(schema, kSchema)) return NoSuchSchema(schema);
    const auto rows = Ask(
        "SELECT m.name AS t, x.name, x.type, x.\"notnull\", x.dflt_value, x.pk FROM sqlite_master m JOIN "
        "pragma_table_xinfo(m.name) x WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
        "AND x.hidden <> 1 ORDER BY m.name, x.cid",
        limits);
    // One view that is broken fails the question for all: then one by one.
    if (!rows) return Source::DescribeAll(schema, limits);
    std::vector<TableInfo> tables;
    std::map<std::string, std::vector<std::string>> keys;  // columns of primary keys, by table
    for (const auto& row : *rows) {
      if (tables.empty() || tables.back().name.table != *row[0]) {
        tables.push_back({.name = {.schema = std::string(kSchema), .table = *row[0]}, .columns = {}, .key = {}});
      }
      const auto declared = row[2].value_or("");
      const auto mapping = MapType(declared);
      tables.back().columns.push_back({.name = *row[1],
                                       .source_name = *row[1],
                                       .type = mapping.type,
                                       .engine_type = mapping.engine_type,
                                       .source_type = declared,
                                       .not_null = row[3] == "1",
                                       .default_value = row[4]});
      if (row[5] != "0") keys[*row[0]].push_back(*row[1]);
    }
    for (auto& table : tables) {
      MakeNamesUnique(table.columns);
      const auto key = keys.find(table.name.table);
      if (key == keys.end() || key->second.size() != 1) continue;
      const auto column = std::ranges::find(table.columns, key->second[0], &ColumnInfo::source_name);
      if (SameName(column->source_type, "INTEGER")) column->not_null = true;  // the row number
    }
    return tables;
  }

  base::Result<std::vector<ColumnStatistics>> Statistics(const TableInfo& table, const base::CallLimits&) override {
    std::vector<ColumnStatistics> statistics;  // SQLite keeps none for single columns; unique ones are known
    for (const auto& column : table.columns) {
      const bool key = table.key.size() == 1 && table.key[0] == column.name;
      if (key || column.unique) statistics.push_back({.column = column.name, .distinct_fraction = -1});
    }
    return statistics;
  }

  base::Result<std::vector<std::string>> AttachStatements(const std::string& alias, const base::CallLimits&) override {
    TARN_ASSIGN_OR_RETURN(const auto file, ReachablePath(path_, roots_));
    return std::vector<std::string>{AttachStatement(alias, file)};
  }

  std::vector<std::string> DetachStatements(const std::string& alias) override { return {DetachStatement(alias)}; }

  base::Result<std::string> LiveRelation(const TableInfo& table, const std::string& alias) override {
    return Relation(table, alias);
  }

  base::Result<std::unique_ptr<SourceSnapshot>> OpenSnapshot(engine::Session& session,
                                                             const base::CallLimits& limits) override {
    TARN_ASSIGN_OR_RETURN(const auto file, ReachablePath(path_, roots_));
    TARN_RETURN_IF_ERROR(session.Execute(DetachStatement(kSnapshotAlias), limits));
    TARN_RETURN_IF_ERROR(session.Execute(AttachStatement(kSnapshotAlias, file), limits));
    TARN_RETURN_IF_ERROR(session.Execute("BEGIN TRANSACTION", limits));
    // SQLite fixes the state that a transaction sees at its first read.
    auto first =
        session.Rows(fmt::format("FROM {}", Remote(kSnapshotAlias, "SELECT count(*) AS n FROM sqlite_master")), limits);
    if (!first) {
      base::IgnoreError(session.Execute("ROLLBACK"), "the first error is the one to tell");
      return std::unexpected(first.error());
    }
    EngineSnapshotParts parts{
        .position = {.identity = file.string(), .watermark = ""},
        .relation = [](const TableInfo& table) -> base::Result<std::string> { return Relation(table, kSnapshotAlias); },
        .verify = {}};
    return MakeEngineSnapshot(session, std::move(parts));
  }

 private:
  base::Result<std::vector<ProbeRow>> Ask(const std::string& sql, const base::CallLimits& limits) {
    TARN_ASSIGN_OR_RETURN(const auto file, ReachablePath(path_, roots_));
    return probe_.Ask({AttachStatement(kProbeAlias, file)}, fmt::format("FROM {}", Remote(kProbeAlias, sql)),
                      {DetachStatement(kProbeAlias)}, limits);
  }

  // The columns of each whole unique index, the primary key's included where SQLite made an index for it.
  base::Result<std::vector<std::vector<std::string>>> UniqueIndexes(const std::string& table,
                                                                    const base::CallLimits& limits) {
    TARN_ASSIGN_OR_RETURN(
        const auto rows,
        Ask(fmt::format("SELECT l.seq AS i, x.name AS c FROM pragma_index_list({}) l, pragma_index_info(l.name) x "
                        "WHERE l.\"unique\" = 1 AND l.partial = 0 ORDER BY l.seq DESC, x.seqno",
                        Literal(table)),
            limits));
    std::vector<std::vector<std::string>> indexes;
    std::optional<std::string> current;
    for (const auto& row : rows) {
      if (row[0] != current) indexes.emplace_back();
      current = row[0];
      indexes.back().push_back(row[1].value_or(""));  // empty: an expression
    }
    return indexes;
  }

  // The primary key, else a unique index, when none of its columns can be null; SQLite allows null in
  // primary keys that are not the row number.
  static void SetKey(TableInfo& table, const std::map<int, const ProbeRow*>& primary,
                     const std::vector<std::vector<std::string>>& uniques) {
    const auto column = [&](const std::string& name) {
      return std::ranges::find(table.columns, name, &ColumnInfo::source_name);
    };
    const bool row_number = primary.size() == 1 && SameName((*primary.begin()->second)[1].value_or(""), "INTEGER");
    if (row_number) column(*(*primary.begin()->second)[0])->not_null = true;
    std::vector<std::string> names;
    for (const auto& [position, row] : primary) names.push_back(*(*row)[0]);
    auto candidates = uniques;
    if (!names.empty()) candidates.insert(candidates.begin(), names);
    for (const auto& candidate : candidates) {
      const auto usable = [&](const std::string& name) {
        return column(name) != table.columns.end() && column(name)->not_null;
      };
      if (!std::ranges::all_of(candidate, usable)) continue;
      for (const auto& name : candidate) table.key.push_back(column(name)->name);
      return;
    }
  }

  const std::string path_;
  const std::vector<std::filesystem::path> roots_;
  Probe probe_;
};

}  // namespace

std::unique_ptr<Source> MakeSqliteSource(std::string path, std::vector<std::filesystem::path> roots) {
  return std::make_unique<SqliteSource>(std::move(path), std::move(roots));
}

}  // namespace tarn::connector::sqlite
