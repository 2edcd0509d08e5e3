#include "cache/delta.h"

#include <fmt/format.h>

#include "cache/copy_sql.h"

namespace tarn::cache {
namespace {

// Temporary tables of the worker's session.
constexpr std::string_view kDelta = "refresh_delta";      // as the source gave it
constexpr std::string_view kUpserts = "refresh_upserts";  // rows to write, with "_old": replaces one
constexpr std::string_view kGone = "refresh_gone";        // keys to delete

}  // namespace

base::Result<bool> DeltaMerge::Read(connector::SourceSnapshot& snapshot, const connector::Delta& delta,
                                    const base::CallLimits& limits) {
  TARN_RETURN_IF_ERROR(session_.Execute(
      fmt::format("CREATE TEMP TABLE {} AS SELECT {}, \"_op\" FROM {}", kDelta, ColumnList(table_), delta.relation),
      limits));
  TARN_ASSIGN_OR_RETURN(const bool sound, KeysAreSound(limits));
  if (!sound) return false;
  TARN_RETURN_IF_ERROR(Classify(limits));
  TARN_ASSIGN_OR_RETURN(const auto expected, snapshot.Count(table_, limits));
  if (counts_.cached > expected && !delta.has_deletes) TARN_RETURN_IF_ERROR(FindGone(snapshot, limits));
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
  TARN_RETURN_IF_ERROR(session_.Execute(
      fmt::format(
          "CREATE TEMP TABLE {} AS SELECT {}, p.{} IS NOT NULL AS \"_old\" FROM {} AS d LEFT JOIN {} AS p ON {} "
          "WHERE d.\"_op\" = 'U' AND (p.{} IS NULL OR {})",
          kUpserts, ColumnList(table_, "d"), QuoteName(first), kDelta, kPrevious, KeysMatch(table_, "d", "p"),
          QuoteName(first), RowsDiffer(table_, "d", "p")),
      limits));
  TARN_RETURN_IF_ERROR(session_.Execute(
      fmt::format("CREATE TEMP TABLE {} AS SELECT {} FROM {} AS d JOIN {} AS p ON {} WHERE d.\"_op\" = 'D'", kGone,
                  KeyList(table_, "d"), kDelta, kPrevious, KeysMatch(table_, "d", "p")),
      limits));
  const auto upserts = fmt::format("SELECT count(*) FROM {} WHERE ", kUpserts);
  TARN_ASSIGN_OR_RETURN(counts_.inserted, session_.Integer(upserts + "NOT \"_old\"", limits));
  TARN_ASSIGN_OR_RETURN(counts_.updated, session_.Integer(upserts + "\"_old\"", limits));
  TARN_ASSIGN_OR_RETURN(counts_.deleted, session_.Integer(fmt::format("SELECT count(*) FROM {}", kGone), limits));
  counts_.cached = previous_rows_ + counts_.inserted - counts_.deleted;
  return {};
}

base::Result<void> DeltaMerge::FindGone(connector::SourceSnapshot& snapshot, const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto relation, snapshot.Relation(table_));
  TARN_RETURN_IF_ERROR(session_.Execute(
      fmt::format("INSERT INTO {} SELECT {} FROM {} AS p ANTI JOIN (SELECT {} FROM {}) AS s ON {}", kGone,
                  KeyList(table_, "p"), kPrevious, KeyList(table_), relation, KeysMatch(table_, "p", "s")),
      limits));
  TARN_ASSIGN_OR_RETURN(counts_.deleted, session_.Integer(fmt::format("SELECT count(*) FROM {}", kGone), limits));
  counts_.cached = previous_rows_ + counts_.inserted - counts_.deleted;
  return {};
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
