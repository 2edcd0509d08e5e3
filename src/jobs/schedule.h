// When repeated work is due. Pure: the present is an argument.
#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/duration.h"
#include "base/error.h"
#include "base/limits.h"

namespace tarn::jobs {

// One repetition, with a phase of its own so that things scheduled alike do not all run at once.
class Schedule final {
 public:
  // Errors: InvalidArgument, also for less than one minute.
  [[nodiscard]] static base::Result<Schedule> Parse(std::string_view expression);

  // `seed` (an identity, such as a cache's id) chooses the phase: between nothing and `jitter` of
  // the interval, at most a minute. The same seed gives the same phase.
  [[nodiscard]] base::SystemTime First(base::SystemTime now, std::string_view seed, double jitter) const;
  // What follows the run that was due at `due`. Runs missed in between are not repeated: the one that
  // happens now makes up for all of them, and the next is a whole interval away.
  [[nodiscard]] base::SystemTime Next(base::SystemTime due, base::SystemTime now) const;

 private:
  explicit Schedule(base::CalendarDuration every) : every_(every) {}
  base::CalendarDuration every_;
};

// What is due when. Not thread-safe.
class DueList final {
 public:
  // Sets or replaces the due time of a key.
  void Set(const std::string& key, base::SystemTime due);
  void Remove(const std::string& key);
  // Takes out the keys that are due, earliest first.
  [[nodiscard]] std::vector<std::pair<std::string, base::SystemTime>> TakeDue(base::SystemTime now);
  [[nodiscard]] std::size_t size() const { return by_key_.size(); }

 private:
  std::map<std::string, base::SystemTime> by_key_;
  std::set<std::pair<base::SystemTime, std::string>> by_time_;
};

}  // namespace tarn::jobs
