// The records of refreshes and the sentences of their action log.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/error.h"
#include "cache/refresh.h"
#include "store/caches.h"

namespace tarn::cache {

// "Full" or "Incremental".
[[nodiscard]] std::string ModeName(store::RefreshMode mode);

[[nodiscard]] store::Execution NewExecution(const std::string& cache_id, store::RefreshMode mode, bool scheduled,
                                            base::SystemTime now);
[[nodiscard]] store::ActionLog LogOf(const store::Execution& execution, const std::string& action,
                                     const std::string& message, base::SystemTime now);

// Turn a running execution into an ended one, and give what the action log says of it.
[[nodiscard]] store::ActionLog EndWithError(store::Execution& execution, const base::Error& error,
                                            base::SystemTime now);
[[nodiscard]] store::ActionLog EndWithOutcome(store::Execution& execution, const RefreshOutcome& outcome,
                                              const std::string& generation, base::SystemTime now);

}  // namespace tarn::cache
