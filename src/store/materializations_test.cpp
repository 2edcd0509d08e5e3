#include "store/materializations.h"

#include <gtest/gtest.h>

#include "store/accounts.h"
#include "store/database.h"
#include "store/folder_test.h"
#include "store/project_test.h"
#include "store/queries.h"

namespace tarn::store {
namespace {

base::SystemTime At(std::int64_t second) { return base::SystemTime(std::chrono::seconds(second)); }

class MaterializationsTest : public testing::Test {
 protected:
  MaterializationsTest() {
    Open();
    AddTestProjects(*accounts_, {"shop", "other"});
    for (const char* id : {"1", "2"}) {
      EXPECT_TRUE(queries_->Insert({.id = id,
                                    .project_id = "shop",
                                    .display_name = id,
                                    .name = std::string("q") + id,
                                    .input_query = "SELECT 1",
                                    .query_type = kMaterializedType,
                                    .schedule = "",
                                    .folder_id = ""}));
      EXPECT_TRUE(materializations_->Insert(
          {.id = id, .project_id = "shop", .created_at = At(1), .next_run = At(60), .pending = true}));
    }
  }
  void Open() {
    materializations_.reset();
    queries_.reset();
    accounts_.reset();
    database_.reset();
    database_ = *Database::Open(folder_ / "tarn.db");
    accounts_ = std::make_unique<AccountRepository>(*database_);
    queries_ = std::make_unique<QueryRepository>(*database_);
    materializations_ = std::make_unique<MaterializationRepository>(*database_);
  }
  Materialization Get(const std::string& id) { return materializations_->Find(id).value(); }

  const QueryRun running_ = {.id = "run", .status = RunStatus::kRunning, .scheduled = true, .started_at = At(5)};
  const StoredResult result_ = {.generation = "g1",
                                .file = "shop/1/g1.duckdb",
                                .file_bytes = 4096,
                                .checksum = "abc",
                                .row_count = 7,
                                .table = "{}",
                                .inputs = "[]",
                                .loaded_at = At(5),
                                .published_at = At(6)};
  TestFolder folder_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<AccountRepository> accounts_;
  std::unique_ptr<QueryRepository> queries_;
  std::unique_ptr<MaterializationRepository> materializations_;
};

TEST_F(MaterializationsTest, AResultComesWithTheRunThatMadeIt) {
  ASSERT_TRUE(materializations_->SaveRun("1", running_));
  EXPECT_FALSE(Get("1").pending);
  EXPECT_FALSE(Get("1").result);
  auto completed = running_;
  completed.status = RunStatus::kCompleted;
  completed.ended_at = At(6);
  ASSERT_TRUE(materializations_->Publish("1", result_, completed));
  for (int restarts = 0; restarts < 2; ++restarts) {
    const auto kept = Get("1");
    EXPECT_EQ(kept.run.status, RunStatus::kCompleted);
    EXPECT_TRUE(kept.run.scheduled);
    EXPECT_EQ(kept.run.started_at, At(5));
    EXPECT_EQ(kept.run.ended_at, At(6));
    EXPECT_EQ(kept.next_run, At(60));
    ASSERT_TRUE(kept.result);
    EXPECT_EQ(kept.result->generation, "g1");
    EXPECT_EQ(kept.result->row_count, 7);
    EXPECT_EQ(kept.result->published_at, At(6));
    EXPECT_TRUE(Get("2").pending);
    EXPECT_FALSE(Get("2").result);
    Open();
  }
}

TEST_F(MaterializationsTest, AFailureLeavesTheResult) {
  ASSERT_TRUE(materializations_->Publish("1", result_, running_));
  auto failed = running_;
  failed.status = RunStatus::kFailed;
  failed.error_code = "DIVISION_BY_ZERO";
  failed.error_message = "Division by zero";
  ASSERT_TRUE(materializations_->SaveRun("1", failed));
  Open();
  EXPECT_EQ(Get("1").run.error_message, "Division by zero");
  EXPECT_EQ(Get("1").result->generation, "g1");
}

TEST_F(MaterializationsTest, WhatWasAskedForDuringARunStaysPending) {
  ASSERT_TRUE(materializations_->SaveRun("1", running_));
  ASSERT_TRUE(materializations_->SetPending("1", true));
  auto failed = running_;
  failed.status = RunStatus::kFailed;
  ASSERT_TRUE(materializations_->SaveRun("1", failed));
  EXPECT_TRUE(Get("1").pending);
  Open();
  EXPECT_TRUE(Get("1").pending);
}

TEST_F(MaterializationsTest, GoesWithItsQueryAndItsProject) {
  ASSERT_TRUE(queries_->Delete("shop", "1"));
  const auto published = materializations_->Publish("1", result_, running_);
  ASSERT_FALSE(published);
  EXPECT_EQ(published.error().kind, base::ErrorKind::kNotFound);
  ASSERT_TRUE(accounts_->DeleteProject("shop"));
  EXPECT_TRUE(materializations_->All().empty());
  Open();
  EXPECT_TRUE(materializations_->All().empty());
}

TEST_F(MaterializationsTest, AQueryHasOne) {
  const auto again = materializations_->Insert({.id = "1", .project_id = "shop"});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, base::ErrorKind::kAlreadyExists);
  const auto none = materializations_->Insert({.id = "3", .project_id = "shop"});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, base::ErrorKind::kFailedPrecondition);
}

}  // namespace
}  // namespace tarn::store
