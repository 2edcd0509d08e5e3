#include "query/history.h"

#include <gmock/gmock.h>

#include "store/accounts.h"
#include "store/database.h"
#include "store/folder_test.h"
#include "store/project_test.h"

namespace tarn::query {
namespace {

StatementRecord Record(const std::string& text, const std::string& project = "shop") {
  return {.id = {}, .project_id = project, .user = "alice", .source = "test", .text = text};
}

class HistoryTest : public testing::Test {
 protected:
  HistoryTest() : database_(*store::Database::Open(folder_ / "tarn.db")), accounts_(*database_), store_(*database_) {
    store::AddTestProjects(accounts_, {"shop", "other"});
  }

  store::TestFolder folder_;
  std::unique_ptr<store::Database> database_;
  store::AccountRepository accounts_;
  store::StatementRepository store_;
};

TEST_F(HistoryTest, NothingIsLostAtAStop) {
  {
    History history({}, &store_);
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 250; ++i) {
          const auto statement = history.Begin(Record("SELECT " + std::to_string(i)));
          statement->Started();
          statement->AddRows(3);
          statement->AddBytes(10);
          history.End(statement, std::nullopt);
        }
      });
    }
    threads.clear();
    EXPECT_EQ(history.List("shop")->size(), 1000U);
  }
  const auto stored = store_.List("shop", 2000);
  ASSERT_EQ(stored->size(), 1000U);
  EXPECT_TRUE(std::ranges::all_of(*stored, [](const store::Statement& row) {
    return row.state == "FINISHED" && row.rows == 3 && row.bytes == 10 && row.started_at && row.ended_at;
  }));
}

TEST_F(HistoryTest, WhatRunsIsSeenOnceAndKilledByItsOwnProjectAlone) {
  History history({}, &store_);
  const auto statement = history.Begin(Record("SELECT 1"));
  const auto id = statement->record().id;
  std::this_thread::sleep_for(std::chrono::milliseconds(500));  // it is in the store by now
  EXPECT_EQ(store_.Find("shop", id)->value().state, "QUEUED");
  EXPECT_EQ(history.List("shop")->size(), 1U);
  EXPECT_EQ(history.Kill("other", id, "").error().kind, base::ErrorKind::kNotFound);
  EXPECT_EQ(history.Find("other", id).error().kind, base::ErrorKind::kNotFound);
  EXPECT_TRUE(history.Kill("shop", id, "enough"));
  EXPECT_TRUE(statement->stop().stop_requested());
  history.End(statement, statement->Shown(base::Cancelled("stopped").error()));
  const auto found = history.Find("shop", id);
  EXPECT_EQ(found->error->code, "ADMINISTRATIVELY_KILLED");
  EXPECT_EQ(found->error->message, "Query killed. Message: enough");
  EXPECT_EQ(history.Kill("shop", id, "").error().code, "INVALID_PROCEDURE_ARGUMENT");
}

TEST_F(HistoryTest, ALongTextIsCutWhereACharacterBegins) {
  History history({}, &store_);
  std::string text(History::kLongestText - 1, 'x');
  text += "üü";
  const auto statement = history.Begin(Record(text));
  EXPECT_EQ(statement->record().text.size(), History::kLongestText - 1);
}

}  // namespace
}  // namespace tarn::query
