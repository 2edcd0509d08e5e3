// Merging a source's changes into a copy.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"
#include "connector/source.h"
#include "engine/database.h"
#include "store/caches.h"

namespace tarn::cache {

// First reads everything it needs of the source, inside the snapshot, and knows what will change; then, with the
// snapshot closed, applies that. Precondition: the key identifies every row of `previous`, which is attached.
class DeltaMerge final {
 public:
  DeltaMerge(engine::Session& session, const connector::TableInfo& table, std::int64_t previous_rows)
      : session_(session), table_(table), previous_rows_(previous_rows) {}

  // False when the delta cannot be trusted: a key is NULL or twice in it, or the counts do not fit. `audits`: an Audit
  // follows.
  [[nodiscard]] base::Result<bool> Read(connector::SourceSnapshot& snapshot, const connector::Delta& delta, bool audits,
                                        const base::CallLimits& limits);
  // Exact, once read.
  [[nodiscard]] const store::RefreshCounts& counts() const { return counts_; }
  [[nodiscard]] bool HasChanges() const { return counts_.inserted + counts_.updated + counts_.deleted > 0; }

  // Compares the copy as it will be with the source, in every value, and takes rows that differ into what will change:
  // their number. nullopt where only reading the whole table tells.
  [[nodiscard]] base::Result<std::optional<std::int64_t>> Audit(connector::SourceSnapshot& snapshot,
                                                                const base::CallLimits& limits);
  // Engine SQL, legal after FROM: the copy as it will be, once read.
  [[nodiscard]] std::string Expected() const;

  // Changes `target`, a clone of `previous`, in one transaction.
  // Errors: FailedPrecondition when the rows afterwards are not those of the source.
  [[nodiscard]] base::Result<void> Apply(const base::CallLimits& limits);

 private:
  [[nodiscard]] base::Result<bool> KeysAreSound(const base::CallLimits& limits);
  [[nodiscard]] base::Result<void> Classify(const base::CallLimits& limits);
  // What the source no longer has, found by its keys: in a large table only by those of the ranges whose counts differ,
  // unless all are wanted.
  [[nodiscard]] base::Result<void> FindGone(connector::SourceSnapshot& snapshot, bool by_all_keys,
                                            const base::CallLimits& limits);
  [[nodiscard]] base::Result<std::optional<connector::KeyRanges>> Ranges(const base::CallLimits& limits);
  [[nodiscard]] base::Result<std::vector<std::int64_t>> DifferingRanges(const connector::KeyRanges& ranges,
                                                                        const std::string& counts,
                                                                        const base::CallLimits& limits);

  // The ranges whose sums differ; 0 stands for the whole table. nullopt where the source cannot sum up.
  [[nodiscard]] base::Result<std::optional<std::vector<std::int64_t>>> DifferingSums(
      connector::SourceSnapshot& snapshot, const connector::KeyRanges* ranges, const base::CallLimits& limits);
  // Takes the rows of some ranges as the source has them. False when that does not make the copy the source's.
  [[nodiscard]] base::Result<bool> TakeRanges(connector::SourceSnapshot& snapshot, const connector::KeyRanges& ranges,
                                              const std::vector<std::int64_t>& numbers, const base::CallLimits& limits);
  [[nodiscard]] base::Result<std::vector<std::int64_t>> Numbers(const std::string& sql, const base::CallLimits& limits);
  [[nodiscard]] base::Result<void> CountGone(const base::CallLimits& limits);

  engine::Session& session_;
  const connector::TableInfo& table_;
  std::int64_t previous_rows_;
  store::RefreshCounts counts_;
};

}  // namespace tarn::cache
