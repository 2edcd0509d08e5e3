#include "store/statements.h"

#include <gtest/gtest.h>

#include "store/accounts.h"
#include "store/database.h"
#include "store/folder_test.h"
#include "store/project_test.h"

namespace tarn::store {
namespace {

base::SystemTime At(std::int64_t second) { return base::SystemTime(std::chrono::seconds(second)); }

Statement Running(const std::string& id, std::int64_t second, const std::string& project = "shop") {
  return {.id = id,
          .project_id = project,
          .user = "alice",
          .source = "test",
          .text = "SELECT 'ü' -- " + id,
          .state = "RUNNING",
          .created_at = At(second),
          .started_at = At(second)};
}

Statement Failed(Statement statement) {
  statement.state = "FAILED";
  statement.ended_at = At(99);
  statement.error_kind = "INTERNAL";
  statement.error_code = "GENERIC_INTERNAL_ERROR";
  statement.error_message = "It stopped";
  return statement;
}

class StatementsTest : public testing::Test {
 protected:
  StatementsTest() { Open(); }
  void Open() {
    statements_.reset();
    accounts_.reset();
    database_.reset();
    database_ = *Database::Open(folder_ / "tarn.db");
    accounts_ = std::make_unique<AccountRepository>(*database_);
    statements_ = std::make_unique<StatementRepository>(*database_);
  }
  std::vector<std::string> Ids(const std::string& project) {
    std::vector<std::string> ids;
    const auto listed = statements_->List(project, 100);
    for (const auto& statement : *listed) ids.push_back(statement.id);
    return ids;
  }

  TestFolder folder_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<AccountRepository> accounts_;
  std::unique_ptr<StatementRepository> statements_;
};

TEST_F(StatementsTest, AreThereAfterARestartAndAreReplacedByLaterWords) {
  AddTestProjects(*accounts_, {"shop", "other"});
  auto first = Running("a", 1);
  ASSERT_TRUE(statements_->Put({first, Running("b", 2), Running("c", 3, "other"), Running("d", 4, "gone")}));
  first.state = "FINISHED";
  first.ended_at = At(5);
  first.rows = 7;
  first.bytes = std::int64_t{1} << 40;
  ASSERT_TRUE(statements_->Put({first}));
  Open();
  EXPECT_EQ(*statements_->List("shop", 100), (std::vector<Statement>{Running("b", 2), first}));
  EXPECT_EQ(*statements_->List("shop", 1), std::vector<Statement>{Running("b", 2)});
  EXPECT_EQ(*statements_->Find("shop", "a"), first);
  EXPECT_EQ(*statements_->Find("other", "a"), std::nullopt);
  EXPECT_EQ(Ids("gone"), std::vector<std::string>{});
}

TEST_F(StatementsTest, ThatNobodyEndedFail) {
  AddTestProjects(*accounts_, {"shop"});
  auto ended = Running("a", 1);
  ended.state = "FINISHED";
  ended.ended_at = At(2);
  ASSERT_TRUE(statements_->Put({ended, Running("b", 2)}));
  EXPECT_EQ(*statements_->FailUnfinished(Failed({})), 1);
  EXPECT_EQ(*statements_->List("shop", 100), (std::vector<Statement>{Failed(Running("b", 2)), ended}));
  EXPECT_EQ(*statements_->FailUnfinished(Failed({})), 0);
}

TEST_F(StatementsTest, AreBoundedByAgeAndByNumberInEachProject) {
  AddTestProjects(*accounts_, {"shop", "other"});
  std::vector<Statement> many;
  for (int i = 0; i < 9; ++i) many.push_back(Running(std::to_string(i), 10 + i));
  many.push_back(Running("x", 1, "other"));
  many.push_back(Running("y", 20, "other"));
  ASSERT_TRUE(statements_->Put(many));
  ASSERT_TRUE(statements_->Trim(At(5), 3));
  EXPECT_EQ(Ids("shop"), (std::vector<std::string>{"8", "7", "6"}));
  EXPECT_EQ(Ids("other"), std::vector<std::string>{"y"});
}

}  // namespace
}  // namespace tarn::store
