#include "tables/project_file.h"

#include <charconv>

#include "base/ids.h"
#include "base/log.h"
#include "sql/text.h"
#include "tables/row_scan.h"

namespace tarn::tables {

namespace {

constexpr std::int64_t kFormat = 1;  // of the file; a newer one is not opened
constexpr std::size_t kIdleReaders = 8;
constexpr std::uintmax_t kLogWorthMoving = std::uintmax_t{4} << 20;

constexpr const char* kSchema = R"(
CREATE TABLE tables (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL,
  row_count INTEGER NOT NULL, next_column INTEGER NOT NULL, generation TEXT NOT NULL,
  stored TEXT NOT NULL, UNIQUE (kind, folded));
CREATE TABLE columns (table_id INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL,
  type TEXT NOT NULL, display_name TEXT NOT NULL, default_value TEXT, not_null INTEGER NOT NULL,
  is_unique INTEGER NOT NULL, description TEXT, fill TEXT, PRIMARY KEY (table_id, number), UNIQUE (table_id, folded));
CREATE TABLE batches (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, user TEXT NOT NULL, session TEXT NOT NULL);
CREATE TABLE imports (id TEXT PRIMARY KEY, processed INTEGER NOT NULL, inserted INTEGER NOT NULL,
  updated INTEGER NOT NULL);
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
INSERT INTO counters VALUES ('last_id', 0);
)";

base::Result<void> Prepare(Connection& connection) {
  TARN_RETURN_IF_ERROR(
      connection.Execute("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
                         "PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -65536"));
  TARN_ASSIGN_OR_RETURN(const auto format, connection.Integer("PRAGMA user_version"));
  if (format > kFormat) return base::FailedPrecondition("The project's tables were written by a newer version of Tarn");
  if (format == 0) {
    TARN_RETURN_IF_ERROR(connection.Execute("BEGIN IMMEDIATE;" + std::string(kSchema) +
                                            "PRAGMA user_version = " + std::to_string(kFormat) + "; COMMIT"));
  }
  return {};
}

base::Result<TableDefinition> FindIn(Connection& connection, Kind kind, const std::string& name) {
  TARN_ASSIGN_OR_RETURN(auto found,
                        ReadDefinitions(connection, "kind = ? AND folded = ?", SchemaOf(kind), sql::ToLower(name)));
  if (found.empty()) return NoSuchTable(kind, name);
  return std::move(found.front());
}

base::Result<std::vector<TableDefinition>> TablesIn(Connection& connection, Kind kind) {
  return ReadDefinitions(connection, "kind = ?", SchemaOf(kind));
}

// Numbers with blanks between them.
std::vector<std::int64_t> ReadNumbers(std::string_view text) {
  std::vector<std::int64_t> numbers;
  while (!text.empty()) {
    std::int64_t number = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), number).ptr;
    numbers.push_back(number);
    text.remove_prefix(std::min<std::size_t>(static_cast<std::size_t>(end - text.data()) + 1, text.size()));
  }
  return numbers;
}

}  // namespace

std::string StoredTable(const TableDefinition& table) { return "\"t" + std::to_string(table.id) + "\""; }
std::string StoredColumn(const ColumnDefinition& column) { return "\"x" + std::to_string(column.number) + "\""; }

