#include "http/body_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/ids.h"

namespace tarn::http {

base::Result<std::unique_ptr<BodyFile>> BodyFile::Create(const std::filesystem::path& folder) {
  auto path = folder / (base::NewUuid() + ".body");
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return base::Unavailable("The request's body cannot be kept");
  return std::unique_ptr<BodyFile>(new BodyFile(std::move(path), descriptor));
}

BodyFile::~BodyFile() {
  ::close(descriptor_);
  ::unlink(path_.c_str());  // what is left is removed at the next start
}

base::Result<void> BodyFile::Append(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && (errno == ENOSPC || errno == EDQUOT)) return base::OutOfSpace("The disk is full");
    if (written <= 0) return base::Unavailable("The request's body cannot be kept");
    size_ += written;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace tarn::http
