// The connection over which a source of a database server asks for structure: kept while idle, made anew when it broke.
#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <utility>

#include "base/error.h"
#include "base/limits.h"

namespace tarn::connector {

// `Connection` has Open(server, limits) and usable(). Thread-safe: two questions at a time use two connections.
template <class Server, class Connection>
class ControlConnection final {
 public:
  explicit ControlConnection(Server server) : server_(std::move(server)) {}

  [[nodiscard]] const Server& server() const { return server_; }

  // Whether the server takes the credential now: on a fresh connection, as one that is open says nothing about it.
  base::Result<void> Check(const base::CallLimits& limits) {
    TARN_ASSIGN_OR_RETURN(auto connection, Connection::Open(server_, Bounded(limits)));
    PutBack(std::move(connection));
    return {};
  }

  // What `question(connection, limits)` answers, over the idle connection, or over a new one where that broke while it
  // was idle. Errors: also Unavailable when there is no connection to be had.
  template <class Question>
  auto Ask(const base::CallLimits& limits, const Question& question)
      -> decltype(question(std::declval<Connection&>(), limits)) {
    const auto bounded = Bounded(limits);
    if (auto idle = TakeIdle(); idle != nullptr) {
      auto answer = question(*idle, bounded);
      if (answer || answer.error().kind != base::ErrorKind::kUnavailable) {
        PutBack(std::move(idle));
        return answer;
      }
    }
    auto opened = Connection::Open(server_, bounded);
    if (!opened) {
      auto error = std::move(opened).error();
      if (error.kind == base::ErrorKind::kInvalidArgument) return base::Unavailable(error.message);
      return std::unexpected(std::move(error));
    }
    auto answer = question(**opened, bounded);
    PutBack(*std::move(opened));
    return answer;
  }

 private:
  // What a call without a deadline of its own may take.
  static constexpr std::chrono::seconds kControlTime{30};

  static base::CallLimits Bounded(const base::CallLimits& limits) {
    auto bounded = limits;
    bounded.deadline = std::min(limits.deadline, std::chrono::steady_clock::now() + kControlTime);
    return bounded;
  }

  std::unique_ptr<Connection> TakeIdle() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(idle_, nullptr);
  }

  void PutBack(std::unique_ptr<Connection> connection) {
    if (!connection->usable()) return;
    const std::scoped_lock lock(mutex_);
    idle_ = std::move(connection);
  }

  const Server server_;
  std::mutex mutex_;
  std::unique_ptr<Connection> idle_;
};

}  // namespace tarn::connector
