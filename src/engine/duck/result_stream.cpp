#include "engine/duck/result_stream.h"

#include "engine/duck/errors.h"
#include "engine/duck/logical_types.h"

namespace tarn::engine {

ResultStream::ResultStream(Session::Impl& session, RunningStatement running, base::CallLimits limits,
                           std::shared_ptr<void> lease)
    : lease_(std::move(lease)),
      session_(session),
      running_(std::move(running)),
      limits_(std::move(limits)),
      facts_(std::make_shared<ResultFacts>(session.time_zone, session.connection.context->db)) {
  const auto& result = *running_.result;
  for (std::size_t i = 0; i < result.names.size(); ++i) {
    columns_.push_back({.name = result.names[i], .type = TrinoTypeOf(result.types[i])});
  }
}

ResultStream::~ResultStream() {
  // Unset first, so that nothing interrupts the session's next statement.
  const bool interrupted = running_.interrupter->cause() != Interrupter::Cause::kNone;
  running_.interrupter.reset();
  if (!finished_ || interrupted) session_.connection.Interrupt();
  running_.result.reset();
  if (!finished_ || interrupted) session_.Abandon();
}

base::Result<std::optional<Chunk>> ResultStream::Next() {
  if (finished_) return std::nullopt;
  TARN_RETURN_IF_ERROR(limits_.Check());
  try {
    auto rows = running_.result->FetchRaw();
    // The engine ends a failed stream like a finished one: only here the difference shows.
    if (running_.result->HasError()) {
      return std::unexpected(ToError(running_.result->GetErrorObject(), running_.interrupter->cause()));
    }
    if (!rows || rows->size() == 0) {
      TARN_RETURN_IF_ERROR(limits_.Check());
      finished_ = true;
      return std::nullopt;
    }
    return Chunk(std::make_unique<Chunk::Data>(std::move(rows), facts_));
  } catch (...) {
    return std::unexpected(CurrentException(running_.interrupter->cause()));
  }
}

}  // namespace tarn::engine
