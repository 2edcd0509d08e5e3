#include "engine/duck_engine.h"

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <thread>

#include "engine/duck/admission.h"
#include "engine/encode.h"

namespace tarn::engine {
namespace {

using base::CallLimits;
using base::ErrorKind;
using namespace std::chrono_literals;

std::unique_ptr<DuckEngine> OpenEngine(int concurrent = 4) {
  auto engine = DuckEngine::Open({.database = {.threads = 2}, .concurrent_statements = concurrent});
  EXPECT_TRUE(engine) << engine.error().message;
  return *std::move(engine);
}

// All rows as COMPACT text, or the error's message.
std::string Answer(DuckEngine& engine, const EngineStatement& statement, const CallLimits& limits = {}) {
  auto stream = engine.Run(statement, limits);
  if (!stream) return "error: " + stream.error().message;
  RowEncoder encoder((*stream)->columns(), RowFormat::kCompact);
  std::string text;
  for (;;) {
    auto chunk = (*stream)->Next();
    if (!chunk) return "error: " + chunk.error().message;
    if (!*chunk) return text;
    encoder.Append(**chunk, text);
  }
}

TEST(DuckEngineTest, RunsStatementsInTheirTimeZone) {
  const auto engine = OpenEngine();
  const std::string sql = "SELECT TIMESTAMPTZ '2024-07-01 12:00:00+00'";
  EXPECT_EQ(Answer(*engine, {.sql = sql}), R"(["2024-07-01 12:00:00.000000 UTC"])");
  EXPECT_EQ(Answer(*engine, {.sql = sql, .time_zone = "Europe/Istanbul"}),
            R"(["2024-07-01 15:00:00.000000 Europe/Istanbul"])");
  EXPECT_EQ(Answer(*engine, {.sql = sql, .time_zone = "-03:00"}), R"(["2024-07-01 09:00:00.000000 -03:00"])");
  EXPECT_EQ(Answer(*engine, {.sql = "SELECT hour(" + sql.substr(7) + ")", .time_zone = "+05:30"}), R"(["17"])");
  EXPECT_EQ(Answer(*engine, {.sql = sql, .time_zone = "Mars/Base"}), "error: Time zone not supported: \"Mars/Base\"");
}

TEST(DuckEngineTest, ServesAttachedFilesAndDetachesThemUnderReaders) {
  const auto file =
      std::filesystem::temp_directory_path() / ("tarn_engine_test_" + std::to_string(::getpid()) + ".duckdb");
  std::filesystem::remove(file);
  {
    auto writer = Database::Open({.file = file});
    ASSERT_TRUE(writer) << writer.error().message;
    auto session = (*writer)->Connect();
    ASSERT_TRUE((*session)->Execute("CREATE TABLE t AS SELECT range AS n FROM range(1000000)"));
  }
  const auto engine = OpenEngine();
  ASSERT_TRUE(engine->AttachFile("gen\"1", file));
  ASSERT_TRUE(engine->AttachFile("gen\"1", file));
  EXPECT_EQ(Answer(*engine, {.sql = R"(SELECT count(*) FROM "gen""1".t)"}), R"(["1000000"])");
  auto stream = engine->Run({.sql = R"(SELECT n FROM "gen""1".t)"}, {});
  ASSERT_TRUE(stream);
  ASSERT_TRUE((*stream)->Next());
  ASSERT_TRUE(engine->Detach("gen\"1"));
  ASSERT_TRUE(engine->Detach("gen\"1"));
  std::size_t rows = 0;
  for (;;) {
    auto chunk = (*stream)->Next();
    ASSERT_TRUE(chunk) << chunk.error().message;
    if (!*chunk) break;
    rows += (*chunk)->rows();
  }
  EXPECT_GT(rows, 900000U);
  EXPECT_FALSE(engine->AttachFile("gone", "/nowhere/x.duckdb"));
  std::filesystem::remove(file);
}

TEST(DuckEngineTest, AttachesWhileStatementsRun) {
  const auto folder = std::filesystem::temp_directory_path();
  std::vector<std::filesystem::path> files;
  for (int i = 0; i < 4; ++i) {
    files.push_back(folder / ("tarn_attach_" + std::to_string(::getpid()) + "_" + std::to_string(i) + ".duckdb"));
    std::filesystem::remove(files.back());
    auto writer = Database::Open({.file = files.back()});
    ASSERT_TRUE(writer);
    ASSERT_TRUE((*(*writer)->Connect())->Execute("CREATE TABLE t AS SELECT range AS n FROM range(1000)"));
  }
  const auto engine = OpenEngine();
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        const auto name = "g" + std::to_string(t);
        for (int i = 0; i < 20; ++i) {
          EXPECT_TRUE(engine->AttachFile(name, files[static_cast<std::size_t>(t)]));
          EXPECT_EQ(Answer(*engine, {.sql = "SELECT sum(n)::BIGINT FROM " + name + ".t"}), R"(["499500"])");
          EXPECT_TRUE(engine->Detach(name));
        }
      });
    }
  }
  for (const auto& file : files) std::filesystem::remove(file);
}

