// A statement whose pages a test hands out one by one.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "trino/page_source.h"

namespace tarn::trino {

// What a test does to a statement, and what the statement saw. Thread-safe; outlives its source.
class Script final {
 public:
  struct Step {
    std::string rows = {};
    std::int64_t count = 0;
    bool more = false;
    std::optional<base::Error> error = {};
  };

  void Give(Step step) {
    const std::scoped_lock lock(mutex_);
    steps_.push_back(std::move(step));
    changed_.notify_all();
  }
  // Lets the statement begin, which it does at once unless it was told to wait.
  void HoldOpening() { opening_held_ = true; }
  void LetOpen() {
    const std::scoped_lock lock(mutex_);
    opening_held_ = false;
    changed_.notify_all();
  }

  void AwaitOpening(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, stop, [this] { return !opening_held_; });
  }
  base::Result<Step> Take(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    ++asked_;
    changed_.notify_all();
    if (!changed_.wait(lock, stop, [this] { return !steps_.empty(); }))
      return base::Cancelled("The statement was cancelled");
    auto step = std::move(steps_.front());
    steps_.pop_front();
    return step;
  }
  void Destroyed() {
    const std::scoped_lock lock(mutex_);
    destroyed_ = true;
    changed_.notify_all();
  }

  // How often the statement was asked for rows, once that is at least `count`.
  int AwaitAsked(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(10), [&] { return asked_ >= count; });
    return asked_;
  }
  bool AwaitDestroyed() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return destroyed_; });
  }
  int asked() {
    const std::scoped_lock lock(mutex_);
    return asked_;
  }

  // From now on the statement has no turn until it is given one.
  void Park() {
    const std::scoped_lock lock(mutex_);
    parked_ = true;
  }
  void GiveTurn() {
    std::vector<std::move_only_function<void()>> ready;
    {
      const std::scoped_lock lock(mutex_);
      parked_ = false;
      ready = std::exchange(waiting_, {});
    }
    for (auto& each : ready) each();
  }
  void WhenReady(std::move_only_function<void()> ready) {
    {
      const std::scoped_lock lock(mutex_);
      if (parked_) return waiting_.push_back(std::move(ready));
    }
    ready();
  }

  query::SessionChanges changes;
  std::string update_type;
  std::vector<engine::Column> columns = {{.name = "n", .type = "bigint"}};
  bool has_result = true;

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Step> steps_;
  int asked_ = 0;
  bool destroyed_ = false;
  bool opening_held_ = false;
  bool parked_ = false;
  std::vector<std::move_only_function<void()>> waiting_;
};

class FakePages final : public PageSource {
 public:
  FakePages(Script& script, std::stop_token stop) : script_(script), stop_(std::move(stop)) {}
  ~FakePages() override { script_.Destroyed(); }

  [[nodiscard]] const std::vector<engine::Column>& columns() const override { return script_.columns; }
  [[nodiscard]] bool has_result() const override { return script_.has_result; }
  [[nodiscard]] base::Result<Filled> Fill(std::string& out, std::size_t) override {
    TARN_ASSIGN_OR_RETURN(const auto step, script_.Take(stop_));
    if (step.error) return std::unexpected(*step.error);
    out += step.rows;
    return Filled{.rows = step.count, .more = step.more};
  }
  void WhenReady(std::move_only_function<void()> ready) override { script_.WhenReady(std::move(ready)); }
  [[nodiscard]] std::string update_type() const override { return script_.update_type; }
  [[nodiscard]] query::SessionChanges session_changes() const override { return script_.changes; }

 private:
  Script& script_;
  std::stop_token stop_;
};

}  // namespace tarn::trino
