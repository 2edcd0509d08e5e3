#include "cache/delta.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <limits>

#include "cache/copy_sql.h"

namespace tarn::cache {
namespace {

// Temporary tables of the worker's session.
constexpr std::string_view kDelta = "refresh_delta";      // as the source gave it
constexpr std::string_view kUpserts = "refresh_upserts";  // rows to write, with "_old": replaces one
constexpr std::string_view kGone = "refresh_gone";        // keys to delete
constexpr std::string_view kGoneBefore = "refresh_gone_before";

constexpr std::int64_t kRows = 100'000;  // of a table whose keys are worth asking for by ranges
constexpr std::int64_t kRanges = 1'024;
constexpr std::array<std::string_view, 4> kIntegers = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT"};

std::string RangeNumber(const connector::KeyRanges& ranges) {
  return fmt::format(
      "CASE WHEN {0} < {1} THEN -1 WHEN {0} > {2} THEN {3} ELSE (CAST({0} AS BIGINT) - ({1})) // {4} END",
      QuoteName(ranges.column), ranges.low, ranges.high, ranges.count, ranges.width);
}

}  // namespace

base::Result<bool> DeltaMerge::Read(connector::SourceSnapshot& snapshot, const connector::Delta& delta, bool audits,
                                    const base::CallLimits& limits) {
  if (delta.unchanged && !audits) {
    counts_.cached = previous_rows_;
    return true;
  }
  const auto relation =
      delta.rows == 0 ? fmt::format("(SELECT *, 'U' AS \"_op\" FROM {} LIMIT 0)", kPrevious) : delta.relation;
  TARN_RETURN_IF_ERROR(session_.Execute(
      fmt::format("CREATE TEMP TABLE {} AS SELECT {}, \"_op\" FROM {}", kDelta, ColumnList(table_), relation), limits));
  TARN_ASSIGN_OR_RETURN(const bool sound, KeysAreSound(limits));
  if (!sound) return false;
  TARN_RETURN_IF_ERROR(Classify(limits));
  if (delta.unchanged) return true;
  if (delta.complete && !delta.compares_keys) {
    TARN_RETURN_IF_ERROR(snapshot.VerifyCopy(table_, std::string(kUpserts), limits));
    return true;
  }
  TARN_ASSIGN_OR_RETURN(const auto expected, snapshot.Count(table_, limits));
  if (delta.compares_keys || (counts_.cached > expected && !delta.has_deletes))
    TARN_RETURN_IF_ERROR(FindGone(snapshot, delta.compares_keys, limits));
  if (counts_.cached != expected) return false;
  TARN_RETURN_IF_ERROR(snapshot.VerifyCopy(table_, std::string(kUpserts), limits));
  return true;
}

base::Result<bool> DeltaMerge::KeysAreSound(const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto rows, session_.Integer(fmt::format("SELECT count(*) FROM {}", kDelta), limits));
  TARN_ASSIGN_OR_RETURN(const auto keys, session_.Integer(CountKeys(table_, kDelta), limits));
  return rows == keys;
}

base::Result<void> DeltaMerge::Classify(const base::CallLimits& limits) {
  const auto& first = table_.key.front();
  TARN_RETURN_IF_ERROR(
      session_.Execute(fmt::format("CREATE OR REPLACE TEMP TABLE {} AS SELECT {}, p.{} IS NOT NULL AS \"_old\" FROM {} "
                                   "AS d LEFT JOIN {} AS p ON {} "
                                   "WHERE d.\"_op\" = 'U' AND (p.{} IS NULL OR {})",
                                   kUpserts, ColumnList(table_, "d"), QuoteName(first), kDelta, kPrevious,
                                   KeysMatch(table_, "d", "p"), QuoteName(first), RowsDiffer(table_, "d", "p")),
                       limits));
  TARN_RETURN_IF_ERROR(session_.Execute(
      fmt::format("CREATE OR REPLACE TEMP TABLE {} AS SELECT {} FROM {} AS d JOIN {} AS p ON {} WHERE d.\"_op\" = 'D'",
                  kGone, KeyList(table_, "d"), kDelta, kPrevious, KeysMatch(table_, "d", "p")),
      limits));
  const auto upserts = fmt::format("SELECT count(*) FROM {} WHERE ", kUpserts);
  TARN_ASSIGN_OR_RETURN(counts_.inserted, session_.Integer(upserts + "NOT \"_old\"", limits));
  TARN_ASSIGN_OR_RETURN(counts_.updated, session_.Integer(upserts + "\"_old\"", limits));
  return CountGone(limits);
}

base::Result<void> DeltaMerge::CountGone(const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(counts_.deleted, session_.Integer(fmt::format("SELECT count(*) FROM {}", kGone), limits));
  counts_.cached = previous_rows_ + counts_.inserted - counts_.deleted;
  return {};
}

