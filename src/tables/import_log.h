// The imports of one project, as they are told of. What an import wrote and its receipt are one transaction in the
// project's file; the log is beside it, so that an import can be begun while another one holds that file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/limits.h"
#include "tables/import.h"
#include "tables/sqlite.h"

namespace tarn::tables {

enum class ImportStatus { kRunning, kCompleted, kFailed, kCancelled };
[[nodiscard]] std::string_view ToString(ImportStatus status);  // "RUNNING"

struct ImportJob {
  std::string id;
  std::string project_id;
  Kind kind = Kind::kRows;
  std::string table;
  ImportStatus status = ImportStatus::kRunning;
  base::SystemTime started;
  std::optional<base::SystemTime> ended = {};
  int progress = 0;  // percent
  ImportOutcome outcome = {};
  std::optional<base::Error> error = {};  // of kFailed; what was kept of it is its message and field
};

// Thread-safe.
class ImportLog final {
 public:
  // Imports that a stop of the server cut off are ended by their receipts, which `project` has.
  [[nodiscard]] static base::Result<std::unique_ptr<ImportLog>> Open(const std::filesystem::path& file,
                                                                     Connection& project);
  // A new entry, or an existing one anew.
  [[nodiscard]] base::Result<void> Put(const ImportJob& job);
  [[nodiscard]] base::Result<std::optional<ImportJob>> Find(const std::string& id);

 private:
  explicit ImportLog(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
  std::mutex mutex_;
  std::unique_ptr<Connection> connection_;
};

// The receipt of an import, in the change that wrote its rows.
[[nodiscard]] base::Result<void> WriteReceipt(Connection& project, const std::string& id, const ImportOutcome& outcome);

}  // namespace tarn::tables