base::Result<std::vector<TableDefinition>> ReadDefinitions(Connection& connection, const std::string& where,
                                                           std::string_view first, std::string_view second) {
  TARN_ASSIGN_OR_RETURN(auto tables,
                        connection.Prepare("SELECT id, kind, name, row_count, generation, stored FROM tables WHERE " +
                                           where + " ORDER BY folded"));
  if (!first.empty()) tables.Bind(1, first);
  if (!second.empty()) tables.Bind(2, second);
  TARN_ASSIGN_OR_RETURN(
      auto columns, connection.Prepare("SELECT number, name, type, display_name, default_value, not_null, "
                                       "is_unique, description, fill FROM columns WHERE table_id = ? ORDER BY number"));
  std::vector<TableDefinition> found;
  for (;;) {
    TARN_ASSIGN_OR_RETURN(const bool more, tables.Step());
    if (!more) return found;
    TableDefinition table{.id = tables.Integer(0),
                          .kind = KindOf(tables.Text(1)).value_or(Kind::kRows),
                          .name = std::string(tables.Text(2)),
                          .columns = {},
                          .rows = tables.Integer(3),
                          .generation = std::string(tables.Text(4)),
                          .stored = ReadNumbers(tables.Text(5))};
    columns.Bind(1, table.id);
    for (;;) {
      TARN_ASSIGN_OR_RETURN(const bool another, columns.Step());
      if (!another) break;
      const auto type = ColumnTypeOf(columns.Text(2));
      if (!type) return base::Internal("A column of an internal table has an unknown type");
      table.columns.push_back({.number = columns.Integer(0),
                               .name = std::string(columns.Text(1)),
                               .type = *type,
                               .display_name = std::string(columns.Text(3)),
                               .default_value = columns.OptionalText(4),
                               .not_null = columns.Integer(5) != 0,
                               .unique = columns.Integer(6) != 0,
                               .description = columns.OptionalText(7),
                               .fill = columns.OptionalText(8)});
    }
    columns.Reset();
    found.push_back(std::move(table));
  }
}

base::Result<std::shared_ptr<ProjectFile>> ProjectFile::Open(const std::filesystem::path& file) {
  std::shared_ptr<ProjectFile> opened(new ProjectFile(file));
  TARN_ASSIGN_OR_RETURN(opened->writer_, Connection::Open(file, Connection::Mode::kWrite));
  TARN_RETURN_IF_ERROR(Prepare(*opened->writer_));
  return opened;
}

base::Result<std::shared_ptr<engine::RowState>> ProjectFile::Now() {
  TARN_ASSIGN_OR_RETURN(auto state, State());
  return std::shared_ptr<engine::RowState>(std::move(state));
}

base::Result<std::shared_ptr<TableState>> ProjectFile::State() {
  std::unique_ptr<Connection> connection;
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      connection = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (!connection) {
    TARN_ASSIGN_OR_RETURN(connection, Connection::Open(path_, Connection::Mode::kRead));
  }
  // A transaction sees the state of its first read.
  TARN_RETURN_IF_ERROR(connection->Execute("BEGIN; SELECT value FROM counters"));
  return std::make_shared<TableState>(shared_from_this(), std::move(connection));
}

void ProjectFile::GiveBack(std::unique_ptr<Connection> connection) {
  if (!connection->Execute("ROLLBACK")) return;
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kIdleReaders) idle_.push_back(std::move(connection));
}

base::Result<std::unique_ptr<Change>> ProjectFile::Begin(Author author, const base::CallLimits& limits) {
  std::unique_lock lock(changing_, std::defer_lock);
  // In steps, as a wait for the lock cannot be cancelled.
  while (!lock.try_lock_for(std::min<std::chrono::milliseconds>(limits.Left(), std::chrono::milliseconds(200)))) {
    if (auto over = limits.Check(); !over) {
      if (over.error().kind != base::ErrorKind::kDeadlineExceeded) return std::unexpected(std::move(over).error());
      return base::DeadlineExceeded("Another change of the project's tables took too long");
    }
  }
  TARN_RETURN_IF_ERROR(writer_->Execute("BEGIN IMMEDIATE"));
  return std::make_unique<Change>(shared_from_this(), std::move(lock), std::move(author));
}

void ProjectFile::Checkpoint() {
  std::error_code ignored;
  const auto size = std::filesystem::file_size(path_.string() + "-wal", ignored);
  if (ignored || size < kLogWorthMoving) return;
  auto connection = Connection::Open(path_, Connection::Mode::kWrite);
  if (!connection) return;  // the next change tries again
  base::IgnoreError((*connection)->Execute("PRAGMA wal_checkpoint(PASSIVE)"), "the log stays readable where it is");
}

Change::Change(std::shared_ptr<ProjectFile> file, std::unique_lock<std::timed_mutex> lock, Author author)
    : file_(std::move(file)), lock_(std::move(lock)), author_(std::move(author)) {}

Change::~Change() {
  if (!open_) return;
  if (auto undone = file_->writer_->Execute("ROLLBACK"); !undone)
    base::log::Error("change of a project's tables not undone", {{"reason", undone.error().message}});
}

