#include "jobs/worker_process.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>

namespace tarn::jobs {
namespace {

using How = WorkerEnd::How;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr int kOpened = 97;  // a file that the parent has open

// What the test program does when it is run as a worker: see main.
int ActAsWorker(const std::string& part) {
  if (part == "deaf") ::signal(SIGTERM, SIG_IGN);
  const auto input = FollowParent();
  if (!input) return 2;
  if (part == "echo") std::printf("one\ntwo %zu\n", input->Reveal().size());
  if (part == "talk") std::fprintf(stderr, "%s", (std::string(100'000, 'x') + "the end").c_str());
  if (part == "turn") {
    std::ifstream session("/proc/self/autogroup");
    std::string words;
    std::getline(session, words);
    std::printf("%s %d %s\n", ::getsid(0) == ::getpid() ? "leads" : "follows", ::getpriority(PRIO_PROCESS, 0),
                words.c_str());
  }
  if (part == "files") std::printf("%s\n", ::fcntl(kOpened, F_GETFD) == -1 ? "closed" : "open");
  if (part == "status") return 7;
  if (part == "crash") {
    ::signal(SIGSEGV, SIG_DFL);  // sanitizers have a handler of their own
    ::raise(SIGSEGV);
  }
  if (part == "endless") {
    for (int i = 0; i < 1000; ++i) std::printf("%s", std::string(10'000, 'y').c_str());
  }
  std::fflush(stdout);
  if (part == "hang" || part == "deaf" || part == "endless") ::pause();
  if (part == "stall") {
    std::printf("beat\n");
    std::fflush(stdout);
    ::pause();
  }
  if (part == "late") {
    std::this_thread::sleep_for(milliseconds(1'100));
    std::printf("beat\n");
  }
  if (part == "beat") {
    for (int i = 0; i < 100; ++i) {
      std::printf("beat\n");
      std::fflush(stdout);
      std::this_thread::sleep_for(milliseconds(20));
    }
  }
  return 0;
}

WorkerCommand Command(const std::string& part, std::string input = "secret") {
  return {.program = "/proc/self/exe",
          .arguments = {"--act-as-worker", part},
          .input = base::SecretString(std::move(input))};
}

struct Heard {
  std::vector<std::string> lines;
  base::Result<WorkerEnd> end = base::Internal("not run");
};

Heard Hear(const WorkerCommand& command,
           const base::CallLimits& limits = base::CallLimits::Within(std::chrono::seconds(20))) {
  Heard heard;
  heard.end = RunWorker(
      command, [&](std::string_view line) { heard.lines.emplace_back(line); }, limits);
  return heard;
}

TEST(WorkerProcessTest, GivesLinesAndStatus) {
  const auto heard = Hear(Command("echo"));
  ASSERT_TRUE(heard.end);
  EXPECT_EQ(heard.end->how, How::kExited);
  EXPECT_EQ(heard.end->status, 0);
  EXPECT_THAT(heard.lines, ElementsAre("one", "two 6"));
  EXPECT_EQ(Hear(Command("status")).end->status, 7);
}

TEST(WorkerProcessTest, StepsBackBehindTheServer) {
  const auto heard = Hear(Command("turn"));
  ASSERT_EQ(heard.lines.size(), 1U);
  EXPECT_THAT(heard.lines.front(), HasSubstr("leads 1"));  // a session of its own, niceness of ten or more
  if (!std::ifstream("/proc/self/autogroup")) GTEST_SKIP() << "this kernel does not schedule by session";
  EXPECT_THAT(heard.lines.front(), HasSubstr("nice 10"));
}

TEST(WorkerProcessTest, InheritsNoOpenFile) {
  ASSERT_EQ(::dup2(STDERR_FILENO, kOpened), kOpened);
  EXPECT_THAT(Hear(Command("files")).lines, ElementsAre("closed"));
  ::close(kOpened);
}

TEST(WorkerProcessTest, FeedsInputOfManyMegabytes) {
  EXPECT_THAT(Hear(Command("echo", std::string(5'000'000, 'z'))).lines, ElementsAre("one", "two 5000000"));
}

TEST(WorkerProcessTest, KeepsTheEndOfTheLog) {
  const auto heard = Hear(Command("talk"));
  ASSERT_TRUE(heard.end);
  EXPECT_EQ(heard.end->log.size(), std::size_t{16} << 10);
  EXPECT_THAT(heard.end->log, testing::EndsWith("the end"));
}

TEST(WorkerProcessTest, TellsOfADeath) {
  const auto heard = Hear(Command("crash"));
  ASSERT_TRUE(heard.end);
  EXPECT_EQ(heard.end->how, How::kDied);
  EXPECT_EQ(heard.end->status, SIGSEGV);
}

TEST(WorkerProcessTest, KillsWhatIsSilentForTooLong) {
  auto command = Command("hang");
  command.start = milliseconds(200);
  EXPECT_EQ(Hear(command).end->how, How::kHung);
  command = Command("beat");
  command.heartbeat = milliseconds(1500);  // a program of a sanitizer takes a while to start
  EXPECT_EQ(Hear(command).end->how, How::kExited);
}

TEST(WorkerProcessTest, HasMorePatienceBeforeTheFirstLine) {
  auto command = Command("late");
  command.heartbeat = milliseconds(1'000);
  EXPECT_EQ(Hear(command).end->how, How::kExited);
  command = Command("stall");
  command.heartbeat = milliseconds(100);
  EXPECT_EQ(Hear(command).end->how, How::kHung);
}

TEST(WorkerProcessTest, KillsWhatIgnoresTheTerminationSignal) {
  auto command = Command("deaf");
  command.start = milliseconds(200);
  command.grace = milliseconds(100);
  const auto heard = Hear(command);
  EXPECT_EQ(heard.end->how, How::kHung);
  EXPECT_EQ(heard.end->status, SIGKILL);
}

TEST(WorkerProcessTest, EndlessLineCountsAsHung) {
  auto command = Command("endless");
  command.line_bytes = 1'000'000;
  EXPECT_EQ(Hear(command).end->how, How::kHung);
}

TEST(WorkerProcessTest, StopsOnRequestAtOnce) {
  std::stop_source stop;
  std::jthread later([&] {
    std::this_thread::sleep_for(milliseconds(100));
    stop.request_stop();
  });
  const auto start = std::chrono::steady_clock::now();
  const auto heard = Hear(Command("hang"), {.cancel = stop.get_token()});
  EXPECT_EQ(heard.end->how, How::kCancelled);
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(900));
  EXPECT_EQ(Hear(Command("hang"), {.cancel = stop.get_token()}).end->how, How::kCancelled);  // before it began
}

TEST(WorkerProcessTest, StopsAtTheDeadline) {
  EXPECT_EQ(Hear(Command("hang"), base::CallLimits::Within(milliseconds(150))).end->how, How::kLate);
}

TEST(WorkerProcessTest, ProgramThatIsMissingIsAnError) {
  auto command = Command("echo");
  command.program = "/nonexistent/program";
  const auto heard = Hear(command);
  ASSERT_FALSE(heard.end);
  EXPECT_EQ(heard.end.error().kind, base::ErrorKind::kUnavailable);
  EXPECT_THAT(heard.end.error().message, HasSubstr("cannot be started"));
}

}  // namespace
}  // namespace tarn::jobs

int main(int argc, char** argv) {
  if (argc == 3 && std::string_view(argv[1]) == "--act-as-worker") return tarn::jobs::ActAsWorker(argv[2]);
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
