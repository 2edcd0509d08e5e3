#include "connector/mysql/snapshot.h"

#include <algorithm>
#include <charconv>
#include <duckdb.hpp>
#include <thread>

#include "connector/engine_text.h"
#include "connector/mysql/changes.h"
#include "connector/mysql/readers.h"
#include "connector/mysql/rows_function.h"
#include "engine/duck/instance.h"

namespace tarn::connector::mysql {
namespace {

constexpr std::chrono::seconds kFlushTime{10};
constexpr std::chrono::milliseconds kFlushPoll{20};
constexpr int kStampLevel = 3;
constexpr std::string_view kStampMethod = "updated_at";

// What a copy is stored with: the bound of its rows' stamps, and how far the server's log was.
struct Watermark {
  std::string bound;
  std::uint64_t log_place = 0;
};

std::string WriteWatermark(const Watermark& watermark) {
  return fmt::format("{} {}", watermark.log_place, watermark.bound);
}

std::optional<Watermark> ReadWatermark(const std::string& text) {
  const auto blank = text.find(' ');
  if (blank == std::string::npos) return std::nullopt;
  Watermark watermark{.bound = text.substr(blank + 1)};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + blank, watermark.log_place);
  if (failure != std::errc{} || end != text.data() + blank) return std::nullopt;
  return watermark;
}

class MysqlSnapshot final : public SourceSnapshot {
 public:
  // `bound` was read before the snapshot began, `log_place` after it.
  MysqlSnapshot(std::string server_identity, Bound bound, std::uint64_t log_place,
                std::shared_ptr<Connection> connection)
      : server_identity_(std::move(server_identity)),
        bound_(std::move(bound)),
        log_place_(log_place),
        connection_(connection),
        entry_(MakeSnapshotReader(std::move(connection))) {}

  base::Result<SourcePosition> Position(const TableInfo& table, const base::CallLimits& limits) override {
    TARN_ASSIGN_OR_RETURN(const auto stamps, StampsOf(table, limits));
    SourcePosition position{.identity = IdentityOf(table, *stamps), .watermark = ""};
    if (!ObstacleOf(*stamps).empty()) return position;
    TARN_RETURN_IF_ERROR(WaitForDisk(limits));
    position.watermark = WriteWatermark({.bound = bound_.time, .log_place = log_place_});
    return position;
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
    TARN_ASSIGN_OR_RETURN(const auto rows,
                          connection_->Query(fmt::format("SELECT count(*) FROM {}", RemoteTable(table)), limits));
    const auto& text = rows.at(0).at(0).value();
    std::int64_t count = 0;
    std::from_chars(text.data(), text.data() + text.size(), count);
    return count;
  }

  base::Result<RefreshMethod> Method(const TableInfo& table, const base::CallLimits& limits) override {
    TARN_ASSIGN_OR_RETURN(const auto stamps, StampsOf(table, limits));
    if (auto obstacle = ObstacleOf(*stamps); !obstacle.empty()) return RefreshMethod{.reason = std::move(obstacle)};
    return RefreshMethod{.name = std::string(kStampMethod),
                         .level = kStampLevel,
                         .reason = "the server's log of changes is not followed"};
  }

  base::Result<std::optional<Delta>> ReadDelta(const TableInfo& table, const SourcePosition& from,
                                               const base::CallLimits& limits) override {
    TARN_ASSIGN_OR_RETURN(const auto stamps, StampsOf(table, limits));
    const auto seen = ReadWatermark(from.watermark);
    if (!seen || !ObstacleOf(*stamps).empty() || from.identity != IdentityOf(table, *stamps)) return std::nullopt;
    if (log_place_ < seen->log_place) return std::nullopt;  // restored, or what the copy has was lost in a crash
    const auto column = std::ranges::find(table.columns, stamps->column, &ColumnInfo::name);
    if (column == table.columns.end()) return std::nullopt;
    TARN_ASSIGN_OR_RETURN(auto relation, RowsFrom(table, *column, seen->bound + "+00"));
    return Delta{.relation = std::move(relation)};
  }

