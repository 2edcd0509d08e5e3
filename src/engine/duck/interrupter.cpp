#include "engine/duck/interrupter.h"

namespace tarn::engine {

Interrupter::Interrupter(duckdb::ClientContext& context, std::atomic<Cause>& cause, const base::CallLimits& limits,
                         base::DeadlineTimer& timer, std::function<void()> on_stop)
    : context_(context),
      cause_(cause),
      on_stop_(std::move(on_stop)),
      alarm_(timer.Set(limits.deadline, [this] { Interrupt(Cause::kDeadline); })),
      on_cancel_(limits.cancel, [this] { Interrupt(Cause::kCancelled); }) {}

void Interrupter::Interrupt(Cause cause) {
  // The first cause is the one that is told.
  auto none = Cause::kNone;
  cause_.compare_exchange_strong(none, cause);
  context_.Interrupt();
  TellStopped();
}

void Interrupter::TellStopped() {
  if (on_stop_ && !told_.exchange(true)) on_stop_();
}

void Interrupter::Repeat() {
  if (cause() != Cause::kNone) context_.Interrupt();
}

}  // namespace tarn::engine
