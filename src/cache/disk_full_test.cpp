#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>

#include "base/ids.h"
#include "cache/fake_source_test.h"
#include "cache/refresh.h"

namespace tarn::cache {
namespace {

// A real disk that is too small, which only root can make.
class DiskFullTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("tarn_full_" + base::NewUuid());
    std::filesystem::create_directories(folder_);
    mounted_ = ::mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=8m") == 0;
    if (!mounted_) GTEST_SKIP() << "a small file system can be mounted by root only";
  }
  void TearDown() override {
    if (mounted_) ::umount2(folder_.c_str(), MNT_DETACH);
    std::filesystem::remove_all(folder_);
  }

  std::filesystem::path folder_;
  bool mounted_ = false;
};

TEST_F(DiskFullTest, IsSaidClearlyAndLeavesNothing) {
  FakeSource source;
  source.state.info.name = {.schema = "s", .table = "t"};
  source.state.info.columns = {FakeColumn("id", "BIGINT"), FakeColumn("text", "VARCHAR")};
  source.state.rows = "SELECT range AS id, repeat(md5(range::VARCHAR), 8) AS text FROM range(200000)";
  RefreshSpec spec;
  spec.table = source.state.info.name;
  spec.folder = folder_;
  spec.generation = base::NewUuid();
  spec.memory_bytes = std::int64_t{256} << 20;
  spec.threads = 2;
  const auto outcome = Refresh(source, spec, {}, {});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, base::ErrorKind::kResourceExhausted) << outcome.error().message;
  EXPECT_EQ(outcome.error().message, "The disk is full");
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

}  // namespace
}  // namespace tarn::cache
