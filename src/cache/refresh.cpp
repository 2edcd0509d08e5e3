#include "cache/refresh.h"

#include <fmt/format.h>

#include <chrono>

#include "base/clock.h"
#include "cache/copy_sql.h"
#include "cache/delta.h"
#include "cache/drift.h"
#include "cache/generation_file.h"
#include "cache/supervision.h"
#include "cache/target_file.h"
#include "engine/database.h"

namespace tarn::cache {
namespace {

using store::RefreshMode;

constexpr std::int64_t kGuardedRows = 1'000;  // smaller tables may shrink as they like
constexpr int kCursorLevel = 2;
constexpr int kAppendLevel = 1;

// One refresh at work. The members are made in the order in which they are needed and destroyed in reverse.
class Work final {
 public:
  Work(connector::Source& source, const RefreshSpec& spec, const RefreshWatch& watch, engine::Session& session,
       Supervision& supervision)
      : source_(source),
        spec_(spec),
        watch_(watch),
        session_(session),
        supervision_(supervision),
        target_(spec, session) {}

  base::Result<RefreshOutcome> Do() {
    TARN_RETURN_IF_ERROR(supervision_.CheckDisk());
    TARN_RETURN_IF_ERROR(Describe());
    TARN_RETURN_IF_ERROR(Prepare());
    watch_.step("attached");
    TARN_RETURN_IF_ERROR(KeepLog());
    outcome_.loaded_at = base::RealClock().Now();
    TARN_ASSIGN_OR_RETURN(snapshot_, source_.OpenSnapshot(session_, limits()));
    if (spec_.previous) TARN_RETURN_IF_ERROR(snapshot_->CheckNotBefore(table(), spec_.previous->position, limits()));
    TARN_RETURN_IF_ERROR(ChooseMethod());
    watch_.step("snapshot");
    TARN_ASSIGN_OR_RETURN(const bool by_delta, TryDelta());
    if (!by_delta) TARN_RETURN_IF_ERROR(ReadWhole());
    TARN_RETURN_IF_ERROR(GuardAgainstShrinking());
    if (!outcome_.changed) return std::move(outcome_);
    TARN_RETURN_IF_ERROR(Seal());
    return std::move(outcome_);
  }

 private:
  [[nodiscard]] const base::CallLimits& limits() const { return supervision_.limits(); }
  [[nodiscard]] const connector::TableInfo& table() const { return outcome_.version.table; }
  [[nodiscard]] bool Compares() const {
    return spec_.mode == RefreshMode::kIncremental && spec_.previous && drift_.empty();
  }

  // The table as this cache wants it.
  base::Result<void> Describe() {
    auto& table = outcome_.version.table;
    TARN_ASSIGN_OR_RETURN(table, source_.Describe(spec_.table, limits()));
    TARN_RETURN_IF_ERROR(ChooseKey(spec_.options, table));
    return spec_.previous ? KeepStructure(spec_.options, spec_.previous->version.table, table) : base::Result<void>{};
  }

  base::Result<void> Prepare() {
    if (table().columns.empty())
      return base::FailedPrecondition("The table has no columns to copy", "TABLE_NOT_CACHEABLE");
    if (spec_.previous) drift_ = DescribeDrift(spec_.previous->version.table, table());
    if (!drift_.empty()) outcome_.note = "the table's structure changed (" + drift_ + "), so it was read anew";
    TARN_RETURN_IF_ERROR(target_.Create(limits()));
    if (Compares()) TARN_RETURN_IF_ERROR(target_.AttachPrevious(limits()));
    return {};
  }

  base::Result<void> KeepLog() {
    if (spec_.options.method != MethodChoice::kLog || table().key.empty()) return {};
    TARN_ASSIGN_OR_RETURN(
        log_obstacle_,
        source_.KeepLog(table(), spec_.log_name,
                        spec_.previous ? spec_.previous->position : connector::SourcePosition{}, limits()));
    return {};
  }

