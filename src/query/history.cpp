#include "query/history.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tarn::query {

namespace {

base::SystemTime Now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
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

std::shared_ptr<LiveStatement> History::Begin(StatementRecord record) {
  record.created = Now();
  if (record.text.size() > kLongestText) record.text.resize(kLongestText);
  const std::scoped_lock lock(mutex_);
  if (record.id.empty())
    record.id =
        fmt::format("{:%Y%m%d_%H%M%S}_{:05}_rest0", std::chrono::floor<std::chrono::seconds>(record.created), ++count_);
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
  const auto old = *record.ended - kKept;
  ended_.push_back(std::move(record));
  while (ended_.size() > kMostEnded || (!ended_.empty() && ended_.front().ended < old)) ended_.pop_front();
}

std::vector<StatementRecord> History::List(const std::string& project_id) const {
  std::vector<StatementRecord> all;
  const std::scoped_lock lock(mutex_);
  for (const auto& record : ended_) {
    if (record.project_id == project_id) all.push_back(record);
  }
  for (const auto& [id, statement] : live_) {
    if (auto record = statement->record(); record.project_id == project_id) all.push_back(std::move(record));
  }
  return all;
}

base::Result<void> History::Kill(const std::string& project_id, const std::string& id, const std::string& message) {
  std::shared_ptr<LiveStatement> found;
  {
    const std::scoped_lock lock(mutex_);
    if (const auto live = live_.find(id); live != live_.end() && live->second->record().project_id == project_id)
      found = live->second;
    const auto is_it = [&](const StatementRecord& record) {
      return record.id == id && record.project_id == project_id;
    };
    if (!found && std::ranges::any_of(ended_, is_it)) {
      auto refused = base::InvalidArgument("Target query is not running: " + id);
      refused.error().code = "INVALID_PROCEDURE_ARGUMENT";
      return refused;
    }
  }
  if (!found) return base::NotFound("Target query not found: " + id, "NOT_FOUND");
  found->Kill(message);
  return {};
}

void History::Forget(const std::string& project_id) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(ended_, [&](const StatementRecord& record) { return record.project_id == project_id; });
}

}  // namespace tarn::query
