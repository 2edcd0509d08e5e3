// Watches a refresh from a thread of its own: a sign of life every second, the file's budget, the disk's floor.
#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "base/error.h"
#include "base/limits.h"
#include "cache/refresh.h"
#include "engine/database.h"

namespace tarn::cache {

class Supervision final {
 public:
  // All arguments must outlive it.
  Supervision(const RefreshSpec& spec, const RefreshWatch& watch, engine::Session& session,
              const base::CallLimits& limits);
  ~Supervision();

  // The caller's limits, stopped as well when a limit of the disk is passed.
  [[nodiscard]] const base::CallLimits& limits() const { return limits_; }
  // From here on the progress shows this number instead of asking the session.
  void SetRows(std::int64_t rows) { rows_ = rows; }
  // How many rows are going to be read; negative where that is not known.
  void SetExpected(std::int64_t rows) { expected_ = rows; }
  // The true reason of a failure: a passed limit of the disk explains an interrupted statement.
  [[nodiscard]] base::Error Explain(base::Error error) const;
  // Errors: ResourceExhausted when a limit of the disk is passed now.
  [[nodiscard]] base::Result<void> CheckDisk() const;

 private:
  void Watch();
  [[nodiscard]] std::int64_t BytesWritten() const;

  const RefreshSpec& spec_;
  const RefreshWatch& watch_;
  engine::Session& session_;
  std::stop_source stop_;
  base::CallLimits limits_;
  std::stop_callback<std::function<void()>> forward_;
  std::atomic<std::int64_t> rows_{-1};
  std::atomic<std::int64_t> expected_{-1};
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool done_ = false;
  std::optional<base::Error> passed_;
  std::thread thread_;
};

}  // namespace tarn::cache
