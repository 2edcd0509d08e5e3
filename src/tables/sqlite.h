// SQLite as the internal tables' files need it: connections, prepared statements, errors as results.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace tarn::tables {

class Statement;

// Not thread-safe.
class Connection final {
 public:
  enum class Mode { kRead, kWrite };
  // kWrite makes the file. Errors: Unavailable, ResourceExhausted.
  [[nodiscard]] static base::Result<std::unique_ptr<Connection>> Open(const std::filesystem::path& file, Mode mode);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Errors of all that run: AlreadyExists where a unique index refuses; ResourceExhausted (disk full); Unavailable
  // and retryable (busy); Cancelled (interrupted); Internal.
  [[nodiscard]] base::Result<void> Execute(const std::string& sql);
  [[nodiscard]] base::Result<Statement> Prepare(const std::string& sql);
  // The single integer that a query gives; 0 for NULL.
  [[nodiscard]] base::Result<std::int64_t> Integer(const std::string& sql);
  // Rows that the last INSERT, UPDATE or DELETE changed.
  [[nodiscard]] std::int64_t changes() const;
  // From any thread: what runs ends with Cancelled.
  void Interrupt();

  [[nodiscard]] base::Error ErrorOf(int code) const;
  [[nodiscard]] sqlite3* handle() const { return handle_; }

 private:
  explicit Connection(sqlite3* handle) : handle_(handle) {}
  sqlite3* handle_;
};

// Columns count from 0, parameters from 1. The connection must outlive it.
class Statement final {
 public:
  Statement(Connection& connection, sqlite3_stmt* handle) : connection_(&connection), handle_(handle) {}
  ~Statement() { sqlite3_finalize(handle_); }
  Statement(Statement&& other) noexcept : connection_(other.connection_), handle_(other.handle_) {
    other.handle_ = nullptr;
  }
  Statement& operator=(Statement&&) = delete;

  // Texts must live until the next Reset or binding.
  void Bind(int place, std::int64_t number) { sqlite3_bind_int64(handle_, place, number); }
  void Bind(int place, std::string_view text);
  void Bind(int place, const std::optional<std::string>& text);
  void BindBytes(int place, std::string_view bytes);
  void BindNull(int place) { sqlite3_bind_null(handle_, place); }

  // Whether there is a row.
  [[nodiscard]] base::Result<bool> Step();
  // Runs to its end and makes it ready to run again.
  [[nodiscard]] base::Result<void> Run();
  void Reset() { sqlite3_reset(handle_); }

  [[nodiscard]] int Type(int column) const { return sqlite3_column_type(handle_, column); }
  [[nodiscard]] std::int64_t Integer(int column) const { return sqlite3_column_int64(handle_, column); }
  [[nodiscard]] std::string_view Text(int column) const;
  [[nodiscard]] std::optional<std::string> OptionalText(int column) const;

 private:
  Connection* connection_;
  sqlite3_stmt* handle_;
};

}  // namespace tarn::tables
