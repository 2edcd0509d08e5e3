#include "trino/live_query.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "base/log.h"
#include "trino/answer_json.h"

namespace tarn::trino {
namespace {

std::unexpected<base::Error> NoSuchPage() { return base::NotFound("Query not found"); }

template <class T>
auto Milliseconds(T time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time);
}

// An exception of what makes the rows becomes an internal error.
template <class Work>
auto Guarded(const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::exception& exception) {
    return base::Internal(std::string("Unexpected exception: ") + exception.what());
  } catch (...) {
    return base::Internal("Unexpected exception of an unknown kind");
  }
}

}  // namespace

std::string_view NameOf(QueryState state) {
  switch (state) {
    case QueryState::kQueued: return "QUEUED";
    case QueryState::kRunning: return "RUNNING";
    case QueryState::kFinished: return "FINISHED";
    case QueryState::kFailed: return "FAILED";
  }
  return "FAILED";
}

http::SharedBody Answer::Plain() const {
  const auto& content = content_;
  if (content.rows == nullptr) return {.before = content.before, .middle = nullptr, .after = content.after};
  return {.before = content.before + "[", .middle = content.rows, .after = "]" + content.after};
}

std::string Answer::Spooled(DataEncoding encoding, Segments& segments) {
  const std::scoped_lock lock(mutex_);
  if (!spooled_) {
    auto data = content_.rows == nullptr
                    ? std::string()
                    : SpooledData({.rows = *content_.rows, .offset = content_.row_offset, .count = content_.row_count},
                                  encoding, content_.base_url, segments);
    spooled_ = content_.before + data + content_.after;
    content_.rows = nullptr;
  }
  return *spooled_;
}

LiveQuery::LiveQuery(QueryParts parts, QueryRequest request)
    : parts_(std::move(parts)),
      request_(std::move(request)),
      created_(parts_.clock.Now()),
      started_(parts_.clock.SteadyNow()),
      last_visit_(started_) {
  request_.statement.limits.cancel = stop_.get_token();
}

AnswerPointer LiveQuery::Start(const std::string& base_url) {
  Answer::Content content;
  {
    const std::scoped_lock lock(mutex_);
    content.before = fmt::format(
        R"({{"id":"{0}","infoUri":"{1}/ui/query.html?{0}","nextUri":"{1}/v1/statement/{2}/{0}/{3}/{4}","stats":{5},"warnings":[]}})",
        id(), base_url, NameOf(next_.phase), slugs_.Of(next_), next_.token, StatsText());
  }
  request_.statement.on_admitted = [query = weak_from_this()] {
    if (const auto self = query.lock()) self->Admitted();
  };
  parts_.statements.enter(request_.statement,
                          [self = shared_from_this()] { self->parts_.starters.Post([self] { self->Open(); }); });
  return std::make_shared<Answer>(std::move(content));
}

// Statements that need no engine are never admitted to it; they run once they have begun.
void LiveQuery::Admitted() {
  const std::scoped_lock lock(mutex_);
  if (state_ != QueryState::kQueued) return;
  state_ = QueryState::kRunning;
  running_since_ = parts_.clock.SteadyNow();
}

void LiveQuery::Open() {
  auto source = stop_.stop_requested()
                    ? base::Result<std::unique_ptr<PageSource>>(base::Cancelled("The statement was cancelled"))
                    : Guarded([this] { return parts_.statements.open(request_.statement, request_.knows_precision); });
  request_.statement.entry.reset();
  if (!source) return Fail(std::move(source).error());
  Admitted();
  {
    const std::scoped_lock lock(mutex_);
    opened_ = true;
    columns_json_ = "\"columns\":";
    AppendColumns((*source)->columns(), request_.knows_precision, columns_json_);
    columns_json_ += ',';
    update_type_ = (*source)->update_type();
    tables_read_ = TablesReadText((*source)->inputs());
  }
  Produce(*std::move(source));
}

