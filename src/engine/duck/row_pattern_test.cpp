#include "engine/duck/row_pattern.h"

#include <gtest/gtest.h>

namespace tarn::engine {
namespace {

// The labels of the match from the first of `rows` rows on, where the test takes those that are odd.
std::vector<int> LabelsOf(std::string_view program, std::size_t rows, const RowPatternProgram::Test& test) {
  RowPatternMatch match;
  if (!RowPatternProgram(program).Match(0, rows, test, match)) return {-1};
  return match.labels;
}

bool All(const std::vector<int>&) { return true; }

TEST(RowPattern, PrefersTheFirstChoice) {
  EXPECT_EQ(LabelsOf("S1,3 L0 J4 L1 M", 3, All), (std::vector<int>{0}));
  EXPECT_EQ(LabelsOf("S1,3 L0 J4 L1 M", 3, [](const auto& labels) { return labels.back() == 1; }),
            (std::vector<int>{1}));
}

TEST(RowPattern, TakesManyOrFew) {
  EXPECT_EQ(LabelsOf("S1,3 L0 J0 L1 M", 4, All), (std::vector<int>{0, 0, 0, 1}));
  EXPECT_EQ(LabelsOf("S3,1 L0 J0 L1 M", 4, All), (std::vector<int>{1}));
}

TEST(RowPattern, EndsWhereNothingComes) {
  EXPECT_EQ(LabelsOf("S1,7 E0 S3,4 L0 C0 J0 M M", 2, All), (std::vector<int>{0, 0}));
  EXPECT_EQ(LabelsOf("S1,7 E0 S3,4 L0 C0 J0 M M", 0, All), (std::vector<int>{}));
}

TEST(RowPattern, HoldsToTheEnds) {
  EXPECT_EQ(LabelsOf("^ L0 $ M", 1, All), (std::vector<int>{0}));
  EXPECT_EQ(LabelsOf("^ L0 $ M", 2, All), (std::vector<int>{-1}));
}

TEST(RowPattern, RemembersWhatIsExcluded) {
  RowPatternMatch match;
  ASSERT_TRUE(RowPatternProgram("L0 { L1 } L2 M").Match(0, 3, All, match));
  EXPECT_EQ(match.excluded, (std::vector<bool>{false, true, false}));
}

}  // namespace
}  // namespace tarn::engine
