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

TEST(RankingTest, VectorsAreComparedByTheirDirection) {
  const std::vector<float> a = {1, 0, 2}, longer = {2, 0, 4}, across = {0, 3, 0}, back = {-1, 0, -2}, zero = {0, 0, 0};
  EXPECT_DOUBLE_EQ(Cosine(a, longer), 1);
  EXPECT_DOUBLE_EQ(Cosine(a, across), 0);
  EXPECT_DOUBLE_EQ(Cosine(a, back), -1);
  EXPECT_DOUBLE_EQ(Cosine(a, zero), 0);
  EXPECT_DOUBLE_EQ(Cosine(a, std::vector<float>{1}), 0);
  EXPECT_THAT(Largest({0.1, 0.5, -1, 0.5}, 3), ElementsAre(1, 3, 0));
  EXPECT_THAT(Largest({}, 3), IsEmpty());
}

TEST(RankingTest, WhatBothOrdersHaveComesFirst) {
  EXPECT_THAT(Fused({7, 5, 3}, {5, 9}, 10), ElementsAre(5, 7, 9, 3));
  EXPECT_THAT(Fused({}, {2, 1}, 1), ElementsAre(2));
  EXPECT_THAT(Fused({}, {}, 5), IsEmpty());
}

}  // namespace
}  // namespace tarn::metadata
