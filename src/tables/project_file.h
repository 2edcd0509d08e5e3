// The file of one project's internal tables: an SQLite database with the definitions of all of them, the rows of those
// that are edited, the manifests of those that are appended to, and the receipts of imports. What belongs together
// changes in one transaction.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"
#include "engine/kept_rows.h"
#include "tables/definition.h"
#include "tables/sqlite.h"

namespace tarn::tables {

class ProjectFile;

// Who changed rows, and when; kept once for all rows of a change.
struct Author {
  std::string user;
  std::string session;  // what the change belongs to: a request or an import
  base::SystemTime at;
};

// One state of the project's tables. Thread-safe.
class TableState final : public engine::RowState {
 public:
  TableState(std::shared_ptr<ProjectFile> file, std::unique_ptr<Connection> connection);
  ~TableState() override;

  // By name.
  [[nodiscard]] base::Result<std::vector<TableDefinition>> Tables(Kind kind);
  // By name regardless of case. Errors: NotFound with TABLE_NOT_FOUND.
  [[nodiscard]] base::Result<TableDefinition> Find(Kind kind, const std::string& name);

  // Tables by their ids as text. The columns of the definition come first, then the system columns.
  [[nodiscard]] base::Result<Layout> LayoutOf(const std::string& table) override;
  [[nodiscard]] base::Result<std::unique_ptr<engine::RowScan>> Scan(const std::string& table,
                                                                    const std::vector<std::size_t>& columns) override;

  struct Parts;  // shared with scans
 private:
  std::unique_ptr<Parts> parts_;
};

// One change of the project's file, which is seen as a whole or not at all. One at a time; used by one thread.
class Change final {
 public:
  Change(std::shared_ptr<ProjectFile> file, std::unique_lock<std::timed_mutex> lock, Author author);
  // Undoes what was not committed.
  ~Change();
  Change(const Change&) = delete;
  Change& operator=(const Change&) = delete;

  [[nodiscard]] Connection& connection();
  [[nodiscard]] base::Result<TableDefinition> Find(Kind kind, const std::string& name);
  [[nodiscard]] base::Result<std::vector<TableDefinition>> Tables(Kind kind);
  // The number that stands for the author in rows.
  [[nodiscard]] base::Result<std::int64_t> Batch();
  // Ids for `count` further rows: the first of them. They grow, and none is given twice.
  [[nodiscard]] base::Result<std::int64_t> NextIds(std::int64_t count);
  [[nodiscard]] const Author& author() const { return author_; }

  // Durable when it returns.
  [[nodiscard]] base::Result<void> Commit();

 private:
  std::shared_ptr<ProjectFile> file_;
  std::unique_lock<std::timed_mutex> lock_;
  Author author_;
  std::int64_t batch_ = 0;
  std::int64_t last_id_ = 0;
  bool open_ = true;
};

// Thread-safe. Statements that read go on reading when the file is removed.
class ProjectFile final : public engine::KeptRows, public std::enable_shared_from_this<ProjectFile> {
 public:
  // Makes the file where there is none. Errors: Unavailable; FailedPrecondition where a newer Tarn wrote it.
  [[nodiscard]] static base::Result<std::shared_ptr<ProjectFile>> Open(const std::filesystem::path& file);

  [[nodiscard]] base::Result<std::shared_ptr<engine::RowState>> Now() override;
  [[nodiscard]] base::Result<std::shared_ptr<TableState>> State();
  // Waits for the change before. Errors: DeadlineExceeded, Cancelled.
  [[nodiscard]] base::Result<std::unique_ptr<Change>> Begin(Author author, const base::CallLimits& limits);

  // Brings what changes wrote from the log into the file where it is worth it; readers and changes go on meanwhile.
  void Checkpoint();
  [[nodiscard]] const std::filesystem::path& file() const { return path_; }

 private:
  friend class Change;
  friend class TableState;
  explicit ProjectFile(std::filesystem::path path) : path_(std::move(path)) {}
  void GiveBack(std::unique_ptr<Connection> connection);

  std::filesystem::path path_;
  std::timed_mutex changing_;
  std::unique_ptr<Connection> writer_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;  // readers
};

// The stored table and column of an internal table.
[[nodiscard]] std::string StoredTable(const TableDefinition& table);
[[nodiscard]] std::string StoredColumn(const ColumnDefinition& column);

// The definitions that a connection sees. `where` is SQL behind WHERE.
[[nodiscard]] base::Result<std::vector<TableDefinition>> ReadDefinitions(Connection& connection,
                                                                         const std::string& where,
                                                                         std::string_view first = {},
                                                                         std::string_view second = {});

}  // namespace tarn::tables
