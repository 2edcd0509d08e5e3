#include "jobs/schedule.h"

#include <algorithm>
#include <cstdint>

namespace tarn::jobs {
namespace {

constexpr auto kShortest = std::chrono::seconds(60);
constexpr auto kLargestPhase = std::chrono::seconds(60);

// FNV-1a with a final mix; a number in [0, 1) that is the same on every machine.
double Fraction(std::string_view seed) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : seed) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  hash ^= hash >> 33;
  hash *= 0xff51afd7ed558ccdULL;
  hash ^= hash >> 33;
  return static_cast<double>(hash >> 11) / static_cast<double>(std::uint64_t{1} << 53);
}

}  // namespace

base::Result<Schedule> Schedule::Parse(std::string_view expression) {
  TARN_ASSIGN_OR_RETURN(auto every, base::CalendarDuration::Parse(expression));
  if (!every.IsAtLeast(kShortest)) {
    return base::InvalidArgument("The schedule's expression is less than one minute: \"" + std::string(expression) +
                                 "\"");
  }
  return Schedule(every);
}

base::SystemTime Schedule::First(base::SystemTime now, std::string_view seed, double jitter) const {
  const auto due = every_.AddTo(now);
  const auto interval = std::chrono::duration<double>(due - now);
  const auto widest = std::min(interval * jitter, std::chrono::duration<double>(kLargestPhase));
  return due + std::chrono::duration_cast<std::chrono::microseconds>(widest * Fraction(seed));
}

base::SystemTime Schedule::Next(base::SystemTime due, base::SystemTime now) const {
  const auto next = every_.AddTo(due);
  return next > now ? next : every_.AddTo(now);
}

void DueList::Set(const std::string& key, base::SystemTime due) {
  Remove(key);
  by_key_[key] = due;
  by_time_.emplace(due, key);
}

void DueList::Remove(const std::string& key) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return;
  by_time_.erase({found->second, key});
  by_key_.erase(found);
}

std::vector<std::pair<std::string, base::SystemTime>> DueList::TakeDue(base::SystemTime now) {
  std::vector<std::pair<std::string, base::SystemTime>> due;
  while (!by_time_.empty() && by_time_.begin()->first <= now) {
    const auto [time, key] = *by_time_.begin();
    due.emplace_back(key, time);
    Remove(key);
  }
  return due;
}

}  // namespace tarn::jobs
