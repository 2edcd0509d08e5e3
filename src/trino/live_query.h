// One statement of a client of the Trino protocol, from its POST to its last page.
//
// Answers have addresses that the client visits one after another. The answer given last is kept, so that the same
// address gives the same bytes again; one page is made ahead, and no more, so that a client that does not come
// holds two pages and a paused engine.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/deadline_timer.h"
#include "base/error.h"
#include "http/reply.h"
#include "http/work_pool.h"
#include "query/executor.h"
#include "trino/page_source.h"
#include "trino/query_address.h"
#include "trino/spooled_data.h"

namespace tarn::trino {

enum class QueryState { kQueued, kRunning, kFinished, kFailed };
[[nodiscard]] std::string_view NameOf(QueryState state);  // "QUEUED"

// An answer: a text with the value of its member `data` in the middle. Thread-safe.
class Answer final {
 public:
  struct Content {
    PageAddress address;
    std::string base_url;
    std::string before;                       // up to `"data":`, where there are rows
    std::shared_ptr<const std::string> rows;  // JSON arrays with commas between them; null: none
    std::string after;
    std::int64_t row_offset = 0;
    std::int64_t row_count = 0;
    http::Headers headers;  // what changes in the client's session
  };

  explicit Answer(Content content) : content_(std::move(content)) {}

  [[nodiscard]] const PageAddress& address() const { return content_.address; }
  [[nodiscard]] const http::Headers& headers() const { return content_.headers; }
  [[nodiscard]] bool has_rows() const { return content_.row_count > 0; }

  // With its rows, which are shared with whoever still sends them. Not after Spool.
  [[nodiscard]] http::SharedBody Plain() const;
  // With the segments of its rows, made when first asked for, and the rows dropped; takes a while. The same however
  // often.
  [[nodiscard]] std::string Spooled(DataEncoding encoding, Segments& segments);

 private:
  std::mutex mutex_;
  Content content_;
  std::optional<std::string> spooled_;
};
using AnswerPointer = std::shared_ptr<Answer>;

// What a query needs of the server.
struct QueryParts {
  const StatementParts& statements;
  http::WorkPool& starters;   // where statements begin, when it is their turn
  http::WorkPool& producers;  // where pages are made
  base::DeadlineTimer& timer;
  const base::Clock& clock;
  std::function<void()> ended;  // called once, when the query ends; must be quick
};

struct QueryRequest {
  std::string id;
  query::StatementRequest statement;  // its stop token and deadline are the query's own
  std::string family = "X-Trino-";
  bool knows_precision = true;
  std::string key_id;
  std::optional<DataEncoding> encoding = {};  // of a client that fetches segments
};

// For lists of queries.
struct QueryInfo {
  std::string id;
  QueryState state = QueryState::kQueued;
  std::string project_id;
  std::string user;
  std::string source;
  std::string catalog;
  std::string schema;
  std::string text;
  std::string update_type;
  base::SystemTime created;
  std::optional<base::SystemTime> ended;
  std::chrono::milliseconds queued{0};
  std::chrono::milliseconds elapsed{0};
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  std::optional<base::Error> error;
};

// Thread-safe. Held by shared pointers: work under way keeps it alive.
class LiveQuery final : public std::enable_shared_from_this<LiveQuery> {
 public:
  struct Visit {
    PageAddress address;
    std::string slug;
    std::string base_url;                  // "https://host/prefix", in which the next address is told
    std::chrono::milliseconds wait{1000};  // for rows to come
    std::size_t page_bytes = kPageBytes;
  };
  using Respond = std::function<void(base::Result<AnswerPointer>)>;

  static constexpr std::size_t kPageBytes = std::size_t{1} << 20;
  static constexpr std::size_t kSegmentBytes = std::size_t{4} << 20;

  LiveQuery(QueryParts parts, QueryRequest request);
  LiveQuery(const LiveQuery&) = delete;
  LiveQuery& operator=(const LiveQuery&) = delete;

