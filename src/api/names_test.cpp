#include "api/names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tarn::api {
namespace {

TEST(CatalogName, IsDerivedFromTheDisplayName) {
  EXPECT_EQ(CatalogName("Stripe Code2"), "stripe_code2");
  EXPECT_EQ(CatalogName("exampleAirtableCatalog"), "exampleairtablecatalog");
  EXPECT_EQ(CatalogName("a-b.c\"d'e;"), "a_b_c_d_e_");
  EXPECT_EQ(CatalogName("Größe"), "größe");
}

TEST(QueryName, DropsBlanks) {
  EXPECT_EQ(QueryName("Revenue Report"), "revenuereport");
  EXPECT_EQ(QueryName("sampleQuery"), "samplequery");
}

TEST(CatalogName, ReservedOnesAreKnown) {
  EXPECT_TRUE(IsReservedCatalogName("peaka"));
  EXPECT_TRUE(IsReservedCatalogName("system"));
  EXPECT_FALSE(IsReservedCatalogName("shop"));
}

TEST(CheckName, CountsCharacters) {
  EXPECT_TRUE(CheckName("ü", "name").has_value());
  EXPECT_EQ(CheckName("", "name").error().field, "name");
  EXPECT_FALSE(CheckName(" \t", "name").has_value());
  std::string longest;
  for (int i = 0; i < 255; ++i) longest += "ü";
  EXPECT_TRUE(CheckName(longest, "name").has_value());
  EXPECT_FALSE(CheckName(longest + "x", "name").has_value());
}

TEST(ProjectDomain, IsASlugWithARandomEnding) {
  EXPECT_THAT(ProjectDomain("Sample Project/Name"), testing::MatchesRegex("sampleprojectname-[a-z][a-z][a-z][a-z]"));
  EXPECT_THAT(ProjectDomain("日本"), testing::MatchesRegex("project-[a-z]+"));
}

TEST(FreeName, CountsOnUntilNobodyHasIt) {
  EXPECT_EQ(FreeName("shop", [](const std::string&) { return false; }), "shop");
  EXPECT_EQ(FreeName("shop", [](const std::string& name) { return name == "shop" || name == "shop_2"; }), "shop_3");
}

}  // namespace
}  // namespace tarn::api