Connection& Change::connection() { return *file_->writer_; }

base::Result<TableDefinition> Change::Find(Kind kind, const std::string& name) {
  return FindIn(connection(), kind, name);
}

base::Result<std::vector<TableDefinition>> Change::Tables(Kind kind) { return TablesIn(connection(), kind); }

base::Result<std::int64_t> Change::Batch() {
  if (batch_ != 0) return batch_;
  TARN_ASSIGN_OR_RETURN(auto insert, connection().Prepare("INSERT INTO batches (at, user, session) VALUES (?, ?, ?)"));
  insert.Bind(1, std::int64_t{author_.at.time_since_epoch().count()});
  insert.Bind(2, std::string_view(author_.user));
  insert.Bind(3, std::string_view(author_.session));
  TARN_RETURN_IF_ERROR(insert.Run());
  batch_ = sqlite3_last_insert_rowid(connection().handle());
  return batch_;
}

base::Result<std::int64_t> Change::NextIds(std::int64_t count) {
  if (last_id_ == 0) {
    TARN_ASSIGN_OR_RETURN(last_id_, connection().Integer("SELECT value FROM counters WHERE name = 'last_id'"));
  }
  const auto text = base::NewSnowflake();
  std::int64_t now = 0;
  std::from_chars(text.data(), text.data() + text.size(), now);
  const auto first = std::max(last_id_ + 1, now);
  last_id_ = first + count - 1;
  return first;
}

base::Result<void> Change::Commit() {
  if (last_id_ != 0) {
    TARN_RETURN_IF_ERROR(
        connection().Execute("UPDATE counters SET value = " + std::to_string(last_id_) + " WHERE name = 'last_id'"));
  }
  TARN_RETURN_IF_ERROR(connection().Execute("COMMIT"));
  open_ = false;
  lock_.unlock();
  return {};
}

struct TableState::Parts {
  std::shared_ptr<ProjectFile> file;
  std::unique_ptr<Connection> connection;
  std::mutex mutex;  // of the connection
};

TableState::TableState(std::shared_ptr<ProjectFile> file, std::unique_ptr<Connection> connection)
    : parts_(new Parts{.file = std::move(file), .connection = std::move(connection), .mutex = {}}) {}

TableState::~TableState() { parts_->file->GiveBack(std::move(parts_->connection)); }

base::Result<std::vector<TableDefinition>> TableState::Tables(Kind kind) {
  const std::lock_guard lock(parts_->mutex);
  return TablesIn(*parts_->connection, kind);
}

base::Result<TableDefinition> TableState::Find(Kind kind, const std::string& name) {
  const std::lock_guard lock(parts_->mutex);
  return FindIn(*parts_->connection, kind, name);
}

base::Result<TableState::Layout> TableState::LayoutOf(const std::string& table) {
  const std::lock_guard lock(parts_->mutex);
  TARN_ASSIGN_OR_RETURN(const auto found, ReadDefinitions(*parts_->connection, "id = CAST(? AS INTEGER)", table));
  if (found.empty()) return base::NotFound("There is no such table", "TABLE_NOT_FOUND");
  Layout layout{.columns = {}, .rows = found[0].rows, .mark = found[0].LayoutMark()};
  for (const auto& column : found[0].columns)
    layout.columns.push_back({.name = column.name, .type = std::string(TrinoType(column.type))});
  for (const auto& column : SystemColumnsOf(found[0].kind))
    layout.columns.push_back({.name = std::string(column.name), .type = std::string(column.type)});
  return layout;
}

base::Result<std::unique_ptr<engine::RowScan>> TableState::Scan(const std::string& table,
                                                                const std::vector<std::size_t>& columns) {
  const std::lock_guard lock(parts_->mutex);
  TARN_ASSIGN_OR_RETURN(const auto found, ReadDefinitions(*parts_->connection, "id = CAST(? AS INTEGER)", table));
  if (found.empty()) return base::NotFound("There is no such table", "TABLE_NOT_FOUND");
  return OpenRowScan(*parts_->connection, parts_->mutex, found[0], columns);
}

}  // namespace tarn::tables
