#include "jobs/worker_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <stop_token>

namespace tarn::jobs {
namespace {

using Clock = std::chrono::steady_clock;

// A file descriptor that closes itself.
class Fd final {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { Close(); }
  void Reset(int fd) {
    Close();
    fd_ = fd;
  }
  void Close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool open() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// The child's end and ours of one standard stream.
struct Pipe {
  Fd ours;
  Fd childs;

  [[nodiscard]] bool OpenOutput() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return false;
    return Take(ends[0], ends[1]);
  }
  // A socket, so that writing to a child that is gone is an error and not a signal.
  [[nodiscard]] bool OpenInput() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return false;
    return Take(ends[0], ends[1]);
  }

 private:
  [[nodiscard]] bool Take(int our_end, int childs_end) {
    ours.Reset(our_end);
    childs.Reset(childs_end);
    return ::fcntl(our_end, F_SETFL, O_NONBLOCK) == 0;
  }
};

class SpawnActions final {
 public:
  SpawnActions() {
    ::posix_spawn_file_actions_init(&files_);
    ::posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigset_t defaults;
    ::sigemptyset(&none);
    ::sigfillset(&defaults);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &defaults);
    // A session of its own is also a group of its own, to be killed as one, and to be scheduled behind the server's.
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
  }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  ~SpawnActions() {
    ::posix_spawn_file_actions_destroy(&files_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  void Redirect(int from, int to) { ::posix_spawn_file_actions_adddup2(&files_, from, to); }
  [[nodiscard]] int Spawn(pid_t& pid, const std::filesystem::path& program, const std::vector<std::string>& arguments) {
    std::vector<char*> argv;
    std::string name = program.string();
    std::vector<std::string> copies = arguments;
    argv.push_back(name.data());
    for (auto& argument : copies) argv.push_back(argument.data());
    argv.push_back(nullptr);
    // Nothing of the server's is inherited: a worker that outlives it by a moment would keep its port from the next
    // one.
    ::posix_spawn_file_actions_addclosefrom_np(&files_, STDERR_FILENO + 1);
    return ::posix_spawn(&pid, name.c_str(), &files_, &attributes_, argv.data(), environ);
  }

 private:
  posix_spawn_file_actions_t files_;
  posix_spawnattr_t attributes_;
};

// One run: feeds, listens, and kills when it must.
class Run final {
 public:
  Run(const WorkerCommand& command, const std::function<void(std::string_view)>& on_line,
      const base::CallLimits& limits)
      : command_(command), on_line_(on_line), limits_(limits), input_(command.input.Reveal()) {
    input_ += '\n';
  }

  base::Result<WorkerEnd> ToItsEnd() {
    TARN_RETURN_IF_ERROR(Start());
    const std::stop_callback wake(limits_.cancel, [this] {
      const std::uint64_t one = 1;
      [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
    });
    last_heard_ = Clock::now();
    while (out_.ours.open() || err_.ours.open()) {
      if (const auto reason = ReasonToKill(); reason && !end_reason_) Kill(*reason);
      if (end_reason_ && !term_only_ && Clock::now() >= kill_at_ + command_.grace) break;  // a grandchild holds a pipe
      if (end_reason_ && term_only_ && Clock::now() >= kill_at_) ForceKill();
      Turn();
    }
    return Reap();
  }

 private:
  base::Result<void> Start() {
    wake_.Reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!wake_.open() || !in_.OpenInput() || !out_.OpenOutput() || !err_.OpenOutput()) {
      return base::Unavailable("A worker process cannot be started: no file descriptors are left");
    }
    SpawnActions actions;
    actions.Redirect(in_.childs.get(), 0);
    actions.Redirect(out_.childs.get(), 1);
    actions.Redirect(err_.childs.get(), 2);
    if (const int error = actions.Spawn(pid_, command_.program, command_.arguments); error != 0) {
      return base::Unavailable(std::string("A worker process cannot be started: ") + std::strerror(error));
    }
    in_.childs.Close();
    out_.childs.Close();
    err_.childs.Close();
    return {};
  }

  [[nodiscard]] std::optional<WorkerEnd::How> ReasonToKill() const {
    if (limits_.cancel.stop_requested()) return WorkerEnd::How::kCancelled;
    const auto now = Clock::now();
    if (now >= limits_.deadline) return WorkerEnd::How::kLate;
    if (endless_line_ || now - last_heard_ >= Patience()) return WorkerEnd::How::kHung;
    return std::nullopt;
  }

  [[nodiscard]] std::chrono::milliseconds Patience() const { return heard_ ? command_.heartbeat : command_.start; }

  void Kill(WorkerEnd::How reason) {
    end_reason_ = reason;
    term_only_ = true;
    kill_at_ = Clock::now() + command_.grace;
    ::kill(-pid_, SIGTERM);
  }

  void ForceKill() {
    term_only_ = false;
    kill_at_ = Clock::now();
    ::kill(-pid_, SIGKILL);
  }

  [[nodiscard]] int PollTimeout() const {
    auto next = end_reason_ ? (term_only_ ? kill_at_ : kill_at_ + command_.grace)
                            : std::min(limits_.deadline, last_heard_ + Patience());
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(next - Clock::now()).count() + 1;
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
  }

  // Waits for one thing to happen, and handles it.
  void Turn() {
    // A wake-up stays readable once cancelled; then only the pipes matter.
    pollfd fds[4] = {{.fd = out_.ours.get(), .events = POLLIN, .revents = 0},
                     {.fd = err_.ours.get(), .events = POLLIN, .revents = 0},
                     {.fd = sent_ < input_.size() ? in_.ours.get() : -1, .events = POLLOUT, .revents = 0},
                     {.fd = end_reason_ ? -1 : wake_.get(), .events = POLLIN, .revents = 0}};
    if (::poll(fds, 4, PollTimeout()) <= 0) return;
    if (fds[0].revents != 0) ReadOutput();
    if (fds[1].revents != 0) ReadLog();
    if (fds[2].revents != 0) Feed();
  }

  void Feed() {
    const auto written = ::send(in_.ours.get(), input_.data() + sent_, input_.size() - sent_, MSG_NOSIGNAL);
    if (written > 0) {
      sent_ += static_cast<std::size_t>(written);
    } else if (errno != EAGAIN && errno != EINTR) {
      sent_ = input_.size();  // it does not read: its exit tells why
    }
  }

  void ReadOutput() {
    char buffer[64 << 10];
    const auto count = ::read(out_.ours.get(), buffer, sizeof buffer);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) return out_.ours.Close();
    line_.append(buffer, static_cast<std::size_t>(count));
    std::size_t begin = 0;
    for (auto end = line_.find('\n'); end != std::string::npos; end = line_.find('\n', begin)) {
      last_heard_ = Clock::now();
      heard_ = true;
      if (!end_reason_) on_line_(std::string_view(line_).substr(begin, end - begin));
      begin = end + 1;
    }
    line_.erase(0, begin);
    endless_line_ = line_.size() > command_.line_bytes;
  }

  void ReadLog() {
    char buffer[16 << 10];
    const auto count = ::read(err_.ours.get(), buffer, sizeof buffer);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) return err_.ours.Close();
    log_.append(buffer, static_cast<std::size_t>(count));
    if (log_.size() > 2 * command_.log_bytes) log_.erase(0, log_.size() - command_.log_bytes);
  }

