// The new file of a refresh as the worker's session sees it: attached as `target`, the current one as `previous`.
#pragma once

#include "base/error.h"
#include "base/limits.h"
#include "cache/refresh.h"
#include "engine/database.h"

namespace tarn::cache {

class TargetFile final {
 public:
  TargetFile(const RefreshSpec& spec, engine::Session& session) : spec_(spec), session_(session) {}

  // An empty file, attached for writing.
  [[nodiscard]] base::Result<void> Create(const base::CallLimits& limits);
  // The current copy, attached read-only. Precondition: the spec has one.
  [[nodiscard]] base::Result<void> AttachPrevious(const base::CallLimits& limits);
  // Replaces the target with a clone of the current copy.
  [[nodiscard]] base::Result<void> CloneFromPrevious(const base::CallLimits& limits);
  // Rewrites the target when so many of its rows were deleted that scans suffer. Tells whether it did.
  [[nodiscard]] base::Result<bool> CompactIfWorth(std::int64_t rows, std::int64_t deleted_rows,
                                                  const base::CallLimits& limits);
  // Writes everything into the file and lets go of it.
  [[nodiscard]] base::Result<void> Close(const base::CallLimits& limits);

 private:
  [[nodiscard]] base::Result<void> Attach(const std::filesystem::path& file, std::string_view alias,
                                          const base::CallLimits& limits);

  const RefreshSpec& spec_;
  engine::Session& session_;
};

}  // namespace tarn::cache
