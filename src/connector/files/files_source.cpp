#include "connector/files/files_source.h"

#include <map>
#include <mutex>
#include <set>

#include "base/log.h"
#include "connector/allowed_path.h"
#include "connector/engine_snapshot.h"
#include "connector/engine_text.h"
#include "connector/files/folder.h"
#include "connector/names.h"
#include "connector/probe.h"
#include "engine/types.h"

namespace tarn::connector::files {
namespace {

class FilesSource final : public Source {
 public:
  FilesSource(std::string path, std::string pattern, std::vector<std::filesystem::path> roots)
      : path_(std::move(path)), pattern_(std::move(pattern)), roots_(std::move(roots)) {}

  base::Result<void> Check(const base::CallLimits&) override {
    TARN_ASSIGN_OR_RETURN(const auto folder, AllowedPath(path_, roots_));
    std::error_code failure;
    if (std::filesystem::is_directory(folder, failure)) return {};
    auto refused = base::InvalidArgument("The path is not a folder", "credential.path");
    refused.error().code = "INVALID_CREDENTIALS";
    return refused;
  }

  base::Result<std::vector<std::string>> Schemas(const base::CallLimits&) override {
    TARN_ASSIGN_OR_RETURN(const auto files, List());
    std::set<std::string> names{std::string(kDefaultSchema)};
    for (const auto& file : files) names.insert(file.name.schema);
    return std::vector<std::string>(names.begin(), names.end());
  }

  base::Result<std::vector<TableName>> Tables(const std::string& schema, const base::CallLimits& limits) override {
    TARN_ASSIGN_OR_RETURN(const auto schemas, Schemas(limits));
    const auto wanted = FindName(schemas, schema);
    if (!schema.empty() && wanted == schemas.size()) return NoSuchSchema(schema);
    TARN_ASSIGN_OR_RETURN(const auto files, List());
    std::vector<TableName> tables;
    for (const auto& file : files) {
      if (schema.empty() || file.name.schema == schemas[wanted]) tables.push_back(file.name);
    }
    return tables;
  }

  base::Result<TableInfo> Describe(const TableName& name, const base::CallLimits& limits) override {
    TARN_RETURN_IF_ERROR(Tables(name.schema, limits));
    TARN_ASSIGN_OR_RETURN(const auto file, Find(name));
    return DescribeFile(file, limits);
  }

  base::Result<std::vector<TableInfo>> DescribeAll(const std::string& schema, const base::CallLimits& limits) override {
    TARN_RETURN_IF_ERROR(Tables(schema, limits));
    TARN_ASSIGN_OR_RETURN(auto files, List());
    std::erase_if(files, [&](const TableFile& file) { return !schema.empty() && !SameName(file.name.schema, schema); });
    std::ranges::sort(files, {}, &TableFile::name);
    std::vector<TableInfo> tables;
    const std::scoped_lock lock(described_mutex_);
    std::map<std::filesystem::path, Described> described;
    for (const auto& file : files) {
      auto known = described_.find(file.file);
      if (known == described_.end() || known->second.identity.empty() ||
          known->second.identity != FileIdentity(file.file)) {
        const auto identity = FileIdentity(file.file);
        auto table = DescribeFile(file, limits);
        TARN_RETURN_IF_ERROR(limits.Check());
        if (!table) {
          base::log::Warning("file left out of a listing",
                             {{"table", file.name.table}, {"reason", table.error().message}});
          continue;
        }
        known =
            described_.insert_or_assign(file.file, Described{.identity = identity, .table = *std::move(table)}).first;
      }
      tables.push_back(known->second.table);
      described.insert(*known);
    }
    if (schema.empty()) described_ = std::move(described);  // those that are gone are forgotten
    return tables;
  }

  base::Result<std::vector<ColumnStatistics>> Statistics(const TableInfo&, const base::CallLimits&) override {
    return std::vector<ColumnStatistics>{};  // files carry none
  }

  base::Result<std::vector<std::string>> AttachStatements(const std::string&, const base::CallLimits&) override {
    return std::vector<std::string>{};
  }
  std::vector<std::string> DetachStatements(const std::string&) override { return {}; }

