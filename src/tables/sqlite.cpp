#include "tables/sqlite.h"

#include <utility>

namespace tarn::tables {

namespace {

constexpr int kBusyMilliseconds = 10'000;

}  // namespace

base::Result<std::unique_ptr<Connection>> Connection::Open(const std::filesystem::path& file, Mode mode) {
  sqlite3* handle = nullptr;
  const int flags = mode == Mode::kRead ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int code = sqlite3_open_v2(file.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<Connection> connection(new Connection(handle));
  if (code != SQLITE_OK) return std::unexpected(connection->ErrorOf(code));
  sqlite3_busy_timeout(handle, kBusyMilliseconds);
  sqlite3_extended_result_codes(handle, 1);
  return connection;
}

Connection::~Connection() { sqlite3_close_v2(handle_); }

base::Error Connection::ErrorOf(int code) const {
  switch (code & 0xFF) {
    case SQLITE_CONSTRAINT: return base::AlreadyExists("A value that must be unique is there already").error();
    case SQLITE_FULL: return base::OutOfSpace("The disk is full").error();
    case SQLITE_INTERRUPT: return base::Cancelled("The work was cancelled").error();
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR: {
      auto error = base::Unavailable("The file of the project's tables cannot be used now").error();
      error.fault = base::Fault::kUs;
      error.retryable = true;
      return error;
    }
    default:
      return base::Internal(std::string("The file of a project's tables failed: ") + sqlite3_errstr(code) + ": " +
                            (handle_ == nullptr ? "" : sqlite3_errmsg(handle_)))
          .error();
  }
}

base::Result<void> Connection::Execute(const std::string& sql) {
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return std::unexpected(ErrorOf(code));
  return {};
}

base::Result<Statement> Connection::Prepare(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(handle_, sql.c_str(), static_cast<int>(sql.size()), &statement, nullptr);
  if (code != SQLITE_OK) return std::unexpected(ErrorOf(code));
  return Statement(*this, statement);
}

base::Result<std::int64_t> Connection::Integer(const std::string& sql) {
  TARN_ASSIGN_OR_RETURN(auto statement, Prepare(sql));
  TARN_ASSIGN_OR_RETURN(const bool found, statement.Step());
  return found ? statement.Integer(0) : 0;
}

std::int64_t Connection::changes() const { return sqlite3_changes64(handle_); }

void Connection::Interrupt() { sqlite3_interrupt(handle_); }

void Statement::Bind(int place, std::string_view text) {
  // An empty text is no null pointer.
  sqlite3_bind_text64(handle_, place, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void Statement::Bind(int place, const std::optional<std::string>& text) {
  if (text) {
    Bind(place, std::string_view(*text));
  } else {
    BindNull(place);
  }
}

void Statement::BindBytes(int place, std::string_view bytes) {
  sqlite3_bind_blob64(handle_, place, bytes.data(), bytes.size(), SQLITE_STATIC);
}

base::Result<bool> Statement::Step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return std::unexpected(connection_->ErrorOf(code));
}

base::Result<void> Statement::Run() {
  const auto stepped = Step();
  Reset();
  if (!stepped) return std::unexpected(stepped.error());
  return {};
}

std::string_view Statement::Text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle_, column));
  return {bytes == nullptr ? "" : bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

std::optional<std::string> Statement::OptionalText(int column) const {
  if (Type(column) == SQLITE_NULL) return std::nullopt;
  return std::string(Text(column));
}

}  // namespace tarn::tables
