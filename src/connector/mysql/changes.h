// What MySQL and MariaDB tell of changes: the rows that the server stamps when they are written, and the transactions
// that may still bring rows with older stamps.
//
// A row that a snapshot does not see is written by a transaction that is open or begins later. Its stamp is the time at
// which its statement began: not before the oldest transaction that was open, and not before the oldest statement that
// was at work, when the bound was read, a moment before the snapshot. So the rows stamped at the bound or later, read
// in a later snapshot, miss nothing that the server itself stamped.
#pragma once

#include <cstdint>
#include <string>

#include "connector/mysql/connection.h"
#include "connector/source.h"

namespace tarn::connector::mysql {

// What is said of the whole server, before a snapshot of it.
struct Bound {
  std::string time;      // UTC, of a second: "2026-11-27 06:51:38"
  std::string obstacle;  // why there is none; empty where there is
};
[[nodiscard]] base::Result<Bound> ReadBound(Connection& connection, const base::CallLimits& limits);

// What is said of a table.
struct Stamps {
  std::string column;    // that the server sets whenever it writes a row
  std::string identity;  // another one for a table that was made anew under the name
  std::string obstacle;  // why its stamps do not tell its changes; empty where they do
};
[[nodiscard]] base::Result<Stamps> ReadStamps(Connection& connection, const TableInfo& table,
                                              const base::CallLimits& limits);

// Places in the server's log of changes, which grow; they fall back where the server was restored, or lost what was not
// yet on its disk.
struct LogPlaces {
  std::uint64_t written = 0;
  std::uint64_t on_disk = 0;
};
// Errors: FailedPrecondition where the server does not tell.
[[nodiscard]] base::Result<LogPlaces> ReadLogPlaces(Connection& connection, const base::CallLimits& limits);

// SQL: the number of a row's key range; the rows that are in ranges of some numbers, which may be filtered by an index.
[[nodiscard]] std::string RangeNumber(const TableInfo& table, const KeyRanges& ranges);
[[nodiscard]] std::string InRanges(const KeyRanges& ranges, const std::vector<std::int64_t>& numbers);

}  // namespace tarn::connector::mysql
