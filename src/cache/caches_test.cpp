#include "cache/caches.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include "base/ids.h"
#include "cache/check.h"
#include "cache/worker.h"
#include "store/accounts.h"
#include "store/database.h"
#include "store/project_test.h"

namespace tarn::cache {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using store::ExecutionStatus;
using store::RefreshMode;
using testing::HasSubstr;

const char* const kDieAt = "TARN_TEST_DIE_AT";    // the worker ends itself at this step
const char* const kHangAt = "TARN_TEST_HANG_AT";  // the worker stays at this step, alive

// A clock that tests move; its steady time is the machine's.
class MovedClock final : public base::Clock {
 public:
  base::SystemTime Now() const override { return base::RealClock().Now() + seconds(ahead_.load()); }
  base::SteadyTime SteadyNow() const override { return base::RealClock().SteadyNow(); }
  void Advance(seconds by) { ahead_ += by.count(); }

 private:
  std::atomic<std::int64_t> ahead_ = 0;
};

class CachesTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("tarn_caches_" + base::NewUuid());
    std::filesystem::create_directories(folder_);
    Sql("CREATE TABLE customers(id INTEGER PRIMARY KEY, name TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT "
        "i + 1 FROM n "
        "WHERE i < 1000) INSERT INTO customers SELECT i, 'name ' || i FROM n; CREATE TABLE orders(id INTEGER PRIMARY "
        "KEY, total REAL)");
    OpenStore();
    store::AccountRepository accounts(*database_);
    store::AddTestProjects(accounts, {"project1", "project2"});
    const store::Connection connection = {.id = base::NewUuid(),
                                          .project_id = "project1",
                                          .name = "shop",
                                          .type = "SQLITE",
                                          .sealed_credential = "",
                                          .detail = "{}",
                                          .created_at = clock_.Now()};
    auto sealed = connection;
    sealed.sealed_credential = vault_->Seal("{\"path\": \"" + (folder_ / "shop.db").string() + "\"}", connection.id);
    ASSERT_TRUE(connections_->Insert(sealed));
    catalog_ = {.id = base::NewSnowflake(),
                .project_id = "project1",
                .name = "shop",
                .display_name = "Shop",
                .type = "sqlite",
                .connection_id = connection.id,
                .options = "",
                .shared_from = "",
                .created_at = clock_.Now()};
    ASSERT_TRUE(catalog_store_->Insert(catalog_));
    settings_.folder = folder_ / "cache";
    settings_.worker_program = std::filesystem::read_symlink("/proc/self/exe");
    settings_.free_space_floor_bytes = 1;
    StartCaches();
    const auto schemas = catalogs_->Schemas(catalog_, {});
    ASSERT_TRUE(schemas) << schemas.error().message;
    schema_ = schemas->front();
  }
  void TearDown() override {
    ::unsetenv(kDieAt);
    ::unsetenv(kHangAt);
    StopCaches();
    catalogs_.reset();
    generations_.reset();
    std::filesystem::remove_all(folder_);
  }

  void OpenStore() {
    auto vault = security::Vault::Open(folder_ / "master.key", true);
    ASSERT_TRUE(vault);
    vault_ = *std::move(vault);
    auto database = store::Database::Open(folder_ / "tarn.db");
    ASSERT_TRUE(database) << database.error().message;
    database_ = *std::move(database);
    connections_ = std::make_unique<store::ConnectionRepository>(*database_);
    catalog_store_ = std::make_unique<store::CatalogRepository>(*database_);
    cache_store_ = std::make_unique<store::CacheRepository>(*database_);
    auto engine = engine::DuckEngine::Open({.database = {.file = {}, .threads = 2}});
    ASSERT_TRUE(engine) << engine.error().message;
    engine_ = *std::move(engine);
    connector_settings_.file_roots = {folder_};
  }
  void StartCaches() {
    generations_ = std::make_unique<catalog::Generations>(*engine_);
    catalogs_ = std::make_unique<catalog::Catalogs>(catalog::Catalogs::Parts{.catalogs = *catalog_store_,
                                                                             .connections = *connections_,
                                                                             .vault = *vault_,
                                                                             .engine = *engine_,
                                                                             .generations = *generations_,
                                                                             .settings = connector_settings_});
    caches_ = std::make_unique<Caches>(Caches::Parts{.store = *cache_store_,
                                                     .catalogs = *catalogs_,
                                                     .generations = *generations_,
                                                     .catalog_store = *catalog_store_,
                                                     .connections = *connections_,
                                                     .vault = *vault_,
                                                     .clock = clock_,
                                                     .connector_settings = connector_settings_,
                                                     .settings = settings_});
    const auto started = caches_->Start();
    ASSERT_TRUE(started) << started.error().message;
  }
  void StopCaches() {
    if (caches_) caches_->Stop(base::CallLimits::Within(seconds(10)));
    caches_.reset();
  }
  // As after a new start of the server: what was known only in memory is gone.
  void Restart() {
    StopCaches();
    cache_store_.reset();
    cache_store_ = std::make_unique<store::CacheRepository>(*database_);
    StartCaches();
  }

  void Sql(const std::string& statements) { Sql(folder_ / "shop.db", statements); }
  void Sql(const std::filesystem::path& file, const std::string& statements) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
    sqlite3_busy_timeout(database, 10'000);  // the server may be writing at this moment
    char* error = nullptr;
    EXPECT_EQ(sqlite3_exec(database, statements.c_str(), nullptr, nullptr, &error), SQLITE_OK) << (error ? error : "");
    sqlite3_close(database);
  }

  // The control store takes no record of executions, as on a full disk; and takes them again.
  void RefuseRecords() {
    for (const char* event : {"INSERT", "UPDATE"}) {
      Sql(folder_ / "tarn.db", std::string("CREATE TRIGGER refuse_") + event + " BEFORE " + event +
                                   " ON executions BEGIN SELECT RAISE(ABORT, 'full'); END");
    }
  }
  void TakeRecords() { Sql(folder_ / "tarn.db", "DROP TRIGGER refuse_INSERT; DROP TRIGGER refuse_UPDATE"); }

  CacheRequest Request(const std::string& table) {
    CacheRequest request;
    request.catalog_id = catalog_.id;
    request.schema_name = schema_;
    request.table_name = table;
    return request;
  }
  store::Cache Create(const std::string& table) {
    auto cache = caches_->Create("project1", Request(table), {});
    EXPECT_TRUE(cache) << cache.error().message;
    return cache.value_or(store::Cache{});
  }
  std::optional<store::Execution> Last(const store::Cache& cache, RefreshMode mode) {
    const auto state = caches_->Find("project1", cache.id);
    if (!state) return std::nullopt;
    return mode == RefreshMode::kFull ? state->last_full : state->last_incremental;
  }
  // The last execution once it has ended.
  store::Execution Ended(const store::Cache& cache, RefreshMode mode) {
    for (int i = 0; i < 600; ++i) {
      const auto last = Last(cache, mode);
      if (last && last->finished_at) return *last;
      std::this_thread::sleep_for(milliseconds(50));
    }
    ADD_FAILURE() << "the refresh does not end";
    return {};
  }
  store::Execution Refresh(const store::Cache& cache, RefreshMode mode) {
    const auto id = caches_->Refresh("project1", cache.id, mode);
    EXPECT_TRUE(id) << id.error().message;
    return Ended(cache, mode);
  }
  std::vector<std::string> Files(const store::Cache& cache) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(settings_.folder / "project1" / cache.id, error)) {
      names.push_back(entry.path().filename());
    }
    return names;
  }
  std::int64_t RowsServed(const store::Cache& cache) {
    const auto current = generations_->Current({cache.catalog_id, cache.schema_name, cache.table_name});
    return current ? current->row_count : -1;
  }

  MovedClock clock_;
  std::filesystem::path folder_;
  std::string schema_;
  store::Catalog catalog_;
  CacheSettings settings_;
  connector::ConnectorSettings connector_settings_;
  std::unique_ptr<security::Vault> vault_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<store::ConnectionRepository> connections_;
  std::unique_ptr<store::CatalogRepository> catalog_store_;
  std::unique_ptr<store::CacheRepository> cache_store_;
  std::unique_ptr<engine::DuckEngine> engine_;
  std::unique_ptr<catalog::Generations> generations_;
  std::unique_ptr<catalog::Catalogs> catalogs_;
  std::unique_ptr<Caches> caches_;
};

