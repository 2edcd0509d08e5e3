#include "connector/mysql/snapshot.h"

#include <charconv>
#include <duckdb.hpp>

#include "connector/engine_text.h"
#include "connector/mysql/readers.h"
#include "connector/mysql/rows_function.h"
#include "engine/duck/instance.h"

namespace tarn::connector::mysql {
namespace {

class MysqlSnapshot final : public SourceSnapshot {
 public:
  MysqlSnapshot(std::string server_identity, std::shared_ptr<Connection> connection)
      : server_identity_(std::move(server_identity)),
        connection_(connection),
        entry_(MakeSnapshotReader(std::move(connection))) {}

  base::Result<SourcePosition> Position(const TableInfo& table, const base::CallLimits&) override {
    return SourcePosition{.identity = fmt::format("{} {}.{}", server_identity_, table.name.schema, table.name.table),
                          .watermark = ""};
  }

  base::Result<void> CheckNotBefore(const TableInfo&, const SourcePosition&, const base::CallLimits&) override {
    return {};
  }

  base::Result<std::string> Relation(const TableInfo& table) override {
    if (table.columns.empty())
      return base::NotSupported(fmt::format("A table without columns cannot be read: \"{}\"", table.name.table));
    return RowsRelation(table, entry_.token(), "source", "");
  }

  base::Result<std::int64_t> Count(const TableInfo& table, const base::CallLimits& limits) override {
    TARN_ASSIGN_OR_RETURN(
        const auto rows,
        connection_->Query(fmt::format("SELECT count(*) FROM {}.{}", Name(table.name.schema), Name(table.name.table)),
                           limits));
    const auto& text = rows.at(0).at(0).value();
    std::int64_t count = 0;
    std::from_chars(text.data(), text.data() + text.size(), count);
    return count;
  }

  base::Result<RefreshMethod> Method(const TableInfo&, const base::CallLimits&) override {
    return RefreshMethod{.reason = "changes of MySQL and MariaDB tables are not followed yet"};
  }

  base::Result<std::optional<Delta>> ReadDelta(const TableInfo&, const SourcePosition&,
                                               const base::CallLimits&) override {
    return std::nullopt;
  }

  base::Result<std::string> Keys(const TableInfo& table, const KeyRanges*, const std::vector<std::int64_t>&) override {
    return Relation(table);
  }

  base::Result<std::string> CountByRange(const TableInfo&, const KeyRanges&) override { return std::string(); }

  // The reader refuses what it cannot read exactly.
  base::Result<void> VerifyCopy(const TableInfo&, const std::string&, const base::CallLimits&) override { return {}; }

 private:
  const std::string server_identity_;
  std::shared_ptr<Connection> connection_;
  ReaderEntry entry_;
};

}  // namespace

base::Result<std::unique_ptr<SourceSnapshot>> OpenMysqlSnapshot(const Server& server, engine::Session& session,
                                                                const base::CallLimits& limits) {
  auto opened = Connection::Open(server, limits);
  if (!opened) {
    auto error = std::move(opened).error();
    if (error.kind == base::ErrorKind::kInvalidArgument) return base::Unavailable(error.message);
    return std::unexpected(std::move(error));
  }
  std::shared_ptr<Connection> connection = *std::move(opened);
  InstallRowsFunction(*session.impl().connection.context->db);
  TARN_RETURN_IF_ERROR(session.Execute("BEGIN TRANSACTION", limits));
  const auto begun = connection->Query("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", limits);
  auto identity = begun ? connection->Query("SELECT CONCAT(@@hostname, ':', @@port, @@datadir)", limits)
                        : base::Result<std::vector<Row>>(std::unexpected(begun.error()));
  if (!identity) {
    base::IgnoreError(session.Execute("ROLLBACK"), "the first error is the one to tell");
    return std::unexpected(identity.error());
  }
  return std::make_unique<MysqlSnapshot>("mysql " + identity->at(0).at(0).value_or(""), std::move(connection));
}

}  // namespace tarn::connector::mysql
