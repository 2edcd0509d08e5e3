// What a source is: the connector SPI. Live reads run in the serving engine, copies in a worker's
// own engine; both through SQL that the connector writes.
#pragma once

#include <cstdint>
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
  std::int64_t estimated_rows = -1;
  std::optional<std::string> comment = {};
};

// A source column's distinct values: negative is minus their share of the rows, positive their number.
struct ColumnStatistics {
  std::string column;
  double distinct_fraction = 0;
};

// A state of the source. `identity` changes when the source is another one than before (restored,
// replaced); `watermark` is where a later delta would begin, empty where the source has none.
struct SourcePosition {
  std::string identity;
  std::string watermark;
};

// Rows changed since a position, as a relation of the worker's session with the table's columns and
// "_op" ('U' upsert, 'D' delete); `next` is the position to store with them.
struct Delta {
  std::string relation;
  SourcePosition next;
  bool has_deletes = false;  // whether deletes are among the changes
};

// A consistent view of a source: everything read through it sees one state. Lives within one
// transaction of the worker's session, which whoever opened the view ends; destroyed before the session.
class SourceSnapshot {
 public:
  virtual ~SourceSnapshot() = default;
  [[nodiscard]] virtual const SourcePosition& position() const = 0;
  // Engine SQL, legal after FROM, that yields all rows of the table with its columns by name.
  [[nodiscard]] virtual base::Result<std::string> Relation(const TableInfo& table) = 0;
  // Rows of the table in this state.
  [[nodiscard]] virtual base::Result<std::int64_t> Count(const TableInfo& table, const base::CallLimits& limits) = 0;
  // Changes since `from`; nullopt where only reading everything is right (no watermark, another identity).
  [[nodiscard]] virtual base::Result<std::optional<Delta>> ReadDelta(const TableInfo& table, const SourcePosition& from,
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
  [[nodiscard]] virtual base::Result<std::vector<ColumnStatistics>> Statistics(const TableInfo& table,
                                                                               const base::CallLimits& limits) = 0;

  // Statements that make the source readable in the serving engine under the database name `alias`
  // (secrets, ATTACH); may be empty. And those that undo it.
  [[nodiscard]] virtual base::Result<std::vector<std::string>> AttachStatements(const std::string& alias,
                                                                                const base::CallLimits& limits) = 0;
  [[nodiscard]] virtual std::vector<std::string> DetachStatements(const std::string& alias) = 0;
  // Engine SQL, legal after FROM, for reading the table live through `alias`.
  [[nodiscard]] virtual base::Result<std::string> LiveRelation(const TableInfo& table, const std::string& alias) = 0;

  // Opens a consistent view inside a transaction that this call begins on `session`.
  [[nodiscard]] virtual base::Result<std::unique_ptr<SourceSnapshot>> OpenSnapshot(engine::Session& session,
                                                                                   const base::CallLimits& limits) = 0;
};

}  // namespace tarn::connector
