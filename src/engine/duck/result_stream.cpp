#include "engine/duck/result_stream.h"

#include <duckdb/execution/executor.hpp>

#include "engine/duck/errors.h"
#include "engine/duck/logical_types.h"
#include "engine/duck/task_pause.h"

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
    columns_.push_back(
        {.name = result.names[i], .type = TrinoTypeOf(result.types[i]), .engine_type = result.types[i].ToString()});
  }
}

ResultStream::~ResultStream() {
  // Unset first, so that nothing interrupts the session's next statement.
  const bool interrupted = running_.interrupter->cause() != Interrupter::Cause::kNone;
  if (!finished_) running_.interrupter->TellStopped();
  running_.interrupter.reset();
  if (!finished_ || interrupted) session_.connection.Interrupt();
  running_.result.reset();
  if (!finished_ || interrupted) session_.Abandon();
}

void ResultStream::AwaitRows() {
  auto& result = *running_.result;
  if (result.HasError() || result.type != duckdb::QueryResultType::STREAM_RESULT) return;
  auto& stream = result.Cast<duckdb::StreamQueryResult>();
  if (!stream.IsOpen()) return;
  using enum duckdb::StreamExecutionResult;
  TaskPause pause;
  for (;;) {
    const auto state = stream.ExecuteTask();
    if (state == BLOCKED) {
      stream.WaitForTask();
    } else if (state == NO_TASKS_AVAILABLE) {
      pause.Wait();
    } else if (state != CHUNK_NOT_READY) {
      return;
    }
  }
}

base::Error ResultStream::Interrupted(const duckdb::InterruptException& exception) {
  auto& result = *running_.result;
  const bool asked_for = session_.stopped.load() != Interrupter::Cause::kNone;
  const bool has_executor =
      result.type == duckdb::QueryResultType::STREAM_RESULT && result.Cast<duckdb::StreamQueryResult>().IsOpen();
  if (!asked_for && has_executor) {
    auto& executor = session_.connection.context->GetExecutor();
    executor.CancelTasks();  // waits for the threads, one of which may be about to tell its error
    if (executor.HasError()) return ToError(executor.GetError());
  }
  return ToError(duckdb::ErrorData(exception), session_.stopped);
}

base::Result<std::optional<Chunk>> ResultStream::Next() {
  if (finished_) return std::nullopt;
  TARN_RETURN_IF_ERROR(limits_.Check());
  try {
    AwaitRows();
    auto rows = running_.result->HasError() ? nullptr : running_.result->FetchRaw();
    // The engine ends a failed stream like a finished one: only here the difference shows.
    if (running_.result->HasError()) {
      return std::unexpected(ToError(running_.result->GetErrorObject(), session_.stopped));
    }
    if (!rows || rows->size() == 0) {
      TARN_RETURN_IF_ERROR(limits_.Check());
      finished_ = true;
      return std::nullopt;
    }
    return Chunk(std::make_unique<Chunk::Data>(std::move(rows), facts_));
  } catch (const duckdb::InterruptException& exception) {
    return std::unexpected(Interrupted(exception));
  } catch (...) {
    return std::unexpected(CurrentException(session_.stopped));
  }
}

}  // namespace tarn::engine
