#include "ai/threads.h"

#include <algorithm>

namespace tarn::ai {
namespace {

constexpr std::chrono::hours kKept{1};
constexpr std::size_t kMostThreads = 1'000;
constexpr std::size_t kMostMessages = 20;

std::string KeyOf(const std::string& project_id, const std::string& id) { return project_id + "/" + id; }

}  // namespace

void Threads::ForgetOld() {
  const auto now = clock_.Now();
  while (!threads_.empty() && (threads_.size() > kMostThreads || now - threads_.back().used > kKept))
    threads_.pop_back();
}

std::vector<Message> Threads::Find(const std::string& project_id, const std::string& id) {
  const std::lock_guard lock(mutex_);
  ForgetOld();
  const auto found = std::ranges::find(threads_, KeyOf(project_id, id), &Thread::key);
  return found == threads_.end() ? std::vector<Message>{} : found->messages;
}

void Threads::Add(const std::string& project_id, const std::string& id, std::vector<Message> messages) {
  const std::lock_guard lock(mutex_);
  auto found = std::ranges::find(threads_, KeyOf(project_id, id), &Thread::key);
  if (found == threads_.end()) {
    threads_.push_front({.key = KeyOf(project_id, id), .messages = {}});
    found = threads_.begin();
  }
  std::ranges::move(messages, std::back_inserter(found->messages));
  if (const auto count = found->messages.size(); count > kMostMessages)
    found->messages.erase(found->messages.begin(), found->messages.end() - kMostMessages);
  found->used = clock_.Now();
  threads_.splice(threads_.begin(), threads_, found);
  ForgetOld();
}

}  // namespace tarn::ai
