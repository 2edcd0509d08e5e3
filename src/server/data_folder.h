// The data folder: its layout and the lock that keeps a second server out.
#pragma once

#include <filesystem>

#include "base/error.h"

namespace tarn::server {

struct DataLayout {
  std::filesystem::path root;

  [[nodiscard]] std::filesystem::path store() const { return root / "tarn.db"; }
  [[nodiscard]] std::filesystem::path master_key() const { return root / "master.key"; }
  [[nodiscard]] std::filesystem::path cache() const { return root / "cache"; }
  [[nodiscard]] std::filesystem::path materialized() const { return root / "materialized"; }
  [[nodiscard]] std::filesystem::path samples() const { return root / "samples"; }
  [[nodiscard]] std::filesystem::path tables() const { return root / "tables"; }
  [[nodiscard]] std::filesystem::path uploads() const { return root / "uploads"; }
  [[nodiscard]] std::filesystem::path spill() const { return root / "spill"; }
  [[nodiscard]] std::filesystem::path segments() const { return root / "segments"; }
  [[nodiscard]] std::filesystem::path exports() const { return root / "exports"; }
  [[nodiscard]] std::filesystem::path lock() const { return root / "lock"; }
};

// Holds the folder for this process; the system lets go when the process ends, however it ends.
class DataFolder final {
 public:
  // Makes the folder (mode 0700) and its sub-folders where they are missing, takes the lock, and removes what a killed
  // server had spilled.
  // Errors: FailedPrecondition when another server holds it; ResourceExhausted; PermissionDenied.
  [[nodiscard]] static base::Result<DataFolder> Open(const std::filesystem::path& root);
  DataFolder(DataFolder&& other) noexcept;
  DataFolder& operator=(DataFolder&&) = delete;
  ~DataFolder();

  [[nodiscard]] const DataLayout& layout() const { return layout_; }

 private:
  DataFolder(DataLayout layout, int lock) : layout_(std::move(layout)), lock_(lock) {}

  DataLayout layout_;
  int lock_;
};

}  // namespace tarn::server
