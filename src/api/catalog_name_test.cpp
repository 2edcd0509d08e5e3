#include "api/catalog_name.h"

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

TEST(FreeName, CountsOnUntilNobodyHasIt) {
  EXPECT_EQ(FreeName("shop", [](const std::string&) { return false; }), "shop");
  EXPECT_EQ(FreeName("shop", [](const std::string& name) { return name == "shop" || name == "shop_2"; }), "shop_3");
}

}  // namespace
}  // namespace tarn::api
