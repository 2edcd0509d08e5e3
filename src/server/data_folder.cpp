#include "server/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

namespace tarn::server {

namespace {

base::Result<void> Make(const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (!failed) return {};
  return base::FailedPrecondition("The data folder cannot be made: \"" + folder.string() + "\" (" + failed.message() +
                                  ")");
}

// What cannot be removed stays; the next start tries again.
void Empty(const std::filesystem::path& folder) {
  std::error_code failed;
  for (auto entry = std::filesystem::directory_iterator(folder, failed);
       !failed && entry != std::filesystem::directory_iterator(); entry.increment(failed)) {
    std::error_code ignored;
    std::filesystem::remove_all(entry->path(), ignored);
  }
}

}  // namespace

base::Result<DataFolder> DataFolder::Open(const std::filesystem::path& root) {
  const bool made = !std::filesystem::exists(root);
  TARN_RETURN_IF_ERROR(Make(root));
  if (made && ::chmod(root.c_str(), 0700) != 0) {
    return base::FailedPrecondition("The data folder cannot be made private: \"" + root.string() + "\"");
  }
  const DataLayout layout{std::filesystem::absolute(root)};
  const int lock = ::open(layout.lock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) {
    return base::FailedPrecondition("The data folder cannot be written: \"" + root.string() + "\"");
  }
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock);
    return base::FailedPrecondition("Another server uses the data folder: \"" + root.string() + "\"");
  }
  DataFolder folder(layout, lock);
  for (const auto& part : {layout.cache(), layout.samples(), layout.tables(), layout.uploads(), layout.spill()})
    TARN_RETURN_IF_ERROR(Make(part));
  Empty(layout.spill());    // the engine removes its spilled data itself, unless it was killed
  Empty(layout.uploads());  // likewise the files that were sent
  return folder;
}

DataFolder::DataFolder(DataFolder&& other) noexcept
    : layout_(std::move(other.layout_)), lock_(std::exchange(other.lock_, -1)) {}

DataFolder::~DataFolder() {
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace tarn::server
