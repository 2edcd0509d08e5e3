#include "engine/database.h"

#include <gmock/gmock.h>

#include <chrono>
#include <filesystem>
#include <thread>

namespace tarn::engine {
namespace {

using base::CallLimits;
using base::ErrorKind;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kEndless =
    "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE (a.range * b.range) % 7 = 3";

class DatabaseTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = Database::Open({.threads = 2});
    ASSERT_TRUE(opened) << opened.error().message;
    database_ = *std::move(opened);
    session_ = Connect();
  }

  std::unique_ptr<Session> Connect() {
    auto session = database_->Connect();
    EXPECT_TRUE(session);
    return *std::move(session);
  }

  base::Error Failure(std::string_view sql, const CallLimits& limits = {}) {
    const auto rows = session_->Rows(sql, limits);
    EXPECT_FALSE(rows) << sql;
    return rows ? base::Error{} : rows.error();
  }

  std::unique_ptr<Database> database_;
  std::unique_ptr<Session> session_;
};

TEST_F(DatabaseTest, GivesRowsAsTexts) {
  const auto rows = session_->Rows("SELECT 1, 'a', NULL UNION ALL SELECT 2, 'b', 3 ORDER BY 1");
  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_EQ(rows->size(), 2U);
  EXPECT_EQ((*rows)[0][1], "a");
  EXPECT_EQ((*rows)[0][2], std::nullopt);
  EXPECT_EQ((*rows)[1][2], "3");
}

TEST_F(DatabaseTest, CountsChangedRowsOfTheLastStatement) {
  EXPECT_EQ(session_->Execute("CREATE TABLE t(i INTEGER)").value(), 0);
  EXPECT_EQ(session_->Execute("INSERT INTO t VALUES (1), (2); INSERT INTO t SELECT range FROM range(5)").value(), 5);
  EXPECT_EQ(session_->Execute("SELECT * FROM t").value(), 0);
  EXPECT_EQ(session_->Integer("SELECT count(*) FROM t").value(), 7);
}

TEST_F(DatabaseTest, StreamsManyChunks) {
  auto stream = session_->Query("SELECT range AS n FROM range(100000)");
  ASSERT_TRUE(stream) << stream.error().message;
  ASSERT_EQ((*stream)->columns().size(), 1U);
  EXPECT_EQ((*stream)->columns()[0].name, "n");
  EXPECT_EQ((*stream)->columns()[0].type, "bigint");
  std::size_t rows = 0;
  for (;;) {
    auto chunk = (*stream)->Next();
    ASSERT_TRUE(chunk) << chunk.error().message;
    if (!*chunk) break;
    rows += (*chunk)->rows();
  }
  EXPECT_EQ(rows, 100000U);
  EXPECT_FALSE((*stream)->Next().value());
}

TEST_F(DatabaseTest, AnErrorAfterTheFirstRowsIsNotAnEnd) {
  auto stream =
      session_->Query("SELECT CASE WHEN range = 9000000 THEN error('late') ELSE range END FROM range(10000000)");
  ASSERT_TRUE(stream) << stream.error().message;
  std::size_t rows = 0;
  for (;;) {
    auto chunk = (*stream)->Next();
    if (!chunk) {
      EXPECT_EQ(chunk.error().kind, ErrorKind::kInvalidArgument);
      EXPECT_EQ(chunk.error().message, "late");
      break;
    }
    ASSERT_TRUE(*chunk) << "ended early after " << rows;
    rows += (*chunk)->rows();
  }
  EXPECT_GT(rows, 0U);
}

TEST_F(DatabaseTest, ADeadlineStopsAStatement) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(Failure(kEndless, CallLimits::Within(100ms)).kind, ErrorKind::kDeadlineExceeded);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
  EXPECT_EQ(session_->Integer("SELECT 1").value(), 1);
}

TEST_F(DatabaseTest, AStopRequestCancelsAStatement) {
  std::stop_source stop;
  std::jthread stopper([&] {
    std::this_thread::sleep_for(50ms);
    stop.request_stop();
  });
  EXPECT_EQ(Failure(kEndless, {.cancel = stop.get_token()}).kind, ErrorKind::kCancelled);
  EXPECT_EQ(Failure("SELECT 1", {.cancel = stop.get_token()}).kind, ErrorKind::kCancelled);
  EXPECT_EQ(session_->Integer("SELECT 1").value(), 1);
}

