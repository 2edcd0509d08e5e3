#include "store/database.h"

#include <fcntl.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <unistd.h>

#include <cerrno>

#include "base/log.h"
#include "store/migrations.h"
#include "store/session.h"

namespace tarn::store {

struct Database::Impl {
  explicit Impl(const std::string& parameters) : writer(soci::sqlite3, parameters), reader(soci::sqlite3, parameters) {}

  soci::session writer;
  std::mutex writing;
  mutable soci::session reader;
  mutable std::mutex reading;
  std::map<const void*, ForgetProject> watchers;
  mutable std::mutex watching;
};

namespace {

using base::Error;
using base::ErrorKind;

base::Error OfCode(int code) {
  // SQLite's own numbers: their low byte is the class.
  switch (code) {
    case SQLITE_CONSTRAINT_FOREIGNKEY:
    case SQLITE_CONSTRAINT_TRIGGER:
      return base::FailedPrecondition("This refers to something that does not exist, or is still in use").error();
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY: return base::AlreadyExists("This exists already").error();
    case SQLITE_IOERR_SHMSIZE: return base::ResourceExhausted("The control store's disk is full").error();
    default: break;
  }
  Error error = base::Internal("The control store failed").error();
  switch (code & 0xFF) {
    case SQLITE_FULL: return base::ResourceExhausted("The control store's disk is full").error();
    case SQLITE_CONSTRAINT: return base::FailedPrecondition("A rule of the control store does not allow this").error();
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      error.kind = ErrorKind::kFailedPrecondition;
      error.message = "The control store is damaged or is no control store";
      break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      error.kind = ErrorKind::kUnavailable;
      error.message = "The control store is locked by another process";
      error.retryable = true;
      break;
    default: break;
  }
  base::log::Error("control store failed", {{"sqlite_code", code}});
  return error;
}

// Runs and maps what it throws. SOCI's own texts carry SQL and values, so they go nowhere.
template <class Work>
base::Result<void> Guard(const Work& work) {
  try {
    work();
    return {};
  } catch (Refusal& refusal) {
    return std::unexpected(std::move(refusal.error));
  } catch (const soci::sqlite3_soci_error& error) {
    return std::unexpected(OfCode(error.result()));
  } catch (const soci::soci_error& error) {
    base::log::Error("control store failed", {{"reason", error.get_error_message()}});
    return base::Internal("The control store failed");
  } catch (const std::exception& error) {
    base::log::Error("work on the control store failed", {{"reason", error.what()}});
    return base::Internal("The control store failed");
  }
}

sqlite_api::sqlite3* HandleOf(soci::session& session) {
  return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
}

void Prepare(soci::session& session) {
  sqlite_api::sqlite3_extended_result_codes(HandleOf(session), 1);
  sqlite_api::sqlite3_busy_timeout(HandleOf(session), 5000);
  std::string mode;
  session << "PRAGMA journal_mode = WAL", soci::into(mode);
  if (mode != "wal") Refuse(base::Internal("The control store's disk does not support write-ahead logs"));
  session << "PRAGMA synchronous = FULL";
  session << "PRAGMA foreign_keys = ON";
}

// Makes the file with its mode before SQLite does; its companions get the same mode.
base::Result<void> CreatePrivately(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return base::Internal(
        fmt::format("The control store cannot be opened: \"{}\"", std::generic_category().message(errno)));
  }
  ::close(descriptor);
  return {};
}

}  // namespace

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::~Database() = default;

base::Result<std::unique_ptr<Database>> Database::Open(const std::filesystem::path& file) {
  const std::string name = file.string();
  if (name.find('"') != std::string::npos) {
    return base::FailedPrecondition("The data folder's path must not contain quotation marks");
  }
  TARN_RETURN_IF_ERROR(CreatePrivately(file));
  std::unique_ptr<Impl> impl;
  TARN_RETURN_IF_ERROR(Guard([&] {
    impl = std::make_unique<Impl>(fmt::format("db=\"{}\"", name));
    Prepare(impl->writer);
    Migrate(impl->writer);
    Prepare(impl->reader);
    impl->reader << "PRAGMA query_only = ON";
  }));
  return std::unique_ptr<Database>(new Database(std::move(impl)));
}

base::Result<void> Database::Write(const std::function<void(soci::session&)>& work,
                                   const std::function<void()>& committed) {
  const std::lock_guard lock(impl_->writing);
  soci::session& session = impl_->writer;
  auto result = Guard([&] {
    session << "BEGIN IMMEDIATE";
    work(session);
    session << "COMMIT";
  });
  if (!result) {
    // After some failures SQLite has rolled back by itself.
    if (sqlite_api::sqlite3_get_autocommit(HandleOf(session)) == 0) {
      TARN_RETURN_IF_ERROR(Guard([&] { session << "ROLLBACK"; }));
    }
    return result;
  }
  if (committed) committed();
  return {};
}

base::Result<void> Database::Read(const std::function<void(soci::session&)>& work) const {
  const std::lock_guard lock(impl_->reading);
  return Guard([&] { work(impl_->reader); });
}

void Database::OnProjectDeleted(const void* owner, ForgetProject forget) {
  const std::lock_guard lock(impl_->watching);
  impl_->watchers[owner] = std::move(forget);
}

void Database::StopWatching(const void* owner) {
  const std::lock_guard lock(impl_->watching);
  impl_->watchers.erase(owner);
}

void Database::AnnounceProjectDeleted(const std::string& project_id) const {
  const std::lock_guard lock(impl_->watching);
  for (const auto& [owner, forget] : impl_->watchers) forget(project_id);
}

}  // namespace tarn::store
