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

  // False when the delta cannot be trusted: a key is NULL or twice in it, or the counts do not fit.
  [[nodiscard]] base::Result<bool> Read(connector::SourceSnapshot& snapshot, const connector::Delta& delta,
                                        const base::CallLimits& limits);
  // Exact, once read.
  [[nodiscard]] const store::RefreshCounts& counts() const { return counts_; }
  [[nodiscard]] bool HasChanges() const { return counts_.inserted + counts_.updated + counts_.deleted > 0; }

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

  engine::Session& session_;
  const connector::TableInfo& table_;
  std::int64_t previous_rows_;
  store::RefreshCounts counts_;
};

}  // namespace tarn::cache