TEST_F(DatabaseTest, InterruptStopsFromAnotherThread) {
  std::jthread stopper([&](const std::stop_token& done) {
    while (!done.stop_requested()) {
      std::this_thread::sleep_for(20ms);
      session_->Interrupt();
    }
  });
  EXPECT_EQ(Failure(kEndless).kind, ErrorKind::kCancelled);
}

TEST_F(DatabaseTest, ADroppedStreamStopsAndLeavesTheSessionUsable) {
  {
    auto stream = session_->Query("SELECT a.range FROM range(10000000) a, range(10000000) b");
    ASSERT_TRUE(stream);
    ASSERT_TRUE((*stream)->Next());
  }
  EXPECT_EQ(session_->Integer("SELECT 42").value(), 42);
}

TEST_F(DatabaseTest, DeadlineHoldsForTheStreamsWholeLife) {
  auto stream = session_->Query("SELECT a.range FROM range(10000000) a, range(1000) b", CallLimits::Within(1s));
  ASSERT_TRUE(stream);
  for (;;) {
    auto chunk = (*stream)->Next();
    if (chunk) continue;
    EXPECT_EQ(chunk.error().kind, ErrorKind::kDeadlineExceeded);
    break;
  }
}

TEST_F(DatabaseTest, NamesErrorsAsTrinoDoes) {
  EXPECT_EQ(Failure("SELECT CAST('x' AS INTEGER)").code, "INVALID_CAST_ARGUMENT");
  EXPECT_EQ(Failure("SELECT 9223372036854775807 + range FROM range(2)").code, "NUMERIC_VALUE_OUT_OF_RANGE");
  EXPECT_EQ(Failure("SELECT (SELECT range FROM range(2))").code, "SUBQUERY_MULTIPLE_ROWS");
  const auto missing = Failure("SELECT * FROM nowhere");
  EXPECT_EQ(missing.kind, ErrorKind::kNotFound);
  EXPECT_EQ(missing.code, "TABLE_NOT_FOUND");
  EXPECT_EQ(missing.position, (base::SqlPosition{1, 15}));
}

TEST_F(DatabaseTest, ErrorsHoldNoPathsAndNoStatement) {
  const auto unreadable = Failure("SELECT * FROM read_csv('/secret/place.csv')");
  EXPECT_EQ(unreadable.kind, ErrorKind::kUnavailable);
  EXPECT_THAT(unreadable.message, Not(HasSubstr("secret")));
  EXPECT_THAT(Failure("SELECT CAST('x' AS INTEGER)").message, Not(HasSubstr("LINE 1")));
  EXPECT_THAT(Failure("SELEC 1").message, Not(HasSubstr("SELEC")));
  const auto opened = Database::Open({.file = "/nowhere/at/all.duckdb", .read_only = true});
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, Not(HasSubstr("nowhere")));
}

TEST_F(DatabaseTest, TooLittleMemoryIsResourceExhausted) {
  auto small = Database::Open({.memory_limit_bytes = 16 << 20, .threads = 1});
  ASSERT_TRUE(small);
  auto session = (*small)->Connect();
  ASSERT_TRUE(session);
  const auto failed = (*session)->Execute("CREATE TABLE t AS SELECT range, uuid() AS u FROM range(10000000)");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::kResourceExhausted);
}

TEST_F(DatabaseTest, ManySessionsRunAtOnce) {
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this] {
      auto session = Connect();
      for (int i = 0; i < 50; ++i) {
        EXPECT_EQ(session->Integer("SELECT sum(range) FROM range(1000)", CallLimits::Within(60s)).value(), 499500);
      }
    });
  }
}

TEST_F(DatabaseTest, NothingIsFetchedFromTheNetwork) {
  EXPECT_FALSE(session_->Execute("INSTALL spatial"));
  EXPECT_FALSE(session_->Rows("SELECT ST_Point(1, 2)"));
}

}  // namespace
}  // namespace tarn::engine
