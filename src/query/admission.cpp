#include "query/admission.h"

#include <algorithm>
#include <utility>

namespace tarn::query {

namespace {

constexpr std::chrono::milliseconds kTick{50};

std::unexpected<base::Error> QueueFull(std::size_t queued) {
  auto full =
      base::ResourceExhausted("Too many statements of the project are waiting: \"" + std::to_string(queued) + "\"");
  full.error().code = "QUERY_QUEUE_FULL";
  return full;
}

}  // namespace

Admission::Admission(AdmissionLimits limits)
    : limits_(limits), watch_([this](const std::stop_token& stop) { Run(stop); }) {}

Admission::~Admission() = default;

void Admission::Enter(const std::string& project, const base::CallLimits& limits, Entered entered) {
  if (auto fine = limits.Check(); !fine) return entered(std::unexpected(std::move(fine).error()));
  auto waiter = std::make_shared<Waiter>();
  waiter->project = project;
  waiter->limits = limits;
  waiter->entered = std::move(entered);
  Waiters finished;
  {
    const std::scoped_lock lock(mutex_);
    auto& queue = projects_[project].queue;
    if (queue.empty()) turns_.push_back(project);
    queue.push_back(waiter);
    ++queued_;
    LetIn(finished);
    const auto waiting = queue.size();
    if (waiting > static_cast<std::size_t>(limits_.queued_per_project) && Remove(waiter)) {
      waiter->outcome = QueueFull(waiting - 1);
      finished.push_back(waiter);
    }
    changed_.notify_all();
  }
  if (std::ranges::find(finished, waiter) == finished.end()) WatchStop(waiter);
  Tell(finished);
}

base::Result<std::unique_ptr<Admission::Place>> Admission::Wait(const std::string& project,
                                                                const base::CallLimits& limits) {
  struct Gate {
    std::mutex mutex;
    std::condition_variable opened;
    std::optional<base::Result<std::unique_ptr<Place>>> outcome;
  };
  const auto gate = std::make_shared<Gate>();
  Enter(project, limits, [gate](base::Result<std::unique_ptr<Place>> outcome) {
    const std::scoped_lock lock(gate->mutex);
    gate->outcome = std::move(outcome);
    gate->opened.notify_all();
  });
  std::unique_lock lock(gate->mutex);
  gate->opened.wait(lock, [&] { return gate->outcome.has_value(); });
  return *std::move(gate->outcome);
}

void Admission::WatchStop(const std::shared_ptr<Waiter>& waiter) {
  waiter->on_stop.emplace(waiter->limits.cancel, [this, weak = std::weak_ptr(waiter)] {
    if (const auto alive = weak.lock()) GiveUp(alive);
  });
}

void Admission::GiveUp(const std::shared_ptr<Waiter>& waiter) {
  Waiters finished;
  {
    const std::scoped_lock lock(mutex_);
    if (!Remove(waiter)) return;
    waiter->outcome = base::Cancelled("The statement was cancelled while it waited");
    finished.push_back(waiter);
    LetIn(finished);
  }
  Tell(finished);
}

void Admission::Tell(const Waiters& finished) {
  for (auto& waiter : finished) {
    if (waiter->returning != nullptr) {
      waiter->ready();
    } else {
      waiter->entered(std::move(waiter->outcome));
    }
  }
}

bool Admission::HasRoom(const std::string& project) const {
  const auto found = projects_.find(project);
  return found == projects_.end() || found->second.running < limits_.running_per_project;
}

std::shared_ptr<Admission::Waiter> Admission::NextReturning() {
  const auto next = std::ranges::find_if(returning_, [&](const auto& waiter) { return HasRoom(waiter->project); });
  if (next == returning_.end()) return nullptr;
  auto waiter = std::move(*next);
  returning_.erase(next);
  auto& place = *waiter->returning;
  place.state_ = Place::State::kWorking;
  place.returning_ = nullptr;
  --parked_;
  return waiter;
}

std::shared_ptr<Admission::Waiter> Admission::NextNew() {
  const auto turn = std::ranges::find_if(turns_, [&](const std::string& project) { return HasRoom(project); });
  if (turn == turns_.end()) return nullptr;
  auto project = std::move(*turn);
  turns_.erase(turn);
  auto& queue = projects_[project].queue;
  auto waiter = std::move(queue.front());
  queue.pop_front();
  --queued_;
  if (!queue.empty()) turns_.push_back(project);
  auto place = std::make_unique<Place>(*this, std::move(project));
  places_.push_back(place.get());
  waiter->outcome = std::move(place);
  return waiter;
}

// Those that were at work before come first.
void Admission::LetIn(Waiters& finished) {
  while (running_ < limits_.running) {
    auto waiter = NextReturning();
    if (!waiter) waiter = NextNew();
    if (!waiter) return;
    ++running_;
    ++projects_[waiter->project].running;
    finished.push_back(std::move(waiter));
  }
}

bool Admission::Remove(const std::shared_ptr<Waiter>& waiter) {
  if (waiter->returning != nullptr) {
    if (std::erase(returning_, waiter) == 0) return false;
    waiter->returning->returning_ = nullptr;
    return true;
  }
  const auto project = projects_.find(waiter->project);
  if (project == projects_.end() || std::erase(project->second.queue, waiter) == 0) return false;
  --queued_;
  if (project->second.queue.empty()) {
    turns_.remove(waiter->project);
    if (project->second.running == 0) projects_.erase(project);
  }
  return true;
}

void Admission::EndLate(Waiters& finished) {
  const auto now = std::chrono::steady_clock::now();
  Waiters late;
  for (const auto& waiter : returning_) {
    if (waiter->limits.deadline <= now) late.push_back(waiter);
  }
  for (const auto& [name, project] : projects_) {
    for (const auto& waiter : project.queue) {
      if (waiter->limits.deadline <= now) late.push_back(waiter);
    }
  }
  for (const auto& waiter : late) {
    Remove(waiter);
    waiter->outcome = base::DeadlineExceeded("The statement ran out of time while it waited");
    finished.push_back(waiter);
  }
}

bool Admission::SomebodyWantsPlaceOf(const std::string& project) const {
  const auto could = [&](const std::string& waiting) { return waiting == project || HasRoom(waiting); };
  return std::ranges::any_of(turns_, could) ||
         std::ranges::any_of(returning_, [&](const auto& waiter) { return could(waiter->project); });
}

bool Admission::ParkOne(base::SteadyTime now) {
  if (parked_ >= limits_.parked) return false;
  const auto found = std::ranges::find_if(places_, [&](const Place* place) {
    return place->state_ == Place::State::kResting && place->since_ + limits_.idle <= now &&
           SomebodyWantsPlaceOf(place->project_);
  });
  if (found == places_.end()) return false;
  (*found)->state_ = Place::State::kParked;
  ++parked_;
  --running_;
  --projects_[(*found)->project_].running;
  return true;
}

void Admission::Run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    changed_.wait(lock, stop, [this] { return queued_ > 0 || !returning_.empty(); });
    changed_.wait_for(lock, stop, kTick, [&] { return stop.stop_requested(); });
    Waiters finished;
    EndLate(finished);
    do {
      LetIn(finished);
    } while (ParkOne(std::chrono::steady_clock::now()));
    lock.unlock();
    Tell(std::exchange(finished, {}));
    lock.lock();
  }
}