TEST_F(CachesTest, LoadsThenFollowsTheSourceExactly) {
  const auto cache = Create("customers");
  auto execution = Ended(cache, RefreshMode::kFull);
  EXPECT_EQ(execution.status, ExecutionStatus::kCompleted) << execution.error_message;
  EXPECT_EQ(execution.counts.cached, 1000);
  EXPECT_EQ(RowsServed(cache), 1000);
  Sql("INSERT INTO customers VALUES (2001, 'new'), (2002, 'new'); UPDATE customers SET name = 'renamed' WHERE id IN "
      "(5, 6, 7); "
      "DELETE FROM customers WHERE id = 9");
  execution = Refresh(cache, RefreshMode::kIncremental);
  EXPECT_EQ(execution.status, ExecutionStatus::kCompleted) << execution.error_message;
  EXPECT_EQ(execution.counts.inserted, 2);
  EXPECT_EQ(execution.counts.updated, 3);
  EXPECT_EQ(execution.counts.deleted, 1);
  EXPECT_EQ(execution.counts.cached, 1001);
  EXPECT_EQ(RowsServed(cache), 1001);
  execution = Refresh(cache, RefreshMode::kIncremental);
  EXPECT_EQ(execution.counts.inserted + execution.counts.updated + execution.counts.deleted, 0);
  EXPECT_EQ(execution.generation, "");
  EXPECT_EQ(Files(cache).size(), 1U);
  std::ostringstream report;
  const auto sound = VerifyDataFolder(folder_, report);
  ASSERT_TRUE(sound) << sound.error().message;
  EXPECT_TRUE(*sound) << report.str();
  std::ofstream(settings_.folder / "project1" / cache.id / Files(cache).front(), std::ios::in | std::ios::out)
      .seekp(20'000)
      .put('!');
  EXPECT_FALSE(*VerifyDataFolder(folder_, report));
  EXPECT_THAT(report.str(), HasSubstr("DAMAGED"));
}

TEST_F(CachesTest, BatchAnswersEachItemByItself) {
  auto bad = Request("customers");
  bad.full_schedule = "5 minutes";
  auto monthly = Request("orders");
  monthly.full_schedule = "P1M";
  auto minutely = Request("ORDERS");
  minutely.full_schedule = "PT1M";
  auto elsewhere = Request("customers");
  elsewhere.catalog_id = "123456789012345678";
  const auto results = caches_->CreateBatch(
      "project1", {monthly, Request("nothing"), bad, Request("customers"), minutely, elsewhere}, {});
  ASSERT_EQ(results.size(), 6U);
  ASSERT_TRUE(results[0]) << results[0].error().message;
  EXPECT_EQ(results[1].error().field, "tableName");
  EXPECT_EQ(results[2].error().field, "fullRefreshCacheSchedule.expression");
  EXPECT_TRUE(results[3]);
  ASSERT_TRUE(results[4]);
  EXPECT_EQ(results[4]->id, results[0]->id);
  EXPECT_EQ(results[4]->full_schedule, "PT1M");
  EXPECT_EQ(results[5].error().field, "catalogId");
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(caches_->CreateBatch("project1", std::vector(1000, Request("nothing")), {}).size(), 1000U);
  EXPECT_LT(std::chrono::steady_clock::now() - start, seconds(5));
  EXPECT_FALSE(caches_->Create("project2", Request("customers"), {}));
}

TEST_F(CachesTest, ParallelCreationsMakeOneCache) {
  std::vector<std::string> ids(8);
  std::vector<std::thread> threads;
  for (auto& id : ids) threads.emplace_back([&] { id = Create("customers").id; });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), 1U);
  EXPECT_EQ(cache_store_->All().size(), 1U);
}

