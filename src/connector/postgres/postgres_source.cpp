#include "connector/postgres/postgres_source.h"

#include <mutex>

#include "base/ids.h"
#include "connector/postgres/attachment.h"
#include "connector/postgres/cancellation.h"
#include "connector/postgres/remote_query.h"
#include "connector/postgres/snapshot.h"
#include "connector/postgres/structure.h"

namespace tarn::connector::postgres {
namespace {

// What a call without a deadline of its own may take.
constexpr std::chrono::seconds kControlTime{30};
// Live reads: a session of ours that hangs at the server, or waits for a lock there, holds a thread of the engine.
constexpr std::chrono::minutes kLiveStatementTime{10};
constexpr std::chrono::seconds kLiveLockTime{30};
constexpr std::size_t kMarkLength = 16;

base::CallLimits Bounded(base::CallLimits limits) {
  limits.deadline = std::min(limits.deadline, std::chrono::steady_clock::now() + kControlTime);
  return limits;
}

class PostgresSource final : public Source {
 public:
  explicit PostgresSource(Server server) : server_(std::move(server)) {}

  base::Result<void> Check(const base::CallLimits& limits) override {
    // On a fresh connection: one that is open says nothing about the credential.
    TARN_ASSIGN_OR_RETURN(auto connection, Connection::Open(server_, Bounded(limits)));
    PutBack(std::move(connection));
    return {};
  }

  base::Result<std::vector<std::string>> Schemas(const base::CallLimits& limits) override {
    return Ask(limits, [](Connection& connection, const auto& bounded) { return ReadSchemas(connection, bounded); });
  }

  base::Result<std::vector<TableName>> Tables(const std::string& schema, const base::CallLimits& limits) override {
    return Ask(limits,
               [&](Connection& connection, const auto& bounded) { return ReadTables(connection, schema, bounded); });
  }

  base::Result<TableInfo> Describe(const TableName& table, const base::CallLimits& limits) override {
    return Ask(limits,
               [&](Connection& connection, const auto& bounded) { return ReadTable(connection, table, bounded); });
  }

  base::Result<std::vector<TableInfo>> DescribeAll(const std::string& schema, const base::CallLimits& limits) override {
    return Ask(limits,
               [&](Connection& connection, const auto& bounded) { return ReadAllTables(connection, schema, bounded); });
  }

  base::Result<std::vector<ColumnStatistics>> Statistics(const TableInfo& table,
                                                         const base::CallLimits& limits) override {
    return Ask(limits,
               [&](Connection& connection, const auto& bounded) { return ReadStatistics(connection, table, bounded); });
  }

  base::Result<std::vector<std::string>> AttachStatements(const std::string& alias,
                                                          const base::CallLimits& limits) override {
    TARN_ASSIGN_OR_RETURN(const int version, ServerVersion(limits));
    return AttachStatementsFor(server_, {.alias = alias,
                                         .server_version = version,
                                         .statement_timeout = kLiveStatementTime,
                                         .lock_timeout = kLiveLockTime});
  }

  std::vector<std::string> DetachStatements(const std::string& alias) override { return DetachStatementsFor(alias); }

  base::Result<std::string> LiveRelation(const TableInfo& table, const std::string& alias) override {
    if (table.columns.empty())
      return base::NotSupported(fmt::format("A table without columns cannot be read: \"{}\"", table.name.table));
    return QueryRelation(table, alias, base::NewToken(kMarkLength));
  }

  std::function<void()> StopReading(const std::string& live_relation) override {
    return [server = server_, mark = MarkOf(live_relation)] { CancelStatements(server, mark); };
  }

  base::Result<std::unique_ptr<SourceSnapshot>> OpenSnapshot(engine::Session& session,
                                                             const base::CallLimits& limits) override {
    TARN_ASSIGN_OR_RETURN(const int version, ServerVersion(limits));
    return OpenPostgresSnapshot(server_, version, session, limits);
  }

 private:
  base::Result<int> ServerVersion(const base::CallLimits& limits) {
    return Ask(limits, [](Connection& connection, const auto& bounded) -> base::Result<int> {
      TARN_RETURN_IF_ERROR(connection.Query("SELECT 1", {}, bounded));
      return connection.server_version();
    });
  }

  // Asks over the idle connection, or over a new one where that broke while it was idle.
  template <class Question>
  auto Ask(const base::CallLimits& limits, const Question& question)
      -> decltype(question(std::declval<Connection&>(), limits)) {
    const auto bounded = Bounded(limits);
    if (auto idle = TakeIdle(); idle != nullptr) {
      auto answer = question(*idle, bounded);
      if (answer || answer.error().kind != base::ErrorKind::kUnavailable) {
        PutBack(std::move(idle));
        return answer;
      }
    }
    auto opened = Connection::Open(server_, bounded);
    if (!opened) {
      auto error = std::move(opened).error();
      if (error.kind == base::ErrorKind::kInvalidArgument) return base::Unavailable(error.message);
      return std::unexpected(std::move(error));
    }
    auto answer = question(**opened, bounded);
    PutBack(*std::move(opened));
    return answer;
  }

  std::unique_ptr<Connection> TakeIdle() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(idle_, nullptr);
  }

  void PutBack(std::unique_ptr<Connection> connection) {
    if (!connection->usable()) return;
    const std::scoped_lock lock(mutex_);
    idle_ = std::move(connection);
  }

  const Server server_;
  std::mutex mutex_;
  std::unique_ptr<Connection> idle_;
};

}  // namespace

std::unique_ptr<Source> MakePostgresSource(Server server) {
  return std::make_unique<PostgresSource>(std::move(server));
}

}  // namespace tarn::connector::postgres
