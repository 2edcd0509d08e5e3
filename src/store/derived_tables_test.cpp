#include "store/derived_tables.h"

#include <gtest/gtest.h>

#include "store/accounts.h"
#include "store/catalogs.h"
#include "store/database.h"
#include "store/folder_test.h"
#include "store/project_test.h"
#include "store/queries.h"

namespace tarn::store {
namespace {

class DerivedTablesTest : public testing::Test {
 protected:
  DerivedTablesTest() {
    Open();
    AddTestProjects(*accounts_, {"shop"});
    EXPECT_TRUE(catalogs_->Insert({.id = "7",
                                   .project_id = "shop",
                                   .name = "meanings",
                                   .display_name = "Meanings",
                                   .type = "semantic",
                                   .connection_id = "",
                                   .options = "",
                                   .shared_from = ""}));
    EXPECT_TRUE(queries_->Insert({.id = "1",
                                  .project_id = "shop",
                                  .display_name = "q",
                                  .name = "q",
                                  .input_query = "SELECT 1",
                                  .query_type = kPlainType,
                                  .schedule = "",
                                  .folder_id = ""}));
    EXPECT_TRUE(tables_->Insert(semantic_));
    EXPECT_TRUE(tables_->Insert(parametric_));
  }
  void Open() {
    tables_.reset();
    queries_.reset();
    catalogs_.reset();
    accounts_.reset();
    database_.reset();
    database_ = *Database::Open(folder_ / "tarn.db");
    accounts_ = std::make_unique<AccountRepository>(*database_);
    catalogs_ = std::make_unique<CatalogRepository>(*database_);
    queries_ = std::make_unique<QueryRepository>(*database_);
    tables_ = std::make_unique<DerivedTableRepository>(*database_);
  }

  const SemanticTable semantic_ = {
      .id = "70", .catalog_id = "7", .schema = "sales", .table = "Paid ü", .query_id = "1"};
  const ParametricTable parametric_ = {.id = "p1",
                                       .catalog_id = "7",
                                       .from_schema = "public",
                                       .from_table = "orders",
                                       .schema = "views",
                                       .table = "paid",
                                       .parameters = R"([{"key":"status","value":"paid"}])"};
  TestFolder folder_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<AccountRepository> accounts_;
  std::unique_ptr<CatalogRepository> catalogs_;
  std::unique_ptr<QueryRepository> queries_;
  std::unique_ptr<DerivedTableRepository> tables_;
};

TEST_F(DerivedTablesTest, AreThereAfterARestart) {
  for (int restarts = 0; restarts < 2; ++restarts) {
    ASSERT_EQ(tables_->Semantic("7").size(), 1);
    EXPECT_EQ(tables_->Semantic("7")[0].table, "Paid ü");
    EXPECT_EQ(tables_->FindSemantic("70")->query_id, "1");
    ASSERT_EQ(tables_->Parametric("7").size(), 1);
    EXPECT_EQ(tables_->Parametric("7")[0].from_table, "orders");
    EXPECT_EQ(tables_->Parametric("7")[0].parameters, parametric_.parameters);
    EXPECT_TRUE(tables_->Semantic("8").empty());
    Open();
  }
  ASSERT_TRUE(tables_->DeleteSemantic("70"));
  ASSERT_TRUE(tables_->DeleteParametric("p1"));
  EXPECT_EQ(tables_->DeleteSemantic("70").error().kind, base::ErrorKind::kNotFound);
  EXPECT_EQ(tables_->DeleteParametric("p1").error().kind, base::ErrorKind::kNotFound);
  Open();
  EXPECT_TRUE(tables_->Semantic("7").empty());
  EXPECT_TRUE(tables_->Parametric("7").empty());
}

TEST_F(DerivedTablesTest, NamesAreUniqueInTheirCatalog) {
  auto semantic = semantic_;
  semantic.id = "71";
  EXPECT_EQ(tables_->Insert(semantic).error().kind, base::ErrorKind::kAlreadyExists);
  auto parametric = parametric_;
  parametric.id = "p2";
  EXPECT_EQ(tables_->Insert(parametric).error().kind, base::ErrorKind::kAlreadyExists);
  parametric.catalog_id = "8";
  EXPECT_EQ(tables_->Insert(parametric).error().kind, base::ErrorKind::kFailedPrecondition);
}

TEST_F(DerivedTablesTest, GoWithTheirQueryAndTheirCatalog) {
  ASSERT_TRUE(queries_->Delete("shop", "1"));
  EXPECT_EQ(tables_->DeleteSemantic("70").error().kind, base::ErrorKind::kNotFound);
  tables_->ForgetQuery("1");
  EXPECT_TRUE(tables_->Semantic("7").empty());
  ASSERT_TRUE(catalogs_->Delete("shop", "7"));
  EXPECT_EQ(tables_->DeleteParametric("p1").error().kind, base::ErrorKind::kNotFound);
  tables_->ForgetCatalog("7");
  EXPECT_TRUE(tables_->Parametric("7").empty());
}

}  // namespace
}  // namespace tarn::store
