// What a source is: the connector SPI. Live reads run in the serving engine, copies in a worker's
// own engine; both through SQL that the connector writes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"
#include "engine/database.h"

namespace tarn::connector {

// A column as Tarn shows it. `name` is the source's own spelling, made unique regardless of case
// within its table. `type` is Trino type text; `engine_type` what the engine's columns have.
struct ColumnInfo {
  std::string name;
  std::string source_name;
  std::string type;
  std::string engine_type;
  std::string source_type;  // as the source writes it, for error texts and drift
  bool not_null = false;
  bool unique = false;
  std::optional<std::string> default_value = {};
  std::optional<std::string> comment = {};
  bool hidden = false;  // can be named, but `*` and listings do not show it
};

struct TableName {
  std::string schema;
  std::string table;
  auto operator<=>(const TableName&) const = default;
};

struct TableInfo {
  TableName name;
  std::vector<ColumnInfo> columns;
  std::vector<std::string> key;  // columns (by name) that identify a row; empty: none is known
  bool key_enforced = false;     // the source itself sees to it that no two rows have one key, and none NULL
  std::int64_t estimated_rows = -1;
  std::optional<std::string> comment = {};
};

// A source column's distinct values: negative is minus their share of the rows, positive their number.
struct ColumnStatistics {
  std::string column;
  double distinct_fraction = 0;
};

// A state of a table at its source. `identity` changes when the source or the table is another one than before
// (restored, replaced, its rows shown otherwise); `watermark` is where a later delta would begin, empty where there is
// none.
struct SourcePosition {
  std::string identity;
  std::string watermark;
  std::string log = {};  // what the copy remembers of the log of changes that the source keeps for it, if any
};

// How the rows changed since the last refresh are found: the ladder of docs/refresh.md.
struct RefreshMethod {
  std::string name = "full";
  int level = 0;
  std::string reason;  // why not a better one; empty for the best
};

// Rows changed since a position, as a relation of the worker's session with the table's columns and "_op" ('U' upsert,
// 'D' delete).
struct Delta {
  std::string relation;
  std::int64_t rows = -1;      // where known before they are read
  bool has_deletes = false;    // whether deletes are among the changes
  bool compares_keys = false;  // whether all keys are to be compared, where equal numbers of rows prove too little
  bool unchanged = false;      // the source has proof that no row was written or deleted, so nothing needs counting
  bool complete = false;       // every change is among them, deletes too, so nothing needs counting
  std::string note = {};       // why a better way was not taken this time
};

// Numbered ranges of an integer column of the key: (value - low) / width from `low` to `high`, whose distance is an
// integer of 64 bits; -1 below, `count` above.
struct KeyRanges {
  std::string column;
  std::int64_t low = 0;
  std::int64_t high = 0;
  std::int64_t width = 1;
  std::int64_t count = 1;
};

// How a source and the engine sum up rows alike, whatever their order.
struct Checksums {
  std::string relation;  // engine SQL, legal after FROM: "number" of a range of keys (0 where there are none), its
                         // "rows", and "sum" as text
  std::string row;       // engine SQL over a row of a copy: the integer that it adds to "sum"
};

// A consistent view of a source: everything read through it sees one state. Lives within one
// transaction of the worker's session, which whoever opened the view ends; destroyed before the session.
class SourceSnapshot {
 public:
  virtual ~SourceSnapshot() = default;
  // What to store with a copy of the table that was read through this view. Called when it has been read.
  // Errors: Unavailable when what was read may not be the table at this state (rewritten meanwhile).
  [[nodiscard]] virtual base::Result<SourcePosition> Position(const TableInfo& table,
                                                              const base::CallLimits& limits) = 0;
  // Errors: Unavailable with code SOURCE_BEHIND_COPY when this state is older than one that was seen before.
  [[nodiscard]] virtual base::Result<void> CheckNotBefore(const TableInfo& table, const SourcePosition& seen,
                                                          const base::CallLimits& limits) = 0;
  // Engine SQL, legal after FROM, that yields all rows of the table with its columns by name.
  [[nodiscard]] virtual base::Result<std::string> Relation(const TableInfo& table) = 0;
  // Rows of the table in this state.
  [[nodiscard]] virtual base::Result<std::int64_t> Count(const TableInfo& table, const base::CallLimits& limits) = 0;
  // The best way that this source offers for this table.
  [[nodiscard]] virtual base::Result<RefreshMethod> Method(const TableInfo& table, const base::CallLimits& limits) = 0;
  // Changes since `from`; nullopt where only reading everything is right (no watermark, another identity) or is
  // cheaper.
  [[nodiscard]] virtual base::Result<std::optional<Delta>> ReadDelta(const TableInfo& table, const SourcePosition& from,
                                                                     const base::CallLimits& limits) = 0;
  // Engine SQL, legal after FROM: the rows in which a column is NULL or not less than `least`, a text that the engine
  // and the source read alike; with "_op" = 'U' behind.
  [[nodiscard]] virtual base::Result<std::string> RowsFrom(const TableInfo& table, const ColumnInfo& column,
                                                           const std::string& least);
  // All rows summed up by the source, by ranges where these are given; nullopt where it cannot sum up some column as
  // the engine does.
  [[nodiscard]] virtual base::Result<std::optional<Checksums>> SumByRange(const TableInfo& table,
                                                                          const KeyRanges* ranges,
                                                                          const base::CallLimits& limits);
  // Engine SQL, legal after FROM: the rows in the ranges of the given numbers, with "_op" = 'U' behind. For sources
  // that can SumByRange.
  [[nodiscard]] virtual base::Result<std::string> RowsOfRanges(const TableInfo& table, const KeyRanges& ranges,
                                                               const std::vector<std::int64_t>& numbers);
  // Engine SQL, legal after FROM: the key columns of all rows, or of those in the ranges of the given numbers.
  [[nodiscard]] virtual base::Result<std::string> Keys(const TableInfo& table, const KeyRanges* ranges,
                                                       const std::vector<std::int64_t>& numbers) = 0;
  // Engine SQL, legal after FROM: rows of each range that has any, as columns "number" and "rows". Empty: the source
  // cannot count so.
  [[nodiscard]] virtual base::Result<std::string> CountByRange(const TableInfo& table, const KeyRanges& ranges,
                                                               const base::CallLimits& limits) = 0;
  // Checks a copy (an engine relation with the table's columns) for values that the way of reading
  // could have changed, such as a decimal NaN read as zero.
  // Errors: FailedPrecondition that names the column.
  [[nodiscard]] virtual base::Result<void> VerifyCopy(const TableInfo& table, const std::string& copy,
                                                      const base::CallLimits& limits) = 0;
};

// One configured source. Thread-safe. Calls bound their own waiting by the limits, also while the
// source does not answer.
class Source {
 public:
  virtual ~Source() = default;