Admission::Load Admission::load() const {
  const std::scoped_lock lock(mutex_);
  return {.running = running_, .queued = queued_, .parked = parked_};
}

Admission::Place::~Place() {
  Waiters finished;
  std::shared_ptr<Waiter> mine;  // goes without the lock: its end may wait for a stop that is under way
  {
    const std::scoped_lock lock(admission_.mutex_);
    admission_.places_.remove(this);
    if (state_ == State::kParked) {
      --admission_.parked_;
      mine = returning_;
      if (mine) admission_.Remove(mine);
    } else {
      --admission_.running_;
      const auto project = admission_.projects_.find(project_);
      if (--project->second.running == 0 && project->second.queue.empty()) admission_.projects_.erase(project);
    }
    admission_.LetIn(finished);
  }
  Tell(finished);
}

void Admission::Place::WhenReady(const base::CallLimits& limits, std::move_only_function<void()> ready) {
  auto& admission = admission_;  // the place may be gone once it was told
  auto waiter = std::make_shared<Waiter>();
  Waiters finished;
  {
    std::unique_lock lock(admission.mutex_);
    if (state_ != State::kParked) {
      state_ = State::kWorking;
      lock.unlock();
      ready();
      return;
    }
    waiter->project = project_;
    waiter->limits = limits;
    waiter->returning = this;
    waiter->ready = std::move(ready);
    returning_ = waiter;
    admission.returning_.push_back(waiter);
    admission.LetIn(finished);
    admission.changed_.notify_all();
  }
  if (std::ranges::find(finished, waiter) == finished.end()) admission.WatchStop(waiter);
  Tell(finished);
}

base::Result<void> Admission::Place::Work(const base::CallLimits& limits) {
  {
    const std::scoped_lock lock(admission_.mutex_);
    if (state_ != State::kParked) {
      state_ = State::kWorking;
      return {};
    }
  }
  TARN_RETURN_IF_ERROR(limits.Check());
  struct Gate {
    std::mutex mutex;
    std::condition_variable opened;
    bool open = false;
  };
  const auto gate = std::make_shared<Gate>();
  WhenReady(limits, [gate] {
    const std::scoped_lock lock(gate->mutex);
    gate->open = true;
    gate->opened.notify_all();
  });
  std::unique_lock lock(gate->mutex);
  gate->opened.wait(lock, [&] { return gate->open; });
  return limits.Check();
}

void Admission::Place::Rest() {
  const std::scoped_lock lock(admission_.mutex_);
  if (state_ != State::kWorking) return;
  state_ = State::kResting;
  since_ = std::chrono::steady_clock::now();
}

}  // namespace tarn::query
