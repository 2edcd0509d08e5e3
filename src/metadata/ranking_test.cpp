#include "metadata/ranking.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tarn::metadata {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(RankingTest, WordsOfNamesAndSentences) {
  EXPECT_THAT(Words("customer_id orderTotal"), ElementsAre("customer", "id", "order", "total"));
  EXPECT_THAT(Words("How many Customers are there?"), ElementsAre("customer"));
  EXPECT_THAT(Words("Größe, 2026; glass"), ElementsAre("größe", "2026", "glass"));
  EXPECT_THAT(Words("the of — "), ElementsAre("—"));
  EXPECT_THAT(Words(""), IsEmpty());
}

TEST(RankingTest, TheNearestComesFirst) {
  Ranking ranking;
  ranking.Add({{.text = "orders of customers"}});
  ranking.Add({{.text = "customers"}});
  ranking.Add({{.text = "ships"}});
  EXPECT_THAT(ranking.Nearest("customer", 5), ElementsAre(1, 0));
  EXPECT_THAT(ranking.Nearest("which order of a customer", 5), ElementsAre(0, 1));
  EXPECT_THAT(ranking.Nearest("customer", 1), ElementsAre(1));
  EXPECT_THAT(ranking.Nearest("nothing", 5), IsEmpty());
  EXPECT_THAT(Ranking().Nearest("customer", 5), IsEmpty());
}

TEST(RankingTest, RareWordsAndWeightyPartsCountMore) {
  Ranking ranking;
  for (int i = 0; i < 5; ++i) ranking.Add({{.text = "report"}});
  ranking.Add({{.text = "harbour"}});
  EXPECT_EQ(ranking.Nearest("harbour report", 1), std::vector<std::size_t>{5});
  Ranking weighted;
  weighted.Add({{.text = "x"}, {.text = "sale"}});
  weighted.Add({{.text = "sale", .weight = 4}, {.text = "x"}});
  EXPECT_EQ(weighted.Nearest("sales", 1), std::vector<std::size_t>{1});
}

}  // namespace
}  // namespace tarn::metadata