TEST_F(CachesTest, CancelsInAnyState) {
  const auto cache = Create("customers");
  ASSERT_EQ(Ended(cache, RefreshMode::kFull).status, ExecutionStatus::kCompleted);
  ::setenv(kHangAt, "snapshot", 1);
  ASSERT_TRUE(caches_->Refresh("project1", cache.id, RefreshMode::kFull));
  ASSERT_TRUE(caches_->Refresh("project1", cache.id, RefreshMode::kIncremental));  // waits behind it
  EXPECT_EQ(Last(cache, RefreshMode::kIncremental)->status, ExecutionStatus::kRunning);
  EXPECT_TRUE(caches_->Cancel("project1", cache.id, RefreshMode::kIncremental));
  EXPECT_EQ(Last(cache, RefreshMode::kIncremental)->status, ExecutionStatus::kCancelled);
  std::this_thread::sleep_for(milliseconds(300));
  EXPECT_EQ(caches_->Cancel("project2", cache.id, RefreshMode::kFull).error().kind, base::ErrorKind::kNotFound);
  EXPECT_TRUE(caches_->Cancel("project1", cache.id, RefreshMode::kFull));
  EXPECT_EQ(Ended(cache, RefreshMode::kFull).status, ExecutionStatus::kCancelled);
  EXPECT_EQ(caches_->Cancel("project1", cache.id, RefreshMode::kFull).error().kind, base::ErrorKind::kNotFound);
  ::unsetenv(kHangAt);
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(caches_->Refresh("project1", cache.id, RefreshMode::kFull));
    std::this_thread::sleep_for(milliseconds(i * 15));
    EXPECT_TRUE(caches_->Cancel("project1", cache.id, RefreshMode::kFull));
    EXPECT_EQ(Ended(cache, RefreshMode::kFull).status, ExecutionStatus::kCancelled);
  }
  EXPECT_EQ(RowsServed(cache), 1000);
  EXPECT_EQ(Files(cache).size(), 1U);
}