base::Result<std::optional<connector::KeyRanges>> DeltaMerge::Ranges(const base::CallLimits& limits) {
  if (previous_rows_ < kRows) return std::nullopt;
  const auto column = std::ranges::find_if(table_.columns, [&](const auto& candidate) {
    return candidate.name == table_.key.front() &&
           std::ranges::find(kIntegers, candidate.engine_type) != kIntegers.end();
  });
  if (column == table_.columns.end()) return std::nullopt;
  const auto name = QuoteName(column->name);
  TARN_ASSIGN_OR_RETURN(
      const auto bounds,
      session_.Rows(fmt::format("SELECT min({0})::BIGINT, max({0})::BIGINT, (max({0})::HUGEINT - min({0})) // {1} "
                                "+ 1 <= {2} FROM {3}",
                                name, kRanges, std::numeric_limits<std::int64_t>::max() / kRanges, kPrevious),
                    limits));
  if (!bounds.at(0).at(0) || bounds[0].at(2) != "true") return std::nullopt;  // too far apart for integers of 64 bits
  connector::KeyRanges ranges{
      .column = column->name, .low = std::stoll(*bounds[0][0]), .high = std::stoll(*bounds[0][1])};
  ranges.width = (ranges.high - ranges.low) / kRanges + 1;
  ranges.count = (ranges.high - ranges.low) / ranges.width + 1;
  return ranges;
}

base::Result<std::vector<std::int64_t>> DeltaMerge::Numbers(const std::string& sql, const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto rows, session_.Rows(sql, limits));
  std::vector<std::int64_t> numbers;
  numbers.reserve(rows.size());
  for (const auto& row : rows) numbers.push_back(std::stoll(row.at(0).value()));
  return numbers;
}

base::Result<std::vector<std::int64_t>> DeltaMerge::DifferingRanges(const connector::KeyRanges& ranges,
                                                                    const std::string& counts,
                                                                    const base::CallLimits& limits) {
  return Numbers(
      fmt::format(
          "SELECT coalesce(s.number, c.number) FROM {0} AS s FULL JOIN (SELECT {1} AS number, count(*) AS \"rows\" "
          "FROM (SELECT {2} FROM {3} UNION ALL SELECT {2} FROM {4} WHERE NOT \"_old\") GROUP BY 1) AS c "
          "ON s.number = c.number WHERE s.\"rows\" IS DISTINCT FROM c.\"rows\" ORDER BY 1",
          counts, RangeNumber(ranges), QuoteName(ranges.column), kPrevious, kUpserts),
      limits);
}

base::Result<void> DeltaMerge::FindGone(connector::SourceSnapshot& snapshot, bool by_all_keys,
                                        const base::CallLimits& limits) {
  std::vector<std::int64_t> numbers;
  std::string within;
  std::optional<connector::KeyRanges> ranges;
  if (by_all_keys) {
    TARN_RETURN_IF_ERROR(session_.Execute(fmt::format("DELETE FROM {}", kGone), limits));
  } else {
    TARN_ASSIGN_OR_RETURN(ranges, Ranges(limits));
  }
  if (ranges) {
    TARN_ASSIGN_OR_RETURN(const auto counts, snapshot.CountByRange(table_, *ranges, limits));
    if (!counts.empty()) {
      TARN_ASSIGN_OR_RETURN(numbers, DifferingRanges(*ranges, counts, limits));
    }
    if (!numbers.empty()) within = fmt::format(" WHERE {} IN ({})", RangeNumber(*ranges), fmt::join(numbers, ", "));
  }
  TARN_ASSIGN_OR_RETURN(const auto keys, snapshot.Keys(table_, numbers.empty() ? nullptr : &*ranges, numbers));
  TARN_RETURN_IF_ERROR(session_.Execute(
      fmt::format("INSERT INTO {} SELECT {} FROM (SELECT {} FROM {}{}) AS p ANTI JOIN (SELECT {} FROM {}) AS s ON {}",
                  kGone, KeyList(table_, "p"), KeyList(table_), kPrevious, within, KeyList(table_), keys,
                  KeysMatch(table_, "p", "s")),
      limits));
  return CountGone(limits);
}

std::string DeltaMerge::Expected() const {
  return fmt::format(
      "(SELECT {0} FROM {1} AS p ANTI JOIN (SELECT {2} FROM {3} UNION ALL SELECT {2} FROM {4} WHERE \"_old\") AS x ON "
      "{5} "
      "UNION ALL SELECT {6} FROM {4})",
      ColumnList(table_, "p"), kPrevious, KeyList(table_), kGone, kUpserts, KeysMatch(table_, "p", "x"),
      ColumnList(table_));
}