  // Begins the work and gives the answer to the POST, which has neither rows nor error.
  [[nodiscard]] AnswerPointer Start(const std::string& base_url);

  // Answers at once where it can, else when rows, an end or an error come, or the wait is over; never blocks. `respond`
  // is called once, by any thread. Errors: NotFound for an address that was never told; FailedPrecondition with the
  // code GONE for one before the last.
  void Get(const Visit& visit, Respond respond);

  // The client is still there. Errors: NotFound.
  [[nodiscard]] base::Result<void> Touch(const PageAddress& address, std::string_view slug);
  // Ends the query for its client. Errors: NotFound.
  [[nodiscard]] base::Result<void> Cancel(const PageAddress& address, std::string_view slug);
  // Ends the query with an error, unless it has ended; the client gets it with its next visit.
  void Fail(base::Error error);

  [[nodiscard]] const std::string& id() const { return request_.id; }
  [[nodiscard]] const std::string& family() const { return request_.family; }
  [[nodiscard]] const std::optional<DataEncoding>& encoding() const { return request_.encoding; }
  [[nodiscard]] const std::string& project_id() const { return request_.statement.project_id; }
  [[nodiscard]] QueryInfo info() const;
  // Nothing more will be told: the last answer was given.
  [[nodiscard]] bool done() const;
  // No more work is under way or to come.
  [[nodiscard]] bool ended() const;
  [[nodiscard]] base::SteadyTime last_visit() const;

 private:
  struct Waiter {
    std::string base_url;
    Respond respond;
    std::unique_ptr<base::DeadlineTimer::Alarm> alarm;
  };
  struct Page {
    std::shared_ptr<const std::string> rows;  // null: none
    std::int64_t count = 0;
  };
  using Waiters = std::vector<Waiter>;

  void Admitted();
  // Work on the pools.
  void Open();
  void Produce(std::unique_ptr<PageSource> source);
  void TimeOut(const PageAddress& address);

  // These need the lock.
  [[nodiscard]] base::Result<void> CheckAddress(const PageAddress& address, std::string_view slug) const;
  [[nodiscard]] bool HasNews() const { return error_ || page_ || (produced_all_ && opened_); }
  [[nodiscard]] AnswerPointer MakeAnswer(const std::string& base_url);
  [[nodiscard]] std::string StatsText() const;
  void ProduceNext();
  void End(QueryState state);
  [[nodiscard]] Waiters TakeWaiters() { return std::exchange(waiters_, {}); }
  // Answers all who wait; `lock` is released before they are called.
  void AnswerWaiters(std::unique_lock<std::mutex> lock);

  const QueryParts parts_;
  QueryRequest request_;
  const Slugs slugs_;
  const base::SystemTime created_;
  const base::SteadyTime started_;

  mutable std::mutex mutex_;
  std::stop_source stop_;
  QueryState state_ = QueryState::kQueued;
  bool opened_ = false;        // columns are known
  bool produced_all_ = false;  // page_ is the last one
  bool producing_ = true;      // a starter or producer is at work
  bool done_ = false;
  std::unique_ptr<PageSource> source_;  // while no producer is at work
  std::string columns_json_;            // with its comma; empty until known
  std::string tables_read_;             // as a header tells it
  std::string update_type_;
  std::optional<std::int64_t> update_count_;
  query::SessionChanges changes_;
  std::optional<Page> page_;  // made ahead
  std::optional<base::Error> error_;
  std::size_t page_bytes_ = kPageBytes;
  AnswerPointer last_;
  PageAddress next_{Phase::kQueued, 1};
  Waiters waiters_;
  std::int64_t rows_ = 0;
  std::int64_t told_rows_ = 0;  // in answers
  std::int64_t bytes_ = 0;
  base::SteadyTime last_visit_;
  std::optional<base::SteadyTime> running_since_;
  std::optional<base::SteadyTime> ended_at_;
  std::optional<base::SystemTime> ended_;
};

}  // namespace tarn::trino
