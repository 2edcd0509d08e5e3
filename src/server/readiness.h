// Whether a real query on real data succeeded recently.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "base/error.h"
#include "base/limits.h"
#include "catalog/generation.h"
#include "engine/duck_engine.h"
#include "store/accounts.h"
#include "store/caches.h"

namespace tarn::server {

// Counts the rows of one cached table after another through the serving engine and compares them
// with the manifest; where nothing is cached it counts the organizations. Thread-safe.
class Readiness final {
 public:
  struct Parts {
    engine::DuckEngine& engine;
    catalog::Generations& generations;
    store::CacheRepository& caches;
    store::AccountRepository& accounts;
    std::chrono::milliseconds interval = std::chrono::seconds(5);
  };
  explicit Readiness(Parts parts);
  ~Readiness();

  // Errors: Unavailable with what failed, or that no probe succeeded of late.
  [[nodiscard]] base::Result<void> Check() const;

 private:
  void Run(const std::stop_token& stop);
  [[nodiscard]] base::Result<void> Probe();
  [[nodiscard]] base::Result<void> ProbeCopy(const store::CacheState& state);

  Parts parts_;
  std::size_t turn_ = 0;
  mutable std::mutex mutex_;
  base::Result<void> last_ = base::Unavailable("No query has run yet");
  base::SteadyTime succeeded_{};
  std::jthread thread_;  // last: it uses the members above
};

}  // namespace tarn::server