void LiveQuery::Produce(std::unique_ptr<PageSource> source) {
  std::size_t enough = 0;
  {
    const std::scoped_lock lock(mutex_);
    enough = page_bytes_;
  }
  auto rows = std::make_shared<std::string>();
  const auto filled = stop_.stop_requested()
                          ? base::Result<PageSource::Filled>(base::Cancelled("The statement was cancelled"))
                          : Guarded([&] { return source->Fill(*rows, enough); });
  if (!filled) {
    source.reset();
    return Fail(filled.error());
  }
  std::unique_lock lock(mutex_);
  if (!filled->more) {
    update_type_ = source->update_type();
    update_count_ = source->update_count();
    changes_ = source->session_changes();
    lock.unlock();
    source.reset();  // lets the engine and what was pinned go, outside of the lock
    lock.lock();
  }
  producing_ = false;
  if (error_) {  // it was ended meanwhile
    lock.unlock();
    source.reset();
    return;
  }
  source_ = std::move(source);
  produced_all_ = !filled->more;
  rows_ += filled->rows;
  bytes_ += static_cast<std::int64_t>(rows->size());
  page_ = Page{.rows = rows->empty() ? nullptr : std::move(rows), .count = filled->rows};
  AnswerWaiters(std::move(lock));
}

void LiveQuery::ProduceNext() {
  if (produced_all_ || producing_ || source_ == nullptr) return;
  producing_ = true;
  // Move-only work: the source goes along.
  auto& source = *source_;
  source.WhenReady([self = shared_from_this(), owned = std::move(source_)]() mutable {
    auto& producers = self->parts_.producers;
    producers.Post([self = std::move(self), owned = std::move(owned)]() mutable { self->Produce(std::move(owned)); });
  });
}

void LiveQuery::Fail(base::Error error) {
  std::unique_lock lock(mutex_);
  if (state_ == QueryState::kFinished || state_ == QueryState::kFailed) return;
  if (error.kind == base::ErrorKind::kInternal) {
    base::log::Error("internal error", {{"query", id()}, {"reason", error.message}});
  }
  error_ = std::move(error);
  page_.reset();
  End(QueryState::kFailed);
  stop_.request_stop();
  if (source_ != nullptr) {
    // Stopping a statement may take a moment, so it is done where that does not matter.
    parts_.producers.Post([source = std::move(source_)]() mutable { source.reset(); });
  }
  AnswerWaiters(std::move(lock));
}

void LiveQuery::End(QueryState state) {
  state_ = state;
  ended_at_ = parts_.clock.SteadyNow();
  ended_ = parts_.clock.Now();
  parts_.ended();
}

base::Result<void> LiveQuery::CheckAddress(const PageAddress& address, std::string_view slug) const {
  if (!slugs_.Fits(address, slug)) return NoSuchPage();
  return {};
}

void LiveQuery::Get(const Visit& visit, Respond respond) {
  std::unique_lock lock(mutex_);
  if (const auto known = CheckAddress(visit.address, visit.slug); !known) {
    lock.unlock();
    return respond(std::unexpected(known.error()));
  }
  last_visit_ = parts_.clock.SteadyNow();
  if (last_ && visit.address == last_->address()) {
    auto answer = last_;
    lock.unlock();
    return respond(std::move(answer));
  }
  if (visit.address != next_) {
    const bool before = visit.address < next_;
    lock.unlock();
    return before ? respond(base::FailedPrecondition("The page is no longer kept", "GONE")) : respond(NoSuchPage());
  }
  page_bytes_ = request_.encoding ? std::max(visit.page_bytes, kSegmentBytes) : visit.page_bytes;
  waiters_.push_back({.base_url = visit.base_url, .respond = std::move(respond), .alarm = nullptr});
  if (HasNews() || visit.wait <= std::chrono::milliseconds::zero()) return AnswerWaiters(std::move(lock));
  // The ring comes on the timer's thread, which must not be held up.
  waiters_.back().alarm = parts_.timer.Set(std::chrono::steady_clock::now() + visit.wait,
                                           [query = weak_from_this(), address = visit.address] {
                                             if (auto self = query.lock()) {
                                               auto& pool = self->parts_.producers;
                                               pool.Post([self = std::move(self), address] { self->TimeOut(address); });
                                             }
                                           });
}

void LiveQuery::TimeOut(const PageAddress& address) {
  std::unique_lock lock(mutex_);
  if (waiters_.empty() || address != next_) return;
  AnswerWaiters(std::move(lock));
}

void LiveQuery::AnswerWaiters(std::unique_lock<std::mutex> lock) {
  if (waiters_.empty()) return;
  auto waiters = TakeWaiters();
  const auto answer = MakeAnswer(waiters.front().base_url);
  lock.unlock();
  for (auto& waiter : waiters) waiter.respond(answer);
}