  base::Result<std::string> LiveRelation(const TableInfo& table, const std::string&) override {
    TARN_ASSIGN_OR_RETURN(const auto file, Find(table.name));
    return RelationOf(table, file.file);
  }

  base::Result<std::unique_ptr<SourceSnapshot>> OpenSnapshot(engine::Session& session,
                                                             const base::CallLimits& limits) override {
    TARN_ASSIGN_OR_RETURN(const auto files, List());
    auto seen = std::make_shared<std::map<TableName, std::string>>();
    for (const auto& file : files) seen->emplace(file.name, FileIdentity(file.file));
    TARN_RETURN_IF_ERROR(session.Execute("BEGIN TRANSACTION", limits));
    EngineSnapshotParts parts{.position = {.identity = path_, .watermark = ""},
                              .relation = [this](const TableInfo& table) { return LiveRelation(table, ""); },
                              .verify = [this, seen](const TableInfo& table) { return VerifyUnchanged(table, *seen); }};
    return MakeEngineSnapshot(session, std::move(parts));
  }

 private:
  // What a file was seen to have when it last looked so.
  struct Described {
    std::string identity;
    TableInfo table;
  };

  base::Result<TableInfo> DescribeFile(const TableFile& file, const base::CallLimits& limits) {
    TARN_ASSIGN_OR_RETURN(const auto rows,
                          probe_.Ask({}, fmt::format("DESCRIBE FROM {}", ReadCall(file.file)), {}, limits));
    TableInfo table{.name = file.name, .columns = {}, .key = {}};
    for (const auto& row : rows) {
      table.columns.push_back({.name = *row[0],
                               .source_name = *row[0],
                               .type = engine::TrinoTypeOf(*row[1]),
                               .engine_type = *row[1],
                               .source_type = *row[1]});
    }
    MakeNamesUnique(table.columns);
    return table;
  }

  base::Result<std::vector<TableFile>> List() {
    TARN_ASSIGN_OR_RETURN(const auto folder, ReachablePath(path_, roots_));
    return ListFolder(folder, pattern_);
  }

  base::Result<TableFile> Find(const TableName& name) {
    TARN_ASSIGN_OR_RETURN(const auto files, List());
    const auto exact = std::ranges::find(files, name, &TableFile::name);
    if (exact != files.end()) return *exact;
    const auto similar = std::ranges::find_if(files, [&](const TableFile& file) {
      return SameName(file.name.schema, name.schema) && SameName(file.name.table, name.table);
    });
    if (similar == files.end()) return NoSuchTable(name);
    return *similar;
  }

  static std::string RelationOf(const TableInfo& table, const std::filesystem::path& file) {
    std::string shown;
    for (const auto& column : table.columns) {
      shown += fmt::format("{}CAST({} AS {}) AS {}", shown.empty() ? "" : ", ", Name(column.source_name),
                           column.engine_type, Name(column.name));
    }
    return fmt::format("(SELECT {} FROM {})", shown, ReadCall(file));
  }

  // A file has no versions: whoever writes it while it is read leaves a mixed copy.
  base::Result<void> VerifyUnchanged(const TableInfo& table, const std::map<TableName, std::string>& seen) {
    TARN_ASSIGN_OR_RETURN(const auto file, Find(table.name));
    const auto before = seen.find(file.name);
    if (before != seen.end() && !before->second.empty() && before->second == FileIdentity(file.file)) return {};
    return base::Unavailable(fmt::format("The file changed while it was read: \"{}\"", table.name.table));
  }

  const std::string path_;
  const std::string pattern_;
  const std::vector<std::filesystem::path> roots_;
  Probe probe_;
  std::mutex described_mutex_;
  std::map<std::filesystem::path, Described> described_;
};

}  // namespace

std::unique_ptr<Source> MakeFilesSource(std::string path, std::string pattern,
                                        std::vector<std::filesystem::path> roots) {
  return std::make_unique<FilesSource>(std::move(path), std::move(pattern), std::move(roots));
}

}  // namespace tarn::connector::files
