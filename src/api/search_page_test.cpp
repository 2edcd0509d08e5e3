#include "api/search_page.h"

#include <gtest/gtest.h>

namespace tarn::api {
namespace {

std::vector<CatalogSchemaTable> Named(int count) {
  std::vector<CatalogSchemaTable> items;
  for (int i = 0; i < count; ++i)
    items.push_back({.catalog = std::to_string(i), .schema = std::nullopt, .table = std::nullopt});
  return items;
}

TEST(SearchPage, WalksToTheEnd) {
  std::vector<std::string> seen;
  std::optional<std::int32_t> offset = 0;
  while (offset) {
    SearchPage page(2, *offset);
    const auto cut = page.Cut(Named(5));
    for (const auto& item : cut.value()) seen.push_back(item.catalog);
    offset = page.Shown().nextOffset;
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"0", "1", "2", "3", "4"}));
}

TEST(SearchPage, GroupsAreCutByThemselves) {
  SearchPage page(2, 2);
  EXPECT_FALSE(page.Cut(Named(1)).has_value());
  EXPECT_FALSE(page.Cut({}).has_value());
  EXPECT_EQ(page.Cut(Named(4))->size(), 2U);
  EXPECT_EQ(page.Shown().nextOffset, std::nullopt);
}

}  // namespace
}  // namespace tarn::api
