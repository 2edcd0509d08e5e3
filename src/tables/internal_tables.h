// The internal tables of all projects: what there is, changing it, reading it by SQL, importing files.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "catalog/generation.h"
#include "catalog/own_tables.h"
#include "engine/duck_engine.h"
#include "tables/import.h"
#include "tables/import_log.h"
#include "tables/project_file.h"
#include "tables/row_writer.h"

namespace tarn::tables {

struct TablesSettings {
  std::filesystem::path folder;  // a folder in it for each project
  int workers = 2;               // imports at a time; further ones wait
  std::int64_t memory_bytes = std::int64_t{768} << 20;
  std::int64_t free_space_floor_bytes = 0;
  std::chrono::seconds import_deadline = std::chrono::hours(6);
};

// A file that was sent; `hold` keeps it in place.
struct SentFile {
  std::shared_ptr<const void> hold;
  FileRange range;
};

// Thread-safe.
class InternalTables final : public catalog::OwnTables {
 public:
  struct Parts {
    engine::DuckEngine& engine;
    catalog::Generations& generations;
    const base::Clock& clock;
    std::function<bool(const std::string& project_id)> project_exists;
    TablesSettings settings;
  };
  explicit InternalTables(Parts parts);
  ~InternalTables() override;

  // Makes the folder and removes what projects that are gone, and a stop in the middle of work, left behind.
  [[nodiscard]] base::Result<void> Start();
  // Cancels imports, and waits for them within the limits.
  void Stop(const base::CallLimits& limits);

  // A table of a project.
  struct Place {
    std::string project_id;
    Kind kind = Kind::kRows;
    std::string table;
  };

  [[nodiscard]] base::Result<std::vector<TableDefinition>> List(const std::string& project_id, Kind kind);
  // Errors: NotFound with TABLE_NOT_FOUND.
  [[nodiscard]] base::Result<TableDefinition> Find(const Place& place);

  // Errors of all changes: as in schema_change.h and row_writer.h; DeadlineExceeded while another change takes long.
  [[nodiscard]] base::Result<TableDefinition> Create(const Place& place, const base::CallLimits& limits);
  // With its rows, while statements that read them go on.
  [[nodiscard]] base::Result<void> Drop(const Place& place, const base::CallLimits& limits);
  [[nodiscard]] base::Result<std::vector<ColumnDefinition>> AddColumns(const Place& place,
                                                                       std::vector<ColumnDefinition> columns,
                                                                       const base::CallLimits& limits);
  [[nodiscard]] base::Result<ColumnDefinition> UpdateColumn(const Place& place, const std::string& column,
                                                            ColumnDefinition wanted, const base::CallLimits& limits);
  [[nodiscard]] base::Result<void> DropColumn(const Place& place, const std::string& column,
                                              const base::CallLimits& limits);

  // Changes rows of a table of rows: all that `change` does, or nothing.
  using ChangeRows = std::function<base::Result<std::int64_t>(Change&, const TableDefinition&)>;
  // `change` gives by how much the number of rows has changed.
  [[nodiscard]] base::Result<void> Edit(const Place& place, const std::string& user, const std::string& session,
                                        const base::CallLimits& limits, const ChangeRows& change);

  // Checks the request against the table and the file, then imports in the background. Gives the job's id.
  // Errors: InvalidArgument; NotFound.
  [[nodiscard]] base::Result<std::string> Import(const Place& place, const ImportRequest& request, SentFile file,
                                                 const std::string& user);
  // The project that an id of an import belongs to; empty where it is none.
  [[nodiscard]] static std::string ProjectOf(const std::string& job_id);
  // Errors: NotFound.
  [[nodiscard]] base::Result<ImportJob> Job(const std::string& job_id);
  // As Job, once it is over, or as it is when the limits are over.
  [[nodiscard]] base::Result<ImportJob> WaitForJob(const std::string& job_id, const base::CallLimits& limits);
  // Legal in every state. Errors: NotFound.
  [[nodiscard]] base::Result<void> CancelJob(const std::string& job_id);

  // The project has been deleted: cancels its imports and removes its tables.
  void ForgetProject(const std::string& project_id);

  [[nodiscard]] std::vector<std::string> Schemas() const override;
  [[nodiscard]] base::Result<std::vector<connector::TableName>> Tables(const std::string& project_id,
                                                                       const std::string& schema) override;
  [[nodiscard]] base::Result<connector::TableInfo> Describe(const std::string& project_id,
                                                            const connector::TableName& name) override;
  [[nodiscard]] base::Result<std::vector<connector::TableInfo>> DescribeAll(const std::string& project_id,
                                                                            const std::string& schema) override;
  [[nodiscard]] base::Result<Relation> Read(const std::string& project_id, const connector::TableName& name) override;

  struct Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace tarn::tables
