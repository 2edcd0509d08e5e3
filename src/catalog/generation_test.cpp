#include "catalog/generation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <thread>

namespace tarn::catalog {
namespace {

class GenerationTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("tarn_generation_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
    auto engine = engine::DuckEngine::Open({.database = {.threads = 2}});
    ASSERT_TRUE(engine) << engine.error().message;
    engine_ = *std::move(engine);
  }

  void TearDown() override { std::filesystem::remove_all(folder_); }

  // A generation whose table has `rows` rows, all with the value `value`.
  Generation Make(const std::string& id, int rows, int value) {
    const auto file = folder_ / (id + ".duckdb");
    auto database = engine::Database::Open({.file = file});
    EXPECT_TRUE(database) << database.error().message;
    auto session = (*database)->Connect();
    const auto made = (*session)->Execute("CREATE TABLE data AS SELECT " + std::to_string(value) + " AS v FROM range(" +
                                          std::to_string(rows) + "); CHECKPOINT");
    EXPECT_TRUE(made) << made.error().message;
    return {.id = id, .file = file, .table = {.name = {"s", "t"}, .columns = {}, .key = {}}, .row_count = rows};
  }

  // "count/minimum/maximum" of what a pin reads.
  std::string Read(const Pin& pin) {
    const auto sql = "SELECT count(*) || '/' || min(v) || '/' || max(v) AS seen FROM " + pin.relation();
    auto session = engine_->database().Connect();
    const auto rows = (*session)->Rows(sql);
    return rows ? (*rows)[0][0].value_or("NULL") : rows.error().message;
  }

  std::filesystem::path folder_;
  std::unique_ptr<engine::DuckEngine> engine_;
  const Generations::Key key_{"1", "s", "t"};
};

TEST_F(GenerationTest, NothingIsServedBeforeTheFirstPublication) {
  Generations generations(*engine_);
  const auto pin = generations.Acquire(key_);
  ASSERT_TRUE(pin);
  EXPECT_FALSE(*pin);
  EXPECT_FALSE(generations.Current(key_));
}

TEST_F(GenerationTest, AReaderKeepsItsGenerationWhileANewerOneIsPublished) {
  Generations generations(*engine_);
  const auto old_generation = Make("old", 10, 1);
  const auto new_generation = Make("new", 20, 2);
  generations.Publish(key_, old_generation);
  auto reader = generations.Acquire(key_);
  ASSERT_TRUE(reader && *reader);
  generations.Publish(key_, new_generation);

  EXPECT_EQ(Read(**reader), "10/1/1");
  auto later = generations.Acquire(key_);
  ASSERT_TRUE(later && *later);
  EXPECT_EQ(Read(**later), "20/2/2");
  EXPECT_TRUE(std::filesystem::exists(old_generation.file));
  *reader = std::nullopt;
  EXPECT_FALSE(std::filesystem::exists(old_generation.file)) << "the last reader's end deletes a superseded file";
  EXPECT_TRUE(std::filesystem::exists(new_generation.file));
}

TEST_F(GenerationTest, StoppingTheServerDeletesNothing) {
  const auto generation = Make("kept", 3, 7);
  {
    Generations generations(*engine_);
    generations.Publish(key_, generation);
    ASSERT_TRUE(generations.Acquire(key_));
  }
  EXPECT_TRUE(std::filesystem::exists(generation.file));
}

TEST_F(GenerationTest, AMissingFileIsUnavailableAndNamesTheTableOnly) {
  Generations generations(*engine_);
  auto generation = Make("gone", 3, 7);
  std::filesystem::remove(generation.file);
  generations.Publish(key_, generation);
  const auto pin = generations.Acquire(key_);
  ASSERT_FALSE(pin);
  EXPECT_EQ(pin.error().kind, base::ErrorKind::kUnavailable);
  EXPECT_THAT(pin.error().message, testing::HasSubstr("\"s.t\""));
  EXPECT_THAT(pin.error().message, testing::Not(testing::HasSubstr("gone.duckdb")));
}

TEST_F(GenerationTest, ReadersNeverSeeAMixWhileGenerationsChange) {
  Generations generations(*engine_);
  generations.Publish(key_, Make("g0", 1000, 0));
  std::atomic<bool> stop = false;
  std::atomic<int> reads = 0;
  std::vector<std::string> wrong;
  std::mutex mutex;
  std::vector<std::jthread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        auto pin = generations.Acquire(key_);
        const auto seen = pin && *pin ? Read(**pin) : std::string("unpinned");
        const auto& id = pin && *pin ? (*pin)->generation().id : std::string();
        const auto number = id.empty() ? std::string("?") : id.substr(1);
        if (seen != "1000/" + number + "/" + number) {
          const std::lock_guard lock(mutex);
          wrong.push_back(seen);
        }
        ++reads;
      }
    });
  }
  for (int i = 1; i <= 8; ++i) {
    generations.Publish(key_, Make("g" + std::to_string(i), 1000, i));
    const int seen = reads;
    while (reads < seen + 3 && wrong.empty()) std::this_thread::yield();
  }
  stop = true;
  readers.clear();
  EXPECT_THAT(wrong, testing::IsEmpty());
  const auto files = std::distance(std::filesystem::directory_iterator(folder_), std::filesystem::directory_iterator());
  EXPECT_EQ(files, 1) << "superseded files are gone";
}

}  // namespace
}  // namespace tarn::catalog
