// PostgreSQL's log of changes, kept for a logical replication slot, as a way to the keys of changed rows.
//
// The log tells which keys were written, a snapshot what their rows are now. So what the log has beyond the snapshot,
// or tells twice, does no harm; it may only not lack a transaction that an earlier snapshot does not see. A place in
// the log is a *bound* for a snapshot when each transaction that the snapshot does not see commits behind it. A place
// that was on disk before the number X was given out is one once the snapshot's xmin has reached X: whatever the
// snapshot does not see has a number from X on, so it began, and commits, behind the place. What a copy remembers of
// the log (its mark) is a bound, and a candidate for the next one.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"
#include "connector/control_connection.h"
#include "connector/postgres/connection.h"
#include "connector/source.h"

namespace tarn::connector::postgres {

using Control = ControlConnection<Server, Connection>;

// What a copy remembers of the log; places count bytes.
struct LogMark {
  std::uint64_t bound = 0;             // 0: none yet
  std::uint64_t candidate = 0;         // a place
  std::uint64_t candidate_number = 0;  // transactions from this number on commit behind the candidate
  std::string publication;             // what the log has of the table: another text where that may have changed
};
[[nodiscard]] std::string WriteLogMark(const LogMark& mark);
// nullopt where the text is none.
[[nodiscard]] std::optional<LogMark> ReadLogMark(std::string_view text);

// The log of one table. Not thread-safe; lives as long as the control connection.
class TableLog final {
 public:
  // Makes the server keep the log in a slot of this name, where it does not yet, and lets go what the copy, which
  // remembers `before`, has of it. To be called before the snapshot is opened. What stands against it is the log's
  // obstacle, and no error.
  // Errors: those of the connection.
  [[nodiscard]] static base::Result<std::unique_ptr<TableLog>> Keep(Control& control, const TableInfo& table,
                                                                    const std::string& slot,
                                                                    const std::optional<LogMark>& before,
                                                                    const base::CallLimits& limits);

  // Why the log does not tell the table's changes, or did not this time; empty when it does.
  [[nodiscard]] const std::string& obstacle() const { return obstacle_; }

  // PostgreSQL SQL, legal after FROM: the rows of all keys that were written behind the mark's bound, with the table's
  // columns by their source names and "ctid", which is NULL where the key has no row. Empty where no key was written;
  // nullopt where the log cannot tell. To be called when whatever the snapshot sees is on the server's disk.
  [[nodiscard]] base::Result<std::optional<std::string>> RowsBehind(const LogMark& mark,
                                                                    const base::CallLimits& limits);

  // What to remember with a copy of a snapshot with this xmin; `before` is what the copy before it remembered.
  [[nodiscard]] LogMark MarkFor(std::uint64_t xmin, const std::optional<LogMark>& before) const;

 private:
  struct KeyColumn {
    std::string name;
    std::string type;       // as it is written in a cast
    std::string collation;  // empty where the type has none
  };
  struct Slot {
    std::uint64_t released = 0;  // what commits before this place is gone
    std::string obstacle;        // why it is of no use; empty when it is
    bool exists = false;
    bool lost = false;  // the server threw away what the slot should keep
  };

  TableLog(Control& control, TableInfo table, std::string slot)
      : control_(control), table_(std::move(table)), slot_(std::move(slot)) {}

  base::Result<void> ReadTable(Connection& connection, const base::CallLimits& limits);
  base::Result<void> FindPublication(Connection& connection, const base::CallLimits& limits);
  base::Result<void> MakePublication(Connection& connection, const base::CallLimits& limits);
  base::Result<void> MakeSlot(Connection& connection, const base::CallLimits& limits);
  base::Result<void> Release(Connection& connection, const LogMark& before, const base::CallLimits& limits);
  base::Result<void> ReadPlace(Connection& connection, const base::CallLimits& limits);
  [[nodiscard]] base::Result<Slot> FindSlot(Connection& connection, const base::CallLimits& limits) const;
  // Keeps what the server refused, or had no time for, as the obstacle; passes other errors on.
  base::Result<void> Excuse(base::Result<void> done, const base::CallLimits& limits);
  [[nodiscard]] std::string RowsOf(const std::vector<std::vector<std::string>>& keys) const;

  Control& control_;
  TableInfo table_;
  std::string slot_;
  std::string obstacle_;
  std::uint32_t oid_ = 0;
  std::vector<KeyColumn> key_;
  std::string identity_;          // another text where the log may have had other columns of changed rows meanwhile
  std::string publication_;       // its name
  std::string publication_mark_;  // see LogMark
  std::uint64_t place_ = 0;       // of the log, before place_number_ was read
  std::uint64_t place_number_ = 0;
};

// Drops the slot and the publications that were made for it. Nothing to drop is no error.
[[nodiscard]] base::Result<void> ReleaseSlot(Connection& connection, const std::string& slot,
                                             const base::CallLimits& limits);

}  // namespace tarn::connector::postgres