TEST_F(CachesTest, WorkerThatDiesAtAnyStepLosesNothing) {
  const auto cache = Create("customers");
  ASSERT_EQ(Ended(cache, RefreshMode::kFull).status, ExecutionStatus::kCompleted);
  const auto files = Files(cache);
  for (const char* step : {"attached", "loaded", "committed", "checkpointed", "finished"}) {
    SCOPED_TRACE(step);
    ::setenv(kDieAt, step, 1);
    const auto execution = Refresh(cache, RefreshMode::kFull);
    EXPECT_EQ(execution.status, ExecutionStatus::kFailed);
    EXPECT_THAT(execution.error_message, HasSubstr("worker process"));
    EXPECT_EQ(execution.attempt, 3);
    EXPECT_EQ(RowsServed(cache), 1000);
    EXPECT_EQ(Files(cache), files);
  }
  ::unsetenv(kDieAt);
  EXPECT_EQ(Refresh(cache, RefreshMode::kFull).status, ExecutionStatus::kCompleted);
}

TEST_F(CachesTest, DeletedMidRefreshLeavesNothing) {
  ::setenv(kHangAt, "loaded", 1);
  const auto cache = Create("customers");
  std::this_thread::sleep_for(milliseconds(500));
  EXPECT_TRUE(caches_->Delete("project1", cache.id));
  EXPECT_EQ(caches_->Delete("project1", cache.id).error().kind, base::ErrorKind::kNotFound);
  const auto folder = settings_.folder / "project1" / cache.id;
  for (int i = 0; i < 100 && std::filesystem::exists(folder); ++i) std::this_thread::sleep_for(milliseconds(50));
  EXPECT_FALSE(std::filesystem::exists(folder));
  ::unsetenv(kHangAt);
  EXPECT_EQ(Ended(Create("customers"), RefreshMode::kFull).status, ExecutionStatus::kCompleted);
}

