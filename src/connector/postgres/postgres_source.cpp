#include "connector/postgres/postgres_source.h"

#include "base/ids.h"
#include "connector/control_connection.h"
#include "connector/postgres/attachment.h"
#include "connector/postgres/cancellation.h"
#include "connector/postgres/change_log.h"
#include "connector/postgres/remote_query.h"
#include "connector/postgres/snapshot.h"
#include "connector/postgres/structure.h"

namespace tarn::connector::postgres {
namespace {

// Live reads: a session of ours that hangs at the server, or waits for a lock there, holds a thread of the engine.
constexpr std::chrono::minutes kLiveStatementTime{10};
constexpr std::chrono::seconds kLiveLockTime{30};
constexpr std::size_t kMarkLength = 16;

class PostgresSource final : public Source {
 public:
  explicit PostgresSource(Server server) : control_(std::move(server)) {}

  base::Result<void> Check(const base::CallLimits& limits) override { return control_.Check(limits); }

  base::Result<std::vector<std::string>> Schemas(const base::CallLimits& limits) override {
    return control_.Ask(limits,
                        [](Connection& connection, const auto& bounded) { return ReadSchemas(connection, bounded); });
  }

  base::Result<std::vector<TableName>> Tables(const std::string& schema, const base::CallLimits& limits) override {
    return control_.Ask(
        limits, [&](Connection& connection, const auto& bounded) { return ReadTables(connection, schema, bounded); });
  }

  base::Result<TableInfo> Describe(const TableName& table, const base::CallLimits& limits) override {
    return control_.Ask(
        limits, [&](Connection& connection, const auto& bounded) { return ReadTable(connection, table, bounded); });
  }

  base::Result<std::vector<TableInfo>> DescribeAll(const std::string& schema, const base::CallLimits& limits) override {
    return control_.Ask(limits, [&](Connection& connection, const auto& bounded) {
      return ReadAllTables(connection, schema, bounded);
    });
  }

  base::Result<std::vector<ColumnStatistics>> Statistics(const TableInfo& table,
                                                         const base::CallLimits& limits) override {
    return control_.Ask(limits, [&](Connection& connection, const auto& bounded) {
      return ReadStatistics(connection, table, bounded);
    });
  }

  base::Result<std::vector<std::string>> AttachStatements(const std::string& alias,
                                                          const base::CallLimits& limits) override {
    TARN_ASSIGN_OR_RETURN(const int version, ServerVersion(limits));
    return AttachStatementsFor(control_.server(), {.alias = alias,
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
    return [server = control_.server(), mark = MarkOf(live_relation)] { CancelStatements(server, mark); };
  }

  base::Result<std::string> KeepLog(const TableInfo& table, const std::string& name, const SourcePosition& copy,
                                    const base::CallLimits& limits) override {
    TARN_ASSIGN_OR_RETURN(auto kept, TableLog::Keep(control_, table, name, ReadLogMark(copy.log), limits));
    auto obstacle = kept->obstacle();
    const std::scoped_lock lock(log_mutex_);
    log_ = obstacle.empty() ? std::move(kept) : nullptr;
    return obstacle;
  }

  base::Result<void> ReleaseLog(const std::string& name, const base::CallLimits& limits) override {
    return control_.Ask(
        limits, [&](Connection& connection, const auto& bounded) { return ReleaseSlot(connection, name, bounded); });
  }

  base::Result<std::unique_ptr<SourceSnapshot>> OpenSnapshot(engine::Session& session,
                                                             const base::CallLimits& limits) override {
    TARN_ASSIGN_OR_RETURN(const int version, ServerVersion(limits));
    const std::scoped_lock lock(log_mutex_);
    return OpenPostgresSnapshot(control_.server(), version, std::move(log_), session, limits);
  }

 private:
  base::Result<int> ServerVersion(const base::CallLimits& limits) {
    return control_.Ask(limits, [](Connection& connection, const auto& bounded) -> base::Result<int> {
      TARN_RETURN_IF_ERROR(connection.Query("SELECT 1", {}, bounded));
      return connection.server_version();
    });
  }

  Control control_;
  std::mutex log_mutex_;
  std::unique_ptr<TableLog> log_;  // of the table whose view is opened next
};

}  // namespace

std::unique_ptr<Source> MakePostgresSource(Server server) {
  return std::make_unique<PostgresSource>(std::move(server));
}

}  // namespace tarn::connector::postgres
