#include "store/metadata.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/accounts.h"
#include "store/database.h"
#include "store/folder_test.h"
#include "store/golden_queries.h"
#include "store/project_test.h"

namespace tarn::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class MetadataStoreTest : public ::testing::Test {
 protected:
  MetadataStoreTest() : database_(Database::Open(folder_ / "store.db").value()), metadata_(*database_) {
    AccountRepository accounts(*database_);
    AddTestProjects(accounts, {"shop", "other"});
  }

  const TestFolder folder_;
  std::unique_ptr<Database> database_;
  MetadataRepository metadata_;
};

const TableAddress kTable{"1", "table", "orders"};

TEST_F(MetadataStoreTest, NotesAreReplaced) {
  TableNotes notes{.project_id = "shop", .table = kTable, .description = std::nullopt, .columns = "{\"a\":{}}"};
  ASSERT_TRUE(metadata_.Save(notes));
  notes.description = "ü";
  ASSERT_TRUE(metadata_.Save(notes));
  EXPECT_THAT(metadata_.Notes("shop").value(), ElementsAre(notes));
  EXPECT_THAT(metadata_.Notes("other").value(), IsEmpty());
}

TEST_F(MetadataStoreTest, ASwitchRemovesThoseBelowIt) {
  const AiSwitch table{.project_id = "shop", .where = kTable, .use = false};
  const AiSwitch elsewhere{.project_id = "shop", .where = {"1", "bitable", "x"}, .use = false};
  const AiSwitch schema{.project_id = "shop", .where = {"1", "table", ""}, .use = true};
  const AiSwitch catalog{.project_id = "shop", .where = {"1", "", ""}, .use = false};
  ASSERT_TRUE(metadata_.Set(table));
  ASSERT_TRUE(metadata_.Set(elsewhere));
  ASSERT_TRUE(metadata_.Set(schema));
  EXPECT_THAT(metadata_.Switches("shop").value(), ::testing::UnorderedElementsAre(elsewhere, schema));
  ASSERT_TRUE(metadata_.Set(catalog));
  EXPECT_THAT(metadata_.Switches("shop").value(), ElementsAre(catalog));
}

TEST_F(MetadataStoreTest, AReadingIsKeptOnlyWhileItIsWanted) {
  CategoricalColumn column{.project_id = "shop", .column = {kTable, "status"}, .limit = 10, .frequency = "DAILY"};
  ASSERT_TRUE(metadata_.Save(column));
  auto reading = column;
  reading.values = "[\"paid\"]";
  column.limit = 2;
  ASSERT_TRUE(metadata_.Save(column));
  ASSERT_TRUE(metadata_.SaveReading(reading));  // of what was asked before
  EXPECT_THAT(metadata_.Categorical("").value(), ElementsAre(column));
  EXPECT_TRUE(metadata_.DeleteCategorical("shop", column.column).value());
  EXPECT_FALSE(metadata_.DeleteCategorical("shop", column.column).value());
}

TEST_F(MetadataStoreTest, EverythingGoesWithItsProject) {
  GoldenQueryRepository golden(*database_);
  ASSERT_TRUE(metadata_.Insert(Relation{
      .id = "r", .project_id = "shop", .source = {kTable, "a"}, .target = {kTable, "b"}, .type = "ONE_TO_ONE"}));
  ASSERT_TRUE(metadata_.Save(MetadataCallback{.project_id = "shop", .url = "http://x", .token = "sealed"}));
  ASSERT_TRUE(metadata_.Save(MetadataRefresh{.project_id = "shop", .catalog_id = "1", .id = "i", .status = "waiting"}));
  ASSERT_TRUE(golden.Insert({.id = "g", .project_id = "shop", .prompt = "p", .statement = "SELECT 1"}));
  ASSERT_TRUE(AccountRepository(*database_).DeleteProject("shop"));
  EXPECT_THAT(metadata_.Relations("shop").value(), IsEmpty());
  EXPECT_EQ(metadata_.Callback("shop").value(), std::nullopt);
  EXPECT_THAT(metadata_.Refreshes("").value(), IsEmpty());
  EXPECT_THAT(golden.List("").value(), IsEmpty());
  EXPECT_EQ(metadata_.Save(TableNotes{.project_id = "shop", .table = kTable}).error().kind,
            base::ErrorKind::kFailedPrecondition);
}

TEST_F(MetadataStoreTest, AGoldenQueryIsStoredOnce) {
  GoldenQueryRepository golden(*database_);
  const GoldenQuery query{.id = "first", .project_id = "shop", .prompt = "p", .statement = "SELECT 1"};
  auto again = query;
  again.id = "second";
  EXPECT_EQ(golden.Insert(query).value().id, "first");
  EXPECT_EQ(golden.Insert(again).value().id, "first");
  EXPECT_THAT(golden.List("shop").value(), ElementsAre(query));
  EXPECT_FALSE(golden.Delete("other", "first").value());
  EXPECT_TRUE(golden.Delete("shop", "first").value());
}

}  // namespace
}  // namespace tarn::store