  base::Result<std::string> Keys(const TableInfo& table, const KeyRanges* ranges,
                                 const std::vector<std::int64_t>& numbers) override {
    TARN_ASSIGN_OR_RETURN(auto relation, Relation(table));
    if (ranges == nullptr) return relation;
    return fmt::format("(SELECT * FROM {} WHERE {})", relation, InRanges(*ranges, numbers));
  }

  base::Result<std::string> CountByRange(const TableInfo& table, const KeyRanges& ranges,
                                         const base::CallLimits& limits) override {
    TARN_ASSIGN_OR_RETURN(const auto rows,
                          connection_->Query(fmt::format("SELECT {} AS number, count(*) FROM {} GROUP BY 1",
                                                         RangeNumber(table, ranges), RemoteTable(table)),
                                             limits));
    std::string values;
    for (const auto& row : rows)
      values += fmt::format("{}({}::BIGINT, {}::BIGINT)", values.empty() ? "" : ", ", *row.at(0), *row.at(1));
    if (values.empty()) return std::string("(SELECT 0::BIGINT AS number, 0::BIGINT AS \"rows\" WHERE false)");
    return fmt::format("(SELECT number, \"rows\" FROM (VALUES {}) AS counted(number, \"rows\"))", values);
  }

  // The reader refuses what it cannot read exactly.
  base::Result<void> VerifyCopy(const TableInfo&, const std::string&, const base::CallLimits&) override { return {}; }

 private:
  static std::string RemoteTable(const TableInfo& table) {
    return Name(table.name.schema) + "." + Name(table.name.table);
  }

  [[nodiscard]] std::string IdentityOf(const TableInfo& table, const Stamps& stamps) const {
    return fmt::format("{} {}.{} {}", server_identity_, table.name.schema, table.name.table, stamps.identity);
  }

  [[nodiscard]] std::string ObstacleOf(const Stamps& stamps) const {
    return stamps.obstacle.empty() ? bound_.obstacle : stamps.obstacle;
  }

  // Asked for once; the structure in a snapshot is the server's current one anyway.
  base::Result<const Stamps*> StampsOf(const TableInfo& table, const base::CallLimits& limits) {
    if (!stamps_) {
      TARN_ASSIGN_OR_RETURN(stamps_, ReadStamps(*connection_, table, limits));
    }
    return &*stamps_;
  }

  // What was read must not be taken back by a crash of the server.
  base::Result<void> WaitForDisk(const base::CallLimits& limits) {
    for (const auto end = std::chrono::steady_clock::now() + kFlushTime; std::chrono::steady_clock::now() < end;) {
      TARN_ASSIGN_OR_RETURN(const auto places, ReadLogPlaces(*connection_, limits));
      if (places.on_disk >= log_place_) return {};
      std::this_thread::sleep_for(kFlushPoll);
    }
    return base::Unavailable("The server does not bring its changes to its disk");
  }

  const std::string server_identity_;
  const Bound bound_;
  const std::uint64_t log_place_;
  std::shared_ptr<Connection> connection_;
  ReaderEntry entry_;
  std::optional<Stamps> stamps_;
};

// Begins the server's transaction, between the bound of its stamps and the place in its log.
base::Result<std::unique_ptr<SourceSnapshot>> Begin(std::shared_ptr<Connection> connection,
                                                    const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(auto bound, ReadBound(*connection, limits));
  TARN_RETURN_IF_ERROR(connection->Query("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", limits));
  TARN_ASSIGN_OR_RETURN(const auto identity,
                        connection->Query("SELECT CONCAT(@@hostname, ':', @@port, @@datadir)", limits));
  LogPlaces places;
  if (bound.obstacle.empty()) {
    auto read = ReadLogPlaces(*connection, limits);
    if (read) {
      places = *read;
    } else if (read.error().kind == base::ErrorKind::kFailedPrecondition) {
      bound.obstacle = "the server does not tell how far its log of changes is";
    } else {
      return std::unexpected(std::move(read).error());
    }
  }
  return std::make_unique<MysqlSnapshot>("mysql " + identity.at(0).at(0).value_or(""), std::move(bound), places.written,
                                         std::move(connection));
}

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
  auto snapshot = Begin(std::move(connection), limits);
  if (!snapshot) base::IgnoreError(session.Execute("ROLLBACK", limits), "the first error is the one to tell");
  return snapshot;
}

}  // namespace tarn::connector::mysql
