#include "connector/source.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "connector/engine_text.h"

namespace tarn::connector {

namespace {

// Whether an error is about the source, not about one of its tables.
bool IsOfSource(const base::Error& error) {
  return error.kind == base::ErrorKind::kUnavailable || error.kind == base::ErrorKind::kCancelled ||
         error.kind == base::ErrorKind::kDeadlineExceeded;
}

}  // namespace

base::Result<std::string> SourceSnapshot::RowsFrom(const TableInfo& table, const ColumnInfo& column,
                                                   const std::string& least) {
  TARN_ASSIGN_OR_RETURN(const auto relation, Relation(table));
  const auto name = Name(column.name);
  return fmt::format("(SELECT *, 'U' AS \"_op\" FROM {} WHERE {} >= CAST({} AS {}){})", relation, name, Literal(least),
                     column.engine_type, column.not_null ? "" : fmt::format(" OR {} IS NULL", name));
}

base::Result<std::optional<Checksums>> SourceSnapshot::SumByRange(const TableInfo&, const KeyRanges*,
                                                                  const base::CallLimits&) {
  return std::nullopt;
}

base::Result<std::string> SourceSnapshot::RowsOfRanges(const TableInfo&, const KeyRanges&,
                                                       const std::vector<std::int64_t>&) {
  return base::NotSupported("This source does not read ranges of keys");
}

base::Result<std::string> Source::KeepLog(const TableInfo&, const std::string&, const SourcePosition&,
                                          const base::CallLimits&) {
  return "this source keeps no log that is read";
}

base::Result<void> Source::ReleaseLog(const std::string&, const base::CallLimits&) { return {}; }

base::Result<std::vector<TableInfo>> Source::DescribeAll(const std::string& schema, const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(auto names, Tables(schema, limits));
  std::ranges::sort(names);
  std::vector<TableInfo> tables;
  for (const auto& name : names) {
    auto table = Describe(name, limits);
    if (table) {
      tables.push_back(*std::move(table));
    } else if (IsOfSource(table.error())) {
      return std::unexpected(std::move(table).error());
    } else if (table.error().kind != base::ErrorKind::kNotFound) {  // it did not go meanwhile
      base::log::Warning("table left out of a listing",
                         {{"schema", name.schema}, {"table", name.table}, {"reason", table.error().message}});
    }
  }
  return tables;
}

}  // namespace tarn::connector