  base::Result<void> ChooseMethod() {
    auto& method = outcome_.version.method;
    const auto choice = spec_.options.method;
    if (table().key.empty()) {
      method = {.reason = "the table has no key"};
    } else if (choice == MethodChoice::kFull) {
      method = {.reason = "it was chosen for this cache"};
    } else if (FollowsCursor()) {
      method = {.name = std::string(NameOf(choice)),
                .level = choice == MethodChoice::kCursor ? kCursorLevel : kAppendLevel,
                .reason = "it was chosen for this cache"};
    } else {
      TARN_ASSIGN_OR_RETURN(method, snapshot_->Method(table(), limits()));
      const bool was_named = choice == MethodChoice::kXmin || choice == MethodChoice::kLog;
      if (was_named && method.name != NameOf(choice))
        method.reason =
            fmt::format("{} was chosen, but {}", NameOf(choice), log_obstacle_.empty() ? method.reason : log_obstacle_);
    }
    return {};
  }

  [[nodiscard]] bool FollowsCursor() const {
    return spec_.options.method == MethodChoice::kCursor || spec_.options.method == MethodChoice::kAppend;
  }

  // Whether the copy holds what a better method would have found: one that followed a cursor may lack rows.
  [[nodiscard]] bool IsTrusted(const PreviousCopy& copy) const {
    const auto& before = copy.version.method;
    return before.name == outcome_.version.method.name ||
           !(before.level == kCursorLevel || before.level == kAppendLevel);
  }

  // What the method finds; nullopt where only reading the whole table is right.
  base::Result<std::optional<connector::Delta>> FindChanges() {
    if (spec_.options.method == MethodChoice::kFull) return std::nullopt;
    const bool compares_keys = spec_.options.deletes == DeleteDetection::kKeys;
    if (!FollowsCursor()) {
      TARN_ASSIGN_OR_RETURN(auto delta, snapshot_->ReadDelta(table(), spec_.previous->position, limits()));
      if (delta) {
        delta->compares_keys = compares_keys;
        outcome_.note = delta->note;
      }
      return delta;
    }
    const auto* cursor = FindColumn(table(), spec_.options.cursor_column);
    if (cursor == nullptr)
      return base::FailedPrecondition(
          "The table has no such cursor column any more: \"" + spec_.options.cursor_column + "\"", "STRUCTURE_CHANGED");
    TARN_ASSIGN_OR_RETURN(
        const auto least,
        session_.Rows(LeastOfCursor(spec_.options, *cursor, kPrevious, spec_.previous->loaded_at), limits()));
    if (!least.at(0).at(0)) return std::nullopt;
    TARN_ASSIGN_OR_RETURN(auto relation, snapshot_->RowsFrom(table(), *cursor, *least[0][0]));
    return connector::Delta{.relation = std::move(relation), .compares_keys = compares_keys};
  }

  // The end of the source's transaction: from here on only our own files are at work.
  base::Result<void> CloseSnapshot() {
    TARN_ASSIGN_OR_RETURN(outcome_.position, snapshot_->Position(table(), limits()));
    snapshot_.reset();
    TARN_RETURN_IF_ERROR(session_.Execute("COMMIT", limits()));
    watch_.step("committed");
    return {};
  }

  // False: only reading the whole table is right.
  base::Result<bool> TryDelta() {
    if (!Compares() || !spec_.previous->version.key_verified || table().key.empty()) return false;
    if (!IsTrusted(*spec_.previous)) return false;
    TARN_ASSIGN_OR_RETURN(const auto delta, FindChanges());
    if (!delta) return false;
    supervision_.SetExpected(delta->rows);
    DeltaMerge merge(session_, table(), spec_.previous->row_count);
    TARN_ASSIGN_OR_RETURN(const bool usable, merge.Read(*snapshot_, *delta, spec_.audits, limits()));
    if (!usable) return false;
    watch_.step("merged");
    outcome_.version.audit = spec_.previous->version.audit;
    if (spec_.audits) {
      TARN_ASSIGN_OR_RETURN(const bool audited, Audit(merge));
      if (!audited) return false;
    }
    TARN_RETURN_IF_ERROR(CloseSnapshot());
    outcome_.counts = merge.counts();
    outcome_.row_count = merge.counts().cached;
    outcome_.version.key_verified = true;
    outcome_.changed = merge.HasChanges();
    if (!outcome_.changed) return true;
    TARN_RETURN_IF_ERROR(target_.CloneFromPrevious(limits()));
    TARN_RETURN_IF_ERROR(merge.Apply(limits()));
    watch_.step("applied");
    outcome_.deleted_rows = spec_.previous->deleted_rows + merge.counts().updated + merge.counts().deleted;
    TARN_ASSIGN_OR_RETURN(outcome_.compacted,
                          target_.CompactIfWorth(outcome_.row_count, outcome_.deleted_rows, limits()));
    if (outcome_.compacted) outcome_.deleted_rows = 0;
    return true;
  }