  // Whether the source answers and takes the credential.
  // Errors: InvalidArgument with code INVALID_CREDENTIALS; its message never shows the credential.
  [[nodiscard]] virtual base::Result<void> Check(const base::CallLimits& limits) = 0;
  // Errors of all below: Unavailable; NotFound (SCHEMA_NOT_FOUND, TABLE_NOT_FOUND).
  [[nodiscard]] virtual base::Result<std::vector<std::string>> Schemas(const base::CallLimits& limits) = 0;
  // Tables of one schema, or of all where it is empty.
  [[nodiscard]] virtual base::Result<std::vector<TableName>> Tables(const std::string& schema,
                                                                    const base::CallLimits& limits) = 0;
  // Names match regardless of case where that is unambiguous.
  [[nodiscard]] virtual base::Result<TableInfo> Describe(const TableName& table, const base::CallLimits& limits) = 0;
  // The tables of one schema, or of all where it is empty, sorted by their names, with columns, comments and defaults:
  // for listings, in as few questions as the source allows. Keys other than primary ones, unique columns and estimates
  // may be missing. Tables that cannot be described are left out.
  [[nodiscard]] virtual base::Result<std::vector<TableInfo>> DescribeAll(const std::string& schema,
                                                                         const base::CallLimits& limits);
  [[nodiscard]] virtual base::Result<std::vector<ColumnStatistics>> Statistics(const TableInfo& table,
                                                                               const base::CallLimits& limits) = 0;

  // Statements that make the source readable in the serving engine under the database name `alias`
  // (secrets, ATTACH); may be empty. And those that undo it.
  [[nodiscard]] virtual base::Result<std::vector<std::string>> AttachStatements(const std::string& alias,
                                                                                const base::CallLimits& limits) = 0;
  [[nodiscard]] virtual std::vector<std::string> DetachStatements(const std::string& alias) = 0;
  // Engine SQL, legal after FROM, for reading the table live through `alias`.
  [[nodiscard]] virtual base::Result<std::string> LiveRelation(const TableInfo& table, const std::string& alias) = 0;

  // What stops the reading of a live relation at the source, where the engine cannot stop while it waits for it; empty
  // where nothing has to be done. It is quick; any thread may call it, also when the source is gone.
  [[nodiscard]] virtual std::function<void()> StopReading(const std::string& /*live_relation*/) { return {}; }

  // Makes the source keep a log of changes, where it does not yet, for the view of the table that is opened next.
  // `name` (letters, digits, underlines) is the copy's own; what the log has from before the copy's position is let go.
  // Why the source cannot; empty where it does.
  [[nodiscard]] virtual base::Result<std::string> KeepLog(const TableInfo& table, const std::string& name,
                                                          const SourcePosition& copy, const base::CallLimits& limits);
  // Ends the log of this name, which costs the source disk space; there need be none.
  [[nodiscard]] virtual base::Result<void> ReleaseLog(const std::string& name, const base::CallLimits& limits);

  // Opens a consistent view inside a transaction that this call begins on `session`.
  [[nodiscard]] virtual base::Result<std::unique_ptr<SourceSnapshot>> OpenSnapshot(engine::Session& session,
                                                                                   const base::CallLimits& limits) = 0;
};

}  // namespace tarn::connector
