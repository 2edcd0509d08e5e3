#include "connector/postgres/snapshot.h"

#include <fmt/ranges.h>

#include <charconv>
#include <chrono>
#include <thread>

#include "connector/engine_text.h"
#include "connector/postgres/attachment.h"
#include "connector/postgres/changes.h"
#include "connector/postgres/checksums.h"
#include "connector/postgres/remote_query.h"
#include "connector/postgres/types.h"

namespace tarn::connector::postgres {
namespace {

constexpr std::string_view kAlias = "tarn_source";
constexpr int kFirstWithSnapshotFunctions = 130000;
constexpr int kFirstWithTidRanges = 140000;

constexpr std::int64_t kLongestLogDelay = 10'000;  // milliseconds of wal_writer_delay
constexpr std::chrono::milliseconds kLogMargin{100};
constexpr std::chrono::milliseconds kLogPoll{10};

template <class Number>
std::optional<Number> ReadNumber(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

class PostgresSnapshot final : public SourceSnapshot {
 public:
  PostgresSnapshot(engine::Session& session, int server_version, std::unique_ptr<TableLog> log)
      : session_(session), server_version_(server_version), log_(std::move(log)) {}

  base::Result<void> ReadState(const base::CallLimits& limits) {
    // Some functions are closed to some users, and asking in vain would end the transaction.
    TARN_ASSIGN_OR_RETURN(
        const auto may,
        Ask("SELECT concat_ws(' ', has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE') AND "
            "has_function_privilege('pg_catalog.pg_control_checkpoint()', 'EXECUTE'), "
            "to_regproc('aurora_version') IS NULL AND "
            "has_function_privilege(to_regprocedure('pg_catalog.pg_current_wal_insert_lsn()'), 'EXECUTE') AND "
            "has_function_privilege(to_regprocedure('pg_catalog.pg_current_wal_flush_lsn()'), 'EXECUTE')) AS c0",
            limits));
    const bool knows_system = may.starts_with("t");
    const bool knows_log = may.ends_with(" t");
    const std::string_view system =
        knows_system ? "SELECT system_identifier::text || ':' || (pg_control_checkpoint()).timeline_id "
                       "FROM pg_control_system()"
                     : "SELECT 'unknown'";
    TARN_ASSIGN_OR_RETURN(
        source_identity_,
        Ask(fmt::format("SELECT ({}) || ':' || oid AS c0 FROM pg_database WHERE datname = current_database()", system),
            limits));
    if (!knows_system) obstacle_ = "the user may not ask PostgreSQL for its system identifier";
    if (!knows_log) obstacle_ = "PostgreSQL does not tell how much of its log is on disk";
    const std::string_view snapshot =
        server_version_ >= kFirstWithSnapshotFunctions ? "pg_current_snapshot()" : "txid_current_snapshot()";
    TARN_ASSIGN_OR_RETURN(const auto numbers, Ask(fmt::format("SELECT {}::text AS c0", snapshot), limits));
    TARN_RETURN_IF_ERROR(ReadNumbers(numbers));
    TARN_ASSIGN_OR_RETURN(const auto recovering, Ask("SELECT pg_is_in_recovery()::text AS c0", limits));
    recovering_ = recovering == "true";
    if (recovering_ || !knows_log) return {};
    // An idle log ends behind the header of a page that has not begun.
    TARN_ASSIGN_OR_RETURN(const auto end,
                          Ask("SELECT (n - CASE WHEN n % b IN (24, 40) THEN n % b ELSE 0 END)::text AS c0 FROM (SELECT "
                              "pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') AS n, "
                              "current_setting('wal_block_size')::numeric AS b) x",
                              limits));
    log_end_ = ReadNumber<std::int64_t>(end).value_or(0);
    TARN_ASSIGN_OR_RETURN(const auto delay,
                          Ask("SELECT setting AS c0 FROM pg_settings WHERE name = 'wal_writer_delay'", limits));
    log_written_ = std::chrono::steady_clock::now() +
                   3 * std::chrono::milliseconds(ReadNumber<std::int64_t>(delay).value_or(kLongestLogDelay)) +
                   kLogMargin;
    return {};
  }

  base::Result<SourcePosition> Position(const TableInfo& table, const base::CallLimits& limits) override {
    TARN_ASSIGN_OR_RETURN(const auto state, StateOf(table, limits));
    if (state.rewritten) {
      auto error = base::Unavailable("The table was rewritten at the source while it was read");
      error.error().retryable = true;
      return error;
    }
    TARN_RETURN_IF_ERROR(AwaitLog(limits));
    SourcePosition position{.identity = source_identity_ + ":" + state.identity, .watermark = std::to_string(xmin_)};
    if (log_ != nullptr) position.log = WriteLogMark(log_->MarkFor(xmin_, log_before_));
    return position;
  }

  // A standby may lag behind the server that was read before. A primary that is behind was restored, which is no error.
  base::Result<void> CheckNotBefore(const TableInfo&, const SourcePosition& seen, const base::CallLimits&) override {
    const auto before = ReadNumber<std::uint64_t>(seen.watermark);
    if (!recovering_ || !before || *before <= xmin_ || !seen.identity.starts_with(source_identity_ + ":")) return {};
    auto error = base::Unavailable("The source, a standby, is behind the state that the copy has");
    error.error().code = "SOURCE_BEHIND_COPY";
    error.error().retryable = true;
    return error;
  }

  base::Result<std::string> Relation(const TableInfo& table) override {
    if (table.columns.empty())
      return base::NotSupported(fmt::format("A table without columns cannot be read: \"{}\"", table.name.table));
    std::string shown;
    for (const auto& column : table.columns) {
      const auto mapping = MapType(column.source_type);
      // The engine's attached tables match names regardless of case, and would read another column.
      const bool renamed = column.name != column.source_name;
      if (!mapping.attached || renamed) return QueryRelation(table, std::string(kAlias));
      shown += fmt::format("{}CAST({} AS {}) AS {}", shown.empty() ? "" : ", ",
                           Fill(*mapping.attached, column.source_name), mapping.engine_type, Name(column.name));
    }
    TARN_ASSIGN_OR_RETURN(const bool plain, IsPlain(table));
    if (!plain) return QueryRelation(table, std::string(kAlias));
    return fmt::format("(SELECT {} FROM {}.{})", shown, kAlias, RemoteTable(table));
  }

  base::Result<std::int64_t> Count(const TableInfo& table, const base::CallLimits& limits) override {
    if (counted_ && counted_->first == table.name) return counted_->second;
    return session_.Integer(Remote(fmt::format("SELECT count(*) AS c0 FROM {}", RemoteTable(table))), limits);
  }

  base::Result<RefreshMethod> Method(const TableInfo& table, const base::CallLimits& limits) override {
    TARN_ASSIGN_OR_RETURN(const auto state, StateOf(table, limits));
    const auto& obstacle = obstacle_.empty() ? state.obstacle : obstacle_;
    if (!obstacle.empty()) return RefreshMethod{.reason = obstacle};
    if (log_ != nullptr) return RefreshMethod{.name = "log", .level = 5, .reason = {}};
    return RefreshMethod{.name = "xmin", .level = 4, .reason = {}};
  }

  base::Result<std::optional<Delta>> ReadDelta(const TableInfo& table, const SourcePosition& from,
                                               const base::CallLimits& limits) override {
    TARN_ASSIGN_OR_RETURN(const auto state, StateOf(table, limits));
    const auto before = ReadNumber<std::uint64_t>(from.watermark);
    // Another server, another table, a restored one, or too long ago: this once everything is read.
    if (!obstacle_.empty() || !state.obstacle.empty() || !before ||
        from.identity != source_identity_ + ":" + state.identity || !CanTell(*before, xmin_))
      return std::nullopt;
    if (log_ != nullptr) log_before_ = ReadLogMark(from.log);
    // Nothing was written without a number, and none was given since; but a crash empties what is not logged.
    if (state.logged && xmax_ <= *before) return Delta{.relation = {}, .rows = 0, .unchanged = true};
    TARN_ASSIGN_OR_RETURN(auto logged, ReadLog(table, limits));
    if (logged) return logged;
    TARN_ASSIGN_OR_RETURN(auto delta, CountChanges(table, WrittenBetween(*before, xmax_),
                                                   state.plain && server_version_ >= kFirstWithTidRanges, limits));
    if (delta && log_ != nullptr && !log_->obstacle().empty())
      delta->note = "the log could not be used, as " + log_->obstacle() + ", so transaction numbers were";
    return delta;
  }

  base::Result<std::string> RowsFrom(const TableInfo& table, const ColumnInfo& column,
                                     const std::string& least) override {
    const auto name = Name(column.source_name);
    const auto condition =
        fmt::format("{0} >= {1}{2}", name, Literal(least), column.not_null ? "" : fmt::format(" OR {} IS NULL", name));
    return ChangedRelation(table, std::string(kAlias), condition);
  }

  base::Result<std::string> Keys(const TableInfo& table, const KeyRanges* ranges,
                                 const std::vector<std::int64_t>& numbers) override {
    const auto condition =
        ranges == nullptr ? "true" : fmt::format("{} IN ({})", RangeNumber(table, *ranges), fmt::join(numbers, ", "));
    return KeyRelation(table, std::string(kAlias), condition);
  }

  base::Result<std::string> CountByRange(const TableInfo& table, const KeyRanges& ranges,
                                         const base::CallLimits&) override {
    return fmt::format("(SELECT c0 AS number, c1 AS \"rows\" FROM {})",
                       RemoteRelation(fmt::format("SELECT ({})::bigint AS c0, count(*) AS c1 FROM {} GROUP BY 1",
                                                  RangeNumber(table, ranges), RemoteTable(table))));
  }

  base::Result<std::optional<Checksums>> SumByRange(const TableInfo& table, const KeyRanges* ranges,
                                                    const base::CallLimits& limits) override {
    const auto hash = HashOfRows(table);
    if (!hash || server_version_ < kFirstWithSeededHashes) return std::nullopt;
    TARN_ASSIGN_OR_RETURN(const auto alike, Ask(HashesAlikeQuery(), limits));
    if (alike != "true") return std::nullopt;
    const auto sums = fmt::format("SELECT ({})::bigint AS c0, count(*) AS c1, sum({})::text AS c2 FROM {}{}",
                                  ranges == nullptr ? "0" : RangeNumber(table, *ranges), hash->remote,
                                  RemoteTable(table), ranges == nullptr ? "" : " GROUP BY 1");
    return Checksums{
        .relation = fmt::format("(SELECT c0 AS number, c1 AS \"rows\", c2 AS \"sum\" FROM {})", RemoteRelation(sums)),
        .row = hash->engine};
  }

  base::Result<std::string> RowsOfRanges(const TableInfo& table, const KeyRanges& ranges,
                                         const std::vector<std::int64_t>& numbers) override {
    return ChangedRelation(table, std::string(kAlias),
                           fmt::format("{} IN ({})", RangeNumber(table, ranges), fmt::join(numbers, ", ")));
  }

  base::Result<void> VerifyCopy(const TableInfo& table, const std::string& copy,
                                const base::CallLimits& limits) override {
    TARN_ASSIGN_OR_RETURN(const auto suspects, Suspects(table, copy, limits));
    if (suspects.empty()) return {};
    std::string any;
    for (const auto* column : suspects) any += fmt::format("{}{}", any.empty() ? "" : " OR ", WrongAtSource(*column));
    TARN_ASSIGN_OR_RETURN(const auto found, ExistsAtSource(table, any, limits));
    if (!found) return {};
    for (const auto* column : suspects) {
      TARN_ASSIGN_OR_RETURN(const auto here, ExistsAtSource(table, WrongAtSource(*column), limits));
      if (!here) continue;
      return base::FailedPrecondition(fmt::format("A column holds {}, which its type {} cannot be: \"{}\"",
                                                  MapType(column->source_type).wrong_name, column->type, column->name),
                                      "SOURCE_VALUE_NOT_SUPPORTED");
    }
    return base::Internal("A value that a copy cannot hold was found and then not found in one snapshot");
  }

 private:
  static std::string RemoteRelation(const std::string& sql) {
    return fmt::format("postgres_query({}, {})", Literal(kAlias), Literal(sql));
  }
  static std::string Remote(const std::string& sql) { return "SELECT * FROM " + RemoteRelation(sql); }

  // The text of a snapshot is xmin:xmax:list.
  base::Result<void> ReadNumbers(std::string_view text) {
    const auto first = text.find(':');
    const auto second = first == std::string_view::npos ? first : text.find(':', first + 1);
    if (second != std::string_view::npos) {
      const auto xmin = ReadNumber<std::uint64_t>(text.substr(0, first));
      const auto xmax = ReadNumber<std::uint64_t>(text.substr(first + 1, second - first - 1));
      if (xmin && xmax) {
        xmin_ = *xmin;
        xmax_ = *xmax;
        return {};
      }
    }
    return base::Unavailable("PostgreSQL did not tell its state");
  }

  // nullopt: there is no log, or it does not tell.
  base::Result<std::optional<Delta>> ReadLog(const TableInfo& table, const base::CallLimits& limits) {
    if (log_ == nullptr || !log_before_) return std::nullopt;
    TARN_RETURN_IF_ERROR(AwaitLog(limits));
    TARN_ASSIGN_OR_RETURN(const auto rows, log_->RowsBehind(*log_before_, limits));
    if (!rows) return std::nullopt;
    Delta delta{.relation = {}, .has_deletes = true, .complete = true};
    if (rows->empty()) {
      delta.rows = 0;
    } else {
      delta.relation = LoggedRelation(table, std::string(kAlias), *rows);
    }
    return delta;
  }

  // Counts all rows and those that meet the condition, and where these are: a second look needs no other pages.
  base::Result<std::optional<Delta>> CountChanges(const TableInfo& table, const std::string& written, bool by_pages,
                                                  const base::CallLimits& limits) {
    std::string sql = fmt::format("SELECT count(*) AS c0, count(*) FILTER (WHERE {}) AS c1", written);
    if (by_pages) {
      sql += fmt::format(", (min(ctid) FILTER (WHERE {0}))::text AS c2, (max(ctid) FILTER (WHERE {0}))::text AS c3",
                         written);
    }
    TARN_ASSIGN_OR_RETURN(const auto counts,
                          session_.Rows(Remote(fmt::format("{} FROM {}", sql, RemoteTable(table))), limits));
    const auto& found = counts.at(0);
    const auto rows = ReadNumber<std::int64_t>(found.at(0).value());
    const auto changed = ReadNumber<std::int64_t>(found.at(1).value());
    if (!rows || !changed) return base::Internal("PostgreSQL's counts cannot be read");
    counted_.emplace(table.name, *rows);
    if (*changed * 2 > *rows) return std::nullopt;
    auto condition = written;
    if (by_pages && found.at(2) && found.at(3))
      condition += fmt::format(" AND ctid >= {}::tid AND ctid <= {}::tid", Literal(*found[2]), Literal(*found[3]));
    return Delta{.relation = ChangedRelation(table, std::string(kAlias), condition), .rows = *changed};
  }

  base::Result<TableState> StateOf(const TableInfo& table, const base::CallLimits& limits) {
    TARN_ASSIGN_OR_RETURN(const auto text, Ask(TableStateQuery(table), limits));
    return ReadTableState(text);
  }

  // Waits until all transactions that this view may have seen are on the server's disk. With synchronous_commit off a
  // crash could otherwise take back what a copy already has, and give its transaction numbers to others. The server
  // promises to write each of them within three times wal_writer_delay; what open transactions write may stay in memory
  // for longer.
  base::Result<void> AwaitLog(const base::CallLimits& limits) {
    const auto sql =
        fmt::format("SELECT (pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0') >= {})::text AS c0", log_end_);
    while (log_end_ != 0 && std::chrono::steady_clock::now() < log_written_) {
      TARN_ASSIGN_OR_RETURN(const auto flushed, Ask(sql, limits));
      if (flushed == "true") break;
      TARN_RETURN_IF_ERROR(limits.Check());
      std::this_thread::sleep_for(kLogPoll);
    }
    log_end_ = 0;
    return {};
  }

  static std::string WrongAtSource(const ColumnInfo& column) {
    return Fill(MapType(column.source_type).wrong, column.source_name);
  }

  // The single text that the server answers.
  base::Result<std::string> Ask(const std::string& sql, const base::CallLimits& limits) {
    TARN_ASSIGN_OR_RETURN(const auto rows, session_.Rows(Remote(sql), limits));
    if (rows.size() != 1 || !rows[0][0]) return base::Unavailable("PostgreSQL did not tell its state");
    return *rows[0][0];
  }

  base::Result<bool> ExistsAtSource(const TableInfo& table, const std::string& condition,
                                    const base::CallLimits& limits) {
    TARN_ASSIGN_OR_RETURN(
        const auto answer,
        Ask(fmt::format("SELECT EXISTS (SELECT FROM {} WHERE {})::text AS c0", RemoteTable(table), condition), limits));
    return answer == "true";
  }

  // Whether all rows are in the table's own pages. The engine's reader splits a table by its pages and
  // would miss what inheriting tables have beyond them.
  base::Result<bool> IsPlain(const TableInfo& table) {
    TARN_ASSIGN_OR_RETURN(const auto plain,
                          Ask(fmt::format("SELECT (c.relkind IN ('r', 'm') AND NOT c.relhassubclass)::text AS c0 "
                                          "FROM pg_class c WHERE c.oid = {}::regclass",
                                          Literal(RemoteTable(table))),
                              {}));
    return plain == "true";
  }

  // The columns whose copy has values that may stand for wrongly read ones.
  base::Result<std::vector<const ColumnInfo*>> Suspects(const TableInfo& table, const std::string& copy,
                                                        const base::CallLimits& limits) {
    std::vector<const ColumnInfo*> watched;
    std::string checks;
    for (const auto& column : table.columns) {
      const auto mapping = MapType(column.source_type);
      if (mapping.suspicious.empty()) continue;
      watched.push_back(&column);
      checks += fmt::format("{}coalesce(bool_or({}), false)::VARCHAR", checks.empty() ? "" : ", ",
                            Fill(mapping.suspicious, column.name));
    }
    if (watched.empty()) return watched;
    TARN_ASSIGN_OR_RETURN(const auto rows, session_.Rows(fmt::format("SELECT {} FROM {}", checks, copy), limits));
    std::vector<const ColumnInfo*> suspects;
    for (std::size_t i = 0; i < watched.size(); ++i) {
      if (rows[0][i] == "true") suspects.push_back(watched[i]);
    }
    return suspects;
  }

  engine::Session& session_;
  int server_version_;
  std::string source_identity_;
  std::string obstacle_;            // why no table of this server can be read by changes; empty when they can
  std::uint64_t xmin_ = 0;          // the oldest transaction that this view does not see, or may not
  std::uint64_t xmax_ = 0;          // the first of which it sees none, as none had ended
  bool recovering_ = false;         // a standby, which has only what its primary brought to disk
  std::int64_t log_end_ = 0;        // where the log ended when the view was opened; 0: known to be on disk
  base::SteadyTime log_written_{};  // by when the server will have written all that was committed then
  std::optional<std::pair<TableName, std::int64_t>> counted_;
  std::unique_ptr<TableLog> log_;      // null: none is kept for this table
  std::optional<LogMark> log_before_;  // what the copy that is to be refreshed remembers of it
};

}  // namespace

base::Result<std::unique_ptr<SourceSnapshot>> OpenPostgresSnapshot(const Server& server, int server_version,
                                                                   std::unique_ptr<TableLog> log,
                                                                   engine::Session& session,
                                                                   const base::CallLimits& limits) {
  AttachOptions options{.alias = std::string(kAlias), .server_version = server_version};
  if (limits.deadline != base::SteadyTime::max()) {  // the server stops by itself soon after we would
    options.statement_timeout = std::clamp<std::chrono::milliseconds>(limits.Left() + std::chrono::seconds(1),
                                                                      std::chrono::seconds(1), std::chrono::hours(24));
  }
  TARN_RETURN_IF_ERROR(session.Execute(fmt::format("DETACH DATABASE IF EXISTS {}", kAlias), limits));
  for (const auto& statement : AttachStatementsFor(server, options))
    TARN_RETURN_IF_ERROR(session.Execute(statement, limits));
  TARN_RETURN_IF_ERROR(session.Execute("BEGIN TRANSACTION", limits));
  auto snapshot = std::make_unique<PostgresSnapshot>(session, server_version, std::move(log));
  if (auto state = snapshot->ReadState(limits); !state) {
    base::IgnoreError(session.Execute("ROLLBACK"), "the first error is the one to tell");
    return std::unexpected(state.error());
  }
  return snapshot;
}

}  // namespace tarn::connector::postgres
