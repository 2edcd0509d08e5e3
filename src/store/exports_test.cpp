#include "store/exports.h"

#include <gtest/gtest.h>

#include "store/accounts.h"
#include "store/database.h"
#include "store/folder_test.h"
#include "store/project_test.h"

namespace tarn::store {
namespace {

base::SystemTime At(std::int64_t second) { return base::SystemTime(std::chrono::seconds(second)); }

Export Asked(const std::string& id, std::int64_t second, const std::string& project = "shop") {
  return {.id = id,
          .project_id = project,
          .user_id = "alice",
          .api_key_prefix = "abcdefgh",
          .client_source = "test",
          .format = "CSV",
          .compression = "NONE",
          .query_id = "12",
          .catalog_id = "",
          .schema_name = "",
          .table_name = "",
          .source = "peaka.query.\"ü\"",
          .file_name = "a.csv",
          .created_at = At(second)};
}

Export Ended(Export row, const std::string& status) {
  row.status = status;
  row.rows = 3;
  row.bytes = 30;
  row.ended_at = At(50);
  if (status == "SUCCEEDED") row.expires_at = At(100);
  return row;
}

class ExportsTest : public testing::Test {
 protected:
  ExportsTest() : database_(*Database::Open(folder_ / "tarn.db")), accounts_(*database_), exports_(*database_) {
    AddTestProjects(accounts_, {"shop", "other"});
  }
  std::vector<std::string> Ids(const ExportFilter& filter = {}) {
    std::vector<std::string> ids;
    const auto listed = exports_.List("shop", filter);
    for (const auto& row : *listed) ids.push_back(row.id);
    return ids;
  }
  std::string StatusOf(const std::string& id) { return exports_.Find(id)->value().status; }

  TestFolder folder_;
  std::unique_ptr<Database> database_;
  AccountRepository accounts_;
  ExportRepository exports_;
};

TEST_F(ExportsTest, AreKeptAsTheyAreAndBelongToTheirProject) {
  const auto row = Asked("a", 1);
  ASSERT_TRUE(exports_.Insert(row));
  EXPECT_EQ(**exports_.Find("shop", "a"), row);
  EXPECT_FALSE(exports_.Find("other", "a")->has_value());
  EXPECT_FALSE(exports_.Find("shop", "b")->has_value());
  EXPECT_FALSE(exports_.Insert(Asked("c", 1, "nowhere")));
}

TEST_F(ExportsTest, EndOnceAndOnlyOnce) {
  ASSERT_TRUE(exports_.Insert(Asked("a", 1)));
  EXPECT_TRUE(*exports_.Begin("a", At(2)));
  EXPECT_FALSE(*exports_.Begin("a", At(3)));
  EXPECT_TRUE(*exports_.End(Ended(Asked("a", 1), "CANCELLED")));
  EXPECT_FALSE(*exports_.End(Ended(Asked("a", 1), "SUCCEEDED")));
  EXPECT_EQ(StatusOf("a"), "CANCELLED");
  EXPECT_FALSE(*exports_.Begin("a", At(4)));
  EXPECT_FALSE(*exports_.End(Ended(Asked("b", 1), "SUCCEEDED")));
}

TEST_F(ExportsTest, AreListedFromTheYoungestByStatusAndCursor) {
  for (int i = 1; i <= 4; ++i) ASSERT_TRUE(exports_.Insert(Asked("e" + std::to_string(i), i)));
  ASSERT_TRUE(exports_.Insert(Asked("foreign", 9, "other")));
  ASSERT_TRUE(*exports_.End(Ended(Asked("e2", 2), "FAILED")));
  EXPECT_EQ(Ids(), (std::vector<std::string>{"e4", "e3", "e2", "e1"}));
  EXPECT_EQ(Ids({.created_before = At(3)}), (std::vector<std::string>{"e2", "e1"}));
  EXPECT_EQ(Ids({.limit = 1}), (std::vector<std::string>{"e4"}));
  EXPECT_EQ(Ids({.statuses = {"FAILED", "SUCCEEDED"}, .limit = 1}), (std::vector<std::string>{"e2"}));
}

TEST_F(ExportsTest, ExpireAndAreForgotten) {
  for (const auto* id : {"done", "failed", "open"}) ASSERT_TRUE(exports_.Insert(Asked(id, 1)));
  ASSERT_TRUE(*exports_.End(Ended(Asked("done", 1), "SUCCEEDED")));
  ASSERT_TRUE(*exports_.End(Ended(Asked("failed", 1), "FAILED")));
  ASSERT_TRUE(exports_.Expire(At(99)));
  EXPECT_EQ(StatusOf("done"), "SUCCEEDED");
  ASSERT_EQ(exports_.WithFiles()->size(), 1U);
  ASSERT_TRUE(exports_.Trim(At(60)));
  EXPECT_EQ(Ids(), (std::vector<std::string>{"open", "done"}));
  ASSERT_TRUE(exports_.Expire(At(100)));
  EXPECT_EQ(StatusOf("done"), "EXPIRED");
  EXPECT_TRUE(exports_.WithFiles()->empty());
}

TEST_F(ExportsTest, ThatAStoppedServerLeftFailWithTheReason) {
  ASSERT_TRUE(exports_.Insert(Asked("waiting", 1)));
  ASSERT_TRUE(exports_.Insert(Asked("running", 2)));
  ASSERT_TRUE(*exports_.Begin("running", At(3)));
  EXPECT_EQ(*exports_.FailUnfinished("It stopped", At(4)), 2);
  EXPECT_EQ(StatusOf("waiting"), "FAILED");
  EXPECT_EQ(exports_.Find("running")->value().error, "It stopped");
  EXPECT_EQ(*exports_.FailUnfinished("It stopped", At(5)), 0);
}

TEST_F(ExportsTest, GoWithTheirProject) {
  ASSERT_TRUE(exports_.Insert(Asked("a", 1)));
  ASSERT_TRUE(accounts_.DeleteProject("shop"));
  EXPECT_FALSE(exports_.Find("a")->has_value());
}

}  // namespace
}  // namespace tarn::store
