#include "trino/queries.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <functional>
#include <ranges>
#include <set>

#include "base/ids.h"

namespace tarn::trino {
namespace {

constexpr std::chrono::seconds kSweepTime{1};

// Five characters that tell this process's queries from those of the one before.
std::string NewProcessId() {
  std::string id = base::NewToken(5);
  std::ranges::transform(id, id.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return id;
}

// A statement that is known from the history.
QueryInfo InfoOf(query::StatementRecord record) {
  const auto milliseconds = [](auto time) { return std::chrono::duration_cast<std::chrono::milliseconds>(time); };
  const auto until =
      record.ended.value_or(std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now()));
  QueryInfo info{.id = std::move(record.id),
                 .state = QueryState::kFailed,
                 .project_id = std::move(record.project_id),
                 .user = std::move(record.user),
                 .source = std::move(record.source),
                 .catalog = {},
                 .schema = {},
                 .text = std::move(record.text),
                 .update_type = {},
                 .created = record.created,
                 .ended = record.ended,
                 .queued = milliseconds(record.queued()),
                 .elapsed = milliseconds(until - record.created),
                 .rows = record.rows,
                 .bytes = record.bytes,
                 .error = std::move(record.error)};
  for (const auto state : {QueryState::kQueued, QueryState::kRunning, QueryState::kFinished}) {
    if (NameOf(state) == query::NameOf(record.state)) info.state = state;
  }
  return info;
}

}  // namespace

Queries::Queries(StatementParts statements, QuerySettings settings, const base::Clock& clock, base::Metrics& metrics,
                 std::function<void()> also_sweep)
    : settings_(settings),
      clock_(clock),
      process_id_(NewProcessId()),
      started_(metrics.GetCounter("tarn_trino_queries_total", "Statements that came through the Trino protocol")),
      abandoned_(metrics.GetCounter("tarn_trino_queries_abandoned_total",
                                    "Queries given up because their clients did not come")),
      starters_(std::make_unique<http::WorkPool>(settings.starters, settings.most_live)),
      producers_(std::make_unique<http::WorkPool>(settings.producers, settings.most_live)),
      statements_(std::move(statements)),
      also_sweep_(std::move(also_sweep)),
      sweeper_([this](const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        while (!stopping_.wait_for(lock, stop, kSweepTime, [&] { return stop.stop_requested(); })) {
          lock.unlock();
          Sweep();
          lock.lock();
        }
      }) {
  metrics.AddReading("tarn_trino_queries", "Queries of the Trino protocol that have not ended", {},
                     [this] { return static_cast<double>(live_.load()); });
}

Queries::~Queries() { Stop(); }

std::string Queries::NewId() {
  const auto now = std::chrono::system_clock::to_time_t(
      std::chrono::time_point_cast<std::chrono::system_clock::duration>(clock_.Now()));
  std::tm utc{};
  gmtime_r(&now, &utc);
  return fmt::format("{:04}{:02}{:02}_{:02}{:02}{:02}_{:05}_{}", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                     utc.tm_hour, utc.tm_min, utc.tm_sec, count_.fetch_add(1) % 100'000, process_id_);
}

base::Result<std::shared_ptr<LiveQuery>> Queries::Add(QueryRequest request) {
  request.id = NewId();
  request.statement.id = request.id;
  const std::scoped_lock lock(mutex_);
  if (stopped_ || live_.load() >= settings_.most_live) {
    return std::unexpected(
        base::Error{.kind = base::ErrorKind::kUnavailable,
                    .message = stopped_ ? "The server is stopping" : "Too many queries are under way",
                    .fault = base::Fault::kUs,
                    .retryable = true});
  }
  auto query = std::make_shared<LiveQuery>(QueryParts{.statements = statements_,
                                                      .starters = *starters_,
                                                      .producers = *producers_,
                                                      .timer = timer_,
                                                      .clock = clock_,
                                                      .ended = [this] { live_.fetch_sub(1); }},
                                           std::move(request));
  live_.fetch_add(1);
  queries_.emplace(query->id(), query);
  started_.Add();
  return query;
}

std::shared_ptr<LiveQuery> Queries::Find(const std::string& id) const {
  const std::scoped_lock lock(mutex_);
  const auto found = queries_.find(id);
  return found == queries_.end() ? nullptr : found->second;
}

base::Result<std::vector<QueryInfo>> Queries::List(const std::string& project_id, std::size_t limit) const {
  std::vector<std::shared_ptr<LiveQuery>> live;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& query : queries_ | std::views::values) {
      if (query->project_id() == project_id) live.push_back(query);
    }
  }
  std::vector<QueryInfo> list;
  std::set<std::string> seen;
  for (const auto& query : live) {
    list.push_back(query->info());
    seen.insert(query->id());
  }
  TARN_ASSIGN_OR_RETURN(auto records, statements_.list(project_id, limit));
  for (auto& record : records) {
    if (!seen.contains(record.id)) list.push_back(InfoOf(std::move(record)));
  }
  std::ranges::stable_sort(list, std::greater(), &QueryInfo::created);
  if (list.size() > limit) list.resize(limit);
  return list;
}

base::Result<QueryInfo> Queries::Info(const std::string& project_id, const std::string& id) const {
  if (const auto query = Find(id); query != nullptr && query->project_id() == project_id) return query->info();
  TARN_ASSIGN_OR_RETURN(auto record, statements_.find(project_id, id));
  return InfoOf(std::move(record));
}

void Queries::Kill(const std::string& project_id, const std::string& id) {
  if (const auto query = Find(id); query != nullptr && query->project_id() == project_id) {
    auto error = base::Cancelled("Query was canceled").error();
    error.code = "USER_CANCELED";
    return query->Fail(std::move(error));
  }
  base::IgnoreError(statements_.kill(project_id, id), "what is not there has ended");
}

void Queries::Sweep() {
  const auto now = clock_.SteadyNow();
  std::vector<std::shared_ptr<LiveQuery>> left;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& query : queries_ | std::views::values) {
      if (!query->done() && now - query->last_visit() >= settings_.client_timeout) left.push_back(query);
    }
  }
  for (const auto& query : left) {
    if (!query->ended()) abandoned_.Add();
    query->Fail(
        {.kind = base::ErrorKind::kCancelled,
         .message = fmt::format(
             "Query {} was abandoned by the client, as it may have exited or stopped checking for query results",
             query->id()),
         .code = "ABANDONED_QUERY",
         .fault = base::Fault::kCaller});
  }
  Forget(now);
  if (also_sweep_) also_sweep_();
}

void Queries::Forget(base::SteadyTime now) {
  std::vector<std::shared_ptr<LiveQuery>> forgotten;  // destroyed without the lock
  const std::scoped_lock lock(mutex_);
  std::size_t ended = queries_.size() - live_.load();
  // Ids ascend with time, so the oldest go first.
  std::erase_if(queries_, [&](const auto& entry) {
    const auto& query = entry.second;
    if (!query->ended() || (ended <= settings_.most_kept && now - query->last_visit() < settings_.kept_after_end))
      return false;
    forgotten.push_back(query);
    --ended;
    return true;
  });
}

void Queries::Stop() {
  std::map<std::string, std::shared_ptr<LiveQuery>> all;
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
    all = queries_;
  }
  for (const auto& query : all | std::views::values) {
    query->Fail({.kind = base::ErrorKind::kUnavailable,
                 .message = "Server is shutting down",
                 .code = "SERVER_SHUTTING_DOWN",
                 .fault = base::Fault::kUs});
  }
  sweeper_ = {};
  starters_.reset();
  producers_.reset();
}

}  // namespace tarn::trino
