// All queries of the protocol that live, and those that ended a while ago.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/metrics.h"
#include "trino/live_query.h"

namespace tarn::trino {

struct QuerySettings {
  std::chrono::seconds client_timeout{300};  // a query whose client does not come for so long is given up
  std::chrono::seconds kept_after_end{900};  // for clients that ask again, and for the list of queries
  std::size_t most_live = 2000;              // further ones are refused
  std::size_t most_kept = 2000;
  std::size_t starters = 16;  // threads in which statements begin
  std::size_t producers = 16;
};

// Thread-safe.
class Queries final {
 public:
  // `also_sweep` is called with every Sweep.
  Queries(StatementParts statements, QuerySettings settings, const base::Clock& clock, base::Metrics& metrics,
          std::function<void()> also_sweep = {});
  // Stops.
  ~Queries();
  Queries(const Queries&) = delete;
  Queries& operator=(const Queries&) = delete;

  // A query with an id of its own, not yet started.
  // Errors: Unavailable (retryable) when there are too many, or the server is stopping.
  [[nodiscard]] base::Result<std::shared_ptr<LiveQuery>> Add(QueryRequest request);
  // Null where there is none.
  [[nodiscard]] std::shared_ptr<LiveQuery> Find(const std::string& id) const;
  // Those of a project, the youngest first: what lives here, and what the history knows.
  [[nodiscard]] base::Result<std::vector<QueryInfo>> List(const std::string& project_id, std::size_t limit) const;
  // Errors: NotFound, also for those of other projects.
  [[nodiscard]] base::Result<QueryInfo> Info(const std::string& project_id, const std::string& id) const;
  // Ends a query of the project for its client. One that is not there, or not the project's, is as good as ended.
  void Kill(const std::string& project_id, const std::string& id);

  // Gives up queries whose clients left and forgets old ones. Called every second.
  void Sweep();
  // Ends every query with an error and waits for the work under way. Nobody else may call anything meanwhile or after.
  void Stop();

 private:
  void Forget(base::SteadyTime now);
  [[nodiscard]] std::string NewId();

  const QuerySettings settings_;
  const base::Clock& clock_;
  const std::string process_id_;
  std::atomic<std::uint64_t> count_ = 0;
  std::atomic<std::size_t> live_ = 0;
  base::Counter& started_;
  base::Counter& abandoned_;
  base::DeadlineTimer timer_;
  std::unique_ptr<http::WorkPool> starters_;
  std::unique_ptr<http::WorkPool> producers_;
  const StatementParts statements_;
  std::function<void()> also_sweep_;

  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<LiveQuery>> queries_;  // by id, and so by age
  bool stopped_ = false;
  std::condition_variable_any stopping_;
  std::jthread sweeper_;
};

}  // namespace tarn::trino
