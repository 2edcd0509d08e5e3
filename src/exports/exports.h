// Exports: the rows of tables and queries, written into files by jobs and kept for a while.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "exports/write_export.h"
#include "jobs/job_queue.h"
#include "store/exports.h"

namespace tarn::exports {

struct ExportSettings {
  std::filesystem::path folder;                                   // <data>/exports
  std::int64_t most_rows = 1'000'000;                             // of one export; 0: any number
  int workers = 2;                                                // exports at a time
  std::chrono::seconds kept = std::chrono::hours(24);             // files
  std::chrono::seconds remembered = std::chrono::hours(24 * 30);  // what is known of exports that have no file
  std::int64_t free_space_floor_bytes = std::int64_t{512} << 20;
};

// Thread-safe.
class Exports final {
 public:
  struct Parts {
    store::ExportRepository& store;
    query::Executor& executor;
    const base::Clock& clock;
    ExportSettings settings;
  };
  explicit Exports(Parts parts);
  // Stops what runs; it is FAILED with the reason.
  ~Exports();

  // Fails what an earlier server left unfinished and removes files that no export has. To be called once, first.
  [[nodiscard]] base::Result<void> Start();

  // Records an export and queues it. `row` says who asks and for what; identity, times and status are given here.
  // Errors: as ExportRepository::Insert.
  [[nodiscard]] base::Result<store::Export> Create(store::Export row, Contents contents);
  // Does nothing where the export has ended. Errors: NotFound.
  [[nodiscard]] base::Result<void> Cancel(const std::string& project_id, const std::string& id);
  // Errors: NotFound, also for those of other projects.
  [[nodiscard]] base::Result<store::Export> Find(const std::string& project_id, const std::string& id);
  [[nodiscard]] base::Result<std::vector<store::Export>> List(const std::string& project_id,
                                                              const store::ExportFilter& filter);

  // The file of an export, whatever project it belongs to. It may go at any time; who has opened it keeps it.
  // Errors: NotFound once it has expired.
  [[nodiscard]] base::Result<std::filesystem::path> FileOf(const std::string& id);

  // Cancels what runs for the project and removes its files.
  void DeleteByProject(const std::string& project_id);
  // Removes the files of those that have expired, and stops what leaves too little room on the disk. Called by itself
  // every second.
  void Sweep();

  [[nodiscard]] std::int64_t most_rows() const;
  [[nodiscard]] jobs::JobQueue::Load load() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tarn::exports