TEST(DuckEngineTest, AFullEngineLetsWaitersInAsStreamsEnd) {
  const auto engine = OpenEngine(1);
  auto first = engine->Run({.sql = "SELECT range FROM range(10000000)"}, {});
  ASSERT_TRUE(first);
  EXPECT_EQ(engine->load().running, 1);
  EXPECT_EQ(engine->Run({.sql = "SELECT 1"}, CallLimits::Within(30ms)).error().kind, ErrorKind::kDeadlineExceeded);
  first->reset();
  EXPECT_EQ(engine->load().running, 0);
  EXPECT_EQ(Answer(*engine, {.sql = "SELECT 1"}), R"(["1"])");
}

TEST(DuckEngineTest, AStreamOutlivesItsEngine) {
  auto engine = OpenEngine();
  auto stream = engine->Run({.sql = "SELECT range FROM range(100000)"}, {});
  ASSERT_TRUE(stream);
  engine.reset();
  EXPECT_TRUE((*stream)->Next());
}

TEST(AdmissionTest, TakesProjectsInTurn) {
  Admission admission(1, 10);
  auto running = admission.Enter("busy", {});
  ASSERT_TRUE(running);
  std::mutex mutex;
  std::string order;
  std::vector<std::jthread> threads;
  const auto wait = [&](const std::string& project, char mark) {
    const int queued = admission.load().queued;
    threads.emplace_back([&, project, mark] {
      auto ticket = admission.Enter(project, {});
      const std::lock_guard lock(mutex);
      order += mark;
    });
    while (admission.load().queued == queued) std::this_thread::yield();
  };
  wait("a", '1');
  wait("a", '2');
  wait("a", '3');
  wait("b", 'x');
  wait("b", 'y');
  running->reset();
  threads.clear();
  EXPECT_EQ(order, "1x2y3");
}

TEST(AdmissionTest, RefusesWhatTheQueueCannotHold) {
  Admission admission(1, 0);
  auto running = admission.Enter("a", {});
  ASSERT_TRUE(running);
  EXPECT_EQ(admission.Enter("a", {}).error().kind, ErrorKind::kResourceExhausted);
}

TEST(AdmissionTest, CanBeCancelledWhileWaiting) {
  Admission admission(1, 10);
  auto running = admission.Enter("a", {});
  std::stop_source stop;
  std::jthread stopper([&] {
    while (admission.load().queued == 0) std::this_thread::yield();
    stop.request_stop();
  });
  EXPECT_EQ(admission.Enter("a", {.cancel = stop.get_token()}).error().kind, ErrorKind::kCancelled);
  EXPECT_EQ(admission.load().queued, 0);
  running->reset();
  EXPECT_TRUE(admission.Enter("a", {}));
}

}  // namespace
}  // namespace tarn::engine
