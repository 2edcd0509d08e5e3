#include "store/caches.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <soci/soci.h>

#include <random>

#include "store/accounts.h"
#include "store/database.h"
#include "store/folder_test.h"
#include "store/project_test.h"

namespace tarn::store {
namespace {

using base::ErrorKind;

base::SystemTime At(std::int64_t second) { return base::SystemTime(std::chrono::seconds(second)); }

// Everything of a state as one text, so that two can be compared and shown.
std::string Show(const CacheState& state) {
  const auto time = [](const std::optional<base::SystemTime>& at) { return at ? at->time_since_epoch().count() : -1; };
  const auto execution = [&](const std::optional<Execution>& e) {
    if (!e) return std::string("none");
    return fmt::format("{}|{}|{}|{}|{}|{}|{}|{},{},{},{}|{}|{}|{}|{}|{}|{}", e->id, e->cache_id,
                       static_cast<int>(e->mode), static_cast<int>(e->status), e->scheduled, e->error_code,
                       e->error_message, e->counts.cached, e->counts.inserted, e->counts.updated, e->counts.deleted,
                       e->last_offset, e->generation, e->attempt, time(e->created_at), time(e->updated_at),
                       time(e->finished_at));
  };
  const Cache& c = state.cache;
  std::string text = fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}|{}\n", c.id, c.project_id, c.catalog_id, c.schema_name,
                                 c.table_name, c.incremental_schedule, c.full_schedule, time(c.next_incremental),
                                 time(c.next_full), time(c.created_at));
  if (const auto& m = state.manifest) {
    text += fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}|{}\n", m->cache_id, m->generation, m->file, m->file_bytes,
                        m->checksum, m->row_count, m->deleted_rows, m->table, m->position, time(m->loaded_at));
  }
  return text + execution(state.last_incremental) + "\n" + execution(state.last_full) + "\n";
}

std::string ShowAll(const CacheRepository& caches) {
  std::string text;
  for (const CacheState& state : caches.All()) text += Show(state);
  for (const Execution& execution : caches.Unfinished()) text += execution.id + "\n";
  return text;
}

Cache MakeCache(const std::string& id, const std::string& project = "project1") {
  return {.id = id,
          .project_id = project,
          .catalog_id = "7",
          .schema_name = "public",
          .table_name = "t-" + id,
          .incremental_schedule = "PT5M",
          .full_schedule = "",
          .next_incremental = At(300),
          .next_full = std::nullopt,
          .created_at = At(1)};
}

Execution MakeExecution(const std::string& id, const std::string& cache, RefreshMode mode, ExecutionStatus status,
                        std::int64_t second) {
  Execution execution{.id = id,
                      .cache_id = cache,
                      .mode = mode,
                      .status = status,
                      .error_code = "",
                      .error_message = "",
                      .counts = {},
                      .last_offset = "",
                      .generation = "",
                      .created_at = At(second),
                      .updated_at = At(second),
                      .finished_at = {}};
  if (status != ExecutionStatus::kQueued && status != ExecutionStatus::kRunning) execution.finished_at = At(second + 1);
  return execution;
}

Manifest MakeManifest(const std::string& cache, const std::string& generation) {
  return {.cache_id = cache,
          .generation = generation,
          .file = generation + ".duckdb",
          .file_bytes = std::int64_t{1} << 40,
          .checksum = "sum",
          .row_count = std::int64_t{1} << 35,
          .deleted_rows = 3,
          .table = "{}",
          .position = "{}",
          .loaded_at = At(50)};
}

ActionLog MakeLog(const std::string& cache, const std::string& action, std::int64_t second) {
  return {.cache_id = cache,
          .timestamp = At(second),
          .action = action,
          .message = "it's \"so\"",
          .mode = RefreshMode::kFull,
          .scheduled = true};
}

class CachesTest : public testing::Test {
 protected:
  CachesTest() { AddTestProjects(accounts_, {"project1", "project2"}); }

  TestFolder folder_;
  std::unique_ptr<Database> database_ = Database::Open(folder_ / "tarn.db").value();
  AccountRepository accounts_{*database_};
  CacheRepository caches_{*database_};
};

