#include "server/data_folder.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/ids.h"

namespace tarn::server {
namespace {

namespace fs = std::filesystem;

class DataFolderTest : public testing::Test {
 protected:
  ~DataFolderTest() override { fs::remove_all(root_); }

  fs::path root_ = fs::temp_directory_path() / ("tarn_data_" + base::NewUuid());
};

TEST_F(DataFolderTest, SecondServerIsRefusedUntilTheFirstIsGone) {
  {
    const auto first = DataFolder::Open(root_);
    ASSERT_TRUE(first) << first.error().message;
    const auto second = DataFolder::Open(root_);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, base::ErrorKind::kFailedPrecondition);
    EXPECT_NE(second.error().message.find("Another server uses the data folder"), std::string::npos);
  }
  EXPECT_TRUE(DataFolder::Open(root_));
}

TEST_F(DataFolderTest, SpillOfAKilledServerIsRemovedAndNothingElse) {
  fs::path spilled;
  fs::path kept;
  {
    const auto folder = DataFolder::Open(root_);
    ASSERT_TRUE(folder) << folder.error().message;
    spilled = folder->layout().spill() / "duckdb_temp_storage_DEFAULT-0.tmp";
    kept = folder->layout().cache() / "kept";
    std::ofstream(spilled) << "spilled";
    std::ofstream(kept) << "kept";
    // A second server that is refused must not take it from the first.
    EXPECT_FALSE(DataFolder::Open(root_));
    EXPECT_TRUE(fs::exists(spilled));
  }
  const auto folder = DataFolder::Open(root_);
  ASSERT_TRUE(folder) << folder.error().message;
  EXPECT_FALSE(fs::exists(spilled));
  EXPECT_TRUE(fs::is_directory(folder->layout().spill()));
  EXPECT_TRUE(fs::exists(kept));
}

}  // namespace
}  // namespace tarn::server
