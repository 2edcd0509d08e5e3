// What the parts of InternalTables share; private to the folder.
#pragma once

#include <condition_variable>
#include <map>
#include <shared_mutex>

#include "jobs/job_queue.h"
#include "tables/column_file.h"
#include "tables/internal_tables.h"
#include "tables/schema_change.h"

namespace tarn::tables {

// One project's files, open.
struct OpenProject {
  std::string id;
  std::filesystem::path folder;
  std::shared_ptr<ProjectFile> file;
  std::unique_ptr<ImportLog> log;
  // Which file a column store's rows are in changes under the lock alone, in the project's file and among the
  // generations alike; who reads both holds it shared.
  std::shared_mutex publishing;
};

// An import under way.
struct RunningImport {
  std::mutex mutex;
  std::condition_variable changed;
  ImportJob job;
  std::stop_source stop;
  std::unique_ptr<RecordReader> records;
  SentFile sent;
  ImportRequest request;
  std::string user;
  std::int64_t table_id = 0;
  base::CallLimits limits;
};

struct InternalTables::Impl {
  Parts parts;
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<OpenProject>> open;
  std::map<std::string, std::shared_ptr<RunningImport>> running;
  std::unique_ptr<jobs::JobQueue> queue;

  // Null where the project has no tables yet, and none are to be made.
  [[nodiscard]] base::Result<std::shared_ptr<OpenProject>> Open(const std::string& project_id, bool make);
  [[nodiscard]] base::Result<std::shared_ptr<OpenProject>> OpenFiles(const std::string& project_id);
  // The one that has the table. Errors: NotFound.
  [[nodiscard]] base::Result<std::shared_ptr<OpenProject>> OpenFor(const Place& place);
  [[nodiscard]] base::Result<std::unique_ptr<Change>> Begin(OpenProject& project, const std::string& user,
                                                            const std::string& session,
                                                            const base::CallLimits& limits) const;
  [[nodiscard]] static catalog::Generations::Key KeyOf(const OpenProject& project, const TableDefinition& table);
  void Publish(OpenProject& project, const TableDefinition& table);
  [[nodiscard]] base::Result<ColumnFacts> AskColumn(OpenProject& project, const TableDefinition& table,
                                                    const ColumnDefinition& column, const base::CallLimits& limits);

  // imports.cpp
  void Run(const std::shared_ptr<OpenProject>& project, const std::shared_ptr<RunningImport>& import);
  [[nodiscard]] base::Result<ImportOutcome> ImportRows(OpenProject& project, RunningImport& import);
  [[nodiscard]] base::Result<ImportOutcome> ImportColumns(OpenProject& project, RunningImport& import);
  [[nodiscard]] base::Result<void> CheckSpace(const SentFile& file) const;
};

}  // namespace tarn::tables