AnswerPointer LiveQuery::MakeAnswer(const std::string& base_url) {
  Answer::Content content{
      .address = next_, .base_url = base_url, .before = {}, .rows = nullptr, .after = {}, .headers = {}};
  const bool has_rows = page_ && page_->rows;
  const bool last = error_ || (page_ && produced_all_);
  if (last && !error_) End(QueryState::kFinished);

  auto& before = content.before;
  before = fmt::format(R"({{"id":"{0}","infoUri":"{1}/ui/query.html?{0}",)", id(), base_url);
  if (!last) {
    next_ = next_.phase == Phase::kExecuting || state_ != QueryState::kQueued
                ? PageAddress{Phase::kExecuting, next_.phase == Phase::kExecuting ? next_.token + 1 : 0}
                : PageAddress{Phase::kQueued, next_.token + 1};
    before += fmt::format(R"("nextUri":"{}/v1/statement/{}/{}/{}/{}",)", base_url, NameOf(next_.phase), id(),
                          slugs_.Of(next_), next_.token);
  }
  before += columns_json_;
  auto& after = content.after;
  if (has_rows) {
    before += "\"data\":";
    content.rows = page_->rows;
    content.row_offset = told_rows_;
    content.row_count = page_->count;
    told_rows_ += page_->count;
    after = ",";
  }
  after += "\"stats\":";
  after += StatsText();
  if (error_) {
    after += ",\"error\":";
    AppendError(*error_, after);
  }
  after += ",\"warnings\":[]";
  if (!update_type_.empty()) after += fmt::format(R"(,"updateType":"{}")", update_type_);
  if (last && update_count_) after += fmt::format(R"(,"updateCount":{})", *update_count_);
  after += '}';
  if (last && !error_) content.headers = ChangeHeaders(changes_, request_.family);
  if (!tables_read_.empty()) content.headers.emplace_back(kTablesRead, tables_read_);
  if (page_) page_.reset();
  done_ = last;
  last_ = std::make_shared<Answer>(std::move(content));
  if (!last) ProduceNext();
  return last_;
}

std::string LiveQuery::StatsText() const {
  const auto now = ended_at_.value_or(parts_.clock.SteadyNow());
  std::string text;
  AppendStatistics({.state = NameOf(state_),
                    .queued = Milliseconds(running_since_.value_or(now) - started_),
                    .elapsed = Milliseconds(now - started_),
                    .rows = rows_,
                    .bytes = bytes_},
                   text);
  return text;
}

base::Result<void> LiveQuery::Touch(const PageAddress& address, std::string_view slug) {
  const std::scoped_lock lock(mutex_);
  TARN_RETURN_IF_ERROR(CheckAddress(address, slug));
  last_visit_ = parts_.clock.SteadyNow();
  return {};
}

base::Result<void> LiveQuery::Cancel(const PageAddress& address, std::string_view slug) {
  {
    const std::scoped_lock lock(mutex_);
    TARN_RETURN_IF_ERROR(CheckAddress(address, slug));
  }
  auto error = base::Cancelled("Query was canceled").error();
  error.code = "USER_CANCELED";
  Fail(std::move(error));
  return {};
}

QueryInfo LiveQuery::info() const {
  const std::scoped_lock lock(mutex_);
  const auto& statement = request_.statement;
  const auto now = ended_at_.value_or(parts_.clock.SteadyNow());
  return {.id = id(),
          .state = state_,
          .project_id = statement.project_id,
          .user = statement.session.user,
          .source = statement.client.source,
          .catalog = statement.session.catalog,
          .schema = statement.session.schema,
          .text = statement.text,
          .update_type = update_type_,
          .created = created_,
          .ended = ended_,
          .queued = Milliseconds(running_since_.value_or(now) - started_),
          .elapsed = Milliseconds(now - started_),
          .rows = rows_,
          .bytes = bytes_,
          .error = error_};
}

bool LiveQuery::done() const {
  const std::scoped_lock lock(mutex_);
  return done_;
}

bool LiveQuery::ended() const {
  const std::scoped_lock lock(mutex_);
  return state_ == QueryState::kFinished || state_ == QueryState::kFailed;
}

base::SteadyTime LiveQuery::last_visit() const {
  const std::scoped_lock lock(mutex_);
  return last_visit_;
}

}  // namespace tarn::trino
