#include "engine/duck_engine.h"

#include <duckdb/storage/buffer_manager.hpp>

#include "engine/duck/errors.h"
#include "engine/duck/instance.h"
#include "engine/duck/parquet_copy.h"
#include "engine/text_rows.h"

namespace tarn::engine {
namespace {

std::string QuotedName(const std::string& name) {
  std::string quoted = "\"";
  for (const char c : name) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string QuotedText(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("''") : std::string(1, c);
  return quoted + "'";
}

// Idle sessions, kept for the next statement. Thread-safe.
class SessionPool final {
 public:
  explicit SessionPool(std::shared_ptr<Instance> instance) : instance_(std::move(instance)) {}

  // Throws what the engine throws.
  std::unique_ptr<Session::Impl> Take() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        auto session = std::move(idle_.back());
        idle_.pop_back();
        return session;
      }
    }
    return std::make_unique<Session::Impl>(instance_);
  }

  void Return(std::unique_ptr<Session::Impl> session) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(session));
  }

 private:
  std::shared_ptr<Instance> instance_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Session::Impl>> idle_;
};

// A statement's hold on a session, which goes back to the pool.
struct Lease {
  explicit Lease(std::shared_ptr<SessionPool> pool) : sessions(std::move(pool)), session(sessions->Take()) {}
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  ~Lease() { sessions->Return(std::move(session)); }

  std::shared_ptr<SessionPool> sessions;
  std::unique_ptr<Session::Impl> session;
};

}  // namespace

struct DuckEngine::Impl {
  std::unique_ptr<Database> database;
  std::shared_ptr<SessionPool> sessions;  // lives until the last stream goes
  std::mutex configuring;                 // attachments and set-up statements, one after another
  std::unique_ptr<Session> configurer;
};

DuckEngine::DuckEngine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DuckEngine::~DuckEngine() = default;

base::Result<std::unique_ptr<DuckEngine>> DuckEngine::Open(const DuckEngineOptions& options) {
  auto impl = std::make_unique<Impl>();
  TARN_ASSIGN_OR_RETURN(impl->database, Database::Open(options.database));
  TARN_ASSIGN_OR_RETURN(impl->configurer, impl->database->Connect());
  impl->sessions = std::make_shared<SessionPool>(impl->database->impl().instance);
  return std::unique_ptr<DuckEngine>(new DuckEngine(std::move(impl)));
}

base::Result<std::unique_ptr<RowStream>> DuckEngine::Run(const EngineStatement& statement,
                                                         const base::CallLimits& limits) {
  TARN_RETURN_IF_ERROR(limits.Check());
  std::shared_ptr<Lease> lease;
  try {
    lease = std::make_shared<Lease>(impl_->sessions);
  } catch (...) {
    return std::unexpected(CurrentException());
  }
  auto& session = *lease->session;
  TARN_RETURN_IF_ERROR(session.UseTimeZone(statement.time_zone));
  if (!statement.parquet) return session.Stream(statement.sql, limits, lease, statement.on_stop);
  TARN_ASSIGN_OR_RETURN(const auto copy, WriteParquetCopy(session, statement, limits));
  auto rows = session.Stream(copy.sql, limits, lease, statement.on_stop);
  if (!rows) return std::unexpected(WithoutPrefix(std::move(rows).error(), copy.prefix));
  return WithoutPrefix(*std::move(rows), copy.prefix);
}

base::Result<std::vector<std::int64_t>> DuckEngine::Change(const EngineChange& change, const base::CallLimits& limits) {
  std::unique_ptr<Lease> lease;
  try {
    lease = std::make_unique<Lease>(impl_->sessions);
  } catch (...) {
    return std::unexpected(CurrentException());
  }
  auto& session = *lease->session;
  TARN_RETURN_IF_ERROR(session.UseTimeZone(change.time_zone));
  TARN_RETURN_IF_ERROR(session.Execute("BEGIN TRANSACTION", limits));
  std::vector<std::int64_t> counts;
  for (const auto& statement : change.statements) {
    auto count = session.Execute(statement, limits, change.on_stop);
    if (!count) {
      base::IgnoreError(session.Execute("ROLLBACK", {}), "the error that is told is the statement's");
      return std::unexpected(std::move(count).error());
    }
    counts.push_back(*count);
  }
  if (auto committed = session.Execute("COMMIT", limits); !committed) {
    base::IgnoreError(session.Execute("ROLLBACK", {}), "the engine has rolled back what it could not commit");
    return std::unexpected(std::move(committed).error());
  }
  return counts;
}

base::Result<HeldRows> DuckEngine::Hold(TextRows rows) {
  return impl_->database->impl().instance->held_rows->Hold(std::move(rows));
}

void DuckEngine::KeepRows(const std::string& name, std::weak_ptr<KeptRows> rows) {
  impl_->database->impl().instance->row_keepers->Put(name, std::move(rows));
}

base::Result<void> DuckEngine::AttachFile(const std::string& name, const std::filesystem::path& file) {
  return Configure({"ATTACH IF NOT EXISTS " + QuotedText(file.string()) + " AS " + QuotedName(name) + " (READ_ONLY)"},
                   {});
}

base::Result<void> DuckEngine::Detach(const std::string& name) {
  return Configure({"DETACH DATABASE IF EXISTS " + QuotedName(name)}, {});
}

base::Result<void> DuckEngine::Configure(const std::vector<std::string>& statements, const base::CallLimits& limits) {
  const std::lock_guard lock(impl_->configuring);
  for (const auto& statement : statements) {
    TARN_RETURN_IF_ERROR(impl_->configurer->Execute(statement, limits));
  }
  return {};
}

Database& DuckEngine::database() { return *impl_->database; }

std::int64_t DuckEngine::memory_bytes() const {
  auto& buffers = impl_->database->impl().instance->database.instance->GetBufferManager();
  return static_cast<std::int64_t>(buffers.GetUsedMemory());
}

}  // namespace tarn::engine
