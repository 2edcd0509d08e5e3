// The engine's streaming result as a RowStream.
#pragma once

#include <memory>

#include "engine/duck/chunk_data.h"
#include "engine/duck/instance.h"

namespace tarn::engine {

class ResultStream final : public RowStream {
 public:
  ResultStream(Session::Impl& session, RunningStatement running, base::CallLimits limits, std::shared_ptr<void> lease);
  ResultStream(const ResultStream&) = delete;
  ResultStream& operator=(const ResultStream&) = delete;
  ~ResultStream() override;

  [[nodiscard]] const std::vector<Column>& columns() const override { return columns_; }
  [[nodiscard]] base::Result<std::optional<Chunk>> Next() override;

 private:
  // Runs the statement until a batch is ready. The engine's own fetching would do so too, but it forgets the
  // executor, and with it the other threads' errors, once it is interrupted.
  void AwaitRows();
  // What stopped a fetch. An interrupt that nobody asked for is how the engine tells the fetching thread that
  // another one failed: then the error is that one's.
  [[nodiscard]] base::Error Interrupted(const duckdb::InterruptException& exception);

  std::shared_ptr<void> lease_;  // destroyed last: it may own the session
  Session::Impl& session_;
  RunningStatement running_;
  base::CallLimits limits_;
  std::vector<Column> columns_;
  std::shared_ptr<const ResultFacts> facts_;
  bool finished_ = false;
};

}  // namespace tarn::engine
