// A file that is written from front to end, compressed on the way.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace tarn::exports {

enum class Compression { kNone, kGzip, kZstd };

// Not thread-safe. A sink that goes before Finish leaves what it wrote; whoever made the file removes it.
class FileSink final {
 public:
  // Makes a file that only this user reads. Errors: Unavailable; ResourceExhausted when the disk is full.
  [[nodiscard]] static base::Result<std::unique_ptr<FileSink>> Create(const std::filesystem::path& file,
                                                                      Compression compression);
  ~FileSink();
  FileSink(const FileSink&) = delete;
  FileSink& operator=(const FileSink&) = delete;

  // Errors: as Create.
  [[nodiscard]] base::Result<void> Write(std::string_view bytes);
  // Writes what is held back. The file is whole then, and not yet known to be on the disk. Errors: as Create.
  [[nodiscard]] base::Result<void> Finish();

 private:
  class Coder;
  class GzipCoder;
  class ZstdCoder;

  FileSink(int file, std::unique_ptr<Coder> coder);
  [[nodiscard]] base::Result<void> Put(std::string_view bytes);

  const int file_;
  std::unique_ptr<Coder> coder_;  // null: as it comes
  std::string coded_;
};

}  // namespace tarn::exports