  // The pipes are closed, so the child has ended or is about to; what it left behind goes with it.
  WorkerEnd Reap() {
    int status = 0;
    const auto give_up = Clock::now() + command_.grace;
    while (::waitpid(pid_, &status, WNOHANG) == 0) {
      if (Clock::now() >= give_up) {
        ::kill(-pid_, SIGKILL);
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        break;
      }
      ::poll(nullptr, 0, 1);
    }
    ::kill(-pid_, SIGKILL);
    if (log_.size() > command_.log_bytes) log_.erase(0, log_.size() - command_.log_bytes);
    WorkerEnd end{.how = WorkerEnd::How::kExited, .status = 0, .log = std::move(log_)};
    end.status = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    if (end_reason_) {
      end.how = *end_reason_;
    } else if (WIFSIGNALED(status)) {
      end.how = WorkerEnd::How::kDied;
    }
    return end;
  }

  const WorkerCommand& command_;
  const std::function<void(std::string_view)>& on_line_;
  const base::CallLimits& limits_;
  std::string input_;
  std::size_t sent_ = 0;
  Fd wake_;
  Pipe in_;
  Pipe out_;
  Pipe err_;
  pid_t pid_ = -1;
  std::string line_;
  std::string log_;
  bool endless_line_ = false;
  Clock::time_point last_heard_{};
  bool heard_ = false;
  std::optional<WorkerEnd::How> end_reason_;
  bool term_only_ = false;
  Clock::time_point kill_at_{};
};

}  // namespace

base::Result<WorkerEnd> RunWorker(const WorkerCommand& command, const std::function<void(std::string_view)>& on_line,
                                  const base::CallLimits& limits) {
  return Run(command, on_line, limits).ToItsEnd();
}

}  // namespace tarn::jobs
