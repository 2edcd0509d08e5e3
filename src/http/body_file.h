// The body of a request on disk, for operations that take whole files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace tarn::http {

// Removes its file when it goes. Written by one thread at a time, then read by any number.
class BodyFile final {
 public:
  // An empty file of a name of its own. Errors: Unavailable.
  [[nodiscard]] static base::Result<std::unique_ptr<BodyFile>> Create(const std::filesystem::path& folder);
  ~BodyFile();
  BodyFile(const BodyFile&) = delete;
  BodyFile& operator=(const BodyFile&) = delete;

  // Errors: ResourceExhausted where the disk is full; Unavailable.
  [[nodiscard]] base::Result<void> Append(std::string_view bytes);
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::int64_t size() const { return size_; }

 private:
  BodyFile(std::filesystem::path path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

  std::filesystem::path path_;
  int descriptor_;
  std::int64_t size_ = 0;
};

}  // namespace tarn::http
