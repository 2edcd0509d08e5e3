#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <thread>

#include "jobs/worker_process.h"

namespace tarn::jobs {
namespace {

constexpr int kNiceness = 10;
constexpr std::size_t kLongestInput = std::size_t{64} << 20;
constexpr int kOrphaned = 3;  // exit status; nobody is left to read it

// The next bytes of standard input; empty at its end.
std::string ReadSome() {
  char buffer[64 << 10];
  ssize_t count = 0;
  do {
    count = ::read(STDIN_FILENO, buffer, sizeof buffer);
  } while (count < 0 && errno == EINTR);
  return count <= 0 ? std::string() : std::string(buffer, static_cast<std::size_t>(count));
}

// Queries come first. Where the kernel schedules by session, niceness counts within one only, so the session's is set,
// too; where it does not, there is no such file.
void StepBack() {
  [[maybe_unused]] const int niceness = ::nice(kNiceness);
  if (std::ofstream session("/proc/self/autogroup"); session) session << kNiceness;
}

}  // namespace

base::Result<base::SecretString> FollowParent() {
  // Both are best effort: the closing of standard input is what is relied on.
  StepBack();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::string line;
  while (line.find('\n') == std::string::npos) {
    const auto more = ReadSome();
    if (more.empty() || line.size() > kLongestInput)
      return base::InvalidArgument("The worker got no whole line of input");
    line += more;
  }
  line.erase(line.find('\n'));
  std::thread([] {
    while (!ReadSome().empty()) {
    }
    ::_exit(kOrphaned);
  }).detach();
  return base::SecretString(std::move(line));
}

}  // namespace tarn::jobs
