#include "engine/duck_engine.h"

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <thread>

#include "engine/encode.h"

namespace tarn::engine {
namespace {

using base::CallLimits;
using base::ErrorKind;
using namespace std::chrono_literals;

std::unique_ptr<DuckEngine> OpenEngine() {
  auto engine = DuckEngine::Open({.database = {.threads = 2}});
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

TEST(DuckEngineTest, TellsOnceThatAStatementWasStoppedBeforeItsEnd) {
  const auto engine = OpenEngine();
  std::atomic<int> told = 0;
  const auto run = [&](const char* sql, const CallLimits& limits) {
    return engine->Run({.sql = sql, .on_stop = [&] { ++told; }}, limits);
  };
  auto whole = run("SELECT 1", {});
  ASSERT_TRUE(whole);
  while (*(*whole)->Next()) continue;
  whole->reset();
  EXPECT_EQ(told, 0);
  auto given_up = run("SELECT range FROM range(10000000)", {});
  ASSERT_TRUE(given_up);
  given_up->reset();
  EXPECT_EQ(told, 1);
  auto late = run("SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b", CallLimits::Within(50ms));
  if (late) {
    EXPECT_FALSE((*late)->Next());
  }
  late = base::Internal("gone");
  EXPECT_EQ(told, 2);
}

TEST(DuckEngineTest, AStreamOutlivesItsEngine) {
  auto engine = OpenEngine();
  auto stream = engine->Run({.sql = "SELECT range FROM range(100000)"}, {});
  ASSERT_TRUE(stream);
  engine.reset();
  EXPECT_TRUE((*stream)->Next());
}

}  // namespace
}  // namespace tarn::engine
