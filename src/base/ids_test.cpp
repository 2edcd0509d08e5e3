#include "base/ids.h"

#include <gmock/gmock.h>

#include <cmath>
#include <set>
#include <thread>

namespace tarn::base {
namespace {

TEST(Ids, UuidsAreOfVersionFour) {
  std::set<std::string> seen;
  for (int round = 0; round < 1000; ++round) {
    const std::string id = NewUuid();
    EXPECT_TRUE(IsUuid(id)) << id;
    EXPECT_EQ(id[14], '4');
    EXPECT_THAT(std::string("89ab"), testing::HasSubstr(std::string(1, id[19])));
    seen.insert(id);
  }
  EXPECT_EQ(seen.size(), 1000U);
}

TEST(Ids, IsUuidRefusesOtherTexts) {
  EXPECT_TRUE(IsUuid("D0D3C83F-29ed-4f2e-899d-1bfa00eb3cef"));
  for (const char* text : {"", "d0d3c83f-29ed-4f2e-899d-1bfa00eb3ce", "d0d3c83f-29ed-4f2e-899d-1bfa00eb3ceff",
                           "d0d3c83f29ed4f2e899d1bfa00eb3cef0000", "g0d3c83f-29ed-4f2e-899d-1bfa00eb3cef"}) {
    EXPECT_FALSE(IsUuid(text)) << text;
  }
}

TEST(Ids, TokensUseTheWholeAlphabetEvenly) {
  EXPECT_EQ(NewToken(0), "");
  EXPECT_EQ(NewProjectId().size(), 8U);
  const std::string token = NewToken(62'000);
  ASSERT_EQ(token.size(), 62'000U);
  std::map<char, int> counts;
  for (const char c : token) ++counts[c];
  ASSERT_EQ(counts.size(), 62U);
  // Each is expected 1,000 times with a deviation of 31; seven deviations do not happen by chance.
  for (const auto& [c, count] : counts) EXPECT_LT(std::abs(count - 1000), 220) << c;
}

TEST(Ids, SnowflakesGrowAndAreUniqueAcrossThreads) {
  constexpr int kEach = 5000;
  std::vector<std::vector<std::string>> made(4);
  {
    std::vector<std::jthread> threads;
    for (auto& ids : made) {
      threads.emplace_back([&ids] {
        for (int round = 0; round < kEach; ++round) ids.push_back(NewSnowflake());
      });
    }
  }
  std::set<std::string> all;
  for (const auto& ids : made) {
    EXPECT_TRUE(std::ranges::is_sorted(ids));
    for (const auto& id : ids) EXPECT_EQ(id.size(), 18U);
    all.insert(ids.begin(), ids.end());
  }
  EXPECT_EQ(all.size(), 4U * kEach);
}

}  // namespace
}  // namespace tarn::base