  // False: only reading the whole table tells; then what the method made of the copy is kept for comparing.
  base::Result<bool> Audit(DeltaMerge& merge) {
    TARN_ASSIGN_OR_RETURN(const auto repaired, merge.Audit(*snapshot_, limits()));
    if (!repaired) {
      expected_ = merge.Expected();
      return false;
    }
    outcome_.audited = true;
    outcome_.version.audit = {.at = outcome_.loaded_at, .repaired = *repaired};
    watch_.step("audited");
    return true;
  }

  base::Result<void> ReadWhole() {
    supervision_.SetExpected(spec_.previous ? spec_.previous->row_count : table().estimated_rows);
    TARN_ASSIGN_OR_RETURN(const auto relation, snapshot_->Relation(table()));
    TARN_RETURN_IF_ERROR(session_.Execute(
        fmt::format("CREATE TABLE {} AS SELECT {} FROM {}", kTarget, ColumnList(table()), relation), limits()));
    TARN_ASSIGN_OR_RETURN(outcome_.row_count,
                          session_.Integer(fmt::format("SELECT count(*) FROM {}", kTarget), limits()));
    supervision_.SetRows(outcome_.row_count);
    watch_.step("loaded");
    TARN_ASSIGN_OR_RETURN(const auto expected, snapshot_->Count(table(), limits()));
    if (expected != outcome_.row_count) {
      return base::FailedPrecondition(
          fmt::format("The source and the copy differ: \"{}\" rows and \"{}\" rows", expected, outcome_.row_count));
    }
    TARN_RETURN_IF_ERROR(snapshot_->VerifyCopy(table(), std::string(kTarget), limits()));
    watch_.step("verified");
    TARN_RETURN_IF_ERROR(CloseSnapshot());
    return Count();
  }

  // What the new file changes against the previous one.
  base::Result<void> Count() {
    auto& counts = outcome_.counts;
    counts.cached = outcome_.row_count;
    outcome_.changed = true;
    if (!spec_.previous) counts.inserted = outcome_.row_count;
    outcome_.version.key_verified = table().key_enforced;
    outcome_.version.audit = {.at = outcome_.loaded_at};
    if (!Compares()) return {};
    TARN_ASSIGN_OR_RETURN(const bool keyed, KeyHolds());
    if (expected_ && keyed) TARN_RETURN_IF_ERROR(CompareWithExpected());
    TARN_ASSIGN_OR_RETURN(const auto rows, session_.Rows(keyed ? CountByKey(table(), kPrevious, kTarget)
                                                               : CountAsMultisets(table(), kPrevious, kTarget),
                                                         limits()));
    counts.inserted = std::stoll(rows.at(0).at(0).value());
    counts.updated = keyed ? std::stoll(rows[0].at(1).value()) : 0;
    counts.deleted = std::stoll(rows[0].at(keyed ? 2 : 1).value());
    outcome_.version.key_verified = keyed;
    // A key seen to hold for the first time is worth knowing, but not worth a file.
    outcome_.changed = counts.inserted + counts.updated + counts.deleted > 0;
    watch_.step("compared");
    return {};
  }

  // The end of an audit for which everything was read.
  base::Result<void> CompareWithExpected() {
    TARN_ASSIGN_OR_RETURN(const auto rows, session_.Rows(CountByKey(table(), *expected_, kTarget), limits()));
    auto& repaired = outcome_.version.audit.repaired;
    for (const auto& count : rows.at(0)) repaired += std::stoll(count.value());
    outcome_.audited = true;
    watch_.step("audited");
    return {};
  }