TEST_F(CachesTest, RestartEndsWhatRanAndLoadsAgain) {
  ::setenv(kHangAt, "loaded", 1);
  const auto cache = Create("customers");
  std::this_thread::sleep_for(milliseconds(300));
  StopCaches();
  ::unsetenv(kHangAt);
  std::ofstream(settings_.folder / "project1" / cache.id / "left.duckdb.tmp") << "garbage";
  std::filesystem::create_directories(settings_.folder / "project9" / "gone");
  std::ofstream(settings_.folder / "project9" / "gone" / "left.duckdb") << "garbage";
  Restart();
  EXPECT_EQ(Ended(cache, RefreshMode::kFull).status, ExecutionStatus::kCompleted);
  const auto history = cache_store_->History(cache.id, 10, 0);
  ASSERT_TRUE(history);
  ASSERT_EQ(history->size(), 2U);
  EXPECT_EQ((*history)[1].status, ExecutionStatus::kFailed);
  EXPECT_EQ((*history)[1].error_message, "The server stopped while it ran");
  EXPECT_EQ(Files(cache).size(), 1U);
  EXPECT_FALSE(std::filesystem::exists(settings_.folder / "project9"));
  Restart();
  EXPECT_EQ(RowsServed(cache), 1000);
}

TEST_F(CachesTest, StartAndStopDoNotWaitForHundredsOfRefreshesOneByOne) {
  constexpr int kTables = 300;
  std::string tables;
  std::vector<CacheRequest> requests;
  for (int i = 0; i < kTables; ++i) {
    tables += "CREATE TABLE many" + std::to_string(i) + "(id INTEGER PRIMARY KEY);";
    requests.push_back(Request("many" + std::to_string(i)));
    requests.back().full_schedule = "PT1H";
  }
  Sql(tables);
  ::setenv(kHangAt, "attached", 1);
  for (const auto& made : caches_->CreateBatch("project1", requests, {})) ASSERT_TRUE(made) << made.error().message;
  StopCaches();
  const auto left = cache_store_->Unfinished();
  EXPECT_EQ(left.size(), static_cast<std::size_t>(kTables));
  const auto start = std::chrono::steady_clock::now();
  Restart();
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(1500));
  const auto begun = cache_store_->Unfinished();
  EXPECT_EQ(begun.size(), static_cast<std::size_t>(kTables));
  for (const auto& execution : begun) {
    EXPECT_EQ(std::ranges::count(left, execution.id, &store::Execution::id), 0) << "still RUNNING from before";
  }
  clock_.Advance(std::chrono::hours(30));
  std::this_thread::sleep_for(milliseconds(300));  // the timer is at work on what is due
  const auto stop = std::chrono::steady_clock::now();
  StopCaches();
  EXPECT_LT(std::chrono::steady_clock::now() - stop, milliseconds(3000));
}

TEST_F(CachesTest, FirstLoadThatWasNotRecordedIsBegunOnceThereIsRoom) {
  RefuseRecords();
  const auto cache = Create("customers");
  EXPECT_FALSE(Last(cache, RefreshMode::kFull));
  TakeRecords();
  for (int i = 0; i < 100 && !Last(cache, RefreshMode::kFull); ++i) std::this_thread::sleep_for(milliseconds(50));
  EXPECT_EQ(Ended(cache, RefreshMode::kFull).status, ExecutionStatus::kCompleted);
}

TEST_F(CachesTest, StartOnAFullDiskEndsWhatRanOnceThereIsRoom) {
  ::setenv(kHangAt, "loaded", 1);
  const auto cache = Create("customers");
  std::this_thread::sleep_for(milliseconds(300));
  StopCaches();
  ::unsetenv(kHangAt);
  RefuseRecords();
  Restart();
  EXPECT_EQ(cache_store_->Unfinished().size(), 1U);
  TakeRecords();
  for (int i = 0; i < 100 && RowsServed(cache) < 0; ++i) std::this_thread::sleep_for(milliseconds(50));
  EXPECT_EQ(RowsServed(cache), 1000);
  const auto history = cache_store_->History(cache.id, 10, 0);
  ASSERT_TRUE(history);
  ASSERT_EQ(history->size(), 2U);
  EXPECT_EQ((*history)[0].status, ExecutionStatus::kCompleted);
  EXPECT_EQ((*history)[1].status, ExecutionStatus::kFailed);
}

