#include "connector/mysql/changes.h"

#include <algorithm>
#include <charconv>

#include "connector/engine_text.h"
#include "connector/names.h"

namespace tarn::connector::mysql {
namespace {

// Between the time that a statement has and its being seen in the lists; clocks that are set back a little.
constexpr int kMarginSeconds = 5;
constexpr int kHour = 3600;
constexpr int kDay = 24 * kHour;
// The list of transactions is as old as this at most.
constexpr const char* kListAge = "DO SLEEP(0.11)";

// Statements at work, the oldest first; threads of replication say that the transactions of a primary are not seen
// here.
constexpr const char* kStatements =
    "SELECT UTC_TIMESTAMP(), COALESCE(MAX(CASE WHEN command NOT IN ('Sleep', 'Daemon', 'Binlog Dump') AND user NOT IN "
    "('system user', 'event_scheduler') THEN time END), 0) + 1, SUM(user = 'system user' AND (command LIKE 'Slave%' OR "
    "command IN ('Connect', 'Query'))), @@global.read_only FROM information_schema.processlist WHERE id <> "
    "CONNECTION_ID()";

// Ages of open transactions: their list shows the system's clock, which may have been put back within a day.
constexpr const char* kTransactions =
    "SELECT COALESCE(MAX(TIMESTAMPDIFF(SECOND, trx_started, CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', 'SYSTEM'))), 0), "
    "TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', 'SYSTEM')) = TIMESTAMPDIFF(SECOND, "
    "UTC_TIMESTAMP() - INTERVAL 1 DAY, CONVERT_TZ(UTC_TIMESTAMP() - INTERVAL 1 DAY, '+00:00', 'SYSTEM')) FROM "
    "information_schema.innodb_trx WHERE trx_mysql_thread_id <> CONNECTION_ID()";

std::int64_t IntegerOf(const std::optional<std::string>& cell) {
  std::int64_t value = 0;
  if (cell) std::from_chars(cell->data(), cell->data() + cell->size(), value);
  return value;
}

bool IsRefusal(const base::Error& error) { return error.kind == base::ErrorKind::kFailedPrecondition; }

// The rows of a question, or none where the server refuses it.
base::Result<std::optional<std::vector<Row>>> TryAsk(Connection& connection, const std::string& sql,
                                                     const base::CallLimits& limits) {
  auto rows = connection.Query(sql, limits);
  if (!rows && IsRefusal(rows.error())) return std::nullopt;
  if (!rows) return std::unexpected(std::move(rows).error());
  return std::optional(*std::move(rows));
}

// Why the lists of this server do not show all who write; empty where they do.
base::Result<std::string> ObstacleOf(Connection& connection, const Row& statements, const base::CallLimits& limits) {
  constexpr const char* kReplica = "the server is a replica, and does not show who writes at its primary";
  if (IntegerOf(statements.at(2)) > 0 || statements.at(3) != "0") return std::string(kReplica);
  const auto* const ask = connection.is_mariadb() ? "SHOW ALL SLAVES STATUS" : "SHOW REPLICA STATUS";
  TARN_ASSIGN_OR_RETURN(const auto primaries, TryAsk(connection, ask, limits));
  if (primaries && !primaries->empty()) return std::string(kReplica);
  TARN_ASSIGN_OR_RETURN(const auto cluster, TryAsk(connection, "SHOW GLOBAL STATUS LIKE 'wsrep_cluster_size'", limits));
  if (cluster && !cluster->empty() && IntegerOf(cluster->front().at(1)) > 1)
    return std::string("other servers of the cluster write, and their transactions are not shown here");
  TARN_ASSIGN_OR_RETURN(const auto prepared, TryAsk(connection, "XA RECOVER", limits));
  if (!prepared) return std::string("the user may not see prepared transactions (XA_RECOVER_ADMIN)");
  if (!prepared->empty()) return std::string("prepared transactions are open, whose rows may have any stamp");
  return std::string();
}

const ColumnInfo* ColumnOf(const TableInfo& table, const std::string& source_name) {
  const auto found = std::ranges::find(table.columns, source_name, &ColumnInfo::source_name);
  return found == table.columns.end() ? nullptr : &*found;
}

std::string SourceName(const TableInfo& table, const std::string& name) {
  const auto found = std::ranges::find(table.columns, name, &ColumnInfo::name);
  return found == table.columns.end() ? name : found->source_name;
}

}  // namespace

base::Result<Bound> ReadBound(Connection& connection, const base::CallLimits& limits) {
  // In this order: a statement that has ended meanwhile is either seen by the snapshot, or its transaction is open.
  TARN_ASSIGN_OR_RETURN(const auto statements, connection.Query(kStatements, limits));
  TARN_RETURN_IF_ERROR(connection.Query(kListAge, limits));
  TARN_ASSIGN_OR_RETURN(const auto transactions, TryAsk(connection, kTransactions, limits));
  if (!transactions) return Bound{.time = {}, .obstacle = "the user may not see the transactions of others (PROCESS)"};
  TARN_ASSIGN_OR_RETURN(auto obstacle, ObstacleOf(connection, statements.at(0), limits));
  if (!obstacle.empty()) return Bound{.time = {}, .obstacle = std::move(obstacle)};
  auto age = IntegerOf(transactions->at(0).at(0));
  if (transactions->at(0).at(1) != "1" || age > kDay) age += kHour;
  age = std::max(age, IntegerOf(statements.at(0).at(1))) + kMarginSeconds;
  TARN_ASSIGN_OR_RETURN(const auto time,
                        connection.Query(fmt::format("SELECT DATE_FORMAT({} - INTERVAL {} SECOND, '%Y-%m-%d %H:%i:%S')",
                                                     Literal(statements.at(0).at(0).value_or("")), age),
                                         limits));
  return Bound{.time = time.at(0).at(0).value_or(""), .obstacle = {}};
}

base::Result<Stamps> ReadStamps(Connection& connection, const TableInfo& table, const base::CallLimits& limits) {
  const auto where =
      fmt::format("table_schema = {} AND table_name = {}", Literal(table.name.schema), Literal(table.name.table));
  TARN_ASSIGN_OR_RETURN(
      const auto tables,
      connection.Query("SELECT engine, create_time FROM information_schema.tables WHERE " + where, limits));
  if (tables.empty()) return NoSuchTable(table.name);
  Stamps stamps{.column = {}, .identity = tables[0].at(1).value_or(""), .obstacle = {}};
  if (tables[0].at(0) != "InnoDB") {
    stamps.obstacle = "the table is not one of InnoDB, so its rows have no transactions";
    return stamps;
  }
  // A TIMESTAMP is a point in time; a DATETIME has the clock of whoever wrote it.
  TARN_ASSIGN_OR_RETURN(
      const auto columns,
      connection.Query("SELECT column_name FROM information_schema.columns WHERE " + where +
                           " AND data_type = 'timestamp' AND is_nullable = 'NO' AND LOWER(extra) LIKE '%on update "
                           "current_timestamp%' AND LOWER(column_default) LIKE 'current_timestamp%' ORDER BY "
                           "ordinal_position LIMIT 1",
                       limits));
  const auto* column = columns.empty() ? nullptr : ColumnOf(table, columns[0].at(0).value_or(""));
  if (column == nullptr) {
    stamps.obstacle =
        "the table has no column TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP";
    return stamps;
  }
  stamps.column = column->name;
  TARN_ASSIGN_OR_RETURN(
      const auto cascades,
      connection.Query(
          fmt::format(
              "SELECT constraint_name FROM information_schema.referential_constraints WHERE constraint_schema = "
              "{} AND table_name = {} AND (update_rule IN ('CASCADE', 'SET NULL', 'SET DEFAULT') OR "
              "delete_rule IN ('SET NULL', 'SET DEFAULT'))",
              Literal(table.name.schema), Literal(table.name.table)),
          limits));
  if (!cascades.empty()) {
    stamps.obstacle =
        fmt::format("rows are changed by the foreign key \"{}\" without being stamped", cascades[0].at(0).value_or(""));
  }
  return stamps;
}

base::Result<LogPlaces> ReadLogPlaces(Connection& connection, const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto rows,
                        connection.Query("SHOW GLOBAL STATUS WHERE variable_name IN ('Innodb_lsn_current', "
                                         "'Innodb_lsn_flushed', 'Innodb_redo_log_current_lsn', "
                                         "'Innodb_redo_log_flushed_to_disk_lsn')",
                                         limits));
  LogPlaces places;
  for (const auto& row : rows) {
    const auto place = static_cast<std::uint64_t>(IntegerOf(row.at(1)));
    (row.at(0).value_or("").find("flushed") == std::string::npos ? places.written : places.on_disk) = place;
  }
  if (places.written == 0) return base::FailedPrecondition("the server does not tell the place in its log of changes");
  return places;
}

std::string RangeNumber(const TableInfo& table, const KeyRanges& ranges) {
  return fmt::format("CASE WHEN {0} < {1} THEN -1 WHEN {0} > {2} THEN {3} ELSE ({0} - ({1})) DIV {4} END",
                     Name(SourceName(table, ranges.column)), ranges.low, ranges.high, ranges.count, ranges.width);
}

std::string InRanges(const KeyRanges& ranges, const std::vector<std::int64_t>& numbers) {
  std::string any;
  const auto name = Name(ranges.column);
  for (const auto number : numbers) {
    if (!any.empty()) any += " OR ";
    if (number < 0) {
      any += fmt::format("{} < {}", name, ranges.low);
    } else if (number >= ranges.count) {
      any += fmt::format("{} > {}", name, ranges.high);
    } else {
      const auto first = ranges.low + number * ranges.width;
      const auto last = std::min(ranges.high - first, ranges.width - 1) + first;
      any += fmt::format("({0} >= {1} AND {0} <= {2})", name, first, last);
    }
  }
  return any.empty() ? "false" : any;
}

}  // namespace tarn::connector::mysql
