#include "query/history.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "base/ids.h"
#include "base/log.h"

namespace tarn::query {

namespace {

constexpr std::chrono::milliseconds kWriteTime{200};
constexpr std::chrono::seconds kTrimTime{30};
constexpr std::chrono::seconds kRetryTime{5};  // after a refusal

// What Trino calls the error of statements that the server's own end cut off.
constexpr std::string_view kCutOff = "GENERIC_INTERNAL_ERROR";

constexpr std::array kStates = {StatementState::kQueued, StatementState::kRunning, StatementState::kFinished,
                                StatementState::kFailed};

base::SystemTime Now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

store::Statement RowOf(const StatementRecord& record) {
  store::Statement row{.id = record.id,
                       .project_id = record.project_id,
                       .user = record.user,
                       .source = record.source,
                       .text = record.text,
                       .state = std::string(NameOf(record.state)),
                       .created_at = record.created,
                       .started_at = record.started,
                       .ended_at = record.ended,
                       .rows = record.rows,
                       .bytes = record.bytes};
  if (record.error) {
    row.error_kind = base::ToString(record.error->kind);
    row.error_code = record.error->code;
    row.error_message = record.error->message;
  }
  return row;
}

StatementRecord RecordOf(store::Statement row) {
  StatementRecord record{.id = std::move(row.id),
                         .project_id = std::move(row.project_id),
                         .user = std::move(row.user),
                         .source = std::move(row.source),
                         .text = std::move(row.text),
                         .created = row.created_at,
                         .started = row.started_at,
                         .ended = row.ended_at,
                         .rows = row.rows,
                         .bytes = row.bytes};
  for (const auto state : kStates) {
    if (NameOf(state) == row.state) record.state = state;
  }
  if (!row.error_kind.empty()) {
    base::Error error{.message = std::move(row.error_message), .code = std::move(row.error_code)};
    for (int kind = 0; kind <= static_cast<int>(base::ErrorKind::kInternal); ++kind) {
      if (base::ToString(static_cast<base::ErrorKind>(kind)) == row.error_kind)
        error.kind = static_cast<base::ErrorKind>(kind);
    }
    const bool ours = error.code == kCutOff;
    if (error.kind == base::ErrorKind::kUnavailable && !ours) error.fault = base::Fault::kSource;
    record.error = std::move(error);
  }
  return record;
}

// A text cut where a character begins.
void Shorten(std::string& text, std::size_t most) {
  if (text.size() <= most) return;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  text.resize(most);
}

std::unexpected<base::Error> NoSuchStatement(const std::string& id) {
  return base::NotFound("Target query not found: " + id, "NOT_FOUND");
}

}  // namespace

std::string_view NameOf(StatementState state) {
  switch (state) {
    case StatementState::kQueued: return "QUEUED";
    case StatementState::kRunning: return "RUNNING";
    case StatementState::kFinished: return "FINISHED";
    case StatementState::kFailed: return "FAILED";
  }
  return "FAILED";
}

std::chrono::microseconds StatementRecord::queued() const { return started.value_or(ended.value_or(Now())) - created; }

StatementRecord LiveStatement::record() const {
  const std::scoped_lock lock(mutex_);
  return record_;
}

void LiveStatement::Kill(const std::string& message) {
  {
    const std::scoped_lock lock(mutex_);
    if (!killed_) killed_ = message;
  }
  stop_.request_stop();
}

base::Error LiveStatement::Shown(base::Error error) const {
  const std::scoped_lock lock(mutex_);
  if (!killed_ || error.kind != base::ErrorKind::kCancelled) return error;
  error.code = "ADMINISTRATIVELY_KILLED";
  error.message = killed_->empty() ? "Query killed. No message provided." : "Query killed. Message: " + *killed_;
  return error;
}

void LiveStatement::Started() {
  const std::scoped_lock lock(mutex_);
  if (record_.state != StatementState::kQueued) return;
  record_.state = StatementState::kRunning;
  record_.started = Now();
}

void LiveStatement::AddRows(std::int64_t rows) {
  const std::scoped_lock lock(mutex_);
  record_.rows += rows;
}

std::int64_t LiveStatement::AddBytes(std::int64_t bytes) {
  const std::scoped_lock lock(mutex_);
  return record_.bytes += bytes;
}

History::History(HistorySettings settings, store::StatementRepository* store)
    : settings_(settings), store_(store), process_id_(base::NewToken(5)) {
  if (store_ == nullptr) return;
  const auto failed = store_->FailUnfinished({.ended_at = Now(),
                                              .error_kind = std::string(base::ToString(base::ErrorKind::kUnavailable)),
                                              .error_code = std::string(kCutOff),
                                              .error_message = "The server ended while the statement was under way"});
  if (!failed) {
    base::log::Warning("statements of the last run not ended", {{"reason", failed.error().message}});
  } else if (*failed > 0) {
    base::log::Info("statements of the last run ended", {{"count", *failed}});
  }
  writer_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

History::~History() {
  if (store_ == nullptr) return;
  writer_ = {};
  if (!Write()) base::log::Error("statements not recorded at stop", {{"count", ended_.size()}});
}

std::shared_ptr<LiveStatement> History::Begin(StatementRecord record) {
  record.created = Now();
  Shorten(record.text, kLongestText);
  const std::scoped_lock lock(mutex_);
  if (record.id.empty())
    record.id = fmt::format("{:%Y%m%d_%H%M%S}_{:05}_{}", std::chrono::floor<std::chrono::seconds>(record.created),
                            ++count_, process_id_);
  auto statement = std::make_shared<LiveStatement>(std::move(record));
  live_.insert_or_assign(statement->record_.id, statement);
  return statement;
}

void History::End(const std::shared_ptr<LiveStatement>& statement, const std::optional<base::Error>& error) {
  StatementRecord record;
  {
    const std::scoped_lock lock(statement->mutex_);
    auto& own = statement->record_;
    if (own.ended) return;
    own.ended = Now();
    own.state = error ? StatementState::kFailed : StatementState::kFinished;
    own.error = error;
    record = own;
  }
  const std::scoped_lock lock(mutex_);
  if (const auto found = live_.find(record.id); found != live_.end() && found->second == statement) live_.erase(found);
  ended_.push_back(std::move(record));
  const auto most = store_ == nullptr ? kMostInMemory : kMostUnwritten;
  while (ended_.size() > most && writing_ == 0) {
    ended_.pop_front();
    if (store_ != nullptr) ++lost_;
  }
}

base::Result<std::vector<StatementRecord>> History::List(const std::string& project_id, std::size_t limit) const {
  std::vector<StatementRecord> all;
  const auto add = [&](StatementRecord record) {
    if (record.project_id == project_id) all.push_back(std::move(record));
  };
  {
    // What is in memory first: what is written meanwhile is then seen twice, not missed.
    const std::scoped_lock lock(mutex_);
    for (const auto& [id, statement] : live_) add(statement->record());
    for (const auto& record : ended_) add(record);
  }
  if (store_ != nullptr) {
    const auto most =
        static_cast<std::int64_t>(std::min<std::size_t>(limit, static_cast<std::size_t>(settings_.most_per_project)));
    TARN_ASSIGN_OR_RETURN(auto stored, store_->List(project_id, most));
    for (auto& row : stored) all.push_back(RecordOf(std::move(row)));
  }
  const auto order = [](const StatementRecord& a, const StatementRecord& b) {
    return std::tie(b.created, b.id) < std::tie(a.created, a.id);
  };
  std::ranges::stable_sort(all, order);
  const auto same = [](const StatementRecord& a, const StatementRecord& b) { return a.id == b.id; };
  const auto rest = std::ranges::unique(all, same);
  all.erase(rest.begin(), rest.end());
  if (all.size() > limit) all.resize(limit);
  return all;
}

base::Result<StatementRecord> History::Find(const std::string& project_id, const std::string& id) const {
  {
    const std::scoped_lock lock(mutex_);
    if (const auto live = live_.find(id); live != live_.end()) {
      auto record = live->second->record();
      if (record.project_id != project_id) return NoSuchStatement(id);
      return record;
    }
    const auto ended = std::ranges::find(ended_, id, &StatementRecord::id);
    if (ended != ended_.end() && ended->project_id == project_id) return *ended;
  }
  if (store_ == nullptr) return NoSuchStatement(id);
  TARN_ASSIGN_OR_RETURN(auto stored, store_->Find(project_id, id));
  if (!stored) return NoSuchStatement(id);
  return RecordOf(*std::move(stored));
}

base::Result<void> History::Kill(const std::string& project_id, const std::string& id, const std::string& message) {
  std::shared_ptr<LiveStatement> found;
  {
    const std::scoped_lock lock(mutex_);
    if (const auto live = live_.find(id); live != live_.end() && live->second->record().project_id == project_id)
      found = live->second;
  }
  if (!found) {
    TARN_RETURN_IF_ERROR(Find(project_id, id));
    auto refused = base::InvalidArgument("Target query is not running: " + id);
    refused.error().code = "INVALID_PROCEDURE_ARGUMENT";
    return refused;
  }
  found->Kill(message);
  return {};
}

void History::Forget(const std::string& project_id) {
  const std::scoped_lock lock(mutex_);
  for (auto& record : ended_) {
    // In its place until it is written, or rather is not: the store has no such project any more.
    if (record.project_id == project_id) record.text.clear();
  }
  if (store_ == nullptr)
    std::erase_if(ended_, [&](const StatementRecord& record) { return record.project_id == project_id; });
}

std::vector<store::Statement> History::TakeUnwritten() {
  std::vector<store::Statement> rows;
  const std::scoped_lock lock(mutex_);
  writing_ = ended_.size();
  for (const auto& record : ended_) rows.push_back(RowOf(record));
  for (const auto& [id, statement] : live_) {
    const std::scoped_lock own(statement->mutex_);
    if (statement->stored_ || statement->record_.ended) continue;
    statement->stored_ = true;
    rows.push_back(RowOf(statement->record_));
  }
  return rows;
}

bool History::Write() {
  const auto rows = TakeUnwritten();
  if (rows.empty()) return true;
  const auto written = store_->Put(rows);
  const std::scoped_lock lock(mutex_);
  if (written) {
    ended_.erase(ended_.begin(), ended_.begin() + static_cast<std::ptrdiff_t>(writing_));
  } else {
    for (const auto& [id, statement] : live_) {
      const std::scoped_lock own(statement->mutex_);
      statement->stored_ = false;
    }
    base::log::Warning("statements not recorded yet",
                       {{"count", writing_}, {"lost", lost_}, {"reason", written.error().message}});
  }
  writing_ = 0;
  return written.has_value();
}

void History::Trim() {
  const auto trimmed = store_->Trim(Now() - settings_.kept, settings_.most_per_project);
  if (!trimmed) base::log::Warning("old statements not dropped", {{"reason", trimmed.error().message}});
}

void History::Run(const std::stop_token& stop) {
  auto trim_at = std::chrono::steady_clock::now();
  std::chrono::milliseconds pause = kWriteTime;
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      stopping_.wait_for(lock, stop, pause, [&] { return stop.stop_requested(); });
    }
    pause = Write() ? kWriteTime : std::chrono::milliseconds(kRetryTime);
    if (const auto now = std::chrono::steady_clock::now(); now >= trim_at) {
      Trim();
      trim_at = now + kTrimTime;
    }
  }
}

}  // namespace tarn::query
