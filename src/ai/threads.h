// What was said between a user and the model, for a while.
#pragma once

#include <list>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "ai/model.h"
#include "base/clock.h"

namespace tarn::ai {

// Thread-safe. In memory: threads end with the server, an hour after they were last used, and when a thousand newer
// ones are there.
class Threads final {
 public:
  explicit Threads(const base::Clock& clock) : clock_(clock) {}

  // What was said so far; empty for a thread that is new or over.
  [[nodiscard]] std::vector<Message> Find(const std::string& project_id, const std::string& id);
  // Only the last messages are kept.
  void Add(const std::string& project_id, const std::string& id, std::vector<Message> messages);

 private:
  struct Thread {
    std::string key;
    std::vector<Message> messages;
    base::SystemTime used{};
  };
  void ForgetOld();

  const base::Clock& clock_;
  std::mutex mutex_;
  std::list<Thread> threads_;  // the last used one first
};

}  // namespace tarn::ai
