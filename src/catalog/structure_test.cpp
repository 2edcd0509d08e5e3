#include "catalog/structure.h"

#include <gtest/gtest.h>

namespace tarn::catalog {
namespace {

connector::TableInfo Table(const std::string& type) {
  connector::TableInfo table;
  table.name = {"public", "t"};
  table.columns.push_back(
      {.name = "id", .source_name = "id", .type = type, .engine_type = "BIGINT", .source_type = type});
  return table;
}

TEST(StructureTest, KeepsAnswersForItsLifetimeOnly) {
  Structure lasting(std::chrono::hours(1));
  lasting.KeepTables("public", {{"public", "t"}});
  lasting.KeepTable({"public", "t"}, Table("bigint"));
  ASSERT_TRUE(lasting.Tables("public"));
  EXPECT_EQ(lasting.Tables("public")->size(), 1U);
  EXPECT_FALSE(lasting.Tables("other"));
  EXPECT_TRUE(lasting.Table({"public", "t"}));

  Structure expired(std::chrono::milliseconds(-1));
  expired.KeepTables("public", {{"public", "t"}});
  expired.KeepTable({"public", "t"}, Table("bigint"));
  EXPECT_FALSE(expired.Tables("public"));
  EXPECT_FALSE(expired.Table({"public", "t"}));
}

TEST(StructureTest, NoticesAChangeAlsoAfterTheLifetime) {
  Structure structure(std::chrono::milliseconds(-1));
  EXPECT_FALSE(structure.KeepTable({"public", "t"}, Table("bigint"))) << "the first look is no change";
  EXPECT_FALSE(structure.KeepTable({"public", "t"}, Table("bigint")));
  EXPECT_TRUE(structure.KeepTable({"public", "t"}, Table("varchar")));
  auto wider = Table("varchar");
  wider.columns.push_back(
      {.name = "more", .source_name = "more", .type = "date", .engine_type = "DATE", .source_type = "date"});
  EXPECT_TRUE(structure.KeepTable({"public", "t"}, wider));
}

}  // namespace
}  // namespace tarn::catalog
