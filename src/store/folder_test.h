// For tests: a folder that goes when the test does.
#pragma once

#include <filesystem>

#include "base/ids.h"

namespace tarn::store {

class TestFolder final {
 public:
  TestFolder() { std::filesystem::create_directories(path_); }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path operator/(const std::filesystem::path& name) const { return path_ / name; }

 private:
  std::filesystem::path path_ = std::filesystem::temp_directory_path() / ("tarn-test-" + base::NewToken(8));
};

}  // namespace tarn::store