  base::Result<bool> KeyHolds() {
    if (table().key.empty()) return false;
    if (table().key_enforced && spec_.previous->version.key_verified) return true;
    TARN_ASSIGN_OR_RETURN(const auto now, session_.Integer(CountKeys(table(), kTarget), limits()));
    bool holds = now == outcome_.row_count;
    if (holds && !spec_.previous->version.key_verified) {
      TARN_ASSIGN_OR_RETURN(const auto before, session_.Integer(CountKeys(table(), kPrevious), limits()));
      holds = before == spec_.previous->row_count;
    }
    if (!holds) outcome_.note = "the key is NULL or not unique in some rows, so whole rows were compared";
    return holds;
  }

  base::Result<void> GuardAgainstShrinking() const {
    if (!spec_.scheduled || !spec_.previous || spec_.previous->row_count <= kGuardedRows) return {};
    if (outcome_.row_count * 2 >= spec_.previous->row_count) return {};
    return base::FailedPrecondition(
        fmt::format("The scheduled refresh would lose more than half of the rows; refresh by hand if this is right: "
                    "\"{}\" of \"{}\" rows are left",
                    outcome_.row_count, spec_.previous->row_count));
  }

  // Makes the file durable under its final name.
  base::Result<void> Seal() {
    TARN_RETURN_IF_ERROR(target_.Close(limits()));
    watch_.step("checkpointed");
    const auto unfinished = UnfinishedFile(spec_.folder, spec_.generation);
    TARN_ASSIGN_OR_RETURN(const auto seal, SealOf(unfinished, limits()));
    if (spec_.file_budget_bytes > 0 && seal.bytes > spec_.file_budget_bytes) {
      return base::ResourceExhausted("The copy would pass the project's quota of cached bytes");
    }
    outcome_.file = GenerationFileName(spec_.generation);
    outcome_.file_bytes = seal.bytes;
    outcome_.checksum = seal.checksum;
    watch_.step("summed");
    TARN_RETURN_IF_ERROR(Finish(unfinished, spec_.folder / outcome_.file));
    watch_.step("finished");
    return {};
  }

  connector::Source& source_;
  const RefreshSpec& spec_;
  const RefreshWatch& watch_;
  engine::Session& session_;
  Supervision& supervision_;
  TargetFile target_;
  std::string drift_;
  std::string log_obstacle_;  // why the source keeps no log, though it was chosen
  std::optional<std::string>
      expected_;  // the copy that the method would have made, where everything is read to audit it
  RefreshOutcome outcome_;
  std::unique_ptr<connector::SourceSnapshot> snapshot_;
};

base::Result<RefreshOutcome> RunIn(engine::Database& database, connector::Source& source, const RefreshSpec& spec,
                                   const RefreshWatch& watch, const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto session, database.Connect());
  Supervision supervision(spec, watch, *session, limits);
  auto outcome = Work(source, spec, watch, *session, supervision).Do();
  if (!outcome) return std::unexpected(supervision.Explain(std::move(outcome).error()));
  return outcome;
}

}  // namespace

base::Result<std::unique_ptr<connector::Source>> SourceFrom(const SourceRecipe& recipe) {
  const auto* spec = connector::FindSpec(recipe.type);
  if (spec == nullptr) return base::FailedPrecondition("There is no connector of this type: \"" + recipe.type + "\"");
  TARN_ASSIGN_OR_RETURN(const auto credential, connector::ReadCredential(*spec, recipe.credential.Reveal()));
  return connector::MakeSource(*spec, credential, recipe.options, recipe.settings);
}

base::Result<RefreshOutcome> Refresh(connector::Source& source, const RefreshSpec& spec, const RefreshWatch& watch,
                                     const base::CallLimits& limits) {
  RemoveUnfinished(spec.folder, spec.generation);
  base::Result<RefreshOutcome> outcome = base::Internal("The refresh did not run");
  {
    TARN_ASSIGN_OR_RETURN(const auto database,
                          engine::Database::Open({.file = {},
                                                  .memory_limit_bytes = spec.memory_bytes,
                                                  .threads = spec.threads,
                                                  .temp_directory = SpillFolder(spec.folder, spec.generation)}));
    outcome = RunIn(*database, source, spec, watch, limits);
  }
  RemoveUnfinished(spec.folder, spec.generation);
  return outcome;
}

}  // namespace tarn::cache
