#include "connector/postgres/cancellation.h"

#include <chrono>
#include <thread>

#include "base/log.h"

namespace tarn::connector::postgres {
namespace {

constexpr std::chrono::seconds kTime{10};
// A statement may just be on its way to the server, and one plan may read a table more than once.
constexpr int kRounds = 4;
constexpr std::chrono::milliseconds kPause{250};

constexpr const char* kCancel =
    "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = current_user AND "
    "state = 'active' AND position($1 IN query) > 0";

base::Result<void> Cancel(const Server& server, const std::string& mark) {
  const auto limits = base::CallLimits::Within(kTime);
  TARN_ASSIGN_OR_RETURN(const auto connection, Connection::Open(server, limits));
  for (int round = 0; round < kRounds; ++round) {
    if (round > 0) std::this_thread::sleep_for(kPause);
    TARN_RETURN_IF_ERROR(connection->Query(kCancel, {mark}, limits));
  }
  return {};
}

}  // namespace

void CancelStatements(const Server& server, const std::string& mark) {
  if (mark.empty()) return;
  std::thread([server, mark] {
    if (const auto done = Cancel(server, mark); !done)
      base::log::Warning("statement not cancelled at its source", {{"reason", done.error().message}});
  }).detach();
}

}  // namespace tarn::connector::postgres
