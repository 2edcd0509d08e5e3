#include "connector/mysql/mysql_source.h"

#include "base/ids.h"
#include "connector/control_connection.h"
#include "connector/mysql/readers.h"
#include "connector/mysql/rows_function.h"
#include "connector/mysql/snapshot.h"
#include "connector/mysql/structure.h"

namespace tarn::connector::mysql {
namespace {

constexpr std::size_t kMarkLength = 20;

class MysqlSource final : public Source {
 public:
  explicit MysqlSource(Server server) : control_(std::move(server)), entry_(MakeLiveReader(control_.server())) {}

  base::Result<void> Check(const base::CallLimits& limits) override { return control_.Check(limits); }

  base::Result<std::vector<std::string>> Schemas(const base::CallLimits& limits) override {
    return control_.Ask(limits, [this](Connection& connection, const auto& bounded) {
      return ReadSchemas(connection, control_.server().database, bounded);
    });
  }

  base::Result<std::vector<TableName>> Tables(const std::string& schema, const base::CallLimits& limits) override {
    return control_.Ask(limits, [&](Connection& connection, const auto& bounded) {
      return ReadTables(connection, control_.server().database, schema, bounded);
    });
  }

  base::Result<TableInfo> Describe(const TableName& table, const base::CallLimits& limits) override {
    return control_.Ask(limits, [&](Connection& connection, const auto& bounded) {
      return ReadTable(connection, control_.server().database, table, bounded);
    });
  }

  base::Result<std::vector<TableInfo>> DescribeAll(const std::string& schema, const base::CallLimits& limits) override {
    return control_.Ask(limits, [&](Connection& connection, const auto& bounded) {
      return ReadAllTables(connection, control_.server().database, schema, bounded);
    });
  }

  base::Result<std::vector<ColumnStatistics>> Statistics(const TableInfo& table,
                                                         const base::CallLimits& limits) override {
    return control_.Ask(limits, [&](Connection& connection, const auto& bounded) {
      return ReadStatistics(connection, table, bounded);
    });
  }

  base::Result<std::vector<std::string>> AttachStatements(const std::string&, const base::CallLimits&) override {
    return std::vector<std::string>{};  // the reading function finds this source by its token
  }

  std::vector<std::string> DetachStatements(const std::string&) override { return {}; }

  base::Result<std::string> LiveRelation(const TableInfo& table, const std::string& alias) override {
    if (table.columns.empty())
      return base::NotSupported(fmt::format("A table without columns cannot be read: \"{}\"", table.name.table));
    return RowsRelation(table, entry_.token(), alias, base::NewToken(kMarkLength));
  }

  std::function<void()> StopReading(const std::string& live_relation) override {
    return [server = control_.server(), mark = MarkOf(live_relation)] { StopScans(server, mark); };
  }

  base::Result<std::unique_ptr<SourceSnapshot>> OpenSnapshot(engine::Session& session,
                                                             const base::CallLimits& limits) override {
    return OpenMysqlSnapshot(control_.server(), session, limits);
  }

 private:
  ControlConnection<Server, Connection> control_;
  const ReaderEntry entry_;
};

}  // namespace

std::unique_ptr<Source> MakeMysqlSource(Server server) { return std::make_unique<MysqlSource>(std::move(server)); }

}  // namespace tarn::connector::mysql
