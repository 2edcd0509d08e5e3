#include "cache/worker.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <mutex>

#include "cache/caches.h"
#include "cache/refresh_json.h"
#include "jobs/worker_process.h"

namespace tarn::cache {
namespace {

// Lines to the server. Takes standard output for itself: whatever a library prints goes to the log instead.
class Voice final {
 public:
  Voice() : fd_(::dup(STDOUT_FILENO)) { ::dup2(STDERR_FILENO, STDOUT_FILENO); }

  void Say(const WorkerMessage& message) {
    const std::string line = WriteMessage(message) + "\n";
    const std::lock_guard lock(mutex_);
    std::string_view rest = line;
    while (!rest.empty()) {
      const auto written = ::write(fd_, rest.data(), rest.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return;  // nobody listens: the process is about to be ended
      rest.remove_prefix(static_cast<std::size_t>(written));
    }
  }

 private:
  int fd_;
  std::mutex mutex_;
};

base::Result<RefreshOutcome> Serve(const WorkerInput& input, const RefreshWatch& watch) {
  TARN_ASSIGN_OR_RETURN(const auto source, SourceFrom(input.source));
  return Refresh(*source, input.spec, watch, {});
}

}  // namespace

int ServeOneRefresh(const std::function<void(std::string_view step)>& step) {
  Voice voice;
  const auto line = jobs::FollowParent();
  if (!line) {
    std::fprintf(stderr, "%s\n", line.error().message.c_str());
    return 2;
  }
  const auto input = ReadInput(line->Reveal());
  if (!input) {
    voice.Say(input.error());
    return 1;
  }
  const auto outcome =
      Serve(*input, {.progress = [&](const RefreshProgress& progress) { voice.Say(progress); }, .step = step});
  if (!outcome) {
    voice.Say(outcome.error());
    return 1;
  }
  voice.Say(*outcome);
  return 0;
}

int WorkerMain() {
  return ServeOneRefresh([](std::string_view) {});
}

}  // namespace tarn::cache
