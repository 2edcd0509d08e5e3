// Stops one running statement when its caller gives up on it or its time is over.
#pragma once

#include <atomic>
#include <duckdb.hpp>
#include <functional>
#include <memory>
#include <stop_token>

#include "base/deadline_timer.h"
#include "base/limits.h"

namespace tarn::engine {

// Lives as long as the statement runs, and within the life of `context`. Thread-safe.
class Interrupter final {
 public:
  enum class Cause { kNone, kCancelled, kDeadline };

  // `cause` tells from now on why the statement was stopped; the session, too, may set it. `on_stop` may be empty; it
  // is called once, by any thread, when the statement is stopped.
  Interrupter(duckdb::ClientContext& context, std::atomic<Cause>& cause, const base::CallLimits& limits,
              base::DeadlineTimer& timer, std::function<void()> on_stop);

  // Why the statement was stopped, if it was.
  [[nodiscard]] Cause cause() const { return cause_.load(); }

  // The engine forgets an interrupt that comes while it begins a statement; to be called right after.
  void Repeat();

  void Interrupt(Cause cause);
  // Tells `on_stop`.
  void TellStopped();

 private:
  duckdb::ClientContext& context_;
  std::atomic<Cause>& cause_;
  std::function<void()> on_stop_;
  std::atomic<bool> told_ = false;
  std::unique_ptr<base::DeadlineTimer::Alarm> alarm_;
  std::stop_callback<std::function<void()>> on_cancel_;
};

}  // namespace tarn::engine