base::Result<std::optional<std::int64_t>> DeltaMerge::Audit(connector::SourceSnapshot& snapshot,
                                                            const base::CallLimits& limits) {
  // One sum first: a source makes it in several processes, and it is all that a sound copy needs.
  TARN_ASSIGN_OR_RETURN(const auto whole, DifferingSums(snapshot, nullptr, limits));
  if (!whole) return std::nullopt;
  if (whole->empty()) return 0;
  TARN_ASSIGN_OR_RETURN(const auto ranges, Ranges(limits));
  if (!ranges) return std::nullopt;
  TARN_ASSIGN_OR_RETURN(const auto numbers, DifferingSums(snapshot, &*ranges, limits));
  if (!numbers) return std::nullopt;
  const auto all = [this] { return counts_.inserted + counts_.updated + counts_.deleted; };
  const auto told = all();
  TARN_ASSIGN_OR_RETURN(const bool repaired, TakeRanges(snapshot, *ranges, *numbers, limits));
  if (!repaired) return std::nullopt;
  return all() - told;
}

base::Result<std::optional<std::vector<std::int64_t>>> DeltaMerge::DifferingSums(connector::SourceSnapshot& snapshot,
                                                                                 const connector::KeyRanges* ranges,
                                                                                 const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto sums, snapshot.SumByRange(table_, ranges, limits));
  if (!sums) return std::nullopt;
  const std::string number = ranges == nullptr ? "0" : RangeNumber(*ranges);
  return Numbers(
      fmt::format(
          "SELECT coalesce(s.number, c.number) FROM {} AS s FULL JOIN (SELECT {} AS number, count(*) AS \"rows\", "
          "CAST(sum({}) AS VARCHAR) AS \"sum\" FROM {}{}) AS c ON s.number = c.number "
          "WHERE s.\"rows\" IS DISTINCT FROM c.\"rows\" OR s.\"sum\" IS DISTINCT FROM c.\"sum\" ORDER BY 1",
          sums->relation, number, sums->row, Expected(), ranges == nullptr ? "" : " GROUP BY 1"),
      limits);
}

base::Result<bool> DeltaMerge::TakeRanges(connector::SourceSnapshot& snapshot, const connector::KeyRanges& ranges,
                                          const std::vector<std::int64_t>& numbers, const base::CallLimits& limits) {
  const auto inside = fmt::format("{} IN ({})", RangeNumber(ranges), fmt::join(numbers, ", "));
  TARN_ASSIGN_OR_RETURN(const auto relation, snapshot.RowsOfRanges(table_, ranges, numbers));
  TARN_RETURN_IF_ERROR(
      session_.Execute(fmt::format("DELETE FROM {0} WHERE {1}; INSERT INTO {0} SELECT {2}, \"_op\" FROM {3}; "
                                   "CREATE OR REPLACE TEMP TABLE {4} AS SELECT {5} FROM {6} WHERE NOT ({1})",
                                   kDelta, inside, ColumnList(table_), relation, kGoneBefore, KeyList(table_), kGone),
                       limits));
  TARN_ASSIGN_OR_RETURN(const bool sound, KeysAreSound(limits));
  if (!sound) return false;
  TARN_RETURN_IF_ERROR(Classify(limits));
  TARN_RETURN_IF_ERROR(session_.Execute(
      fmt::format(
          "INSERT INTO {0} SELECT * FROM ((SELECT {1} FROM {2} UNION SELECT {3} FROM (SELECT {1} FROM {4} WHERE {5}) "
          "AS p ANTI JOIN {6} AS d ON {7}) EXCEPT SELECT {1} FROM {0})",
          kGone, KeyList(table_), kGoneBefore, KeyList(table_, "p"), kPrevious, inside, kDelta,
          KeysMatch(table_, "p", "d")),
      limits));
  TARN_RETURN_IF_ERROR(CountGone(limits));
  TARN_RETURN_IF_ERROR(snapshot.VerifyCopy(table_, std::string(kUpserts), limits));
  TARN_ASSIGN_OR_RETURN(const auto expected, snapshot.Count(table_, limits));
  return counts_.cached == expected;
}

base::Result<void> DeltaMerge::Apply(const base::CallLimits& limits) {
  TARN_RETURN_IF_ERROR(session_.Execute(fmt::format("BEGIN; DELETE FROM {0} AS t USING {1} AS g WHERE {2}; DELETE FROM "
                                                    "{0} AS t USING {3} AS u WHERE u.\"_old\" AND {4}; "
                                                    "INSERT INTO {0} ({5}) SELECT {5} FROM {3}",
                                                    kTarget, kGone, KeysMatch(table_, "t", "g"), kUpserts,
                                                    KeysMatch(table_, "t", "u"), ColumnList(table_)),
                                        limits));
  TARN_ASSIGN_OR_RETURN(const auto rows, session_.Integer(fmt::format("SELECT count(*) FROM {}", kTarget), limits));
  if (rows != counts_.cached) {
    return base::FailedPrecondition(
        fmt::format("The source and the copy differ: \"{}\" rows and \"{}\" rows", counts_.cached, rows));
  }
  TARN_RETURN_IF_ERROR(session_.Execute("COMMIT", limits));
  return {};
}

}  // namespace tarn::cache
