#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "tables/record_reader.h"

namespace tarn::tables {

base::Result<std::unique_ptr<RangeReader>> RangeReader::Open(const FileRange& range) {
  const int descriptor = ::open(range.file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return base::Unavailable("The file that was sent cannot be opened");
  ::posix_fadvise(descriptor, range.offset, range.size, POSIX_FADV_SEQUENTIAL);
  return std::unique_ptr<RangeReader>(new RangeReader(descriptor, range.offset, range.size));
}

RangeReader::~RangeReader() { ::close(descriptor_); }

base::Result<std::size_t> RangeReader::Read(std::span<char> into) {
  const auto wanted = std::min<std::int64_t>(static_cast<std::int64_t>(into.size()), size_ - consumed_);
  if (wanted == 0) return std::size_t{0};
  for (;;) {
    const auto count = ::pread(descriptor_, into.data(), static_cast<std::size_t>(wanted), offset_ + consumed_);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return base::Unavailable("The file that was sent cannot be read");
    consumed_ += count;
    return static_cast<std::size_t>(count);
  }
}

}  // namespace tarn::tables
