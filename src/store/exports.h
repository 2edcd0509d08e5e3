// Exports in the control store: what was asked for, and what became of it. The files lie in the data folder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"

namespace tarn::store {

class Database;

struct Export {
  std::string id;  // UUID
  std::string project_id;
  std::string user_id;         // who asked for it
  std::string api_key_prefix;  // of the key he asked with
  std::string client_source;   // the program he asked with, as it called itself
  std::string format;          // CSV, JSONL, PARQUET
  std::string compression;     // NONE, GZIP, ZSTD
  std::string query_id;        // of a saved query; else empty
  std::string catalog_id;      // of a table; else empty, as the next two
  std::string schema_name;
  std::string table_name;
  std::string source;              // shown name, such as peaka.query."charges"
  std::string file_name;           // as its reader gets it
  std::string status = "PENDING";  // PENDING, RUNNING, SUCCEEDED, FAILED, CANCELLED, EXPIRED
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  std::string error = {};
  base::SystemTime created_at{};
  std::optional<base::SystemTime> started_at = {};
  std::optional<base::SystemTime> ended_at = {};
  std::optional<base::SystemTime> expires_at = {};  // of the file
  bool operator==(const Export&) const = default;
};

struct ExportFilter {
  std::vector<std::string> statuses = {};  // empty: all
  std::optional<base::SystemTime> created_before = {};
  std::int64_t limit = 200;
};

// Thread-safe. Nothing is kept in memory.
class ExportRepository final {
 public:
  explicit ExportRepository(Database& database) : database_(database) {}

  // Errors: FailedPrecondition when there is no such project.
  [[nodiscard]] base::Result<void> Insert(const Export& row);
  // False when it is not PENDING any more.
  [[nodiscard]] base::Result<bool> Begin(const std::string& id, base::SystemTime at);
  // Gives an unfinished export the status, counts, error and times of `row`. False when it has ended already, or is
  // gone with its project.
  [[nodiscard]] base::Result<bool> End(const Export& row);
  // What a server that stopped left: PENDING and RUNNING become FAILED with this error. How many there were.
  [[nodiscard]] base::Result<std::int64_t> FailUnfinished(const std::string& error, base::SystemTime at);

  // Those of a project, the youngest first.
  [[nodiscard]] base::Result<std::vector<Export>> List(const std::string& project_id, const ExportFilter& filter) const;
  [[nodiscard]] base::Result<std::optional<Export>> Find(const std::string& project_id, const std::string& id) const;
  // Whatever project it belongs to.
  [[nodiscard]] base::Result<std::optional<Export>> Find(const std::string& id) const;
  // The exports of all projects that have a file.
  [[nodiscard]] base::Result<std::vector<Export>> WithFiles() const;

  // SUCCEEDED ones whose time is over become EXPIRED.
  [[nodiscard]] base::Result<void> Expire(base::SystemTime now);
  // Forgets those that ended before and have no file.
  [[nodiscard]] base::Result<void> Trim(base::SystemTime before);

 private:
  Database& database_;
};

}  // namespace tarn::store