TEST_F(CachesTest, ATableHasOneCache) {
  ASSERT_TRUE(caches_.Insert(MakeCache("a")).has_value());
  Cache again = MakeCache("b");
  again.table_name = "t-a";
  EXPECT_EQ(caches_.Insert(again).error().message, "The table has a cache already");
  EXPECT_EQ(caches_.FindByTable("7", "public", "t-a")->cache.id, "a");
  EXPECT_FALSE(caches_.FindByTable("7", "public", "t-b").has_value());
  ASSERT_TRUE(caches_.Delete("a").has_value());
  EXPECT_FALSE(caches_.FindByTable("7", "public", "t-a").has_value());
  EXPECT_TRUE(caches_.Insert(again).has_value());
  EXPECT_EQ(caches_.Delete("a").error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(caches_.Insert(MakeCache("c", "nowhere1")).error().kind, ErrorKind::kFailedPrecondition);
}

TEST_F(CachesTest, PublishIsOneStep) {
  ASSERT_TRUE(caches_.Insert(MakeCache("a")).has_value());
  auto execution = MakeExecution("e1", "a", RefreshMode::kFull, ExecutionStatus::kRunning, 10);
  ASSERT_TRUE(caches_.Begin(execution, MakeLog("a", "STARTED", 10)).has_value());
  caches_.Progress("e1", {.cached = 500});
  EXPECT_EQ(caches_.Find("a")->last_full->counts.cached, 500);
  EXPECT_EQ(caches_.History("a", 10, 0)->at(0).counts.cached, 500);
  EXPECT_EQ(caches_.Unfinished().size(), 1U);

  execution = MakeExecution("e1", "a", RefreshMode::kFull, ExecutionStatus::kCompleted, 10);
  execution.counts = {.cached = 1000, .inserted = 1000, .updated = 0, .deleted = 0};
  execution.generation = "g1";
  ASSERT_TRUE(caches_.Publish(MakeManifest("a", "g1"), execution, MakeLog("a", "COMPLETED", 20)).has_value());
  const auto state = caches_.Find("a").value();
  EXPECT_EQ(state.manifest->generation, "g1");
  EXPECT_EQ(state.last_full->status, ExecutionStatus::kCompleted);
  EXPECT_FALSE(state.last_incremental.has_value());
  EXPECT_TRUE(caches_.Unfinished().empty());
  caches_.Progress("e1", {.cached = 1});
  EXPECT_EQ(caches_.Find("a")->last_full->counts.cached, 1000);
  EXPECT_EQ(ShowAll(CacheRepository(*database_)), ShowAll(caches_));
}

TEST_F(CachesTest, StepsAreRecordedTogetherOrNotAtAll) {
  ASSERT_TRUE(caches_.Insert(MakeCache("a")).has_value());
  ASSERT_TRUE(caches_.Insert(MakeCache("b")).has_value());
  const auto step = [](const std::string& id, const std::string& cache, ExecutionStatus status) {
    return ExecutionStep{.execution = MakeExecution(id, cache, RefreshMode::kFull, status, 10),
                         .log = MakeLog(cache, "STARTED", 10)};
  };
  ASSERT_TRUE(caches_.Record({step("e1", "a", ExecutionStatus::kRunning), step("e2", "b", ExecutionStatus::kRunning)}));
  const auto before = ShowAll(caches_);
  const auto refused =
      caches_.Record({step("e1", "a", ExecutionStatus::kFailed), step("e3", "a", ExecutionStatus::kRunning),
                      step("e4", "gone", ExecutionStatus::kRunning)});
  EXPECT_EQ(refused.error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(ShowAll(caches_), before);
  EXPECT_EQ(ShowAll(CacheRepository(*database_)), before);
  ASSERT_TRUE(caches_.Record({step("e1", "a", ExecutionStatus::kFailed), step("e3", "a", ExecutionStatus::kRunning)}));
  EXPECT_EQ(caches_.Find("a")->last_full->id, "e3");
  EXPECT_EQ(caches_.History("a", 10, 0)->at(1).status, ExecutionStatus::kFailed);
  EXPECT_EQ(caches_.Unfinished().size(), 2U);
  EXPECT_EQ(ShowAll(CacheRepository(*database_)), ShowAll(caches_));
}

TEST_F(CachesTest, NothingIsPublishedForADeletedCache) {
  ASSERT_TRUE(caches_.Insert(MakeCache("a")).has_value());
  ASSERT_TRUE(caches_
                  .Begin(MakeExecution("e1", "a", RefreshMode::kFull, ExecutionStatus::kRunning, 10),
                         MakeLog("a", "STARTED", 10))
                  .has_value());
  ASSERT_TRUE(caches_.Delete("a").has_value());
  EXPECT_TRUE(caches_.Unfinished().empty());
  const auto done = MakeExecution("e1", "a", RefreshMode::kFull, ExecutionStatus::kCompleted, 10);
  EXPECT_EQ(caches_.Publish(MakeManifest("a", "g"), done, MakeLog("a", "COMPLETED", 20)).error().kind,
            ErrorKind::kNotFound);
  EXPECT_EQ(caches_.Finish(done, MakeLog("a", "FAILED", 20)).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(caches_
                .Begin(MakeExecution("e2", "a", RefreshMode::kFull, ExecutionStatus::kQueued, 30),
                       MakeLog("a", "STARTED", 30))
                .error()
                .kind,
            ErrorKind::kNotFound);
  EXPECT_EQ(caches_.AppendLog(MakeLog("a", "COMPACTED", 30)).error().kind, ErrorKind::kNotFound);
  int rows = -1;
  ASSERT_TRUE(database_
                  ->Read([&](soci::session& session) {
                    session << "SELECT (SELECT COUNT(*) FROM manifests) + (SELECT COUNT(*) FROM executions) + (SELECT "
                               "COUNT(*) FROM action_logs)",
                        soci::into(rows);
                  })
                  .has_value());
  EXPECT_EQ(rows, 0);
}

TEST_F(CachesTest, WhatWasCancelledPublishesNothing) {
  ASSERT_TRUE(caches_.Insert(MakeCache("a")).has_value());
  ASSERT_TRUE(caches_
                  .Begin(MakeExecution("e1", "a", RefreshMode::kFull, ExecutionStatus::kRunning, 10),
                         MakeLog("a", "STARTED", 10))
                  .has_value());
  ASSERT_TRUE(caches_
                  .Finish(MakeExecution("e1", "a", RefreshMode::kFull, ExecutionStatus::kCancelled, 10),
                          MakeLog("a", "CANCELLED", 11))
                  .has_value());
  const auto late = caches_.Publish(MakeManifest("a", "g"),
                                    MakeExecution("e1", "a", RefreshMode::kFull, ExecutionStatus::kCompleted, 10),
                                    MakeLog("a", "COMPLETED", 12));
  EXPECT_EQ(late.error().kind, ErrorKind::kFailedPrecondition);
  EXPECT_FALSE(caches_.Find("a")->manifest.has_value());
  EXPECT_EQ(caches_.Find("a")->last_full->status, ExecutionStatus::kCancelled);
  EXPECT_EQ(caches_.Logs("a", 10)->size(), 2U);
}

TEST_F(CachesTest, SchedulesChangeWithoutTouchingTheRest) {
  ASSERT_TRUE(caches_.Insert(MakeCache("a")).has_value());
  Cache changed = MakeCache("a");
  changed.table_name = "ignored";
  changed.incremental_schedule = "";
  changed.next_incremental = std::nullopt;
  changed.full_schedule = "P1M";
  changed.next_full = At(1000);
  ASSERT_TRUE(caches_.UpdateSettings(changed).has_value());
  const auto state = caches_.Find("a").value();
  EXPECT_EQ(state.cache.table_name, "t-a");
  EXPECT_EQ(state.cache.full_schedule, "P1M");
  EXPECT_FALSE(state.cache.next_incremental.has_value());
  EXPECT_EQ(ShowAll(CacheRepository(*database_)), ShowAll(caches_));
  changed.id = "nowhere";
  EXPECT_EQ(caches_.UpdateSettings(changed).error().kind, ErrorKind::kNotFound);
}

TEST_F(CachesTest, HistoryIsNewestFirstAndForgetsAllButTheLastOfEachKind) {
  ASSERT_TRUE(caches_.Insert(MakeCache("a")).has_value());
  for (int number = 0; number < 6; ++number) {
    const auto mode = number < 4 ? RefreshMode::kIncremental : RefreshMode::kFull;
    const auto done = MakeExecution(fmt::format("e{}", number), "a", mode, ExecutionStatus::kFailed, 10 * number);
    ASSERT_TRUE(caches_.Finish(done, MakeLog("a", fmt::format("FAILED {}", number), 10 * number)).has_value());
  }
  ASSERT_TRUE(caches_
                  .Begin(MakeExecution("e6", "a", RefreshMode::kFull, ExecutionStatus::kRunning, 1),
                         MakeLog("a", "STARTED", 200))
                  .has_value());
  const auto ids = [&](int limit, int offset) {
    std::string text;
    const auto history = caches_.History("a", limit, offset).value();
    for (const Execution& execution : history) text += execution.id + " ";
    return text;
  };
  EXPECT_EQ(ids(3, 0), "e6 e5 e4 ");
  EXPECT_EQ(ids(10, 5), "e1 e0 ");
  EXPECT_EQ(caches_.Logs("a", 2)->at(0).action, "STARTED");
  EXPECT_EQ(caches_.Logs("a", 2)->at(1).message, "it's \"so\"");
  ASSERT_TRUE(caches_.ForgetBefore(At(22)).has_value());
  EXPECT_EQ(ids(10, 0), "e6 e5 e4 e3 ");
  ASSERT_TRUE(caches_.ForgetBefore(At(100'000)).has_value());
  EXPECT_EQ(ids(10, 0), "e6 e3 ");
  EXPECT_TRUE(caches_.Logs("a", 10)->empty());
  EXPECT_EQ(ShowAll(CacheRepository(*database_)), ShowAll(caches_));
}

TEST_F(CachesTest, DeletingAProjectForgetsItsCaches) {
  ASSERT_TRUE(caches_.Insert(MakeCache("a", "project1")).has_value());
  ASSERT_TRUE(caches_.Insert(MakeCache("b", "project2")).has_value());
  ASSERT_TRUE(
      caches_
          .Begin(MakeExecution("e", "a", RefreshMode::kFull, ExecutionStatus::kQueued, 1), MakeLog("a", "STARTED", 1))
          .has_value());
  ASSERT_TRUE(accounts_.DeleteProject("project1").has_value());
  EXPECT_FALSE(caches_.Find("a").has_value());
  EXPECT_FALSE(caches_.FindByTable("7", "public", "t-a").has_value());
  EXPECT_TRUE(caches_.Unfinished().empty());
  EXPECT_EQ(caches_.All().size(), 1U);
  EXPECT_EQ(ShowAll(CacheRepository(*database_)), ShowAll(caches_));
}

// Whatever is done in whatever order, memory is what a reopened store reads.
TEST_F(CachesTest, RandomEventsLeaveMemoryAsTheDisk) {
  const auto seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  const auto pick = [&](int count) { return static_cast<int>(random() % static_cast<unsigned>(count)); };
  for (int event = 0; event < 400; ++event) {
    const std::string id = std::to_string(pick(6));
    const std::string execution = fmt::format("{}-{}", id, pick(10));
    const auto mode = execution.back() % 2 == 0 ? RefreshMode::kIncremental : RefreshMode::kFull;
    base::Result<void> result;
    switch (pick(7)) {
      case 0: result = caches_.Insert(MakeCache(id)); break;
      case 1:
        if (pick(4) == 0) result = caches_.Delete(id);
        break;
      case 2:
      case 3:
        result = caches_.Begin(MakeExecution(execution, id, mode, ExecutionStatus::kRunning, event),
                               MakeLog(id, "STARTED", event));
        break;
      case 4:
        result = caches_.Finish(MakeExecution(execution, id, mode, ExecutionStatus::kFailed, event),
                                MakeLog(id, "FAILED", event));
        break;
      case 5:
        result = caches_.Publish(MakeManifest(id, std::to_string(event)),
                                 MakeExecution(execution, id, mode, ExecutionStatus::kCompleted, event),
                                 MakeLog(id, "COMPLETED", event));
        break;
      default: result = caches_.ForgetBefore(At(event - 50)); break;
    }
    if (!result) {
      ASSERT_NE(result.error().kind, ErrorKind::kInternal) << result.error().message;
    }
  }
  EXPECT_EQ(ShowAll(CacheRepository(*database_)), ShowAll(caches_));
}

TEST_F(CachesTest, AThousandCachesLoadQuickly) {
  const std::string wide(4000, 'c');
  ASSERT_TRUE(
      database_
          ->Write([&](soci::session& session) {
            for (int number = 0; number < 1000; ++number) {
              const std::string id = fmt::format("cache-{}", number);
              session << "INSERT INTO caches VALUES (:id, 'project1', '7', 's', :id, 'PT5M', '', 0, NULL, 0, '')",
                  soci::use(id, "id");
              session << "INSERT INTO manifests VALUES (:id, 'g', 'f', 1, 's', 1, 0, :wide, '{}', 0)", soci::use(id),
                  soci::use(wide);
              for (int run = 0; run < 20; ++run) {
                const int key = number * 20 + run;
                session << "INSERT INTO executions VALUES (:n, :n, :id, 'INCREMENTAL', 'COMPLETED', 1, '', '', "
                           "1, 2, 3, 4, '', 'g', 1, 5, 6, 7)",
                    soci::use(key, "n"), soci::use(id, "id");
              }
            }
          })
          .has_value());
  const auto start = std::chrono::steady_clock::now();
  const CacheRepository loaded(*database_);
  const auto took = std::chrono::steady_clock::now() - start;
  EXPECT_EQ(loaded.All().size(), 1000U);
  EXPECT_EQ(loaded.Find("cache-999")->last_incremental->id, std::to_string(19999));
  RecordProperty("milliseconds", static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
  EXPECT_LT(took, std::chrono::milliseconds(300));
}

}  // namespace
}  // namespace tarn::store
