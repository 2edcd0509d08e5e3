// Child processes that do one piece of work: input on standard input, one line of output at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/limits.h"
#include "base/secret.h"

namespace tarn::jobs {

struct WorkerCommand {
  std::filesystem::path program;
  std::vector<std::string> arguments;              // visible to every user of the machine: no secrets
  base::SecretString input;                        // one line; the worker reads it from standard input
  std::chrono::milliseconds heartbeat{10'000};     // longest silence before it counts as hung
  std::chrono::milliseconds start{60'000};         // the same before its first line: on a busy machine it comes last
  std::chrono::milliseconds grace{1'000};          // from SIGTERM to SIGKILL
  std::size_t line_bytes = std::size_t{64} << 20;  // longest line it may write
  std::size_t log_bytes = std::size_t{16} << 10;   // what is kept of standard error, from its end
};

struct WorkerEnd {
  enum class How {
    kExited,     // by itself; `status` is its exit status
    kDied,       // of a signal that we did not send; `status` is the signal
    kHung,       // killed: nothing heard for too long, or an endless line
    kCancelled,  // killed: the limits' stop token
    kLate,       // killed: the limits' deadline
  };
  How how = How::kExited;
  int status = 0;
  std::string log;  // the end of what it wrote to standard error
};

// Runs the program to its end, giving each line of its standard output (without the line break) to
// `on_line` on the calling thread. The child leads a process group of its own, all of which is
// killed; when this process dies, the pipe to its standard input closes (see FollowParent).
// Errors: Unavailable when the process cannot be started.
[[nodiscard]] base::Result<WorkerEnd> RunWorker(const WorkerCommand& command,
                                                const std::function<void(std::string_view)>& on_line,
                                                const base::CallLimits& limits);

// For the worker program, first of all: lowers its priority, makes the kernel kill it with its
// parent, and gives the one line of input. From then on a thread ends the process as soon as
// standard input closes, which is when the parent is gone.
// Errors: InvalidArgument when standard input ends before a whole line.
[[nodiscard]] base::Result<base::SecretString> FollowParent();

}  // namespace tarn::jobs