TEST_F(CachesTest, CatalogDeletedWhileItsTablesAreBeingCachedLeavesNoCache) {
  ::setenv(kHangAt, "attached", 1);
  for (int round = 0; round < 8; ++round) {
    auto catalog = catalog_;
    catalog.id = base::NewSnowflake();
    catalog.name = "round" + std::to_string(round);
    ASSERT_TRUE(catalog_store_->Insert(catalog));
    std::thread creator([&] {
      for (const char* table : {"customers", "orders", "customers", "orders"}) {
        auto request = Request(table);
        request.catalog_id = catalog.id;
        const auto made = caches_->Create("project1", request, {});
        EXPECT_TRUE(made || made.error().field == "catalogId") << made.error().message;
      }
    });
    std::this_thread::sleep_for(milliseconds(2 * round));
    ASSERT_TRUE(caches_->DeleteByCatalog(catalog.id));
    ASSERT_TRUE(catalog_store_->Delete("project1", catalog.id));
    ASSERT_TRUE(caches_->DeleteByCatalog(catalog.id));
    creator.join();
    EXPECT_TRUE(cache_store_->ListByCatalog(catalog.id).empty()) << "round " << round;
  }
}

TEST_F(CachesTest, MissingFileIsLoadedAgain) {
  const auto cache = Create("customers");
  ASSERT_EQ(Ended(cache, RefreshMode::kFull).status, ExecutionStatus::kCompleted);
  StopCaches();
  std::filesystem::remove_all(settings_.folder);
  Restart();
  for (int i = 0; i < 200 && RowsServed(cache) < 0; ++i) std::this_thread::sleep_for(milliseconds(50));
  EXPECT_EQ(RowsServed(cache), 1000);
}

TEST_F(CachesTest, SchedulesFireAndMissedRunsAreMadeUpOnce) {
  auto request = Request("customers");
  request.incremental_schedule = "PT1H";
  const auto cache = caches_->Create("project1", request, {});
  ASSERT_TRUE(cache);
  EXPECT_EQ(Ended(*cache, RefreshMode::kIncremental).counts.inserted, 1000);
  const auto first = Last(*cache, RefreshMode::kIncremental)->id;
  clock_.Advance(std::chrono::hours(30));
  for (int i = 0; i < 200 && Last(*cache, RefreshMode::kIncremental)->id == first; ++i)
    std::this_thread::sleep_for(milliseconds(50));
  EXPECT_TRUE(Ended(*cache, RefreshMode::kIncremental).scheduled);
  std::this_thread::sleep_for(milliseconds(600));
  EXPECT_EQ(cache_store_->History(cache->id, 10, 0)->size(), 2U);
  EXPECT_GT(*caches_->Find("project1", cache->id)->cache.next_incremental, clock_.Now() + std::chrono::minutes(59));
  const auto changed =
      caches_->UpdateSettings("project1", cache->id, {.incremental_schedule = "", .full_schedule = "P1D"}, {});
  ASSERT_TRUE(changed) << changed.error().message;
  EXPECT_EQ(changed->incremental_schedule, "");
  EXPECT_EQ(changed->full_schedule, "P1D");
  EXPECT_EQ(caches_->UpdateSettings("project1", cache->id, {.full_schedule = "PT30S"}, {}).error().field,
            "fullRefreshCacheSchedule.expression");
}

TEST_F(CachesTest, QuotaKeepsTheOldCopy) {
  const auto cache = Create("customers");
  ASSERT_EQ(Ended(cache, RefreshMode::kFull).status, ExecutionStatus::kCompleted);
  StopCaches();
  settings_.quota_bytes_per_project = 1000;
  Restart();
  const auto execution = Refresh(cache, RefreshMode::kFull);
  EXPECT_EQ(execution.status, ExecutionStatus::kFailed);
  EXPECT_THAT(execution.error_message, HasSubstr("quota"));
  EXPECT_EQ(RowsServed(cache), 1000);
}

// The test program as a worker, which ends or stays where the test wants it.
int ActAsWorker() {
  return ServeOneRefresh([](std::string_view step) {
    const char* die = std::getenv(kDieAt);
    const char* hang = std::getenv(kHangAt);
    if (die != nullptr && step == die) ::raise(SIGKILL);
    if (hang != nullptr && step == hang) std::this_thread::sleep_for(std::chrono::hours(1));
  });
}

}  // namespace
}  // namespace tarn::cache

int main(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == "worker") return tarn::cache::ActAsWorker();
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
